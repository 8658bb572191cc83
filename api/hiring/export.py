"""A screen's candidates to take along: each as they stand, and what people said beside it.

docs/screens.md tells what each column holds; columns are added at the end and never renamed.
"""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from api.hiring.candidates import Candidate, whole, without_asked
from api.hiring.safe_csv import Cell, write_csv
from api.hiring.screens import Screen
from api.hiring.standing_rows import Standing
from api.hiring.tables import decisions, overrides, results
from knowledge.database import Database

AT_A_TIME = 250
OF_ROW = (
    "invite",
    "name",
    "email",
    "reference",
    "status",
    "when",
    "extra_time",
    "asked",
    "devices",
    "attempts",
    "interview",
    "ended",
    "verdict",
    "overridden",
    "provisional",
    "probability",
    "level",
    "low",
    "high",
    "red",
    "green",
    "critical",
    "ungraded",
    "needs_person",
    "contests",
    "wishes",
    "decision",
    "blind",
)
OF_RESULT = ("asked", "graded", "waiting")
MARKS = ("met", "not_met", "contradicted", "unsupported", "abstained")
VERSIONS = ("level_asked", "kit", "kit_version", "examiner", "model", "policy", "viva")
COLUMNS = (
    *OF_ROW,
    "questions",
    "questions_counted",
    "answers_waiting",
    *(f"marks_{verdict}" for verdict in MARKS),
    "decision_reason",
    "decided_by",
    "decided_at",
    "overrides",
    *VERSIONS,
)

Json = dict[str, Any]
Known = tuple[Candidate, Json, list[Json], list[Json]]
"""A candidate, the result, the decisions and the overrides, oldest first."""


async def as_csv(
    database: Database, screen: Screen, rows: Sequence[Standing], *, recruits: bool
) -> AsyncIterator[str]:
    """CSV in pieces, the first line with the names of the columns.

    Unless `recruits`, the reader is not told who asked for or was given other time.
    """
    first: list[Sequence[Cell]] = [COLUMNS]
    yield write_csv(first)
    async for known in _known(database, rows, recruits=recruits):
        yield write_csv(map(_line, known)).removeprefix("\ufeff")


async def as_json(
    database: Database, screen: Screen, rows: Sequence[Standing], *, recruits: bool
) -> AsyncIterator[str]:
    """One object: the screen, and its candidates."""
    told = {
        "screen": {"id": screen.id, "title": screen.title, "status": screen.status},
        "kit": screen.kit,
        "kit_version": screen.kit_version,
        "level": screen.level,
    }
    yield f'{json.dumps(told, ensure_ascii=False)[:-1]}, "candidates": ['
    between = ""
    async for known in _known(database, rows, recruits=recruits):
        for each in known:
            yield f"{between}\n{json.dumps(_object(each), ensure_ascii=False)}"
            between = ","
    yield "\n]}\n"


async def _known(
    database: Database, rows: Sequence[Standing], *, recruits: bool
) -> AsyncIterator[list[Known]]:
    """In pieces, each as of its own moment."""
    for some in _pieces(rows):
        ids = [row.interview for row in some if row.interview]
        async with database.read() as connection:
            bodies = sa.select(results.c.interview_id, results.c.body)
            mine = results.c.interview_id.in_(ids)
            kept: Any = (await connection.execute(bodies.where(mine))).all()
            found: Json = dict(kept)
            decided = _grouped((await connection.execute(_about(decisions, ids))).mappings())
            overrode = _grouped((await connection.execute(_about(overrides, ids))).mappings())
            candidates = await whole(connection, some)
        if not recruits:
            candidates = list(map(without_asked, candidates))
        yield [
            (
                row,
                found.get(row.interview or "", {}) if row.verdict else {},
                decided[row.interview],
                overrode[row.interview],
            )
            for row in candidates
        ]


def _pieces(rows: Sequence[Standing]) -> Iterator[Sequence[Standing]]:
    return (rows[at : at + AT_A_TIME] for at in range(0, len(rows), AT_A_TIME))


def _about(table: sa.Table, ids: Sequence[str]) -> sa.Select[Any]:
    columns = [column for column in table.c if column.name not in {"id", "workspace_id"}]
    return sa.select(*columns).where(table.c.interview_id.in_(ids)).order_by(table.c.at)


def _grouped(rows: Any) -> defaultdict[str | None, list[Json]]:
    grouped: defaultdict[str | None, list[Json]] = defaultdict(list)
    for row in rows:
        told = dict(row)
        grouped[told.pop("interview_id")].append(told)
    return grouped


def _line(known: Known) -> list[Cell]:
    row, result, decided, overrode = known
    last = decided[-1] if decided else {}
    marks = result.get("marks", {})
    return [
        *map(row._asdict().get, OF_ROW),
        *(result.get(name) for name in OF_RESULT),
        *(marks.get(verdict, 0) if result else None for verdict in MARKS),
        *(last.get(name) for name in ("reason", "by", "at")),
        "\n".join(map(_override, overrode)) or None,
        *(result.get(name) for name in VERSIONS),
    ]


def _override(told: Json) -> str:
    where = f"question {told['question']}, " if told["question"] else ""
    return (
        f"{where}{told['subject']}: {told['value']} (the machine: {told['machine']}); "
        f"{told['reason']} – {told['by']}"
    )


def _object(known: Known) -> Json:
    row, result, decided, overrode = known
    flat = row._asdict()
    return {name: flat[name] for name in OF_ROW} | {
        "result": result or None,
        "decisions": decided,
        "overrides": overrode,
    }
