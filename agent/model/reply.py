"""What the model fills in, and the examination it makes.

The schema is shallow, every field is required and none is a union: endpoints that hold a model
to a schema hold it to this one.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from agent.events import Intent, Mark, Mention, ModelCalled, Quote
from agent.examiner import Examination, Sheet
from agent.quoting import locate
from knowledge.atoms import Atom

SURE = {"high": 0.95, "medium": 0.8, "low": 0.55}
"""The model's own word for how sure it is, as a probability of its verdict; uncalibrated."""


class Shaped(BaseModel):
    """No field beyond those named."""

    model_config = ConfigDict(extra="forbid")


class MarkOut(Shaped):
    """One mark; `quote` and `reason` are empty where there is none."""

    id: str
    verdict: Literal["met", "not_met", "contradicted", "abstained"]
    quote: str
    reason: str
    certainty: Literal["high", "medium", "low"]


class MentionOut(Shaped):
    """One technology named."""

    technology: str
    claimed: bool
    quote: str


class Examined(Shaped):
    """The whole reply."""

    readable: bool
    intents: list[Intent]
    mentions: list[MentionOut]
    steering: str
    marks: list[MarkOut]
    communicated: list[
        Literal["answered what was asked", "gave a reason", "gave an example", "named a trade-off"]
    ]
    way_to_find_out: str
    other_road: str

    @field_validator("intents")
    @classmethod
    def _wants_something(cls, intents: list[Intent]) -> list[Intent]:
        if not intents:
            raise ValueError("at least one intent is needed")
        return intents


def examination(
    reply: Examined, sheet: Sheet, ids: Mapping[str, Atom], call: ModelCalled
) -> Examination:
    """The reply as an examination of this sheet; `ids` are those its items went by."""
    message = sheet.message.text
    steering = _quote(reply.steering, message)
    intents = tuple(dict.fromkeys([*reply.intents, *(("steering",) if steering else ())]))
    read = Examination(
        intents=intents,
        mentions=tuple(_mention(m, sheet) for m in reply.mentions if m.technology.strip()),
        steering=steering,
        calls=(call,),
        readable=reply.readable,
    )
    if not reply.readable or not {"answer", "amend"} & set(intents):
        return read
    marks = _marks(reply.marks, ids, message, reply.steering)
    return read.model_copy(
        update={
            "marks": tuple(marks[atom.id] for atom in sheet.rubric),
            "flags": tuple(marks[atom.id] for atom in sheet.flags),
            "elsewhere": tuple(marks[atom.id] for atom in sheet.elsewhere),
            "communicated": tuple(dict.fromkeys(reply.communicated)),
            "way_to_find_out": _quote(reply.way_to_find_out, message),
            "other_road": _quote(reply.other_road, message),
        }
    )


def _marks(
    given: Sequence[MarkOut], ids: Mapping[str, Atom], message: str, steering: str
) -> dict[str, Mark]:
    """A mark for each item, by atom id: the first given, or `abstained` where there is none."""
    first = {mark.id: mark for mark in reversed(given)}
    silent = MarkOut(id="", verdict="abstained", quote="", reason="", certainty="low")
    return {
        atom.id: _mark(atom, first.get(short, silent), message, steering)
        for short, atom in ids.items()
    }


def _mark(atom: Atom, given: MarkOut, message: str, steering: str) -> Mark:
    kind = atom.kind if atom.kind in {"point", "flag"} else "indicator"
    verdict = given.verdict
    if verdict == "contradicted" and kind != "point":
        verdict = "not_met"
    stands = not (given.quote.strip() and given.quote.strip() in steering)
    return Mark(
        atom=atom.id,
        kind=kind,
        text=atom.text,
        verdict=verdict,
        probability=_probability(verdict, given.certainty),
        source="model",
        quote=_quote(given.quote, message) if stands else None,
        reason=_quote(given.reason, message) if verdict == "contradicted" else None,
        polarity=atom.polarity,
        role=atom.role,
        group=atom.group,
    )


def _probability(verdict: str, certainty: str) -> float:
    """The chance that the item is met, going by the model's own word."""
    if verdict == "abstained":
        return 0.5
    return SURE[certainty] if verdict == "met" else round(1 - SURE[certainty], 4)


def _mention(given: MentionOut, sheet: Sheet) -> Mention:
    name, message = given.technology.strip(), sheet.message.text
    known = next((atom for atom in sheet.technologies if _is_called(atom, name)), None)
    quote = _quote(given.quote, message) or _quote(name, message)
    assert quote
    return Mention(
        technology=known.text if known else name,
        atom=known.id if known else None,
        claimed=given.claimed,
        quote=quote,
    )


def _is_called(technology: Atom, name: str) -> bool:
    names = (technology.text, *technology.aliases)
    return name.casefold() in {called.casefold() for called in names}


def _quote(words: str, message: str) -> Quote | None:
    """Where the words stand; those that do not are handed on for the gate to decide."""
    words = words.strip()
    if not words:
        return None
    return locate(words, message) or Quote(text=words, start=0, end=len(words))
