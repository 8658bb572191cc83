"""Days and moments as people read them, in UTC."""

from datetime import UTC, datetime

DAY = 86_400.0
"""Seconds."""


def day(at: float) -> str:
    """`21 November 2026`; `at` is in Unix seconds."""
    when = datetime.fromtimestamp(at, UTC)
    return f"{when.day} {when:%B %Y}"


def moment(at: float) -> str:
    """`21 November 2026, 14:03 UTC`; `at` is in Unix seconds."""
    return f"{day(at)}, {datetime.fromtimestamp(at, UTC):%H:%M} UTC"
