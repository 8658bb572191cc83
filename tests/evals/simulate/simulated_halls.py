"""Halls to hold interviews in, and seats for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from agent.syllabus import Syllabus
from api.conduct import Wish
from evals.simulate.banks import open_bank
from evals.simulate.interviews import Hall, Seat, opened_hall, seats
from evals.simulate.personas import ALL, Persona, Someone, Style
from evals.simulate.scripted import Scripted
from knowledge.atoms import Kit
from knowledge.embedder import WordHash


def seat_of(style: Style, kit: Kit, **wish: object) -> Seat:
    """Somebody mid with this style, and a short interview on the kit."""
    persona = Persona(name=style.replace("_", "-"), style=style, level={ALL: "mid"})
    asked: dict[str, object] = {"minutes": 20, "questions": 2, "mode": "practice", **wish}
    one = Someone(persona, "1")
    return seats([one], Wish(kit=kit.name, kit_version=kit.version, **asked))[0]  # type: ignore[arg-type]


@asynccontextmanager
async def hall_on(kit: Kit, folder: Path) -> AsyncIterator[Hall]:
    """A hall whose candidates answer from the banks."""
    syllabus = Syllabus(kit)
    bank = open_bank(syllabus)

    def invite(seat: Seat) -> Scripted:
        return Scripted(seat.someone, syllabus, bank)

    async with opened_hall(folder, kit, WordHash(), invite) as hall:
        yield hall
