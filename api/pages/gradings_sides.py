"""Every grading of an interview that a reader may see: the machine's, and people's."""

from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from agent.events import AnyEvent, Regraded
from api.gradings import Gradings, Kept
from api.hiring.reviewing import Reviews
from api.identity.caller import Caller
from api.marking.model import Entry, Mark, MarkingSet, Ruling, Sheet
from api.marking.sets import Sets
from api.marking.tables import marking_items
from api.moments import day
from api.pages.gradings_view import Found, Side, as_heard, as_it_stands, as_kept, of_person
from knowledge.database import Database


async def sides_of(
    database: Database, caller: Caller, interview: str, events: Sequence[AnyEvent]
) -> list[Side]:
    """The gradings, the machine's first."""
    people = [of_person(review) for review in await Reviews(database).of(interview)]
    marked = await _marked(database, caller, interview)
    kept = [_kept(grading) for grading in await Gradings(database).of(interview)]
    return [as_heard(events), as_it_stands(events), *people, *marked, *kept]


def _kept(grading: Kept) -> Side:
    model = f" {grading.model}" if grading.model else ""
    about = f"kept {day(grading.at)}, by {grading.examiner}{model}, kit {grading.kit_version}"
    anew = (Regraded.model_validate({**body, "type": "regraded"}) for body in grading.events)
    return as_kept(f"kept-{grading.id}", grading.label, about, anew)


async def _marked(database: Database, caller: Caller, interview: str) -> list[Side]:
    """What was marked in sets that are closed, and the reader's own marks in those that are not:
    to show others' would unblind whoever is still to mark."""
    holds = sa.select(marking_items.c.set_id).where(marking_items.c.interview_id == interview)
    async with database.read() as connection:
        ids = list(await connection.scalars(holds.order_by(marking_items.c.set_id)))
    sets = Sets(database)
    sides: list[Side] = []
    for id_ in ids:
        found = await sets.get(caller.workspace or "", id_)
        entries = (each for each in await sets.entries(id_) if each.interview == interview)
        sides += [side for entry in entries for side in _of_entry(found, entry, caller)]
    return sides


def _of_entry(of: MarkingSet, entry: Entry, caller: Caller) -> Iterator[Side]:
    closed = of.closed is not None
    for number, sheet in enumerate(entry.kept, 1):
        own = sheet.marker == caller.id and not caller.is_local
        if sheet.source != "review" and (closed or own):
            key = f"marked-{of.id}-{number}"
            yield Side(key, sheet.name, _about(of, sheet), _found(sheet.marks, sheet.name))
    if closed and entry.rulings:
        about = f"a person, on what others differed on in “{of.title}”"
        yield Side(f"settled-{of.id}", "Settled", about, _found(entry.rulings))


def _about(of: MarkingSet, sheet: Sheet) -> str:
    how = "blind" if sheet.blind else "not blind"
    author = ", helped to write the kit" if sheet.is_author else ""
    return f"a person, {how}, in “{of.title}”{author}"


def _found(marks: Iterable[Mark | Ruling], by: str = "") -> dict[tuple[int, str], Found]:
    return {
        each.place: Found(each.verdict, each.words, by=each.by if isinstance(each, Ruling) else by)
        for each in marks
    }
