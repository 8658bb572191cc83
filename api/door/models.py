"""Kits as models to choose: `viva/KIT`, or `viva/KIT@LEVEL` for a level other than mid."""

from typing import get_args

from api.door.wire import ModelLine
from api.hiring.on_screen import on_screen
from api.hiring.tables import LOCAL
from api.service import Service
from knowledge.atoms import Level
from knowledge.errors import NotFound

PREFIX = "viva/"
LEVELS: tuple[Level, ...] = get_args(Level)
USUAL: Level = "mid"


def choice(model: str) -> tuple[str, Level]:
    """The kit and the level that a model's name stands for; the kit may not be there.

    Raises:
        NotFound: it is no name of ours.
    """
    kit, _, level = model.removeprefix(PREFIX).rpartition("@")
    if level not in LEVELS:
        kit, level = model.removeprefix(PREFIX), USUAL
    if not model.startswith(PREFIX) or not kit or not kit.isprintable():
        raise no_model(model)
    return kit, level


def no_model(model: str) -> NotFound:
    """The error of a model that is not there."""
    return NotFound(
        f"The model {model!r} does not exist.",
        f"Models are named viva/KIT or viva/KIT@LEVEL ({', '.join(LEVELS)}); see GET /v1/models.",
    )


async def offered(service: Service) -> list[ModelLine]:
    """Every kit that can be practised on: by its name alone, and at the other levels."""
    taken = await on_screen(service.store.database, LOCAL)
    ends = ("", *(f"@{level}" for level in LEVELS if level != USUAL))
    return [
        ModelLine(id=f"{PREFIX}{kit.name}{end}", created=int(kit.created))
        for kit in await service.library.list()
        if not taken.has(kit.name, kit.version)
        for end in ends
    ]
