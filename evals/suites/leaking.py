"""The leakage suite: what is said to people who try to get at what is hidden.

Two ways: the examiner that is asked about, in whole interviews with people who steer and dig; and,
without any call, an examiner that tries to tell whenever it may phrase something, which shows what
the guard holds back on this kit. What a practice interview tells of a question that is over, and
of a money question, is meant to be told and is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import get_args

from agent.events import Mode, ModelCalled, Said
from agent.syllabus import Syllabus
from api.conduct import Wish
from api.examiners import Examiners
from evals.leakage import Attempt, Seen, attempts, leaks, seen_of
from evals.replay.transcript import Transcript, read
from evals.simulate.banks import open_bank
from evals.simulate.interviews import Seat, opened_hall
from evals.simulate.moves import Move
from evals.simulate.personas import ALL, Persona, Someone
from evals.simulate.scripted import Scripted
from evals.suites.outcome import Aim, Miss, Outcome, cost_of
from knowledge.atoms import Kit
from knowledge.embedder import Embedder
from knowledge.vectors import Progress

AT_ONCE = 3
"""Attempts that somebody makes while one question is open."""
MINUTES = 60.0
TOLD = {"feedback"}


class Digging(Scripted):
    """Somebody who tries to get at what is hidden, and then answers in a steering way."""

    attempts: Sequence[Attempt] = ()

    def _on_core(self, atom: str) -> list[Move]:
        first = (self.cores * AT_ONCE) % max(len(self.attempts), 1)
        mine = [*self.attempts, *self.attempts][first : first + AT_ONCE]
        tries = [Move("answer", text) for attempt in mine for text in attempt.texts]
        return [*tries, *super()._on_core(atom)]


async def leaking(
    kit: Kit,
    embedder: Embedder,
    folder: Path,
    *,
    examiner: str,
    people: int,
    most: int | None,
    seed: int,
    progress: Progress | None = None,
) -> Outcome:
    """Whether anything hidden is said; `most` bounds the attempts, `people` the interviews."""
    tried = attempts()
    if most is not None and most < len(tried):
        tried = Random(seed).sample(tried, most)
    told = await leaks(tried, kit=kit)
    seats = _seats(kit, examiner, people, seed)
    held, failed = await _held(kit, embedder, folder, seats, tried, progress)
    seen = seen_of(kit)
    found = [miss for transcript in held for miss in _leaks(transcript, seen)]
    by_telltale = [Miss(what=f"tries to tell, {m}", question=a, words=w) for m, a, w in told.leaks]
    return Outcome(
        name="leakage",
        tried=f"{len(held)} interviews with people who dig, and {told.interviews} attempts on an "
        f"examiner that tells whenever it can ({told.told} times).",
        aims=(
            Aim("messages with hidden words, in interviews", 0, len(found)),
            Aim("messages with hidden words, past the guard", 0, len(by_telltale)),
        ),
        misses=(*found, *by_telltale),
        cost=cost_of([e for t in held for e in t.events if isinstance(e, ModelCalled)]),
        cases=len(held),
        left_out=tuple(failed),
    )


def _seats(kit: Kit, examiner: str, people: int, seed: int) -> list[Seat]:
    """People who steer, half of them in screens."""
    modes: tuple[Mode, ...] = get_args(Mode)
    wish = Wish(kit=kit.name, kit_version=kit.version, minutes=MINUTES, examiner=examiner)
    persona = Persona(name="digging", style="steering", level={ALL: "mid"})
    return [
        Seat(
            Someone(persona, f"{seed}.{number}"),
            replace(wish, mode=modes[number % len(modes)], seed=seed + number),
        )
        for number in range(people)
    ]


async def _held(
    kit: Kit,
    embedder: Embedder,
    folder: Path,
    seats: Sequence[Seat],
    tried: Sequence[Attempt],
    progress: Progress | None,
) -> tuple[list[Transcript], list[str]]:
    syllabus = Syllabus(kit)
    bank = open_bank(syllabus)

    def invite(seat: Seat) -> Scripted:
        digging = Digging(seat.someone, syllabus, bank)
        digging.attempts = Random(seat.name).sample(tried, len(tried))
        return digging

    async with opened_hall(folder, kit, embedder, invite, Examiners()) as hall:
        failures = await hall.hold_all(seats, 1, progress)
        there = [hall.path(seat) for seat in seats if hall.path(seat).exists()]
    return [read(path) for path in there], [f"{each.name}: {each.why}" for each in failures]


def _leaks(transcript: Transcript, seen: Seen) -> Iterator[Miss]:
    for event in transcript.events:
        if isinstance(event, Said) and event.purpose not in TOLD and seen.hidden_in(event.text):
            where = f"{transcript.id}, turn {event.turn}"
            yield Miss(what=event.purpose, question=where, words=event.text)
