"""Many transcripts replayed: read, packed in chunks, worked on, kept, and written down."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from math import ceil
from pathlib import Path
from typing import Any, Literal

from evals.marks import Versions
from evals.replay.asking import Asked
from evals.replay.differences import (
    CompetencyChange,
    MarkChange,
    QuestionChange,
    of_competencies,
    of_marks,
    of_questions,
)
from evals.replay.fleet import Fleet
from evals.replay.outcomes import Outcome, Rows
from evals.replay.packing import Chunk, Item, chunk_of
from evals.replay.parts import Parts, write_lines
from evals.replay.sources import Unread, all_of, named
from evals.results import Row, write_rows
from knowledge.errors import VivaError

MOST_TOGETHER = 16
"""Transcripts in a chunk: some hundred answers, which are encoded in one batch."""
ROUNDS = 4
"""Chunks for each worker at least, so that none waits long for the last."""
Progress = Callable[[int, int], None]
"""How many transcripts are done, of how many."""
Changes = tuple[list[MarkChange], list[QuestionChange], list[CompetencyChange]]


def run(
    names: Sequence[str],
    asked: Asked,
    out: Path | None = None,
    fleet: Fleet | None = None,
    progress: Progress = lambda done, of: None,
) -> list[Outcome]:
    """What comes of each transcript, in the order of their names.

    With `out`, what is finished is kept there as it comes, and what was finished before is taken
    from there; at the end the results are written beside it.

    Raises:
        BadInput, NotFound: what was asked cannot be done at all.
    """
    asked.check()
    fleet = fleet or Fleet()
    total = len(named(names))
    parts = Parts(out, asked.settings) if out else None
    waiting = _Waiting(names, asked, parts, fleet, total)
    for outcomes in fleet.run(waiting.chunks(), asked.task):
        for outcome in outcomes:
            waiting.done[outcome.key] = outcome
            if parts:
                parts.keep(outcome)
        progress(len(waiting.done), waiting.total)
    found = waiting.in_order()
    if parts:
        write(parts, found)
    return found


class _Waiting:
    """Transcripts on their way into chunks, and what is known of each already."""

    def __init__(
        self, names: Sequence[str], asked: Asked, parts: Parts | None, fleet: Fleet, total: int
    ) -> None:
        self._names, self._asked, self._parts = names, asked, parts
        self.total = total
        many = total / (ROUNDS * max(fleet.workers, 1))
        self._together = min(max(ceil(many), 1), MOST_TOGETHER)
        self.done: dict[str, Outcome] = {}
        self._order: list[str] = []

    def chunks(self) -> Iterator[Chunk]:
        """Those that nothing is known of, packed together."""
        items: list[Item] = []
        for item in self._items():
            items.append(item)
            if len(items) == self._together:
                yield chunk_of(items, self._asked.used)
                items = []
        if items:
            yield chunk_of(items, self._asked.used)

    def _items(self) -> Iterator[Item]:
        ids: dict[str, str] = {}
        for source in all_of(self._names):
            item = self._packed(source)
            if isinstance(item, Outcome):
                self._know(item)
            elif ids.setdefault(item.id, item.key) != item.key:
                self._know(_failed(item.id, "Another transcript has the same name. Rename one."))
            elif item.key not in self._order:
                self._order.append(item.key)
                if before := self._parts and self._parts.found(item.key):
                    self.done[item.key] = before
                else:
                    yield item

    def _packed(self, source: Any) -> Item | Outcome:
        if isinstance(source, Unread):
            return _failed(source.id, f"{source.why} {source.remedy}")
        try:
            return self._asked.item(source)
        except VivaError as error:
            return _failed(source.id, f"{error.message} {error.remedy}")

    def _know(self, outcome: Outcome) -> None:
        key = f"{outcome.id} {len(self._order)}"
        self._order.append(key)
        self.done[key] = outcome

    def in_order(self) -> list[Outcome]:
        """All outcomes, as the transcripts were named."""
        return [self.done[key] for key in self._order]


def _failed(id_: str, why: str) -> Outcome:
    return Outcome(id_, "", "failed", why)


def changes(outcomes: Iterable[Outcome]) -> Changes:
    """What differs between both gradings of each, where there are two."""
    marks: list[MarkChange] = []
    questions: list[QuestionChange] = []
    competencies: list[CompetencyChange] = []
    for each in outcomes:
        if each.before and each.after:
            marks += of_marks(each.before.marks, each.after.marks)
            questions += of_questions(each.before.questions, each.after.questions)
            competencies += of_competencies(each.before.competencies, each.after.competencies)
    return marks, questions, competencies


def write(parts: Parts, outcomes: Sequence[Outcome]) -> None:
    """The results of a run: the new marks as rows, the old under `before`, and what differs."""
    folder = parts.folder
    _write_rows(folder, outcomes, "after")
    if any(each.before for each in outcomes):
        _write_rows(folder / "before", outcomes, "before")
        _write_changes(folder, outcomes)
    write_lines(folder / "outcomes.jsonl", map(_line, outcomes))
    write_lines(folder / "failures.jsonl", failures(outcomes))
    states = [each.state for each in outcomes]
    counts = {state: states.count(state) for state in dict.fromkeys(states)}
    parts.tell(
        finished=True,
        transcripts=len(outcomes),
        counts=counts,
        answers=sum(each.answers for each in outcomes),
        failures=sum(1 for _ in failures(outcomes)),
    )


def _write_changes(folder: Path, outcomes: Sequence[Outcome]) -> None:
    marks, questions, competencies = changes(outcomes)
    versions = _versions(outcomes, "after")
    write_rows(folder / "mark_changes.parquet", marks, versions)
    write_rows(folder / "question_changes.parquet", questions, versions)
    write_rows(folder / "competency_changes.parquet", competencies, versions)


def _write_rows(
    folder: Path, outcomes: Iterable[Outcome], side: Literal["before", "after"]
) -> None:
    found = [rows for each in outcomes if (rows := _side(each, side))]
    versions = _versions(outcomes, side)
    kinds: dict[str, list[Row]] = {
        "marks": [row for rows in found for row in rows.marks],
        "questions": [row for rows in found for row in rows.questions],
        "competencies": [row for rows in found for row in rows.competencies],
    }
    for name, lines in kinds.items():
        write_rows(folder / f"{name}.parquet", lines, versions)


def _side(outcome: Outcome, side: Literal["before", "after"]) -> Rows | None:
    return outcome.before if side == "before" else outcome.after


def _versions(outcomes: Iterable[Outcome], side: Literal["before", "after"]) -> dict[str, Versions]:
    return {each.id: rows.versions for each in outcomes if (rows := _side(each, side))}


def _line(outcome: Outcome) -> dict[str, Any]:
    kept = ("id", "state", "told", "answers", "events", "not_in_kit", "policy", "detail")
    return {name: getattr(outcome, name) for name in kept}


def failures(outcomes: Iterable[Outcome]) -> Iterator[dict[str, Any]]:
    """What failed: whole transcripts, and single answers."""
    for each in outcomes:
        if each.state == "failed":
            yield {"transcript": each.id, "question": None, "answer": None, "why": each.told}
        yield from ({"transcript": each.id, **asdict(failed)} for failed in each.failed)
