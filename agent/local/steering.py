"""The words of a message that address its grading, and the message without them.

What addresses the grading is known by what it asks for: a cue of `agent.local.cues`, or words
that are not the candidate's own (`agent.local.voice`) and speak of marks, rubric or candidate.
"""

import re
from functools import lru_cache

from agent.events import Quote
from agent.hearing import Span, seen, sentences
from agent.local.appeals import ADDRESSED, DEMANDS, STEERING
from agent.local.labels import addresses
from agent.local.voice import Stretch, foreign, judgements, merged, own

_joint = re.compile(r"[,;:]\s+|\s[-–—]+\s|\s(?=(?:and|but|so|then|because)\s)", re.IGNORECASE)
_turn = re.compile(r",\s+(?=(?:because|since|but|though|although)\s)", re.IGNORECASE)
_told = re.compile(
    r"(?<!\w)[\"“'‘`][^\"”'’`]{0,80}$|(?<!\bthis )(?<!\bmy )\b(?:users?|attackers?|someone|"
    r"somebody|customers?|documents?|texts?|"
    r"inputs?|e-?mails?|pages?|messages?|injections?|such as|for example|like)\b[^.!?]{0,80}$",
    re.IGNORECASE,
)
"""What stands before words that are told about, not said: "a page that says ignore ..."."""

_corrects = re.compile(
    r"\b(?:let me|i(?:'d| would)? (?:want|like|have|need) to|i(?: have to)?|may i|can i) "
    r"(?:correct|change|amend|revise|fix|rephrase|add)\b",
    re.IGNORECASE,
)
"""Who mends their own answer addresses no grader."""

REACH = 200
"""Characters looked at on either side of a cue."""


def steering(message: str) -> list[Span]:
    """The stretches that steer, in order; what is only told about steering is none."""
    return list(_steering(message))


@lru_cache(maxsize=1024)
def _steering(message: str) -> tuple[Span, ...]:
    read = seen(message)
    others = foreign(read.text)
    found = [(span.start, span.end) for span in others if _addresses(span.text)]
    found += judgements(read.text)
    for sentence in sentences(own(read.text, others)):
        found += _addressing(sentence)
    return tuple(read.span(message, *stretch) for stretch in merged(found))


def _addresses(stretch: str) -> bool:
    return addresses(stretch) or bool(ADDRESSED.search(stretch))


def _addressing(sentence: Span) -> list[Stretch]:
    if _corrects.search(sentence.text):
        return []
    return [
        _clause(sentence, cue.start(), cue.end())
        for cue in STEERING.finditer(sentence.text)
        if not _told.search(sentence.text[max(cue.start() - REACH, 0) : cue.start()])
    ]


def quoted(stretches: list[Span]) -> Quote | None:
    """The first of them as a quote."""
    return Quote(**vars(stretches[0])) if stretches else None


def without(message: str, stretches: list[Span]) -> str:
    """The message with line breaks for these stretches, so that all offsets stay."""
    return own(message, stretches)


def unmarked(message: str) -> list[Span]:
    """What no mark may stand on: words of others, and words that address the grading."""
    return [*foreign(message), *steering(message)]


def _clause(sentence: Span, start: int, end: int) -> Stretch:
    """Where the clause around a cue begins and ends; what a demand says of the answer goes too."""
    since, until = max(start - REACH, 0), min(end + REACH, len(sentence.text))
    before = [joint.end() for joint in _joint.finditer(sentence.text, since, start)]
    ends = _turn if DEMANDS.match(sentence.text, start) else _joint
    after = ends.search(sentence.text, end, until)
    first, last = (before or [since])[-1], after.start() if after else until
    return sentence.start + first, sentence.start + last
