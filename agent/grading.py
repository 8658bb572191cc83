"""The quote gate and the arithmetic from gated marks to a score.

An examiner proposes marks; here code decides what counts. A mark that says `met` or
`contradicted` needs the candidate's own words in this very message, or it is `unsupported`.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Literal

from agent.events import Aid, Mark, MarkSource, Quote, Review
from agent.policy import Policy
from agent.quoting import anchor_near, locate, whole_words
from knowledge.atoms import Atom, Grade

NEEDS_QUOTE = {"met", "contradicted"}
SAID_BACK = 5
"""Words of the question in a row from which a quote only says it back."""


def gate(mark: Mark, message: str, question: str = "") -> Mark:
    """The mark as it may count: with its quote where it stands, or `unsupported`.

    The question's own words, said back, are no evidence. A reason that does not stand in the
    message is dropped; the mark is then a plain one.
    """
    if mark.verdict not in NEEDS_QUOTE:
        return mark.model_copy(update={"quote": None, "reason": None})
    quote = _standing(mark.quote, message)
    if quote is None or _said_back(quote, question):
        return mark.model_copy(update={"verdict": "unsupported", "reason": None})
    reason = _standing(mark.reason, message) if mark.verdict == "contradicted" else None
    return mark.model_copy(update={"quote": quote, "reason": reason})


def _said_back(quote: Quote, question: str) -> bool:
    """A few words of a question, such as one of the choices it offers, can be the answer."""
    return len(quote.text.split()) >= SAID_BACK and locate(quote.text, question) is not None


def _standing(words: Quote | None, message: str) -> Quote | None:
    if words is None:
        return None
    quote = locate(words.text, message) or anchor_near(words.text, message)
    return quote if quote and whole_words(quote, message) else None


RANK = {"met": 0, "contradicted": 1, "unsupported": 2, "abstained": 3, "not_met": 4}
"""Which verdict counts of several on one point: the lowest."""


def settled(marks: Iterable[Mark]) -> list[Mark]:
    """One mark for each point and indicator: the one that counts, of all answers."""
    best: dict[str, Mark] = {}
    for mark in marks:
        known = best.get(mark.atom)
        if known is None or RANK[mark.verdict] < RANK[known.verdict]:
            best[mark.atom] = mark
    return list(best.values())


def credit(mark: Mark, aid: Aid, policy: Policy) -> float:
    """What a met mark is worth: unaided over prompted over hinted, times how sure it is.

    Sureness rises in a straight line from 0 at `policy.credit_from` to 1 at `policy.credit_full`
    of the mark's probability, so that a mark on the brink moves a score by little.
    """
    worth = {"unaided": policy.unaided, "prompted": policy.prompted, "hinted": policy.hinted}[aid]
    width = policy.credit_full - policy.credit_from
    return worth * min(max((mark.probability - policy.credit_from) / width, 0.0), 1.0)


def credits_after(
    before: Mapping[str, float], marks: Iterable[Mark], aid: Aid, policy: Policy
) -> dict[str, float]:
    """Credits by atom id once these marks count; a point never loses what it had."""
    after = dict(before)
    for mark in marks:
        if mark.verdict == "met" and mark.polarity != "negative" and mark.role != "example":
            after[mark.atom] = max(after.get(mark.atom, 0.0), credit(mark, aid, policy))
    return after


def against(marks: Iterable[Mark]) -> list[str]:
    """Ids that speak against: negative indicators met, points contradicted without a reason."""
    return [
        mark.atom
        for mark in marks
        if (mark.verdict == "contradicted" and mark.reason is None)
        or (mark.verdict == "met" and mark.polarity == "negative")
    ]


def disputed(marks: Iterable[Mark]) -> list[str]:
    """Ids of points that the candidate gives a reason against."""
    return [mark.atom for mark in marks if mark.verdict == "contradicted" and mark.reason]


def least_exact(sources: Iterable[MarkSource | None]) -> MarkSource | None:
    """Of several that marked, the one whose error is the largest; None where nobody did."""
    there = set(sources)
    order: tuple[MarkSource, ...] = ("local", "model", "human")
    return next((source for source in order if source in there), None)


def review(
    marks: Iterable[Mark], score: float | None, other_road: Quote | None, policy: Policy
) -> Review | None:
    """Whether a person has to look, from gated marks and an `other_road` that stands.

    A reasoned contradiction disputes the reference. An answer that goes another way and earned
    little is for a person, unless something it said speaks against it.
    """
    marks = list(marks)
    if disputed(marks):
        return "disputed"
    little = score is not None and score < policy.meets
    return "needs_person" if other_road and little and not against(marks) else None


def judged(marks: Iterable[Mark]) -> list[str]:
    """Ids of what was decided, either way; an abstention decides nothing."""
    return [mark.atom for mark in marks if mark.verdict != "abstained"]


def score(
    rubric: Iterable[Atom],
    credits: Mapping[str, float],
    negatives: Iterable[str],
    policy: Policy,
    decided: Container[str] | None = None,
) -> float | None:
    """A testlet's score in 0..1, or None where there is nothing to mark by, or nothing decided.

    With points::

        earned = sum over slots of the best credit in the slot
        extra  = indicator_weight * sum of the credits of positive indicators
        score  = (earned + extra) / min(slots, full_answer) - negative_cost * negatives

    kept in 0..1. A slot is a core point, or an any-of group as a whole; a rubric of indicators
    alone counts them as points. A slot that an abstention leaves open (nothing in it is met, and
    not all of it is in `decided`) is neither above nor below the line: it is not wrong. Where
    `decided` is None nothing is open.
    """
    atoms = list(rubric)
    points = slots(atoms)
    indicators = [(a.id,) for a in atoms if a.kind == "indicator" and a.polarity == "positive"]
    extra = policy.indicator_weight * _earned(indicators, credits) if points else 0.0
    wanted = points or list[tuple[str, ...]](indicators)
    if decided is not None:
        wanted = [slot for slot in wanted if _is_decided(slot, credits, decided)]
    if not wanted:
        return None
    earned = (_earned(wanted, credits) + extra) / min(len(wanted), policy.full_answer)
    lost = policy.negative_cost * len(set(negatives))
    return min(max(earned - lost, 0.0), 1.0)


def _is_decided(
    slot: tuple[str, ...], credits: Mapping[str, float], decided: Container[str]
) -> bool:
    return any(atom in credits for atom in slot) or all(atom in decided for atom in slot)


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
