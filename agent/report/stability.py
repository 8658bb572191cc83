"""How easily the verdict would change: by one question, one mark, one threshold, or by chance."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from agent.measuring import Look, Phrase
from agent.report.argument import Flip, Stability
from agent.report.changes import Case, Kind, changes
from knowledge.atoms import LEVELS

BOOTSTRAPS = 200


def stability(case: Case) -> Stability:
    """Which single changes would turn the overall verdict, and how many resamples agree."""
    now = case.verdict(case.looks.values(), case.policy)
    tried: Counter[Kind] = Counter({"question": 0, "mark": 0, "threshold": 0})
    flips: list[Flip] = []
    omitted: list[int] = []
    for change in changes(case):
        tried[change.kind] += 1
        becomes = case.verdict(change.looks.values(), change.policy)
        if becomes != now:
            place = None if change.place is None else change.place + 1
            flips.append(Flip(kind=change.kind, what=change.what, question=place, becomes=becomes))
            omitted += [place] if change.omits and place else []
    agreeing = _agreeing(case, now)
    return Stability(
        sentence=_sentence(now, flips, omitted, agreeing),
        flips=tuple(flips),
        tried=dict(tried),
        agreeing=agreeing,
        bootstraps=0 if agreeing is None else BOOTSTRAPS,
    )


def _agreeing(case: Case, now: Phrase) -> float | None:
    """The share of bootstraps over questions that come to the same verdict.

    Questions are drawn again within strata of one level, so that each resample is as hard as
    what was asked: the choice of level hangs on earlier answers. A level with one question is
    drawn together with the nearest level, for alone it would never be left out.
    """
    looks = list(case.looks.values())
    if len(looks) < 2:
        return None
    chance, groups = np.random.default_rng(case.seed), strata(looks)
    agreed = 0
    for _ in range(BOOTSTRAPS):
        drawn = [looks[i] for group in groups for i in chance.choice(group, len(group))]
        agreed += case.verdict(drawn, case.policy) == now
    return agreed / BOOTSTRAPS


def strata(looks: Sequence[Look]) -> list[list[int]]:
    """Places of the looks, by level; nobody is alone."""
    groups: list[tuple[float, list[int]]] = []
    for level, name in enumerate(LEVELS):
        mine = [place for place, look in enumerate(looks) if look.level == name]
        groups += [(level, mine)] if mine else []
    while len(groups) > 1 and (alone := next((g for g in groups if len(g[1]) == 1), None)):
        groups.remove(alone)
        nearest = min(groups, key=lambda group: (abs(group[0] - alone[0]), group[0]))
        nearest[1].extend(alone[1])
    return [sorted(members) for _, members in groups]


def _sentence(now: Phrase, flips: list[Flip], omitted: list[int], agreeing: float | None) -> str:
    if now == "not enough evidence" and not flips:
        return "Nothing was graded, so there is no verdict that could change."
    chance = "" if agreeing is None else f"{agreeing:.0%} of resamples agree."
    if not flips:
        stands = "No single question, mark or threshold changes it"
        return f"{stands}; {chance}" if chance else f"{stands}."
    return f"{_on_what_it_stands(flips, omitted)} {chance}".strip()


def _on_what_it_stands(flips: list[Flip], omitted: list[int]) -> str:
    """By the least that it takes to turn it."""
    if len(omitted) > 1:
        return f"Any one of questions {_listed(omitted)}, left out, would change the verdict."
    first = flips[0]
    comma = "," if first.what.startswith("if") else ""
    would = f"{first.what}{comma} it would be “{first.becomes}”"
    if omitted:
        return f"The verdict stands on one answer: {would}."
    kinds: Counter[Kind] = Counter(flip.kind for flip in flips)
    if first.kind == "question":
        return f"The verdict waits for a person: {would}."
    if first.kind == "mark" and kinds["mark"] > 1:
        return f"No single question changes the verdict, but any one of {kinds['mark']} marks does."
    if first.kind == "mark":
        return f"No single question changes the verdict, but one mark does: {would}."
    return f"No single question or mark changes the verdict; only where a line is drawn: {would}."


def _listed(places: Sequence[int]) -> str:
    *most, last = map(str, places)
    return f"{', '.join(most)} and {last}"
