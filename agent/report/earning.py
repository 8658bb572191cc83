"""How a question's score came about: what each point earned, and what was taken off."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from agent import grading
from agent.events import Aid, Mark
from agent.policy import Policy
from agent.report.ledger import Topic
from agent.report.model import Earned, EarnedState
from agent.syllabus import Syllabus
from agent.wording import stems
from knowledge.atoms import Atom

GIVEN_AWAY = 0.8
"""Share of a point's telling words in the question from which the question says it itself."""
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass
class _Tally:
    """A testlet's marks, folded answer by answer as `agent.testlets` does."""

    best: dict[str, tuple[float, Mark, Aid]] = field(default_factory=dict)
    against: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)

    @property
    def credits(self) -> dict[str, float]:
        return {atom: credit for atom, (credit, _, _) in self.best.items()}


def earned(topic: Topic, syllabus: Syllabus, policy: Policy) -> tuple[Earned, ...]:
    """What each slot of the rubric came to, then good signs beside it, then what speaks against."""
    if not topic.given:
        return ()
    item = syllabus.rubric(topic.question)
    tally = _tally(topic, policy)
    return (
        *_wanted(topic, (*item.core, *item.indicators), tally, policy),
        *_beside(item.core, item.indicators, tally, policy),
        *_against(syllabus, tally, policy),
    )


def sum_in_words(lines: tuple[Earned, ...], topic: Topic, policy: Policy) -> str | None:
    """The arithmetic in one sentence; None where there is no score."""
    wanted = [line for line in lines if line.state not in {"left open", "beside", "against"}]
    if topic.score is None or not wanted:
        return None
    signs = [line.credit for line in lines if line.state == "beside"]
    points = sum(line.credit for line in lines) - sum(signs)
    full = min(len(wanted), policy.full_answer)
    off = sum(line.off for line in lines)
    thing = _wanted_are(wanted, topic)
    told = f"{points:.2f} of {_numbered(full, thing)}"
    if points > full + 0.004:
        told = f"{points:.2f} {thing}s, more than the {_numbered(full, thing)} of a full answer"
    elif len(wanted) > full:
        told += f" (the kit lists {len(wanted)}, {_number(full)} make a full answer)"
    counted = (points + sum(signs)) / full - off
    told += _steps(points, signs, full, off) + _kept_in_scale(counted)
    reached = f"a score of {topic.score:.2f} of 1{_next(topic, policy)}."
    return f"{told}: {reached}{_floor(topic, min(max(counted, 0.0), 1.0), policy)}"


def _steps(points: float, signs: list[float], full: int, off: float) -> str:
    """What goes in beside the points, in steps that add up."""
    told = ""
    if signs:
        some = "a good sign" if len(signs) == 1 else f"{len(signs)} good signs"
        told = f", and {some} (+{sum(signs):.2f})"
    if signs or off:
        share = points + sum(signs)
        told += f": {share:.2f} / {full} = {share / full:.2f}"
    return f"{told}, less {off:.2f} for what speaks against it" if off else told


def _kept_in_scale(counted: float) -> str:
    if counted > 1.004:
        return ", counted up to 1.00"
    return ", counted from 0.00" if counted < -0.004 else ""


def _wanted_are(wanted: list[Earned], topic: Topic) -> str:
    """What a question asks for: points, or signs where the kit gives no points."""
    kinds = {mark.atom: mark.kind for mark, _ in topic.marks}
    return "good sign" if all(kinds.get(e.atom) == "indicator" for e in wanted) else "point"


def _next(topic: Topic, policy: Policy) -> str:
    """The next threshold, where it counts."""
    if topic.review or topic.outcome != "answered" or topic.score is None:
        return ""
    if topic.score < policy.meets:
        return f"; enough is {policy.meets:.2f}"
    return "" if topic.score >= policy.exceeds else f"; strong is {policy.exceeds:.2f}"


def _floor(topic: Topic, counted: float, policy: Policy) -> str:
    """Why the score is not what its lines come to, where it is not."""
    if abs((topic.score or 0.0) - counted) < 0.006:
        return ""
    if topic.score == policy.found_a_way:
        return f" A good way to find out counts {policy.found_a_way:.2f}."
    if topic.counted:
        return " Of the versions of the answer the better one counts."
    return f" By these lines alone it would be {counted:.2f}."


def _tally(topic: Topic, policy: Policy) -> _Tally:
    tally = _Tally()
    for given in topic.given:
        answers = topic.answers[given.answer : given.answer + 1]
        amends = any(heard.action == "amend" for heard in answers)
        _count(tally, given.marks, given.aid, policy)
        made = {m.atom for m in given.marks if m.verdict == "met" and m.polarity != "negative"}
        new = set() if amends else set(grading.against(given.marks))
        tally.against = tally.against - made | new
        tally.judged |= set(grading.judged(given.marks))
    return tally


def _count(tally: _Tally, marks: tuple[Mark, ...], aid: Aid, policy: Policy) -> None:
    for mark in marks:
        credit = grading.credits_after({}, [mark], aid, policy).get(mark.atom)
        if credit is not None and credit >= tally.best.get(mark.atom, (0.0,))[0]:
            tally.best[mark.atom] = (credit, mark, aid)


def _wanted(
    topic: Topic, rubric: tuple[Atom, ...], tally: _Tally, policy: Policy
) -> Iterator[Earned]:
    """A line for each slot: what counts in it, or else what it asked for."""
    by_id = {atom.id: atom for atom in rubric}
    alone = [(a.id,) for a in rubric if a.kind == "indicator" and a.polarity == "positive"]
    credits = tally.credits
    for slot in grading.slots(rubric) or alone:
        best = max(slot, key=lambda atom: credits.get(atom, -1.0))
        if best in tally.best:
            yield _line(tally.best[best], "shown", policy)
            continue
        text = " / ".join(by_id[atom].text.rstrip(".") for atom in slot)
        text = f"One of: {text}" if len(slot) > 1 else by_id[slot[0]].text
        yield Earned(atom=slot[0], text=text, state=_missed(topic, slot, text, tally))


def _missed(topic: Topic, slot: tuple[str, ...], text: str, tally: _Tally) -> EarnedState:
    contradicted = {m.atom for m, _ in topic.marks if m.verdict == "contradicted"}
    if contradicted & set(slot):
        return "contradicted"
    if not all(atom in tally.judged for atom in slot):
        return "left open"
    return "said by the question" if _is_given(topic, text) else "not shown"


def _is_given(topic: Topic, text: str) -> bool:
    """Whether the question says the point itself, so that nobody would say it again."""
    told, wanted = stems(" ".join([topic.text, *topic.numbers.values()])), stems(text)
    return bool(wanted) and len(wanted & told) / len(wanted) >= GIVEN_AWAY


def _beside(
    core: tuple[Atom, ...], indicators: tuple[Atom, ...], tally: _Tally, policy: Policy
) -> Iterator[Earned]:
    for atom in indicators if core else ():
        if atom.id in tally.best and atom.polarity == "positive":
            yield _line(tally.best[atom.id], "beside", policy, policy.indicator_weight)


def _line(
    best: tuple[float, Mark, Aid], state: EarnedState, policy: Policy, weight: float = 1.0
) -> Earned:
    credit, mark, aid = best
    worth = grading.credit(mark.model_copy(update={"probability": 1.0}), aid, policy)
    return Earned(
        atom=mark.atom,
        text=mark.text,
        state=state,
        credit=round(credit * weight, 4),
        aid=aid,
        worth=worth,
        sure=round(credit / worth, 4) if worth else 1.0,
        weight=weight,
    )


def _against(syllabus: Syllabus, tally: _Tally, policy: Policy) -> Iterator[Earned]:
    for atom in sorted(tally.against):
        text = syllabus.kit.by_id[atom].text
        yield Earned(atom=atom, text=text, state="against", off=policy.negative_cost)


def _numbered(number: int, thing: str) -> str:
    return f"1 {thing}" if number == 1 else f"{number} {thing}s"


def _number(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
