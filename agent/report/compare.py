"""Candidates of one screen side by side, with no order that their answers do not support."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from agent.events import AnyEvent, Header, MarkSource
from agent.measuring import Belief, Measuring, verdict
from agent.policy import Policy
from agent.report.argument import Compared, Comparison
from agent.report.findings import authored, counts
from agent.report.ledger import Topic, begun
from agent.report.notes import examiners, is_provisional
from agent.report.standings import look
from agent.syllabus import Syllabus
from knowledge.errors import BadInput

ABOVE = 0.9
"""Probability that one level is higher than another from which they are put in an order."""
MOST = 50


@dataclass(frozen=True)
class Side:
    """One of the interviews that are compared; `texts` are the questions put, by id."""

    interview: str
    header: Header
    topics: Sequence[Topic]
    texts: Mapping[str, str]
    examiners: frozenset[MarkSource]
    provisional: bool
    over: bool

    def belief(self, of: frozenset[str] | None) -> Belief:
        """The level by what counts of these questions; None is all of them."""
        looks = [look(t) for t in self.topics if counts(t) and (of is None or t.question in of)]
        measure = Policy.model_validate(self.header.policy).measure
        return Measuring(looks, self.header.level, measure).overall


def side(interview: str, events: Iterable[AnyEvent], syllabus: Syllabus) -> Side:
    """An interview as `compare` takes it.

    Raises:
        BadInput: the interview has not begun.
    """
    ledger, header = begun(events)
    return Side(
        interview=interview,
        header=header,
        topics=ledger.topics,
        texts={topic.question: authored(topic, syllabus) for topic in ledger.topics},
        examiners=frozenset(examiners(ledger)),
        provisional=is_provisional(ledger, header),
        over=ledger.ended is not None,
    )


def compare(sides: Sequence[Side]) -> Comparison:
    """Interviews on one kit, at one level and in one mode, in the order of their ids.

    Where their kit versions or forms differ, levels are computed from what all of them were
    asked. Who has no graded answer is in no tier.

    Raises:
        BadInput: fewer than two interviews, too many, or not of one kind.
    """
    sides = sorted({each.interview: each for each in sides}.values(), key=lambda s: s.interview)
    check_number(len(sides))
    _check_alike(sides)
    first = sides[0]
    common = frozenset(first.texts).intersection(*(each.texts for each in sides))
    alike = _one(s.header.kit_version for s in sides) and _one(s.header.form for s in sides)
    if not (alike or common):
        raise BadInput(
            "These interviews have no question in common.",
            "Compare candidates of one screen: the same version of the kit and the same form.",
        )
    beliefs = {each.interview: each.belief(None if alike else common) for each in sides}
    return Comparison(
        kit=first.header.kit,
        kit_version=first.header.kit_version,
        level=first.header.level,
        mode=first.header.mode,
        common=tuple(text for id_, text in first.texts.items() if id_ in common),
        candidates=tuple(_compared(each, beliefs[each.interview]) for each in sides),
        tiers=tiers({id_: belief for id_, belief in beliefs.items() if belief.testlets}),
        notes=tuple(_notes(sides, beliefs, alike=alike)),
    )


def tiers(beliefs: Mapping[str, Belief]) -> tuple[tuple[str, ...], ...]:
    """The finest partition in which everyone of a tier is above everyone of a lower one.

    A is above B where P(level of A > level of B) >= `ABOVE`. Cuts that hold are nested, and who
    stands over a cut is above more of the others than who stands under it: so the cuts are
    looked for in that order. Within a tier the order is that of the ids.
    """
    above = {
        (one, other): one != other and chance_above(beliefs[one], beliefs[other]) >= ABOVE
        for one in beliefs
        for other in beliefs
    }
    order = sorted(beliefs, key=lambda one: (-sum(above[one, other] for other in beliefs), one))
    cuts = [
        at
        for at in range(1, len(order))
        if all(above[one, other] for one in order[:at] for other in order[at:])
    ]
    bounds = [0, *cuts, len(order)]
    parts = (order[start:end] for start, end in pairwise(bounds))
    return tuple(tuple(sorted(part)) for part in parts if part)


def chance_above(one: Belief, other: Belief) -> float:
    """P(level of one > level of the other), the two taken as independent."""
    below = np.cumsum(other.density) - other.density / 2
    return float(one.density @ below)


def check_number(interviews: int) -> None:
    """Raise BadInput where so many different interviews cannot be compared."""
    if not 2 <= interviews <= MOST:
        one = interviews == 1
        raise BadInput(
            f"{interviews} interview{'' if one else 's'} cannot be compared.",
            f"Name two or more, {MOST} at most; `viva interviews` lists them.",
        )


def _check_alike(sides: Sequence[Side]) -> None:
    if drills := [each.interview for each in sides if each.header.drill]:
        raise BadInput(
            f"A drill is about one topic and tells no level: {', '.join(drills)}.",
            "Leave out the drills.",
        )
    kinds_of: dict[str, set[str]] = {
        "kits": {each.header.kit for each in sides},
        "levels": {each.header.level for each in sides},
        "modes": {each.header.mode for each in sides},
    }
    for what, kinds in kinds_of.items():
        if len(kinds) > 1:
            raise BadInput(
                f"These interviews are of different {what}: {', '.join(sorted(kinds))}.",
                "Compare candidates of one screen, who were asked for the same.",
            )


def _compared(side: Side, belief: Belief) -> Compared:
    policy = Policy.model_validate(side.header.policy)
    known = belief.testlets > 0
    low, high = belief.interval(policy.interval)
    return Compared(
        interview=side.interview,
        level=round(belief.mean, 2) if known else None,
        low=round(low, 2) if known else None,
        high=round(high, 2) if known else None,
        verdict=verdict(belief, side.header.level, policy),
        testlets=belief.testlets,
        provisional=side.provisional,
    )


def _notes(sides: Sequence[Side], beliefs: Mapping[str, Belief], *, alike: bool) -> Iterable[str]:
    if not alike:
        yield (
            "They were not put the same form of the kit. Levels rest on the questions in common "
            "alone, and may differ from the reports."
        )
    if not _one(each.header.minutes for each in sides):
        yield "They were not given the same time."
    if not _one(str(sorted(each.header.policy.items())) for each in sides):
        yield "Their levels were computed with other numbers, for these have changed in between."
    if sides[0].header.mode == "practice":
        yield "Practice adapts its questions and tells what was missing: it is no fair contest."
    if len(frozenset[MarkSource]().union(*(each.examiners for each in sides))) > 1:
        yield "They were not all marked by the same examiner: two examiners are two instruments."
    if running := [each.interview for each in sides if not each.over]:
        yield f"Not over yet: {', '.join(running)}."
    if unmarked := [id_ for id_, belief in beliefs.items() if not belief.testlets]:
        yield f"Nothing graded, and so in no tier: {', '.join(unmarked)}."
    if any(each.provisional for each in sides):
        yield "Provisional: no verdict here is final before a person has looked at the answers."


def _one(kinds: Iterable[object]) -> bool:
    return len(set(kinds)) == 1
