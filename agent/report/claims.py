"""What the candidate says they know, and what the interview came to on it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from agent.events import AnyEvent, Claimed, Heard, Mark, Mention, Quote, Said, Understood
from agent.grading import settled
from agent.hearing import sentences
from agent.local.technologies import Named, key, named
from agent.report.argument import ClaimLine, ClaimStatus, Evidence
from agent.report.denials import denies, plain
from agent.report.findings import authored
from agent.report.ledger import Ledger
from agent.syllabus import Syllabus
from agent.words import FOLLOW_UP
from knowledge.atoms import Atom

SUBSTANCE = 6
"""Words from which a quote that names a technology says something about it."""


@dataclass
class _Line:
    """A claimed technology; `since` is how many messages had been heard when it was claimed."""

    mention: Mention
    claimed: Evidence
    since: int
    asked: list[str] = field(default_factory=list)
    shown: list[Evidence] = field(default_factory=list)
    against: list[Evidence] = field(default_factory=list)
    denied: list[Evidence] = field(default_factory=list)

    def is_about(self, name: Named) -> bool:
        """Whether this name is its technology's."""
        if self.mention.atom and name.atom:
            return self.mention.atom == name.atom
        return key(self.mention.technology) == key(name.technology)

    @property
    def status(self) -> ClaimStatus:
        """A denial is the candidate's own word; a single mark against it is not the last one."""
        if self.denied:
            return "contradicted"
        if self.shown:
            return "demonstrated"
        if self.against:
            return "contradicted"
        return "asked" if self.asked else "never asked"


@dataclass
class _Message:
    heard: Heard
    question: str | None
    """Null in the warm-up, and where no question was open."""


class _Names:
    """Which of the claimed technologies a text names; the kit's own names and aliases count."""

    def __init__(self, technologies: tuple[Atom, ...]) -> None:
        self._technologies = technologies
        self._read: dict[str, list[Named]] = {}

    def places(self, line: _Line, text: str) -> list[Named]:
        """Where the text names the line's technology."""
        if text not in self._read:
            self._read[text] = named(text, self._technologies)
        return [name for name in self._read[text] if line.is_about(name)]


def claim_lines(
    events: Iterable[AnyEvent], ledger: Ledger, syllabus: Syllabus
) -> tuple[ClaimLine, ...]:
    """A line for each technology claimed, in the order they were.

    Demonstrated is what a money question hit, or a met mark shows that is about the technology
    or whose quote says something of it. Contradicted is a contradicted mark about it with
    nothing shown, or a later statement that plainly denies it. A missed question is `asked`.
    """
    events = list(events)
    messages = _messages(events, ledger, syllabus)
    lines = list(_claimed(events, messages))
    names = _Names(syllabus.technologies)
    for line in lines:
        _probed(line, ledger, names, syllabus)
        _put(line, events, names, syllabus)
        _bitten(line, ledger, syllabus)
        line.denied += _denials(line, messages[line.since :], names)
    return tuple(
        ClaimLine(
            what=line.mention.technology,
            status=line.status,
            claimed=(line.claimed,),
            shown=tuple(dict.fromkeys(line.shown)),
            against=tuple(dict.fromkeys([*line.denied, *line.against])),
            asked=tuple(dict.fromkeys(line.asked)),
        )
        for line in lines
    )


def _messages(events: Iterable[AnyEvent], ledger: Ledger, syllabus: Syllabus) -> list[_Message]:
    """What was said, but for what was said in distress, with the question it was said to."""
    core = {topic.number: authored(topic, syllabus) for topic in ledger.topics}
    put: dict[int, str] = {}
    messages: list[_Message] = []
    for event in events:
        match event:
            case Said(question=int(number)) if event.stage != "opening":
                put.setdefault(number, core.get(number) or _alone(event, syllabus))
            case Heard() if event.text:
                messages.append(_Message(event, put.get(event.question)))
            case Understood() if "distress" in event.intents and messages:
                messages[-1].heard = messages[-1].heard.model_copy(update={"text": ""})
            case _:
                pass
    return messages


def _alone(said: Said, syllabus: Syllabus) -> str:
    """A bite or a follow-up without what was said before it."""
    bite = syllabus.bites.get(said.atom or "") if said.stage == "money" else None
    return bite.question.text if bite else said.text.rpartition(FOLLOW_UP)[2].strip()


def _claimed(events: Iterable[AnyEvent], messages: list[_Message]) -> Iterator[_Line]:
    heard = 0
    for event in events:
        if isinstance(event, Heard) and event.text:
            heard += 1
        if isinstance(event, Claimed) and heard:
            message = messages[heard - 1]
            words = _sentence_of(event.mention.quote, message.heard.text)
            yield _Line(event.mention, Evidence(quote=words, question=message.question), heard)


def _sentence_of(quote: Quote, message: str) -> str:
    """The sentence that the quote stands in."""
    at = message.find(quote.text, quote.start if message[quote.start :] else 0)
    at = message.find(quote.text) if at < 0 else at
    spans = [s for s in sentences(message) if s.start <= at < s.end]
    return spans[0].text if spans else quote.text


def _put(line: _Line, events: Iterable[AnyEvent], names: _Names, syllabus: Syllabus) -> None:
    """The bites and follow-ups about it."""
    for event in events:
        if not isinstance(event, Said) or event.purpose not in {"question", "follow_up"}:
            continue
        text = _alone(event, syllabus)
        bite = syllabus.bites.get(event.atom or "") if event.stage == "money" else None
        follows_up = event.stage == "probes" and event.purpose == "follow_up"
        named_in_it = follows_up and bool(names.places(line, text))
        if named_in_it or (bite and _is_of(line, bite.technology)):
            line.asked.append(text)


def _bitten(line: _Line, ledger: Ledger, syllabus: Syllabus) -> None:
    for score in ledger.money:
        bite = syllabus.bites.get(score.atom)
        if bite and _is_of(line, bite.technology) and score.hit and score.quote:
            line.shown.append(Evidence(quote=score.quote.text, question=bite.question.text))


def _is_of(line: _Line, technology: Atom) -> bool:
    return line.is_about(Named(technology.text, technology.id, 0, 0))


def _probed(line: _Line, ledger: Ledger, names: _Names, syllabus: Syllabus) -> None:
    """Core questions about it, and marks that are: by their question, point or quote."""
    for topic in ledger.topics:
        question = authored(topic, syllabus)
        of_question = bool(names.places(line, f"{topic.subject}. {question}"))
        line.asked += [question] if of_question else []
        for mark in settled(mark for mark, _ in topic.marks):
            if mark.quote is None or mark.role == "example" or mark.polarity == "negative":
                continue
            about = of_question or bool(names.places(line, mark.text))
            told = Evidence(quote=mark.quote.text, question=question)
            if mark.verdict == "met" and (about or _says_something(line, mark, names)):
                line.shown.append(told)
            if mark.verdict == "contradicted" and mark.reason is None and about:
                line.against.append(told)


def _says_something(line: _Line, mark: Mark, names: _Names) -> bool:
    """Whether the quote names it with substance; the claim's own sentence shows nothing more."""
    words = mark.quote.text if mark.quote else ""
    if words in line.claimed.quote or line.claimed.quote in words:
        return False
    return len(words.split()) >= SUBSTANCE and bool(names.places(line, words))


def _denials(line: _Line, messages: Iterable[_Message], names: _Names) -> Iterator[Evidence]:
    """Sentences after the claim that say outright that it was never used; nothing in between."""
    for message in messages:
        for sentence in sentences(message.heard.text):
            said = plain(sentence.text)
            if any(denies(said, name.start, name.end) for name in names.places(line, said)):
                yield Evidence(quote=sentence.text, question=message.question)
