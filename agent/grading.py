"""The quote gate and the arithmetic from gated marks to a score.

An examiner proposes marks; here code decides what counts. A mark that says `met` or
`contradicted` needs the candidate's own words in this very message, or it is `unsupported`.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from agent.events import Aid, Mark, Quote
from agent.policy import Policy
from knowledge.atoms import Atom, Grade

NEEDS_QUOTE = {"met", "contradicted"}

_alike = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})


def locate(words: str, message: str) -> Quote | None:
    """Where `words` stand in `message`, whatever their case, white space or Unicode form.

    The quote returned is the message's own text, with offsets in Unicode code points.
    """
    needle, _ = _folded(words)
    hay, offsets = _folded(message)
    at = hay.find(needle) if needle else -1
    if at < 0:
        return None
    start, end = offsets[at], offsets[at + len(needle) - 1] + 1
    return Quote(text=message[start:end], start=start, end=end)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text normalised, with the offset each character came from."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        for letter in unicodedata.normalize("NFKD", char).casefold().translate(_alike):
            letter = " " if letter.isspace() else letter
            if letter == " " and (not letters or letters[-1] == " "):
                continue
            letters.append(letter)
            offsets.append(offset)
    while letters and letters[-1] == " ":
        letters.pop()
        offsets.pop()
    return "".join(letters), offsets


def gate(mark: Mark, message: str) -> Mark:
    """The mark as it may count: with its quote where it stands, or `unsupported`."""
    if mark.verdict not in NEEDS_QUOTE:
        return mark.model_copy(update={"quote": None})
    quote = locate(mark.quote.text, message) if mark.quote else None
    if quote is None or not _whole_words(quote, message):
        return mark.model_copy(update={"verdict": "unsupported"})
    return mark.model_copy(update={"quote": quote})


def _whole_words(quote: Quote, message: str) -> bool:
    """ "lock" is not said by "block", nor anything by a full stop."""
    starts = (
        not message[max(quote.start - 1, 0) : quote.start].isalnum() or not quote.text[0].isalnum()
    )
    ends = not message[quote.end : quote.end + 1].isalnum() or not quote.text[-1].isalnum()
    return starts and ends and any(letter.isalnum() for letter in quote.text)


_rank = {"met": 0, "contradicted": 1, "unsupported": 2, "abstained": 3, "not_met": 4}


def settled(marks: Iterable[Mark]) -> list[Mark]:
    """One mark for each point and indicator: the one that counts, of all answers."""
    best: dict[str, Mark] = {}
    for mark in marks:
        known = best.get(mark.atom)
        if known is None or _rank[mark.verdict] < _rank[known.verdict]:
            best[mark.atom] = mark
    return list(best.values())


def credit(aid: Aid, policy: Policy) -> float:
    """What a point is worth: unaided over prompted over hinted."""
    return {"unaided": policy.unaided, "prompted": policy.prompted, "hinted": policy.hinted}[aid]


def credits_after(
    before: Mapping[str, float], marks: Iterable[Mark], aid: Aid, policy: Policy
) -> dict[str, float]:
    """Credits by atom id once these marks count; a point never loses what it had."""
    after = dict(before)
    for mark in marks:
        if mark.verdict == "met" and mark.polarity != "negative" and mark.role != "example":
            after[mark.atom] = max(after.get(mark.atom, 0.0), credit(aid, policy))
    return after


def against(marks: Iterable[Mark]) -> list[str]:
    """Ids that speak against: negative indicators met, points contradicted."""
    return [
        mark.atom
        for mark in marks
        if mark.verdict == "contradicted" or (mark.verdict == "met" and mark.polarity == "negative")
    ]


def score(
    rubric: Iterable[Atom], credits: Mapping[str, float], negatives: Iterable[str], policy: Policy
) -> float | None:
    """A testlet's score in 0..1, or None where the rubric holds nothing to mark by.

    With points: (credit of core points and any-of groups + weight * credit of positive
    indicators) / min(points, full answer) - cost * negatives, kept in 0..1. A rubric of
    indicators alone counts them as points.
    """
    atoms = list(rubric)
    wanted = slots(atoms)
    indicators = [(a.id,) for a in atoms if a.kind == "indicator" and a.polarity == "positive"]
    extra = policy.indicator_weight * _earned(indicators, credits) if wanted else 0.0
    wanted = wanted or list[tuple[str, ...]](indicators)
    if not wanted:
        return None
    earned = (_earned(wanted, credits) + extra) / min(len(wanted), policy.full_answer)
    lost = policy.negative_cost * len(set(negatives))
    return min(max(earned - lost, 0.0), 1.0)


def slots(atoms: Iterable[Atom]) -> list[tuple[str, ...]]:
    """What can be earned: each core point, and each any-of group once."""
    groups: dict[tuple[str | None, str], list[str]] = {}
    for atom in atoms:
        if atom.kind == "point" and atom.role != "example":
            group = atom.group if atom.role == "any_of" and atom.group else atom.id
            groups.setdefault((atom.question, group), []).append(atom.id)
    return [tuple(ids) for ids in groups.values()]


def _earned(slots: Sequence[tuple[str, ...]], credits: Mapping[str, float]) -> float:
    return sum(max(credits.get(atom, 0.0) for atom in slot) for slot in slots)


def anchor(value: float | None, policy: Policy) -> Grade | Literal["ungraded"]:
    """The score as an anchor of the level asked; what could not be graded stays `ungraded`."""
    if value is None:
        return "ungraded"
    if value >= policy.exceeds:
        return "exceeds"
    return "meets" if value >= policy.meets else "below"
