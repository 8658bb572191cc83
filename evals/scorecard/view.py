"""The common view of a log: who said what, to which question, with how much time left."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TypeVar

from agent.budget import budget, charged
from agent.events import (
    AnyEvent,
    Away,
    Chose,
    Claimed,
    Closed,
    Ended,
    Event,
    Heard,
    Intent,
    Marked,
    Opened,
    Paused,
    Resumed,
    Said,
    Understood,
)
from agent.hearing import sentences
from agent.policy import Policy
from evals.replay.transcript import Transcript
from evals.scorecard.known import Known

Kind = TypeVar("Kind", bound=Event)
PUTS = {"question", "follow_up"}
"""Purposes that put a question under a number of its own."""


@dataclass
class Talk:
    """One testlet: a core question or rung, and all that was said to it."""

    opened: Opened
    said: list[Said] = field(default_factory=list)
    exchanges: list["Exchange"] = field(default_factory=list)
    """Turns in which the candidate spoke to it."""
    closed: Closed | None = None

    @property
    def put(self) -> Said | None:
        """The message that put its question."""
        return next((said for said in self.said if said.purpose == "question"), None)

    @property
    def marked(self) -> list[Marked]:
        """The marks of its answers."""
        return [marked for each in self.exchanges for marked in each.all(Marked)]


@dataclass
class Exchange:
    """One turn: what was heard, and all that the interviewer did then."""

    number: int
    events: tuple[AnyEvent, ...]
    talk: Talk | None
    """The testlet that was open when it came."""
    asked: Said | None
    """The question that was open when it came."""
    left: float
    """Seconds of the interview's time left, the message charged."""
    paused: bool
    """Whether the clock stood still when it came."""

    def all(self, kind: type[Kind]) -> list[Kind]:
        """Its events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def first(self, kind: type[Kind]) -> Kind | None:
        """Its first event of a kind."""
        return next(iter(self.all(kind)), None)

    @cached_property
    def heard(self) -> Heard | None:
        """The candidate's message or button."""
        return self.first(Heard)

    @cached_property
    def said(self) -> list[Said]:
        """The interviewer's messages."""
        return self.all(Said)

    @cached_property
    def puts(self) -> list[Said]:
        """Its messages that put a question."""
        return [said for said in self.said if said.purpose in PUTS and said.question]

    @cached_property
    def intents(self) -> tuple[Intent, ...]:
        """How the message was read; a button as what it is."""
        understood = self.first(Understood)
        if understood:
            return understood.intents
        action = self.heard.action if self.heard else None
        wishes: dict[str, Intent] = {"end": "stop", "hint": "hint", "skip": "skip"}
        wishes |= {"pause": "pause", "clarify": "clarify", "amend": "amend"}
        return (wishes[action],) if action in wishes else ()

    @property
    def primary(self) -> Intent | None:
        """What the message wanted first of all."""
        return self.intents[0] if self.intents else None

    def moves(self) -> list[str]:
        """What code decided, in order."""
        return [chose.move for chose in self.all(Chose)]


class View:
    """A transcript beside its kit."""

    def __init__(self, transcript: Transcript, known: Known) -> None:
        self.id = transcript.id
        self.header = transcript.header
        self.events = transcript.events
        self.known = known
        self.policy = Policy.model_validate(self.header.policy)
        self.talks: list[Talk] = []
        self._asked: dict[int, Said] = {}
        self._number = 0
        self._clock = _Clock(self.header.minutes * 60, self.policy.longest_silence)
        self.exchanges = list(self._read())

    @property
    def is_screen(self) -> bool:
        return self.header.mode == "screen"

    @cached_property
    def said(self) -> list[Said]:
        """All that the interviewer said."""
        return self.of(Said)

    @cached_property
    def ended(self) -> Ended | None:
        """How it ended, if it did."""
        return next(iter(self.of(Ended)), None)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What may hold any word: competencies and technologies, as they are called."""
        claimed = (event.mention.technology for event in self.of(Claimed))
        technologies = (atom.text for atom in self.known.syllabus.technologies)
        return (*self.header.subjects, *dict.fromkeys((*technologies, *claimed)))

    @cached_property
    def reserve(self) -> float:
        """Seconds kept for the wrap-up; schema 1 does not tell them."""
        header = self.header
        if header.reserve is not None:
            return header.reserve
        whole = budget(self.known.kit, header.minutes, self.policy)
        return 0.0 if header.drill else whole.wrap_up

    def of(self, kind: type[Kind]) -> list[Kind]:
        """All events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def asked(self, heard: Heard) -> Said | None:
        """The message that put the question which was open."""
        return self._asked.get(heard.question)

    def own(self, said: Said) -> str:
        """A message without the kit's own texts in it: what the interviewer added."""
        return self.known.without_authored(said.text, said.atom)

    def own_sentences(self, said: Said) -> tuple[str, ...]:
        """The sentences that the interviewer added."""
        return _sentences(self.own(said))

    def _read(self) -> Iterator[Exchange]:
        for number, group in groupby(self.events, lambda event: event.turn):
            events = tuple(group)
            if not number:
                continue
            asked, paused, left = self._asked.get(self._number), self._clock.paused, None
            in_hand = bool(asked and asked.stage == "probes" and self.talks)
            talk = self.talks[-1] if in_hand else None
            for event in events:
                self._take(event)
                left = self._clock.left if isinstance(event, Heard) else left
            left = self._clock.left if left is None else left
            exchange = Exchange(number, events, talk, asked, left, paused)
            self._attach(exchange)
            yield exchange

    def _take(self, event: AnyEvent) -> None:
        self._clock.take(event)
        match event:
            case Opened():
                self.talks.append(Talk(event))
            case Closed():
                self.talks[event.testlet].closed = event
            case Said():
                if event.stage == "probes" and self.talks:
                    self.talks[-1].said.append(event)
                if event.purpose in PUTS and event.question is not None:
                    self._asked[event.question] = event
                    self._number = event.question

    def _attach(self, exchange: Exchange) -> None:
        marked = exchange.first(Marked)
        talk = self.talks[marked.testlet] if marked else exchange.talk
        if talk and exchange.heard:
            talk.exchanges.append(exchange)


@lru_cache(maxsize=10_000)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(span.text for span in sentences(text))


class _Clock:
    """The candidate's own time, charged as the interview charges it."""

    def __init__(self, seconds: float, longest: float) -> None:
        self._seconds, self._longest = seconds, longest
        self._used = 0.0
        self._said_at: float | None = None
        self._over = False
        self.paused = False

    @property
    def left(self) -> float:
        return self._seconds - self._used

    def take(self, event: AnyEvent) -> None:
        match event:
            case Heard():
                self._used += charged(self._said_at, event.at, self._longest)
                self._said_at = None
            case Said() if not (self.paused or self._over):
                self._said_at = event.at
            case Away() if self._said_at is not None:
                self._said_at += event.seconds
            case Paused() | Resumed():
                self.paused = event.type == "paused"
                self._said_at = None if self.paused else event.at
            case Ended():
                self._over, self._said_at = True, None
            case _:
                pass
