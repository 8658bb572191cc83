"""Single changes to what a verdict rests on: a question, a mark or a threshold.

Every change is carried through the same arithmetic as the verdict itself: a mark that is turned
is counted with the answers, help and second thoughts that its question really had. One that is
taken for shown is so for sure, in the first answer that was marked by it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, cast

from agent.answers import Answer, answers_of
from agent.events import AnyEvent, Mark, Verdict
from agent.measuring import Look, Measuring, Phrase, verdict
from agent.policy import Policy
from agent.report.findings import counts
from agent.report.ledger import Ledger, Topic
from agent.report.standings import look as look_of
from agent.state import Testlet, nothing_earned
from agent.syllabus import Syllabus
from knowledge.atoms import Atom, Level

NUDGE = 0.05
"""By how much a threshold is moved, either way."""
LONGEST = 90
"""Characters of a point that are printed here; it stands in full at its question."""
SAME_SCORE = 1e-3

Looks = Mapping[int, Look]
"""What counts, by the question's place (0-based)."""
Kind = Literal["question", "mark", "threshold"]


@dataclass(frozen=True)
class Change:
    """One single change, and what would count after it.

    `what` is a clause that can stand before "the verdict would be".
    """

    kind: Kind
    what: str
    place: int | None
    looks: Looks
    policy: Policy
    omits: bool = False
    atom: str | None = None
    answers: tuple[Answer, ...] = ()
    """The question's answers with the mark turned."""


@dataclass(frozen=True)
class Case:
    """All that the verdict of an interview rests on; `answers` are by the question's place."""

    topics: Sequence[Topic]
    answers: Mapping[int, list[Answer]]
    syllabus: Syllabus
    asked: Level
    policy: Policy
    seed: int = 0

    @cached_property
    def looks(self) -> Looks:
        """What counts as things stand."""
        return {place: look_of(topic) for place, topic in enumerate(self.topics) if counts(topic)}

    def verdict(self, looks: Iterable[Look], policy: Policy) -> Phrase:
        """What these would come to."""
        known = Measuring(looks, self.asked, policy.measure)
        return verdict(known.overall, self.asked, policy)

    def rubric(self, place: int) -> tuple[Atom, ...]:
        """What a question's answers are marked by."""
        item = self.syllabus.rubric(self.topics[place].question)
        return (*item.core, *item.indicators)

    def recounted(self, place: int, answers: Sequence[Answer], policy: Policy) -> Look | None:
        """The question as these answers would make it count; None where it would not."""
        from agent.regrading import counted_anew

        topic = self.topics[place]
        after = counted_anew(_testlet(topic), answers, self.rubric(place), policy)
        if after["review"] or after["score"] is None or topic.outcome == "cut_short":
            return None
        return replace(look_of(topic), score=after["score"])

    @cached_property
    def recountable(self) -> frozenset[int]:
        """Places where counting the answers anew comes to what the log says."""
        again = {
            place: self.recounted(place, self.answers.get(place, ()), self.policy)
            for place in self.looks
        }
        return frozenset(
            place
            for place, look in again.items()
            if look and abs(look.score - self.looks[place].score) < SAME_SCORE
        )


def case_of(events: Iterable[AnyEvent], ledger: Ledger, syllabus: Syllabus) -> Case:
    """The case of an interview that has begun."""
    header = ledger.header
    assert header is not None
    return Case(
        topics=ledger.topics,
        answers=answers_of(events),
        syllabus=syllabus,
        asked=header.level,
        policy=Policy.model_validate(header.policy),
        seed=header.seed,
    )


def changes(case: Case) -> Iterator[Change]:
    """Every single change that is tried, questions first."""
    yield from _without_one(case)
    yield from _by_a_person(case)
    yield from _marks_turned(case)
    yield from _lines_moved(case)


def _without_one(case: Case) -> Iterator[Change]:
    for place in case.looks:
        left = {other: look for other, look in case.looks.items() if other != place}
        what = f"without question {place + 1}"
        yield Change("question", what, place, left, case.policy, omits=True)


def _by_a_person(case: Case) -> Iterator[Change]:
    """What waits for a person counts for nothing so far; it is found right, or as the rubric says.

    Found right, it is worth what the help that was had leaves of a full answer.
    """
    for place, topic in enumerate(case.topics):
        waits = topic.review not in {None, "set_aside"}
        if waits and topic.outcome in {"answered", "not_answered"}:
            for score, found in ((_full(topic, case.policy), "right"), (topic.score, "wrong")):
                look = replace(look_of(topic), score=score or 0.0)
                what = f"if a person finds question {place + 1} {found}"
                yield Change("question", what, place, {**case.looks, place: look}, case.policy)


def _full(topic: Topic, policy: Policy) -> float:
    if topic.hints:
        return policy.hinted
    return policy.prompted if topic.follow_ups else policy.unaided


def _marks_turned(case: Case) -> Iterator[Change]:
    for place in case.looks:
        if place not in case.recountable:
            continue
        for mark, turned, how in _turned(case.answers[place]):
            look = case.recounted(place, turned, case.policy)
            looks = {**case.looks, place: look} if look else dict(case.looks)
            if look is None:
                del looks[place]
            what = f"if “{_short(mark.text)}” {how} in question {place + 1}"
            yield Change(
                "mark", what, place, looks, case.policy, atom=mark.atom, answers=tuple(turned)
            )


def _turned(answers: Sequence[Answer]) -> Iterator[tuple[Mark, list[Answer], str]]:
    """Each point and indicator with its verdict turned, in every way that could matter."""
    every = {mark.atom: mark for answer in reversed(answers) for mark in answer.marks}
    for atom, mark in every.items():
        if mark.kind == "flag" or mark.role == "example":
            continue
        given = {m.verdict for answer in answers for m in answer.marks if m.atom == atom}
        negative = mark.polarity == "negative"
        if "met" in given:
            how = "did not count as seen" if negative else "did not count as shown"
            yield mark, _without(answers, atom, "met"), how
        else:
            how = "counted as seen" if negative else "counted as shown"
            yield mark, _met(answers, atom), how
        if "contradicted" in given:
            yield mark, _without(answers, atom, "contradicted"), "did not count as contradicted"


def _without(answers: Sequence[Answer], atom: str, verdict_: Verdict) -> list[Answer]:
    """The answers with the atom's marks of this verdict taken for not met."""

    def turned(mark: Mark) -> Mark:
        mine = mark.atom == atom and mark.verdict == verdict_
        return mark.model_copy(update={"verdict": "not_met"}) if mine else mark

    return [replace(a, marks=tuple(map(turned, a.marks))) for a in answers]


def _met(answers: Sequence[Answer], atom: str) -> list[Answer]:
    """The answers with the atom met for sure in the first that was marked by it."""
    plain = _without(answers, atom, "contradicted")
    first = next(n for n, a in enumerate(plain) if any(m.atom == atom for m in a.marks))
    sure = {"verdict": "met", "probability": 1.0}
    marks = (m.model_copy(update=sure) if m.atom == atom else m for m in plain[first].marks)
    plain[first] = replace(plain[first], marks=tuple(marks))
    return plain


_LINES = {
    "likely": "“likely shown” began at {after:.0%} instead of {before:.0%}",
    "unlikely": "“not shown” ended at {after:.0%} instead of {before:.0%}",
    "meets": "an answer met its level from {after:.2f} instead of {before:.2f}",
    "credit_from": "marks began to count at {after:.2f} sure instead of {before:.2f}",
    "credit_full": "marks counted in full from {after:.2f} sure instead of {before:.2f}",
}
"""Thresholds that can move the verdict; the rest only name what a question came to."""


def _lines_moved(case: Case) -> Iterator[Change]:
    for name, words in _LINES.items():
        before: float = getattr(case.policy, name)
        for after in (round(before - NUDGE, 4), round(before + NUDGE, 4)):
            policy = case.policy.model_copy(update={name: after})
            if 0 < after < 1 and policy.credit_from < policy.credit_full:
                looks = case.looks if name.endswith("likely") else _all_recounted(case, policy)
                what = f"if {words.format(before=before, after=after)}"
                yield Change("threshold", what, None, looks, policy)


def _all_recounted(case: Case, policy: Policy) -> Looks:
    """What would count under this policy; what cannot be counted anew stays as it is."""
    looks: dict[int, Look] = {}
    for place, topic in enumerate(case.topics):
        if topic.review == "set_aside":
            continue
        if topic.review or place in case.recountable:
            look = case.recounted(place, case.answers.get(place, ()), policy)
        else:
            look = case.looks.get(place)
        if look:
            looks[place] = look
    return looks


def _testlet(topic: Topic) -> Testlet:
    """The question before its first answer; what help each answer had stands with the answer."""
    put = {"question": topic.question, "subject": topic.subject, "outcome": topic.outcome}
    return cast("Testlet", {**nothing_earned(), **put, "follow_ups": [], "hints": [], "general": 0})


def _short(text: str) -> str:
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(' ', 1)[0]} …"
