"""The leak guard: nothing hidden leaves in what the interviewer says, disguised or not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from agent.disguises import readings, skeleton, words_of
from knowledge.atoms import Kind, Kit

HIDDEN: tuple[Kind, ...] = (
    "point",
    "reference",
    "indicator",
    "sample_answer",
    "exemplar",
    "anchor",
    "level",
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
LETTERS = 16
"""From this many letters a run is found without its spaces too; fewer may stand there by chance."""


class LeakGuard:
    """Knows every run of hidden words in a kit that no authored question or hint says anyway.

    `also` are further texts to hide, such as the prompts of a model. What is paraphrased or
    translated it cannot see: that is kept out of the speaker's prompt instead.
    """

    def __init__(self, kit: Kit, also: Iterable[str] = ()) -> None:
        said = [_words(atom.text) for atom in kit.of(*SPOKEN)]
        spoken = {
            run
            for words in said
            for length in range(SHORTEST, RUN + 1)
            for run in _runs_of(words, length)
        }
        texts = [*(atom.text for atom in kit.of(*HIDDEN)), *also]
        self._hidden = {run for text in texts for run in _runs(text)} - spoken
        self._lengths = sorted({len(run) for run in self._hidden})
        self._squeezed = _by_start(self._hidden)

    def leaks(self, text: str) -> bool:
        """Whether these words hold a run of hidden text, in any reading of them."""
        return self._holds_run(_words(text)) or any(
            self._holds_letters("".join(map(skeleton, words))) for words in readings(text)
        )

    def _holds_run(self, words: list[str]) -> bool:
        return any(
            tuple(words[at : at + length]) in self._hidden
            for length in self._lengths
            for at in range(len(words) - length + 1)
        )

    def _holds_letters(self, letters: str) -> bool:
        return any(
            letters.startswith(run, at)
            for at in range(len(letters) - LETTERS + 1)
            for run in self._squeezed.get(letters[at : at + LETTERS], ())
        )


def _words(text: str) -> list[str]:
    return [skeleton(word) for word in words_of(text)]


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text)
    length = min(RUN, len(words))
    if length >= SHORTEST:
        yield from _runs_of(words, length)


def _runs_of(words: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + length]) for at in range(len(words) - length + 1))


def _by_start(runs: Iterable[tuple[str, ...]]) -> dict[str, list[str]]:
    """The runs without spaces, by their first letters."""
    found = defaultdict(list)
    for run in runs:
        letters = "".join(run)
        if len(letters) >= LETTERS:
            found[letters[:LETTERS]].append(letters)
    return dict(found)
