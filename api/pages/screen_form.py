"""The form of a screen: what was typed, kept as it is until all of it can be understood."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from starlette.datastructures import FormData

from agent.events import Mode
from api.hiring.errors import Unfit
from api.hiring.screen import NewScreen, Texts
from knowledge.atoms import LEVELS

LABELS = {
    "title": "Title",
    "kit": "Kit",
    "level": "Level",
    "mode": "What it is for",
    "minutes": "Minutes",
    "examiner": "Who reads the answers",
    "subjects": "Competencies",
    "attempts": "Attempts",
    "company": "Company",
    "contact": "A person to reach",
    "brief": "How to prepare",
    "notice": "Your own notice",
    "message": "Message",
    "blind_share": "Marked by people first",
    "opens": "Opens",
    "closes": "Closes",
}
"""The fields, as they are called on the page."""

TEXTS = tuple(Texts.__dataclass_fields__)
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?")


@dataclass(frozen=True)
class Typed:
    """What stands in the form; `values` by field, in the words of whoever typed."""

    values: Mapping[str, str]
    subjects: tuple[str, ...] = ()

    def __getitem__(self, field: str) -> str:
        return self.values.get(field, "")


def read(form: FormData) -> Typed:
    """What was sent; a field that is missing is empty."""
    values = {name: _text(form.get(name)) for name in LABELS if name != "subjects"}
    return Typed(values, tuple(_text(each) for each in form.getlist("subjects")))


def typed_of(screen: NewScreen) -> Typed:
    """The form as it stands for a screen."""
    values = {
        "title": screen.title,
        "kit": screen.kit,
        "level": screen.level,
        "mode": screen.mode,
        "minutes": f"{screen.minutes:g}",
        "examiner": screen.examiner,
        "attempts": str(screen.attempts),
        "blind_share": _percent(screen.blind_share),
        "opens": _moment(screen.opens),
        "closes": _moment(screen.closes),
        **asdict(screen.texts),
    }
    return Typed(values, tuple(screen.subjects))


def wish_of(typed: Typed, before: NewScreen | None = None) -> NewScreen:
    """The screen that is meant; `before` is one that is open, whose questions stay.

    Raises:
        Unfit: a field cannot be understood.
    """
    changed: dict[str, Any] = {
        "title": " ".join(typed["title"].split()),
        "attempts": _whole(typed, "attempts"),
        "texts": Texts(**{name: typed[name].strip() for name in TEXTS}),
        "blind_share": _share(typed, before),
        "opens": _time(typed, "opens", before.opens if before else None),
        "closes": _time(typed, "closes", before.closes if before else None),
    }
    if before is not None:
        return replace(before, **changed)
    return NewScreen(
        kit=typed["kit"],
        level=_one_of(typed, "level", LEVELS),
        mode=_one_of(typed, "mode", get_args(Mode)),
        minutes=_number(typed, "minutes", "45"),
        examiner=_one_of(typed, "examiner", ("local", "model")),
        subjects=typed.subjects,
        **changed,
    )


def _text(value: object) -> str:
    return value.replace("\r\n", "\n").replace("\0", "") if isinstance(value, str) else ""


def _one_of(typed: Typed, field: str, known: tuple[Any, ...]) -> Any:
    if typed[field] not in known:
        raise Unfit(field, f"{LABELS[field]} is not chosen.", "Choose one.")
    return typed[field]


def _number(typed: Typed, field: str, example: str) -> float:
    text = typed[field].strip()
    if not _NUMBER.fullmatch(text) or not text.isascii():
        raise Unfit(field, f"{LABELS[field]}: {text[:20]!r} is no number.", f"Write {example}.")
    return float(text.replace(",", "."))


def _whole(typed: Typed, field: str) -> int:
    number = _number(typed, field, "1")
    if number != int(number):
        raise Unfit(field, f"{LABELS[field]}: {number:g} is no whole number.", "Write 1.")
    return int(number)


def _share(typed: Typed, before: NewScreen | None) -> float:
    """What was shown rounded and left alone stays what it was."""
    if before is not None and typed["blind_share"].strip() == _percent(before.blind_share):
        return before.blind_share
    return _number(typed, "blind_share", "20") / 100


def _percent(share: float) -> str:
    return f"{100 * share:g}"


def _time(typed: Typed, field: Literal["opens", "closes"], before: float | None) -> float | None:
    text = typed[field].strip()
    if not text or text == _moment(before):
        return before if text else None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        remedy = "Write it like 2027-01-31T18:00, or leave it empty."
        raise Unfit(field, f"{LABELS[field]}: {text[:20]!r} is no time.", remedy) from None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    if not 1970 < when.year < 9999:
        raise Unfit(field, f"{LABELS[field]}: the year cannot be {when.year}.", "Mend it.")
    return when.timestamp()


def _moment(at: float | None) -> str:
    return "" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M}"
