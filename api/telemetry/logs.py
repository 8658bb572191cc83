"""Structured logs: text for people, JSON for machines, and nobody's words in either.

Our own lines carry numbers, and words under the names in `WORDS`. A line of a library is told
by the template it was written with, never by what was filled in. An exception is told by its
type and place, never by its message, which may quote an answer, a statement or a request.
"""

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import structlog

from api.telemetry.scope import current

if TYPE_CHECKING:
    from api.settings import Settings

WORDS = frozenset(
    "event level timestamp logger request interview turn_id kind code reason route method "
    "outcome purpose status stage kit version examiner host error place worker".split()
)
LONGEST = 400
FRAMES = 8
PLAIN_SPOKEN = ("uvicorn.error",)
"""Libraries whose messages are about themselves alone."""


def configure_logging(settings: "Settings") -> None:
    """Log to standard error in the settings' form; called once, by `viva serve`."""
    handler = _Handler(sys.stderr)
    handler.setFormatter(Discreet(settings.log_format))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("viva").setLevel(logging.INFO)
    for name in ("uvicorn", *PLAIN_SPOKEN):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").disabled = True  # it tells whole addresses


class _Handler(logging.StreamHandler[Any]):
    """A line that cannot be written is lost."""

    def handleError(self, record: logging.LogRecord) -> None:
        """The usual one prints what was filled in."""


class Discreet(logging.Formatter):
    """Writes a record as one line of text or JSON, without a word that anybody else wrote."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self._render: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "text":
            self._render = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat("T", "milliseconds"),
            "level": record.levelname.lower(),
            "event": "",
            **_withheld(_own(record) if isinstance(record.msg, dict) else _of_a_library(record)),
        }
        return str(self._render(None, record.levelname, told))


def told_error(error: BaseException) -> dict[str, str]:
    """An exception by type and place, with the causes it had; innermost last."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    return {"error": " <- ".join(map(_named, chain)), "place": _place(error)}


def _place(error: BaseException) -> str:
    """Where in our own files it came through, and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames[:-1] if "site-packages" not in frame.filename]
    return " > ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
        for frame in [*ours[-FRAMES:], *frames[-1:]]
    )


def _named(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        return f"{name} ({error.strerror})"
    return name


def _own(record: logging.LogRecord) -> dict[str, Any]:
    told = {**current().fields, **cast("dict[str, Any]", record.msg)}
    error = told.pop("exc_info", None)
    return {**told, **told_error(error)} if isinstance(error, BaseException) else told


def _of_a_library(record: logging.LogRecord) -> dict[str, Any]:
    told = {"event": _words(record), "logger": record.name, **current().fields}
    if record.exc_info and record.exc_info[1]:
        return {**told, **told_error(record.exc_info[1])}
    if record.name in PLAIN_SPOKEN:
        return told
    return {**told, "place": f"{record.module}:{record.lineno} {record.funcName}"}


def _words(record: logging.LogRecord) -> str:
    """What a library says; a message that it put together itself may hold anything."""
    if record.name in PLAIN_SPOKEN:
        return record.getMessage().strip()
    return str(record.msg) if record.args else "(a message of a library)"


def _withheld(told: dict[str, Any]) -> dict[str, Any]:
    return {name: _allowed(name, value) for name, value in told.items()}


def _allowed(name: str, value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if value is None or isinstance(value, int):
        return value
    return str(value)[:LONGEST] if name in WORDS else "(withheld)"


log: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    logging.getLogger("viva"),
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    wrapper_class=structlog.stdlib.BoundLogger,
)
"""Our own lines. Before `configure_logging` only warnings are shown, as Python does by itself."""
