"""The seam between code that decides and whoever reads, grades and phrases.

An examiner proposes: how a message reads, which marks it deserves, which words to say. It
never moves the interview, sets a number or ends it.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from agent.events import (
    FellBack,
    Intent,
    Mark,
    MarkSource,
    Mention,
    Mode,
    ModelCalled,
    Purpose,
    Quote,
    Stage,
)
from agent.hearing import Utterance
from agent.state import OpenKind
from knowledge.atoms import Atom, Frozen

COMMUNICATION = (
    "answered what was asked",
    "gave a reason",
    "gave an example",
    "named a trade-off",
)
"""The anchors communication is reported by, beside the level and never inside it."""


@dataclass(frozen=True)
class Sheet:
    """What an examiner sees of a message: the question and its rubric, nothing of the person."""

    stage: Stage
    kind: OpenKind
    question: str
    message: Utterance
    rubric: tuple[Atom, ...] = ()
    """Points and indicators of the question; each is to be marked."""
    flags: tuple[Atom, ...] = ()
    elsewhere: tuple[Atom, ...] = ()
    """Indicators of other competencies that retrieval brought."""
    technologies: tuple[Atom, ...] = ()
    story: bool = False
    """The question asks for the candidate's own experience."""
    amends: bool = False
    """The candidate marked the message as an addition to the answer before."""


class Examination(Frozen):
    """How a message reads and what marks it deserves, before the quote gate."""

    intents: tuple[Intent, ...]
    mentions: tuple[Mention, ...] = ()
    marks: tuple[Mark, ...] = ()
    flags: tuple[Mark, ...] = ()
    elsewhere: tuple[Mark, ...] = ()
    communicated: tuple[str, ...] = ()
    """Communication anchors shown, such as `gave a reason`."""
    way_to_find_out: Quote | None = None
    other_road: Quote | None = None
    """Words that answer the question in a way the rubric does not list."""
    steering: Quote | None = None
    """The words that address the grading; the whole message where none are given."""
    source: MarkSource | None = None
    """Who marked, where it was not the interview's own examiner."""
    calls: tuple[ModelCalled, ...] = ()
    fell_back: FellBack | None = None
    readable: bool = True
    """False where the examiner cannot read the language: the answer stays ungraded."""


class Brief(Frozen):
    """What code decided to say; the examiner may only find words around `ask`."""

    purpose: Purpose
    mode: Mode
    ask: str
    heard: str = ""
    """The candidate's last message, to acknowledge one concrete thing of it."""
    acknowledged: tuple[str, ...] = ()
    """Acknowledgements used before; none is used twice."""
    bridge: str = ""
    """A few authored words before the question, such as where the interview goes next."""
    own_words: bool = False
    """`ask` may be put differently: asked to rephrase, or a follow-up nobody authored."""


Spoken = str | ModelCalled | FellBack
"""A sentence to say, or a note for the log about how it came to be."""


@runtime_checkable
class Examiner(Protocol):
    """Reads, marks and phrases; `name` stands in the transcript, `source` on every mark."""

    name: str
    source: MarkSource

    async def examine(self, sheet: Sheet) -> Examination:
        """Read and mark one message. Every atom of `sheet.rubric` gets a mark if it answers."""
        ...

    def phrase(self, brief: Brief) -> AsyncIterator[Spoken]:
        """The message to say, sentence by sentence, with `brief.ask` at its end.

        Where `brief.own_words` allows it, the last sentences may ask the same in other words.
        """
        ...
