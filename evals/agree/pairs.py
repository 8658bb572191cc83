"""Two raters side by side: the machine and a person, or two people, point by point."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal, get_args

import numpy as np

from agent.events import Verdict
from agent.grading import anchor
from agent.policy import Measure, Policy
from evals.agree.cases import PUT_TO_A_PERSON, Case
from evals.agree.people import PersonMark, Sort
from evals.marks import MarkRow
from knowledge.atoms import Level

MACHINE = "the machine"
By = Literal["competency", "level", "examiner", "model", "question"]
BYS: tuple[By, ...] = get_args(By)
DECIDED: tuple[Verdict, ...] = ("met", "not_met", "contradicted")
ANCHORS = ("below", "meets", "exceeds")


@dataclass(frozen=True)
class About:
    """What two raters are compared on, with what it can be grouped by."""

    transcript: str
    question: str
    competency: str
    level: Level
    examiner: str
    model: str


@dataclass(frozen=True)
class PointPair:
    """Two verdicts on one point: met or not."""

    about: About
    atom: str
    first: bool
    second: bool


@dataclass(frozen=True)
class QuestionPair:
    """Two scores of one question, in 0..1, with the policy that makes categories of them."""

    about: About
    first: float
    second: float
    policy: Policy


@dataclass
class Pair:
    """All that two raters have in common; `apart` counts what could not be compared, and why."""

    first: str
    second: str
    points: list[PointPair] = field(default_factory=list)
    questions: list[QuestionPair] = field(default_factory=list)
    """By the verdicts of both, each as certain as the other's."""
    counted: list[QuestionPair] = field(default_factory=list)
    """The machine's score as it counted, worth less where it was less sure; none of two people."""
    apart: Counter[str] = field(default_factory=Counter)

    @property
    def abouts(self) -> list[About]:
        """What each point and question is about."""
        questions = (*self.questions, *self.counted)
        return [each.about for each in self.points] + [each.about for each in questions]

    def within(self, by: By, group: str) -> "Pair":
        """Of it, what belongs to one group."""
        return Pair(
            self.first,
            self.second,
            [each for each in self.points if getattr(each.about, by) == group],
            [each for each in self.questions if getattr(each.about, by) == group],
            [each for each in self.counted if getattr(each.about, by) == group],
        )


Found = dict[tuple[str, str], dict[str, PersonMark]]
"""A rater's marks by transcript and question, then by atom."""


def by_rater(marks: Iterable[PersonMark], sort: Sort) -> dict[str, Found]:
    """The marks of one sort, by who made them."""
    raters: dict[str, Found] = {}
    for mark in marks:
        if mark.sort == sort:
            found = raters.setdefault(mark.rater, {})
            found.setdefault((mark.transcript, mark.question), {})[mark.atom] = mark
    return raters


def with_machine(cases: Mapping[str, Case], rater: str, found: Found) -> Pair:
    """The machine beside one person."""
    pair = Pair(MACHINE, rater)
    for (transcript, question), marks in found.items():
        case = cases[transcript]
        about = _about(case, question)
        for atom, mark in marks.items():
            row = case.marks.get((question, atom))
            if why := _not_compared(row, mark):
                pair.apart[why] += 1
            elif row:
                met = row.verdict == "met", mark.verdict == "met"
                pair.points.append(PointPair(about, atom, *met))
        machine, person = case.machine_score(question), case.score_of(question, marks)
        if machine is not None and person is not None:
            pair.counted.append(QuestionPair(about, machine, person, case.policy))
            alike = case.score_of(question, case.as_a_person(question))
            if alike is not None:
                pair.questions.append(QuestionPair(about, alike, person, case.policy))
        else:
            pair.apart[_why_not_scored(case, question, person)] += 1
    return pair


def _not_compared(row: MarkRow | None, mark: PersonMark) -> str | None:
    """Why a point is left apart: an ungraded one is never a zero."""
    if row is None:
        return "points ungraded by the machine"
    if row.verdict not in DECIDED:
        return f"points {row.verdict} by the machine"
    return None if mark.verdict in DECIDED else "points that the person cannot say"


def _why_not_scored(case: Case, question: str, person: float | None) -> str:
    if case.questions[question].review in PUT_TO_A_PERSON:
        return "questions put to a person by the machine"
    if case.machine_score(question) is None:
        return "questions ungraded by the machine"
    assert person is None
    return "questions of which the person left points open"


def between_people(cases: Mapping[str, Case], raters: Mapping[str, Found]) -> list[Pair]:
    """Each two people who marked something in common."""
    pairs = []
    for first, second in combinations(sorted(raters), 2):
        pair = _of_two(cases, first, second, raters)
        if pair.points or pair.questions:
            pairs.append(pair)
    return pairs


def _of_two(
    cases: Mapping[str, Case], first: str, second: str, raters: Mapping[str, Found]
) -> Pair:
    pair = Pair(first, second)
    for (transcript, question), marks in raters[first].items():
        other = raters[second].get((transcript, question))
        if other is None:
            continue
        case = cases[transcript]
        about = _about(case, question)
        for atom in marks.keys() & other.keys():
            verdicts = marks[atom].verdict, other[atom].verdict
            if "abstained" in verdicts:
                pair.apart["points that one of them cannot say"] += 1
            else:
                met = verdicts[0] == "met", verdicts[1] == "met"
                pair.points.append(PointPair(about, atom, *met))
        scores = case.score_of(question, marks), case.score_of(question, other)
        if scores[0] is not None and scores[1] is not None:
            pair.questions.append(QuestionPair(about, scores[0], scores[1], case.policy))
    return pair


def _about(case: Case, question: str) -> About:
    row, versions = case.questions[question], case.versions
    return About(
        transcript=case.id,
        question=question,
        competency=row.competency,
        level=row.level,
        examiner=row.by or versions.examiner,
        model=versions.model or "none",
    )


def groups(pairs: Iterable[Pair], by: By) -> Iterator[str]:
    """The groups that any of the pairs has, in order."""
    yield from sorted({getattr(about, by) for pair in pairs for about in pair.abouts})


def anchored(score: float, policy: Policy) -> int:
    """below, meets, exceeds as 0, 1, 2."""
    return ANCHORS.index(anchor(score, policy))


def category(score: float, measure: Measure) -> int:
    """The category of the measure whose centre is nearest, the lower one of two."""
    return int(np.argmin(np.abs(np.array(measure.centres) - score)))
