"""A kit at the desk: which question is meant, what that is marked by, which flags are near."""

from dataclasses import dataclass
from functools import cached_property

from agent.hearing import Utterance
from agent.syllabus import Syllabus
from agent.testlets import FLAG_FROM
from knowledge.atoms import Atom, Kind
from knowledge.embedder import Embedder
from knowledge.index import KitIndex

SAME_QUESTION_FROM = 0.85
"""Likeness from which a question is the kit's own in other words."""
ASKED: tuple[Kind, ...] = ("question", "money", "exercise")


@dataclass(frozen=True)
class KitAtDesk:
    """A kit's index and the embedder it was made with."""

    index: KitIndex
    embedder: Embedder

    @cached_property
    def syllabus(self) -> Syllabus:
        """Its questions with what each is marked by."""
        return Syllabus(self.index.kit)

    def asked(self, question: str) -> Atom | None:
        """The kit's question of this id, of these very words, or nearest in meaning."""
        wanted = question.strip().casefold()
        if wanted in self._named or not wanted:
            return self._named.get(wanted)
        near = self.index.query(self.embedder.embed([question])[0], kinds=ASKED, k=1)
        return near[0].atom if near and near[0].score >= SAME_QUESTION_FROM else None

    @cached_property
    def _named(self) -> dict[str, Atom]:
        asked = list(self.index.kit.of(*ASKED))
        texts = {atom.text.strip().casefold(): atom for atom in reversed(asked)}
        return texts | {atom.id.casefold(): atom for atom in asked}

    def rubric(self, question: Atom) -> tuple[Atom, ...]:
        """Points and indicators of one of its questions, examples among them."""
        try:
            item = self.syllabus.rubric(question.id)
        except (KeyError, StopIteration):
            return tuple(self.index.kit.came_with(question.id, "point", "indicator"))
        return (*item.points, *item.indicators)

    def flags(self, heard: Utterance, most: int) -> tuple[Atom, ...]:
        """The flags near to what was said, at most so many for a sentence."""
        if not heard.encoded:
            return ()
        kinds: tuple[Kind, ...] = ("flag",)
        found = self.index.query_each(heard.vectors, kinds=kinds, k=most)
        near = [hit.atom for hits in found for hit in hits if hit.score >= FLAG_FROM]
        return tuple({atom.id: atom for atom in near}.values())
