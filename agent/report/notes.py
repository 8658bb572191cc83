"""What a reader has to know before relying on a report, in words."""

from collections import Counter
from collections.abc import Iterator

from agent.events import Header, MarkSource
from agent.report.ledger import Ledger

LOCAL_NOTE = (
    "Marked by the local examiner: embeddings and rules, good enough for practice feedback and a "
    "provisional screen. Read the quotes before you rely on a mark."
)


def notes(interview: str, ledger: Ledger, header: Header) -> tuple[str, ...]:
    """The notes in the order they matter; `interview` is the id that commands take."""
    return (
        *_on_who_marked(interview, ledger, header),
        *_on_people(ledger),
        *_on_what_was_reached(ledger, header),
    )


def examiners(ledger: Ledger) -> set[MarkSource]:
    """Who marked the answers, as things stand."""
    return {given.source for given in ledger.given}


def is_provisional(ledger: Ledger, header: Header) -> bool:
    """Whether the verdict can still change without the candidate: a screen's is never final."""
    waiting = any(given.fell_back for given in ledger.given)
    over = ledger.ended is not None
    return header.mode == "screen" or not over or waiting or len(examiners(ledger)) > 1


def model_failures(ledger: Ledger) -> dict[str, int]:
    """How often the interview went on without the language model, by what had failed."""
    return dict(Counter(note.failure for note in ledger.fallbacks if note.to != "absent"))


def _on_who_marked(interview: str, ledger: Ledger, header: Header) -> Iterator[str]:
    marked_by = examiners(ledger)
    if marked_by == {"local"} or (header.examiner == "local" and not marked_by):
        yield LOCAL_NOTE
    if failures := model_failures(ledger):
        yield f"The model did not answer {_times(sum(failures.values()))}: {_listed(failures)}."
    remedy, until = f"`viva regrade {interview}`", "Until then this report is provisional."
    if waiting := sum(given.fell_back for given in ledger.given):
        some = "One answer waits" if waiting == 1 else f"{waiting} answers wait"
        yield f"{some} to be marked again, for the examiner had failed: {remedy}. {until}"
    elif len(marked_by) > 1:
        yield (
            "The marks come from two examiners, which are two instruments: "
            f"{remedy} lets one mark all of it. {until}"
        )


def _on_people(ledger: Ledger) -> Iterator[str]:
    waiting = sum(topic.review not in {None, "set_aside"} for topic in ledger.topics)
    if waiting:
        one = "One question waits for a person to look at, and counts"
        some = f"{waiting} questions wait for a person to look at, and count"
        yield f"{one if waiting == 1 else some} for nothing until then."


def _on_what_was_reached(ledger: Ledger, header: Header) -> Iterator[str]:
    if header.drill:
        yield (
            "This was a drill: a few questions on one topic, to practise it. It says what to study "
            "there, not which level you have."
        )
    if ledger.ended is None:
        yield "The interview is not over; this is where it stands."
    elif ledger.ended == "expired":
        yield "Nothing more was heard from the candidate, and the interview closed by itself."
    elif ledger.ended != "complete":
        yield "The interview ended before all planned questions were asked."
    elif ledger.cores < header.questions:
        yield "Fewer questions were put than planned: time was up, or nothing left would tell more."
    if any(topic.outcome == "ungraded" for topic in ledger.topics):
        yield "Some answers could not be graded. They count for nothing, not for zero."


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _listed(failures: dict[str, int]) -> str:
    told = (text.rstrip(".") for text in failures)
    counts = (f" ({_times(count)})" if count > 1 else "" for count in failures.values())
    return "; ".join(map("".join, zip(told, counts, strict=True)))
