"""What a kit asks about, for the team whose it is: its subjects, and the questions of each."""

from collections import Counter

from agent.syllabus import Syllabus
from knowledge.atoms import LEVELS, Frozen, Kit


class Contents(Frozen):
    """One subject: how many core questions it has, by level ("any" where a document names none).

    `unmarked` of them have nothing an answer could be marked by.
    """

    subject: str
    questions: dict[str, int]
    unmarked: int


def contents(kit: Kit, find: str = "") -> tuple[Contents, ...]:
    """The subjects whose name holds these words, the one with most questions first."""
    syllabus = Syllabus(kit)
    subjects = dict.fromkeys(item.subject for item in syllabus.items.values())
    found = [_one(syllabus, name) for name in subjects if find.casefold() in name.casefold()]
    return tuple(sorted(found, key=lambda each: -sum(each.questions.values())))


def _one(syllabus: Syllabus, subject: str) -> Contents:
    items = syllabus.by_subject(subject)
    asked = [rung for item in items for rung in (item.rungs or (item,))]
    counts = Counter[str](item.level or "any" for item in asked)
    return Contents(
        subject=subject,
        questions={level: counts[level] for level in (*LEVELS, "any") if counts[level]},
        unmarked=sum(not item.scored for item in items),
    )
