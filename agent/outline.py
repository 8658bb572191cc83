"""What a candidate may know of a kit beforehand: what may come up, never what is asked."""

from agent.syllabus import Syllabus
from knowledge.atoms import Frozen, Kind, Kit, Level

ASKED: tuple[Kind, ...] = ("question", "follow_up", "money")
SHORTEST = 4
"""Words from which a question inside another text gives that question away."""


class Subject(Frozen):
    """Something an interview may be about."""

    name: str
    about: str | None
    """What it means at the level asked, in the kit's words."""


class Outline(Frozen):
    """Topics, technologies and advice; no question, and nothing an answer is marked by."""

    subjects: tuple[Subject, ...]
    technologies: tuple[str, ...]
    """Those with bite-size questions."""
    advice: tuple[str, ...]


def outline(kit: Kit, level: Level) -> Outline:
    """The kit as its candidates may see it, in the kit's own order.

    A heading or an advice that holds one of the kit's questions is left out.
    """
    syllabus = Syllabus(kit)
    asked = _Asked(kit)
    subjects = dict.fromkeys(item.subject for item in syllabus.items.values() if item.scored)
    technologies = dict.fromkeys(bite.technology.text for bite in syllabus.bites.values())
    advice = (a.text for a in kit.of("advice") if a.parent is None and a.question is None)
    return Outline(
        subjects=tuple(
            Subject(name=name, about=syllabus.expected(name).get(level))
            for name in subjects
            if not asked.stands_in(name)
        ),
        technologies=tuple(technologies),
        advice=tuple(text for text in dict.fromkeys(advice) if not asked.stands_in(text)),
    )


class _Asked:
    """The kit's questions, to be found in other texts."""

    def __init__(self, kit: Kit) -> None:
        texts = {_plain(atom.text) for atom in kit.of(*ASKED)}
        self._whole = texts
        self._long = [text for text in texts if len(text.split()) >= SHORTEST]

    def stands_in(self, text: str) -> bool:
        plain = _plain(text)
        return plain in self._whole or any(long in plain for long in self._long)


def _plain(text: str) -> str:
    """The words alone."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
