"""What a text says, as a bag of telling words: two that mean the same in other words share it.

English; of other languages every word tells. What turns a meaning round (not, before, from, why)
is a telling word, however small.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_frame = re.compile(
    r"^(?:please,? )?(?:(?:can|could|would|will) you (?:please )?)?"
    r"(?:tell (?:me|us)(?: more)?(?: about)?|describe|explain(?: to (?:me|us))?|share|talk about"
    r"|walk (?:me|us) through|give (?:me|us )?an example of|what is meant by)\b"
    r"(?: (?:a|any|one) (?:time|situation|case|occasion|example)(?: of)?"
    r"(?: (?:when|where|in which|that))?)?",
    re.I,
)
_word = re.compile(r"[^\W_]+(?:[#+]+|(?=\W|$))|[^\W_]+")
_opening = re.compile(r"^(?:when|if)\b", re.I)
_definition = re.compile(r"^what(?:'s| is| are) (?:(?:a|an|the) )?(?:\w+ ?){1,3}\??$", re.I)
_not = re.compile(r"\b(?:not|never|no|none|without|cannot|nor|neither)\b|n['’]t\b", re.I)

_fillers = frozenset(
    "a an the this that these those it its there here and or as at by for in of to with about "
    "what which how do does did done is are was were be been being would will can could should "
    "shall may might must have has had having you your yours we our us i me my they their them he "
    "she who's one someone somebody some any each such so then also just please usually normally "
    "typically generally go going keep keeps kept way ways step steps take takes make makes made "
    "sure use uses used using handle handles handling deal dealing approach approaches candidate "
    "s choosing chosen answer mention mentions name names state states stated say says explain "
    "explains describe describes when if work set follow best exactly own "
    "at member whether real really".split()
)
_same = {
    word: group[0]
    for group in (
        ("colleague", "coworker", "peer", "co-worker"),
        ("problem", "issue"),
        ("manager", "boss", "supervisor"),
        ("old", "legacy"),
        ("current", "present"),
        ("mistake", "error"),
        ("differ", "difference", "differences", "different", "distinguish"),
        ("safe", "safely"),
        ("learn", "learnt", "learned"),
        ("quick", "fast", "faster", "quicker", "speed", "speeds"),
        ("discover", "find", "out"),
        ("big", "large", "huge"),
        ("begin", "start"),
        ("advantage", "benefit", "pro"),
        ("disadvantage", "drawback", "downside", "con"),
        ("ensure", "guarantee", "assure"),
        ("company", "organisation", "organization", "firm"),
        ("job", "position"),
        ("measure", "measuring"),
        ("priority", "prioritise", "prioritize", "priorities", "prioritising"),
        *((str(n), word) for n, word in enumerate("zero one two three four five six".split())),
        *((str(10 * n), word) for n, word in enumerate("zero ten twenty thirty forty".split())),
    )
    for word in group
}
_ending = re.compile(r"(?<=\w{3})(?:ies|ing|ed|(?<=ss)es|(?<=sh)es|(?<=ch)es|(?<!s)s|y|e)$")
_doubled = re.compile(r"([bdgmnprt])\1$")


class Said(NamedTuple):
    """The telling words of a text, and which stand on either side of a direction in it."""

    words: frozenset[str]
    left: frozenset[str] = frozenset()
    right: frozenset[str] = frozenset()


@lru_cache(maxsize=20_000)
def said(text: str) -> Said:
    """What a text says, apart from how it asks."""
    bare = _frame.sub("", " ".join(text.split())).strip()
    told: list[str] = []
    turned: int | None = None
    for word in _word.findall(bare.lower()):
        if word in _turning and told:
            turned = len(told)
        stem = _stem(word)
        if stem is not None and word not in _pointing:
            told.append(stem)
    words = frozenset((*told, *_marks(bare)))
    if turned is None:
        return Said(words)
    return Said(words, frozenset(told[:turned]), frozenset(told[turned:]))


_pointing = frozenset({"to", "into", "over", "than"})
_turning = _pointing | {"before", "after", "from", "without", "instead"}


def _marks(bare: str) -> list[str]:
    """What the way of asking or denying adds."""
    asked = {"<not>": _not.search(bare), "<when>": _opening.match(bare)}
    if len(bare.split()) <= 6:
        asked["<what is>"] = _definition.match(bare)
    return [mark for mark, found in asked.items() if found]


def _stem(word: str) -> str | None:
    if (known := _same.get(word)) is not None:
        return known
    if word in _fillers:
        return None
    cut = _doubled.sub(r"\1", _ending.sub("", _ending.sub("", word)))
    return _same.get(cut, cut)


def swapped(one: Said, other: Said) -> bool:
    """Whether two things stand on the sides of a direction here that they do not stand on there."""
    forth, back = one.left & other.right, one.right & other.left
    return bool(forth - back) and bool(back - forth)
