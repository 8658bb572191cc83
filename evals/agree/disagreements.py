"""Where the machine and a person differ, the worst first, with what each of them points at."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evals.agree.cases import Case
from evals.agree.pairs import DECIDED, by_rater
from evals.agree.people import SORTS, PersonMark, Sort, newest, settled


@dataclass(frozen=True)
class Disagreement:
    """One point on which a person and the machine differ."""

    transcript: str
    question: str
    question_text: str
    competency: str
    answers: tuple[str, ...]
    atom: str
    text: str
    machine: str
    probability: float
    """The machine's, that the point is met."""
    machine_words: str
    person: str
    person_words: str
    by: str
    sort: Sort
    machine_score: float | None
    person_score: float | None
    """Of the whole question."""
    apart: float
    """What puts the worst first: how far the question's scores are apart; after those, where a
    score is missing, the share of its points on which the two differ."""


def disagreements(cases: Mapping[str, Case], marks: Iterable[PersonMark]) -> list[Disagreement]:
    """All of them; of one question those first of which the machine was the surest."""
    marks = settled(newest(marks))
    found = [
        each
        for sort in SORTS
        for found in by_rater(marks, sort).values()
        for (transcript, question), given in found.items()
        for each in _of_question(cases[transcript], question, given)
    ]
    order = list(SORTS)
    return sorted(
        found,
        key=lambda each: (
            order.index(each.sort), each.machine_score is None or each.person_score is None,
            -each.apart, each.transcript, each.question, each.by,
            -abs(each.probability - 0.5), each.atom,
        ),
    )  # fmt: skip


def _of_question(
    case: Case, question: str, given: Mapping[str, PersonMark]
) -> Iterator[Disagreement]:
    rows = {atom: case.marks.get((question, atom)) for atom in given}
    both = {
        atom: row
        for atom, row in rows.items()
        if row and row.verdict in DECIDED and given[atom].verdict in DECIDED
    }
    differ = [atom for atom, row in both.items() if _met(row.verdict) != _met(given[atom].verdict)]
    machine, person = case.machine_score(question), case.score_of(question, given)
    known = machine is not None and person is not None
    apart = abs((machine or 0) - (person or 0)) if known else len(differ) / max(len(both), 1)
    put = case.questions[question]
    for atom in differ:
        mark, row = given[atom], both[atom]
        yield Disagreement(
            transcript=case.id,
            question=question,
            question_text=put.text,
            competency=put.competency,
            answers=tuple(heard.text for heard in case.topics[question].answers),
            atom=atom,
            text=row.text,
            machine=row.verdict,
            probability=row.probability,
            machine_words=row.words,
            person=mark.verdict,
            person_words=mark.words,
            by=mark.by,
            sort=mark.sort,
            machine_score=machine,
            person_score=person,
            apart=apart,
        )


def _met(verdict: str) -> bool:
    return verdict == "met"
