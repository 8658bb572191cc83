"""Templates, and static files under addresses that change with their content."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agent.report.telling import LEVEL_NUMBERS, places_in_words
from api.moments import day, moment

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def templates() -> Environment:
    """The templates; everything put into them is escaped."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    environment.filters["counted"] = counted
    environment.filters["listed"] = listed
    environment.filters["minutes"] = minutes
    environment.filters["day"] = day
    environment.filters["moment"] = moment
    environment.filters["in_questions"] = places_in_words
    environment.globals["level_numbers"] = LEVEL_NUMBERS
    return environment


def render(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page that no cache keeps: it is somebody's."""
    text = templates().get_template(template).render(**context)
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so that caches never lag."""
    return f"/static/{name}?v={digest(name)}"


@cache
def digest(name: str) -> str:
    """The first characters of the file's hash."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def counted(number: int, thing: str) -> str:
    """`1 question`, `2 questions`, `no technologies`."""
    several = f"{thing[:-1]}ies" if thing.endswith("y") else f"{thing}s"
    return f"{number or 'no'} {thing if number == 1 else several}"


def minutes(number: float) -> str:
    """`1 minute`, `44 minutes`: whole ones, as people say them."""
    return counted(round(number), "minute")


def listed(things: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = things or [""]
    return f"{', '.join(most)} and {last}" if most else last
