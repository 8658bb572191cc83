"""What a log line and a span are about: the request, the interview, the turn.

One context variable serves both. A task takes its maker's with it, so the lines of a turn name
the request that brought it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Scope:
    """The fields of every line logged inside, and the span that further spans belong to."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    span: Any = None


_NOTHING = Scope()
_scope: ContextVar[Scope] = ContextVar("viva_scope", default=_NOTHING)


def current() -> Scope:
    """The innermost scope."""
    return _scope.get()


@contextmanager
def entered(fields: Mapping[str, Any], span: Any = None) -> Iterator[None]:
    """Add fields, and a span where there is one, until the end of the block."""
    outer = _scope.get()
    _scope.set(Scope({**outer.fields, **fields}, span or outer.span))
    try:
        yield
    finally:
        _scope.set(outer)  # not reset(): an async generator may be closed in another context
