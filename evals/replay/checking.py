"""Whether lines are a transcript: of a schema known here, without a gap, whole, in agreement."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from agent.answers import answered_testlets, answers_of
from agent.events import SCHEMA, AnyEvent, Ended, Header, Paused, Said, Took, read_event
from agent.policy import Policy
from agent.report.ledger import fold
from agent.words import KEPT_ONLY
from knowledge.errors import BadInput

SHOWN = 160
"""Characters of what is wrong with a line that are told."""
LATEST = 250e9
"""Unix seconds: until then there are dates."""
LARGEST, LARGEST_SEED = 2**31, 2**63


def checked(id_: str, lines: Iterable[Any]) -> tuple[AnyEvent, ...]:
    """The events of a transcript, each looked at.

    Raises:
        BadInput: one is none, or they are not the whole log of one interview.
    """
    events = tuple(_event(id_, number, line) for number, line in enumerate(lines, 1))
    if not events:
        raise BadInput(f"{id_} is empty.", "Export it anew; a transcript begins with its header.")
    _check_numbers(id_, events)
    _check_turns(id_, events)
    _check_policy(id_, events[0])
    _check_agreement(id_, events)
    return events


def _event(id_: str, number: int, line: Any) -> AnyEvent:
    if number == 1:
        _check_first(id_, line)
    try:
        event = read_event(line)
        if not (wrong := next(_unfit(line), None)):
            return event
        told = _safe(wrong)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        told = _safe(f"{where}: {first['msg']}" if where else first["msg"])
    except RecursionError:
        told = "it is nested too deep"
    raise BadInput(
        f"{id_}, line {number}: no event of a transcript ({told}).",
        "Export it anew, or take the file out.",
    )


def _unfit(value: Any, name: str = "") -> Iterator[str]:
    """What no database or page can hold, though JSON can: each with the field's name."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _unfit(key, f"a key of {name}")
            yield from _unfit(each, str(key))
    elif isinstance(value, list):
        for each in value:
            yield from _unfit(each, name)
    elif isinstance(value, str):
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            yield f"{name}: a character that is none"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        most = LATEST if name == "at" else LARGEST_SEED if name == "seed" else LARGEST
        is_time = name == "at" and value < 0
        if is_time or not -most <= value < most:  # infinite numbers too
            yield f"{name}: {value} is out of range"


def _safe(text: str) -> str:
    """Words that may hold pieces of the file, as a terminal can show them."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:SHOWN]


def _check_first(id_: str, line: Any) -> None:
    first = line if isinstance(line, dict) else {}
    version = first.get("schema_version")
    if isinstance(version, int) and version > SCHEMA:
        raise BadInput(
            f"{id_} was written by a later Viva (schema {version}; this one reads up to {SCHEMA}).",
            "Update Viva.",
        )
    if first.get("type") != "header":
        raise BadInput(
            f"{id_}: a transcript begins with its header.", "Export it anew, whole, from line 1."
        )


def _check_numbers(id_: str, events: Sequence[AnyEvent]) -> None:
    for number, event in enumerate(events, 1):
        if event.seq != number:
            raise BadInput(
                f"{id_}: event {number} has the number {event.seq}; events are missing or doubled.",
                "Export it anew; nothing may be taken out of a transcript.",
            )
        if isinstance(event, Header) and number > 1:
            raise BadInput(
                f"{id_}: event {number} is a second header.", "Keep one interview in a file."
            )


def _check_turns(id_: str, events: Sequence[AnyEvent]) -> None:
    """Turns follow one another, and each is there to its end; 0 is between them."""
    header, last = events[0], 0
    assert isinstance(header, Header)
    if header.turn != 1:
        raise BadInput(f"{id_}: the header is of turn 1, not {header.turn}.", "Export it anew.")
    for number, group in groupby(events, lambda event: event.turn):
        turn = tuple(group)
        if number and number != last + 1:
            raise BadInput(
                f"{id_}: event {turn[0].seq} is of turn {number}, after turn {last}.",
                "Export it anew; nothing may be taken out of a transcript.",
            )
        if number and not _is_whole(turn, header):
            raise BadInput(
                f"{id_}: turn {number} is not whole; it breaks off after event {turn[-1].seq} "
                f"({turn[-1].type}).",
                "Export it anew; the rest of the file is missing.",
            )
        last = number or last


def _is_whole(turn: Sequence[AnyEvent], header: Header) -> bool:
    """Whether its last event is there: `took`, or, where that was not written yet, what is last."""
    if isinstance(turn[-1], Took):
        return True
    if any(isinstance(event, Said) and event.text == KEPT_ONLY for event in turn):
        return True
    return header.schema_version == 1 and isinstance(turn[-1], Said | Paused | Ended)


def _check_policy(id_: str, header: AnyEvent) -> None:
    assert isinstance(header, Header)
    try:
        Policy.model_validate(header.policy)
    except (ValidationError, RecursionError) as error:
        told = "nested too deep"
        if isinstance(error, ValidationError):
            first = error.errors(include_input=False, include_url=False)[0]
            told = _safe(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
        raise BadInput(
            f"{id_}, line 1: this Viva cannot read the policy ({told}).",
            "Update Viva, or export the interview anew.",
        ) from None


def _check_agreement(id_: str, events: Sequence[AnyEvent]) -> None:
    """Whatever reads a log takes its events for each other's: nothing may refer to nothing."""
    at = 0

    def watched() -> Iterator[AnyEvent]:
        nonlocal at
        for event in events:
            at = event.seq
            yield event

    for reader in (fold, answers_of, answered_testlets):
        try:
            reader(watched())
        except (LookupError, AssertionError, ValueError):
            raise BadInput(
                f"{id_}: event {at} ({events[at - 1].type}) refers to what is not in the log.",
                "Export it anew; nothing may be changed in a transcript.",
            ) from None
