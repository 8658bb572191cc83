"""A message while its words are being found: what may be shown, and whether the whole may stand.

The rules hold for every examiner. A message with a fault is not mended: the authored words are
said in its place.
"""

import re
import unicodedata

from agent.disguises import words_of
from agent.examiner import Brief
from agent.hearing import seen
from agent.leak import LeakGuard

MOST_WORDS = 70
MOST_LETTERS = 1_000
ALIKE = 0.6
"""Share of telling words from which two acknowledgements are the same."""

_question = re.compile("[?\uff1f\u061f\u037e\u00bf\u2047-\u2049\u203d]")
VERDICT = re.compile(
    r"\b(?:great|excellent\w*|correct\w*|incorrect\w*|right(?:ly)?|wrong\w*|good|nice\w*|"
    r"well (?:done|said|put|explained)|impress\w*|perfect\w*|exact(?:ly)?|precisely|spot[- ]on|"
    r"brilliant\w*|awesome|amazing\w*|fantastic|wonderful|superb|outstanding|smart|clever|thorough\w*|solid|strong|"
    r"weak|poor\w*|bad(?:ly)?|mistake\w*|valid|true|false|agree\w*|disagree\w*|absolutely|"
    r"insightful|love|makes sense|fair point|helpful|(?:not|almost|nearly) (?:quite|there|right)|"
    r"missed|missing|incomplete|unfortunately|best|better|worse|worst|bravo|kudos|congrat\w*)\b"
    r"|[👍👎👏✅❌🎉💯🌟⭐]",
    re.IGNORECASE,
)
"""Praise and verdicts, which a screen never gives."""
_small = frozenset(
    "you your i we it its this that the a an of on in to and with about for is was have has had "
    "mentioned mention noted note said say brought up described describe told talked spoke thanks "
    "thank see so also how what which when where using used".split()
)


class Draft:
    """Takes an examiner's sentences one by one."""

    def __init__(self, brief: Brief, guard: LeakGuard) -> None:
        self._brief, self._guard = brief, guard
        self._found: list[str] = []
        self._parts: list[str] = []
        self.faulty = False

    def add(self, sentence: str) -> list[str]:
        """What may be shown now: the sentence, after the bridge where it is due; or nothing."""
        sentence, bridge = sentence.strip(), self._brief.bridge
        if not sentence or self.faulty or (sentence == bridge and bridge in self._parts):
            return []
        authored = sentence == bridge or sentence in self._brief.ask
        if not authored and not self._may_be_said(sentence):
            self.faulty = True
            return []
        leads = not authored and not self._brief.own_words
        new = [*([] if leads or sentence == bridge else self._bridge_due()), sentence]
        self._found += [] if authored else [sentence]
        self._parts += new
        return new

    def _bridge_due(self) -> list[str]:
        bridge = self._brief.bridge
        fits = _count([*self._parts, bridge, self._brief.ask]) <= MOST_WORDS
        return [bridge] if bridge and bridge not in self._parts and fits else []

    def _may_be_said(self, sentence: str) -> bool:
        brief = self._brief
        found = [*self._found, sentence]
        whole = " ".join(found)
        if _count(self._at_least(sentence)) > MOST_WORDS or len(whole) > MOST_LETTERS:
            return False
        if any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in sentence):
            return False
        if brief.mode == "screen" and VERDICT.search(_told(seen(sentence).text)):
            return False
        repeats = not sentence.endswith("?") and said_before(sentence, brief.acknowledged)
        if repeats or not self._asks_well(whole):
            return False
        return not self._guard.leaks(" ".join([*brief.acknowledged, whole]))

    def _at_least(self, sentence: str) -> list[str]:
        """The shortest message this can become."""
        parts = [*self._parts, *self._bridge_due(), sentence]
        return parts if self._brief.own_words else [*parts, self._brief.ask]

    def _asks_well(self, found: str) -> bool:
        """Nothing is asked beside the question; in own words it is asked once, at the end."""
        if self._brief.own_words:
            found = found.removesuffix("?")
        return not _question.search(found)

    @property
    def stands(self) -> bool:
        """Whether it may be said as it is, now that nothing more comes."""
        if self.faulty:
            return False
        asked = bool(self._found) and self._found[-1].endswith("?")
        authored = self.text.endswith(self._brief.ask)
        return asked != authored and (authored or self._parts[-1] == self._found[-1])

    @property
    def text(self) -> str:
        return " ".join(self._parts)

    @property
    def asked(self) -> str:
        """The question as it was put."""
        if self.text.endswith(self._brief.ask):
            return self._brief.ask
        return " ".join(part for part in self._parts if part != self._brief.bridge)

    @property
    def lead(self) -> str:
        """What was said of the examiner's own accord before the question."""
        if self._brief.own_words:
            return ""
        return " ".join(sentence for sentence in self._found if not sentence.endswith("?"))


def authored(brief: Brief) -> str:
    """The message in authored words alone; a bridge that makes it too long is left out."""
    parts = [brief.bridge, brief.ask]
    return " ".join(parts if brief.bridge and _count(parts) <= MOST_WORDS else parts[1:])


def _told(sentence: str) -> str:
    """What a sentence tells; a question may speak of right and wrong after its first words."""
    return " ".join(sentence.split()[:3]) if sentence.endswith("?") else sentence


def said_before(sentence: str, used: tuple[str, ...]) -> bool:
    """Whether an acknowledgement is, in what it says, one that was used."""
    return any(_alike(words_of(sentence), words_of(earlier)) for earlier in used)


def _alike(one: list[str], other: list[str]) -> bool:
    telling, others = set(one) - _small, set(other) - _small
    if not telling or not others:
        return one == other
    return len(telling & others) / min(len(telling), len(others)) >= ALIKE


def _count(parts: list[str]) -> int:
    return len(" ".join(parts).split())
