"""How one candidate of a screen was treated, beside the others of the same screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from agent.events import MarkSource
from agent.report.argument import Receipt, Share
from agent.state import Interview

TELLING = 3
"""Others from which a range tells of a screen, and not of one other person."""


@dataclass(frozen=True)
class Tally:
    """What was put to one candidate, in numbers; `core` are the ids of planned questions.

    A stretch is one of them: everyone gets one, chosen by what they have shown.
    """

    core: frozenset[str]
    stretches: int
    follow_ups: int
    hints: int
    rungs: int
    second_thoughts: int
    minutes: float | None
    """None where extra time may have been given: it is nobody's business."""
    examiners: frozenset[MarkSource]


_COUNTS: dict[str, Callable[[Tally], float | None]] = {
    "follow-ups": lambda tally: tally.follow_ups,
    "hints": lambda tally: tally.hints,
    "rungs": lambda tally: tally.rungs,
    "second thoughts": lambda tally: tally.second_thoughts,
    "minutes of answering": lambda tally: tally.minutes,
}


def tally(state: Interview, examiner: MarkSource, *, timed: bool = True) -> Tally:
    """What the state of an interview that is over says; `examiner` is the interview's own.

    `timed`: its minutes are told, too.
    """
    put = state["testlets"]
    marked_by = {testlet["by"] for testlet in put if testlet["by"]}
    core = frozenset(t["ladder"] or t["question"] for t in put if t["counts"])
    return Tally(
        core=core,
        stretches=len(core.difference(state["form"])) if state["form"] else 0,
        follow_ups=sum(len(t["follow_ups"]) + t["general"] + t["find_out"] for t in put),
        hints=sum(len(t["hints"]) for t in put),
        rungs=sum(not t["counts"] for t in put),
        second_thoughts=sum(t["amended"] for t in put),
        minutes=round(state["used"] / 60, 1) if timed else None,
        examiners=frozenset(marked_by or {examiner}),
    )


def receipt(mine: Tally, others: Sequence[Tally]) -> Receipt:
    """One interview beside the others; no middle and no range with fewer than three of them."""
    shared = mine.core.intersection(*(other.core for other in others))
    told = [name for name, count in _COUNTS.items() if None not in map(count, (mine, *others))]
    shares = tuple(_share(name, mine, others) for name in told)
    everyone = [mine, *others]
    same = len(frozenset.union(*(each.examiners for each in everyone))) == 1 if others else None
    return Receipt(
        others=len(others),
        common=len(shared),
        core=len(mine.core),
        shares=shares,
        examiners=tuple(sorted(mine.examiners)),
        same_examiner=same,
        sentence=_sentence(mine, len(others), len(shared), shares, same),
    )


def _share(name: str, mine: Tally, others: Sequence[Tally]) -> Share:
    def count(tally: Tally) -> float:
        return _COUNTS[name](tally) or 0.0

    if len(others) < TELLING:
        return Share(name=name, mine=count(mine))
    theirs = [count(other) for other in others]
    middle = round(median(theirs), 2)
    return Share(name=name, mine=count(mine), median=middle, low=min(theirs), high=max(theirs))


def _sentence(
    mine: Tally, others: int, common: int, shares: Sequence[Share], same: bool | None
) -> str:
    if not others:
        return "Nobody else has finished this screen yet, so there is nothing to compare with."
    of = {1: "in the one other interview", 2: "in both other interviews"}
    where = f"{of.get(others, f'in all {others} other interviews')} of this screen"
    asked = f"{common} of its {len(mine.core)} core questions were also put {where}"
    if mine.stretches and common < len(mine.core):
        asked += " (the last is a stretch, chosen by what was shown)"
    by = "all" if same else "not all"
    return f"{asked}; {_beside(shares)}; {by} were marked by the same examiner."


def _beside(shares: Sequence[Share]) -> str:
    """Where it lies outside of the others' range, if anywhere."""
    if all(share.low is None for share in shares):
        return "too few others to compare numbers without showing one person's"
    outside = [told for share in shares if (told := _outside(share))]
    timed = any(share.name == "minutes of answering" for share in shares)
    within = "follow-ups, hints, rungs and time" if timed else "follow-ups, hints and rungs"
    return ", ".join(outside) or f"{within} lie within the others' range"


def _outside(share: Share) -> str | None:
    if share.low is None or share.high is None or share.low <= share.mine <= share.high:
        return None
    way, end = ("fewer", share.low) if share.mine < share.low else ("more", share.high)
    return f"{way} {share.name} than any other ({share.mine:g}; the nearest {end:g})"
