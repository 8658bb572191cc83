"""Adjudication: points on which people differ are decided, each with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from api.hiring import audit
from api.hiring.reviewing import Found, PersonMark, TooEarly, checked, checked_marks
from api.identity.caller import Caller
from api.marking.looks import note
from api.marking.model import Entry, Marker, MarkingSet, Points
from api.marking.sets import check_open, entries_of, set_in
from api.marking.tables import marking_rulings
from knowledge.database import Database, insert_into, unix_now
from knowledge.errors import BadInput, NotFound


@dataclass(frozen=True)
class Decided:
    """What somebody decides about one point, and why."""

    question: int
    atom: str
    verdict: Found
    words: str
    reason: str


class Settling:
    """Rulings in one database's sets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, caller: Caller, set_id: str, interview: str) -> tuple[MarkingSet, Entry]:
        """An interview with everybody's marks; that the caller has seen them is kept.

        Raises:
            TooEarly: not all marks are in.
        """
        async with self._database.write() as connection:
            found = await set_in(connection, caller.workspace or "", set_id)
            entry = _entry(await entries_of(connection, set_id), interview)
            _check_in(found, entry)
            await note(connection, caller, [interview])
        return found, entry

    async def rule(
        self,
        caller: Caller,
        set_id: str,
        interview: str,
        by: Marker,
        points: Points,
        given: Sequence[Decided],
        *,
        alone: bool = False,
    ) -> None:
        """Keep rulings; one made again stands in the place of the one before.

        Args:
            alone: whoever rules has marked it too, and says that nobody else can rule.

        Raises:
            BadInput: nothing is decided, a reason is missing, people do not differ on a point,
                words stand in no answer, or somebody rules on their own marks without saying so.
            TooEarly: not all marks are in, or the set is closed.
        """
        reasons = {(d.question, d.atom): checked(d.reason, "A reason") for d in given}
        if not reasons:
            raise BadInput("Nothing is decided yet.", "Choose what you find of one point or more.")
        decided = [PersonMark(d.question, d.atom, d.verdict, d.words) for d in given]
        asked = [point for point in points.asked if (point.question, point.atom) in reasons]
        marks = checked_marks(asked, decided)
        async with self._database.write() as connection:
            found = await set_in(connection, caller.workspace or "", set_id, lock=True)
            check_open(found)
            entry = _entry(await entries_of(connection, set_id), interview)
            _check_in(found, entry)
            if reasons.keys() - set(entry.differing):
                raise BadInput("People do not differ on one of these.", "Load the page again.")
            own = _is_own(entry, by, alone)
            for mark in marks:
                told = {"asked": points.questions[mark.question], "verdict": mark.verdict}
                told |= {"words": mark.words, "reason": reasons[mark.question, mark.atom]}
                place = {"question": mark.question, "atom": mark.atom}
                key = {"set_id": set_id, "interview_id": interview, **place}
                await put(connection, key, {**told, "by": by.name, "is_marker": own})
            detail = {"marking": set_id, "points": len(marks), "own": own}
            await audit.record(connection, caller, "settled", f"interview:{interview}", **detail)


async def put(connection: AsyncConnection, key: dict[str, Any], told: dict[str, Any]) -> None:
    """Write a ruling, over the one before if there is one; made now unless it is told `at`."""
    told = {"at": unix_now(), **told}
    new = insert_into(marking_rulings, connection).values(**key, **told)
    await connection.execute(new.on_conflict_do_update(index_elements=list(key), set_=told))


def _is_own(entry: Entry, by: Marker, alone: bool) -> bool:
    is_own = any(sheet.is_of(by) for sheet in entry.kept)
    if is_own and not alone:
        raise BadInput(
            "You marked this interview yourself, and a third person had better decide.",
            "If there is nobody else, say so on the page; it is kept with what you decide.",
        )
    return is_own


def _entry(entries: Sequence[Entry], interview: str) -> Entry:
    found = next((entry for entry in entries if entry.interview == interview), None)
    if found is None:
        raise NotFound("This interview is not in the set.", "Go back to the set.")
    return found


def _check_in(found: MarkingSet, entry: Entry) -> None:
    if not found.is_in(entry):
        raise TooEarly(
            f"{len(entry.kept)} of {found.needed} marks of this interview are in.",
            "What people differ on is shown once all are.",
        )
