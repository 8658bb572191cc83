"""An examiner that reads from a script, for tests: whatever the script does not say is an error."""

from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field

from agent.events import Intent, Mark, MarkSource, Mention, Quote, Verdict
from agent.examiner import Brief, Examination, Sheet
from knowledge.atoms import Atom


class OffScript(AssertionError):
    """The interview did something that the script did not foresee."""


@dataclass(frozen=True)
class Reply:
    """How one message is read; `to` is text its question holds, `message` text it holds itself."""

    intents: tuple[Intent, ...] = ("answer",)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    """By id of a point, an indicator or a flag; what is left out is not met."""
    quote: str | None = None
    """The words that met marks stand on; the whole message where none are given."""
    claims: tuple[str, ...] = ()
    """Technologies named and claimed, by their text."""
    communicated: tuple[str, ...] = ()
    way_to_find_out: str | None = None
    readable: bool = True
    to: str | None = None
    message: str | None = None


def answers(
    met: Iterable[str] = (),
    *,
    contradicted: Iterable[str] = (),
    quote: str | None = None,
    claims: Iterable[str] = (),
    to: str | None = None,
    message: str | None = None,
) -> Reply:
    """An answer that meets these atoms (ids) and contradicts those."""
    verdicts: dict[str, Verdict] = dict.fromkeys(met, "met")
    verdicts |= dict.fromkeys(contradicted, "contradicted")
    return Reply(("answer",), verdicts, quote, tuple(claims), to=to, message=message)


def adds(met: Iterable[str] = (), *, contradicted: Iterable[str] = ()) -> Reply:
    """An addition to the answer before."""
    verdicts: dict[str, Verdict] = dict.fromkeys(met, "met")
    return Reply(("amend",), verdicts | dict.fromkeys(contradicted, "contradicted"))


def says(*intents: Intent, to: str | None = None) -> Reply:
    """A message that wants this, and answers nothing."""
    return Reply(intents, to=to)


class ScriptedExaminer:
    """Gives its replies in order and keeps every sheet and brief it was shown.

    With `phrases` it says those, one list of sentences a question; without, the authored words.
    """

    name = "scripted"
    source: MarkSource = "local"

    def __init__(self, *replies: Reply, phrases: Iterable[Iterable[str]] | None = None) -> None:
        self._replies = deque(replies)
        self._phrases = None if phrases is None else deque(list(words) for words in phrases)
        self.sheets: list[Sheet] = []
        self.briefs: list[Brief] = []

    async def examine(self, sheet: Sheet) -> Examination:
        """The next reply of the script.

        Raises:
            OffScript: the script is over, or its next reply is for another question or message.
        """
        self.sheets.append(sheet)
        if not self._replies:
            raise OffScript(f"No reply is left for {sheet.message.text!r} to {sheet.question!r}.")
        reply = self._replies.popleft()
        _expected(reply.to, sheet.question, "question")
        _expected(reply.message, sheet.message.text, "message")
        return _examination(reply, sheet)

    async def phrase(self, brief: Brief) -> AsyncIterator[str]:
        """The next phrase of the script, or the authored words.

        Raises:
            OffScript: there are phrases, and all of them have been said.
        """
        self.briefs.append(brief)
        if self._phrases is None:
            sentences = [text for text in (brief.bridge, brief.ask) if text]
        elif self._phrases:
            sentences = self._phrases.popleft()
        else:
            raise OffScript(f"No phrase is left for {brief.ask!r}.")
        for sentence in sentences:
            yield sentence

    def assert_done(self) -> None:
        """Raise OffScript where something of the script was never asked for."""
        left = [*self._replies, *(self._phrases or ())]
        if left:
            raise OffScript(f"The script still holds {len(left)}, first {left[0]!r}.")


def _expected(wanted: str | None, seen: str, what: str) -> None:
    if wanted is not None and wanted not in seen:
        raise OffScript(f"The script expects the {what} {wanted!r}, not {seen!r}.")


def _examination(reply: Reply, sheet: Sheet) -> Examination:
    shown = {atom.id for atom in (*sheet.rubric, *sheet.flags, *sheet.elsewhere)}
    if unknown := set(reply.verdicts) - shown:
        raise OffScript(f"{sorted(unknown)} are not on the sheet of {sheet.question!r}.")
    answered = reply.readable and reply.intents[0] in {"answer", "amend"}
    way = reply.way_to_find_out
    return Examination(
        intents=reply.intents,
        mentions=tuple(_mention(name, sheet) for name in reply.claims),
        marks=tuple(_mark(atom, reply, sheet) for atom in sheet.rubric if answered),
        flags=tuple(_mark(atom, reply, sheet) for atom in sheet.flags if answered),
        elsewhere=tuple(_mark(atom, reply, sheet) for atom in sheet.elsewhere if answered),
        communicated=reply.communicated,
        way_to_find_out=_quote(way) if way else None,
        readable=reply.readable,
    )


def _mark(atom: Atom, reply: Reply, sheet: Sheet) -> Mark:
    verdict = reply.verdicts.get(atom.id, "not_met")
    words = sheet.message.text if reply.quote is None else reply.quote
    return Mark(
        atom=atom.id,
        kind="flag" if atom.kind == "flag" else "point" if atom.kind == "point" else "indicator",
        text=atom.text,
        verdict=verdict,
        probability=float(verdict == "met"),
        source="local",
        quote=_quote(words) if words and verdict in {"met", "contradicted"} else None,
        polarity=atom.polarity,
        role=atom.role,
        group=atom.group,
    )


def _quote(words: str) -> Quote:
    """Where it really stands, the quote gate finds out."""
    return Quote(text=words, start=0, end=len(words))


def _mention(name: str, sheet: Sheet) -> Mention:
    atom = next((t for t in sheet.technologies if t.text == name), None)
    if atom is None:
        raise OffScript(f"The kit knows no technology {name!r}.")
    return Mention(technology=name, atom=atom.id, claimed=True, quote=_quote(name))
