"""The leak guard: nothing hidden leaves in what the interviewer says."""

import re
from collections.abc import Iterator

from knowledge.atoms import Kind, Kit

HIDDEN: tuple[Kind, ...] = (
    "point",
    "reference",
    "indicator",
    "sample_answer",
    "exemplar",
    "anchor",
    "flag",
    "sign",
)
SPOKEN: tuple[Kind, ...] = (
    "question",
    "follow_up",
    "hint",
    "money",
    "topic",
    "competency",
    "area",
    "technology",
)
RUN = 6
"""Words in a row that give a hidden text away; a shorter text counts as a whole."""
SHORTEST = 3

_word = re.compile(r"[^\W_]+")


class LeakGuard:
    """Knows every run of hidden words in a kit that no authored question or hint says anyway."""

    def __init__(self, kit: Kit) -> None:
        said = [_words(atom.text) for atom in kit.of(*SPOKEN)]
        spoken = {
            run
            for words in said
            for length in range(SHORTEST, RUN + 1)
            for run in _runs_of(words, length)
        }
        hidden = {run for atom in kit.of(*HIDDEN) for run in _runs(atom.text)}
        self._hidden = hidden - spoken
        self._lengths = sorted({len(run) for run in self._hidden})

    def leaks(self, text: str) -> bool:
        """Whether these words hold a run of hidden text."""
        words = _words(text)
        return any(
            tuple(words[at : at + length]) in self._hidden
            for length in self._lengths
            for at in range(len(words) - length + 1)
        )


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _word.findall(text)]


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text)
    length = min(RUN, len(words))
    if length >= SHORTEST:
        yield from _runs_of(words, length)


def _runs_of(words: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + length]) for at in range(len(words) - length + 1))
