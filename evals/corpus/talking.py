"""Who is interviewed for the corpus: scripted people, people with written answers, twists."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from agent.state import Open
from agent.syllabus import Syllabus
from evals.corpus.plan import Entry, texts
from evals.interviewee import Interviewee, people
from knowledge.errors import BadInput

MINE = "$answer"
"""Stands in a twist for what the person would have said."""
GOES_ON = "No, I want to go on."


@dataclass(frozen=True)
class Act:
    """One message or button, and what the clock does before it; times are seconds."""

    kind: str
    text: str = ""
    wait: float = 0.0
    away: float = 0.0
    """Of the wait: nobody was at the page."""
    returns: bool = False
    """They come back after an interruption; the wait is free."""
    about: int | None = None
    """Which of the answers to core questions an addition is about, from 1."""


class Talker(Protocol):
    """Somebody who is interviewed."""

    def reply(self, asked: Open, *, confirming: bool) -> Act:
        """The next message; `confirming` is whether they were asked if they want to end."""


def talker(entry: Entry, syllabus: Syllabus) -> Talker:
    """The person of an entry.

    Raises:
        BadInput: nobody has that name, or no twist has.
    """
    person: Talker = _person(entry.who, syllabus)
    if entry.twist is None:
        return person
    if entry.twist not in _texts("twists"):
        raise BadInput(f"{entry.name}: there is no twist {entry.twist!r}.", "See twists.yaml.")
    return Twisted(person, _texts("twists")[entry.twist])


@cache
def _texts(name: str) -> Any:
    return texts(name)


def _person(who: str, syllabus: Syllabus) -> Talker:
    if who in _texts("written"):
        return Written(_texts("written")[who])
    found = next((person for person in people() if person.name == who), None)
    if found is None:
        raise BadInput(f"Nobody is called {who!r}.", "See people.yaml and written.yaml.")
    return Scripted(Interviewee(found, syllabus))


class Scripted:
    """One of the forty."""

    def __init__(self, person: Interviewee) -> None:
        self._person = person

    def reply(self, asked: Open, *, confirming: bool) -> Act:
        """What they say, as acts."""
        move = self._person.reply(asked, confirming=confirming)
        return Act(move.kind, move.text)


class Written:
    """Somebody whose answers are written down by how the question begins."""

    def __init__(self, says: dict[str, Any]) -> None:
        self._says = says
        self._asked = Counter[int]()
        self._has_asked = False

    def reply(self, asked: Open, *, confirming: bool) -> Act:
        """The answer; then a plain `I do not know.`; then they skip it."""
        self._asked[asked["number"]] += 1
        times = self._asked[asked["number"]]
        if confirming:
            return Act("answer", GOES_ON)
        if times > 2:
            return Act("skip")
        return Act("answer", self._on(asked) if times == 1 else "I do not know.")

    def _on(self, asked: Open) -> str:
        if asked["kind"] == "candidate_questions":
            own = str(self._says["candidate_questions"])
            told = "No, thank you, that is all." if self._has_asked else own
            self._has_asked = True
            return told
        if asked["kind"] in {"warm_up", "unasked"}:
            return str(self._says[asked["kind"]])
        answers: dict[str, str] = self._says["answers"]
        start = next((each for each in answers if each in asked["text"]), None)
        return answers[start] if start else "I don't know that one, sorry."


class Twisted:
    """A person who does more than answer; what the twist leaves open they answer as themselves.

    A twist says by kind of question (`warm_up`, `core`, ...) what is sent when it is put, for
    `each`, or for the first, second ... of its kind.
    """

    def __init__(self, person: Talker, twist: dict[str, Any]) -> None:
        self._person, self._twist = person, twist
        self._number = -1
        self._met = Counter[str]()
        self._planned: deque[Act] = deque()

    def reply(self, asked: Open, *, confirming: bool) -> Act:
        """The next act of the twist, or of the person."""
        if confirming:
            return Act("answer", self._twist.get("confirms", GOES_ON))
        if asked["number"] != self._number:
            self._number = asked["number"]
            self._met[asked["kind"]] += 1
            added = [act for act in self._planned if act.kind == "amend"]
            self._planned = deque([*added, *self._acts(asked)])
        if self._planned:
            return self._planned.popleft()
        return self._person.reply(asked, confirming=False)

    def _acts(self, asked: Open) -> list[Act]:
        of_kind = self._twist.get(asked["kind"], {})
        wanted = of_kind.get(self._met[asked["kind"]], of_kind.get("each", []))
        if not wanted:
            return []
        mine = ""
        if any(MINE in str(each) or "pieces" in each for each in wanted):
            mine = self._person.reply(asked, confirming=False).text
        return [act for each in wanted for act in _acts(each, mine)]


def _acts(written: str | dict[str, Any], mine: str) -> Iterator[Act]:
    """An act as it is written in YAML: a text, or `{kind: text, wait: ...}`."""
    if isinstance(written, str):
        yield Act("answer", written.replace(MINE, mine))
        return
    given = {key: written[key] for key in ("wait", "away", "returns", "about") if key in written}
    if "pieces" in written:
        words, count = mine.split(), written["pieces"]
        size = -(-len(words) // count)
        for start in range(0, len(words), size):
            yield Act("amend" if start else "answer", " ".join(words[start : start + size]))
        return
    kind = next(key for key in written if key not in given)
    yield Act(kind, (written[kind] or "").replace(MINE, mine), **given)
