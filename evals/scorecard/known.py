"""A kit as the rules look things up in it; made once for all transcripts held on it."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from agent.leak import HIDDEN, LeakGuard
from agent.model.prompts import prompt_texts
from agent.syllabus import Item, Syllabus
from agent.wording import stems
from knowledge.atoms import Atom, Kit

TELLING = 5
"""Telling words of a hidden text from which its wording can be recognised."""
SHARE = 0.7
"""Share of these that give it away, said together."""


class Known:
    """One kit, ready for the rules."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.syllabus = Syllabus(kit)
        self._leaks: dict[str, bool] = {}

    @cached_property
    def guard(self) -> LeakGuard:
        """Knows the runs of hidden words."""
        return LeakGuard(self.kit, prompt_texts())

    def leaks(self, text: str) -> bool:
        """Whether a message holds hidden words; most messages are said in many interviews."""
        if text not in self._leaks:
            self._leaks[text] = self.guard.leaks(text)
        return self._leaks[text]

    def atom(self, id_: str | None) -> Atom | None:
        """An atom of the kit; None where there is none of this id."""
        return self.kit.by_id.get(id_ or "")

    def item(self, question: str) -> Item | None:
        """A core question or rung with all that came with it."""
        return self.syllabus.items.get(question) or self.syllabus.rungs.get(question)

    def authored(self, id_: str | None) -> list[str]:
        """The kit's own words for a question: its text, its scene, its form as a quick question."""
        atom = self.atom(id_)
        if atom is None:
            return []
        bite = self.syllabus.bites.get(atom.id)
        scene = self.atom(atom.parent) if atom.kind == "question" else None
        texts = [bite.question.text if bite else "", atom.text]
        return [*texts, scene.text if scene and scene.kind == "question" else ""]

    def without_authored(self, text: str, id_: str | None) -> str:
        """What a message says besides."""
        for authored in filter(None, self.authored(id_)):
            text = text.replace(authored, " ")
        return " ".join(text.split())

    def worded_like(self, text: str) -> Iterator[Atom]:
        """Hidden texts most of whose telling words stand in this one, in whatever order."""
        said = stems(text)
        found = Counter(place for stem in said for place in self._hidden_with.get(stem, ()))
        for place, shared in found.items():
            atom, telling = self._hidden[place]
            if shared >= SHARE * telling:
                yield atom

    @cached_property
    def _hidden(self) -> list[tuple[Atom, int]]:
        """Hidden texts that have enough telling words, and how many."""
        counted = ((atom, len(stems(atom.text))) for atom in self.kit.of(*HIDDEN))
        return [(atom, telling) for atom, telling in counted if telling >= TELLING]

    @cached_property
    def _hidden_with(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, (atom, _) in enumerate(self._hidden):
            for stem in stems(atom.text):
                places.setdefault(stem, []).append(place)
        return places
