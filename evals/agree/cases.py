"""Transcripts ready to be compared: what the machine marked, and what a person's marks come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from agent import grading
from agent.answers import Answer, answers_of
from agent.events import Aid, Contested, Decided, Mark, Regraded, Withdrawn
from agent.measuring import Look, Measuring, verdict
from agent.policy import Policy
from agent.quoting import locate
from agent.report.findings import counts
from agent.report.ledger import Topic, begun
from agent.syllabus import Syllabus
from evals.agree.people import PersonMark, Problem
from evals.marks import MarkRow, QuestionRow, Versions, marks_of, questions_of, versions_of
from evals.replay.sources import Kits, Unread
from evals.replay.transcript import Transcript
from knowledge.atoms import Atom
from knowledge.errors import VivaError

PUT_TO_A_PERSON = ("needs_person", "disputed", "set_aside")


@dataclass(frozen=True)
class Case:
    """One transcript with its kit; only what the machine did, people's rulings taken out."""

    transcript: Transcript
    syllabus: Syllabus

    @property
    def id(self) -> str:
        """The transcript's."""
        return self.transcript.id

    @property
    def versions(self) -> Versions:
        """What the machine's marks came from."""
        return versions_of(self.transcript)

    @cached_property
    def marks(self) -> dict[tuple[str, str], MarkRow]:
        """The machine's marks by question and atom."""
        rows = marks_of(self.transcript)
        return {(row.question, row.atom): row for row in rows if row.source != "human"}

    @cached_property
    def questions(self) -> dict[str, QuestionRow]:
        """What each question put came to, by its atom."""
        return {row.question: row for row in questions_of(self.transcript)}

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """The questions put as they went, by their atoms."""
        return {topic.question: topic for topic in begun(self.transcript.events)[0].topics}

    @cached_property
    def policy(self) -> Policy:
        """The numbers the interview was held under."""
        return Policy.model_validate(self.transcript.header.policy)

    def rubric(self, question: str) -> tuple[Atom, ...]:
        """What a question is marked by; empty for one that the kit does not have."""
        try:
            item = self.syllabus.rubric(question)
        except KeyError:
            return ()
        return (*item.core, *item.indicators)

    def machine_score(self, question: str) -> float | None:
        """The machine's score; None where it was not graded, or is put to a person."""
        row = self.questions.get(question)
        return None if row is None or row.review in PUT_TO_A_PERSON else row.score

    def score_of(self, question: str, found: Mapping[str, PersonMark]) -> float | None:
        """What a person's verdicts on a question come to, by the machine's own arithmetic.

        A met point is certain, and worth what the help before the answer leaves it; the answer is
        the one that the person's words stand in, else the first. None where a point of the rubric
        is not marked, or nothing is decided.
        """
        rubric, answers = self.rubric(question), self._answers(question)
        if not rubric or any(atom.id not in found for atom in rubric):
            return None
        earned: dict[str, float] = {}
        marks = [_mark(atom, found[atom.id]) for atom in rubric]
        for mark in marks:
            aid = _aid(answers, found[mark.atom].words)
            earned = grading.credits_after(earned, [mark], aid, self.policy)
        against, decided = grading.against(marks), grading.judged(marks)
        score = grading.score(rubric, earned, against, self.policy, decided)
        if score is None:
            return None
        found_a_way = any(answer.found_a_way for answer in answers)
        return round(max(score, self.policy.found_a_way if found_a_way else 0.0), 4)

    def as_a_person(self, question: str) -> dict[str, PersonMark]:
        """The machine's verdicts on a question as a person's, who is certain of each."""
        rows = (row for (asked, _), row in self.marks.items() if asked == question)
        return {
            row.atom: PersonMark(
                transcript=self.id,
                question=question,
                atom=row.atom,
                verdict="abstained" if row.verdict == "unsupported" else row.verdict,
                by=row.by,
                role="person",
                words=row.words,
            )
            for row in rows
        }

    def verdict_of(self, scores: Mapping[str, float]) -> str | None:
        """What a report would say overall if a person had given these scores, by question.

        None in a drill, or where a question that counts has none.
        """
        header = self.transcript.header
        graded = [topic for topic in self.topics.values() if counts(topic)]
        if header.drill or any(topic.question not in scores for topic in graded):
            return None
        looks = (
            Look(each.subject, each.level, scores[each.question], "human", each.question)
            for each in graded
        )
        belief = Measuring(looks, header.level, self.policy.measure).overall
        return verdict(belief, header.level, self.policy)

    def _answers(self, question: str) -> list[Answer]:
        testlet = list(self.topics).index(question) if question in self.topics else -1
        return self._by_testlet.get(testlet, [])

    @cached_property
    def _by_testlet(self) -> dict[int, list[Answer]]:
        return answers_of(self.transcript.events)


def _mark(atom: Atom, found: PersonMark) -> Mark:
    return Mark(
        atom=atom.id,
        kind="point" if atom.kind == "point" else "indicator",
        text=atom.text,
        verdict=found.verdict,
        probability=1.0,
        source="human",
        polarity=atom.polarity,
        role=atom.role,
        group=atom.group,
    )


def _aid(answers: Iterable[Answer], words: str) -> Aid:
    """The help that was given before the answer in which the words stand, or before the first."""
    given = list(answers)
    quoted = (answer for answer in given if words and locate(words, answer.text))
    answer = next(quoted, given[0] if given else None)
    return answer.aid if answer else "unaided"


def cases_of(found: Iterable[Transcript | Unread]) -> tuple[list[Case], list[Problem]]:
    """Transcripts with their kits, and those that cannot be used; of two of a name the first."""
    kits, cases, problems = Kits(), dict[str, Case](), list[Problem]()
    syllabi: dict[str, Syllabus] = {}
    for each in found:
        if isinstance(each, Unread):
            problems.append(Problem(each.id, f"{each.why} {each.remedy}"))
        elif each.id in cases:
            problems.append(Problem(each.id, "given twice; the first counts."))
        else:
            try:
                kit = kits.of(each)
            except VivaError as error:
                problems.append(Problem(each.id, f"{error.message} {error.remedy}"))
                continue
            syllabus = syllabi.setdefault(kit.version, Syllabus(kit))
            cases[each.id] = Case(without_rulings(each), syllabus)
    return list(cases.values()), problems


def without_rulings(transcript: Transcript) -> Transcript:
    """The log without what people ruled after the end: those are a person's marks."""
    kept = (event for event in transcript.events if not isinstance(event, RULINGS))
    return replace(
        transcript, events=tuple(e for e in kept if not (isinstance(e, Regraded) and e.recount))
    )


RULINGS = (Contested, Decided, Withdrawn)


def usable(
    cases: Iterable[Case], marks: Iterable[tuple[str, PersonMark]]
) -> tuple[list[PersonMark], list[Problem]]:
    """The marks that speak of these transcripts' own questions and points; each with its place.

    Transcripts that are not known are told once each, with the first of their marks.
    """
    by_id = {case.id: case for case in cases}
    kept, problems = list[PersonMark](), list[Problem]()
    strange: dict[str, list[str]] = {}
    for where, mark in marks:
        case = by_id.get(mark.transcript)
        if case is None:
            strange.setdefault(mark.transcript, []).append(where)
        elif why := _unknown(case, mark):
            problems.append(Problem(where, why))
        else:
            kept.append(mark)
    for transcript, places in strange.items():
        more = f" {len(places)} marks are of it." if len(places) > 1 else ""
        why = f"there is no transcript {transcript!r} among those given.{more}"
        problems.append(Problem(places[0], why))
    return kept, problems


def _unknown(case: Case, mark: PersonMark) -> str | None:
    if mark.question not in case.questions:
        return f"the question {mark.question!r} was not put in {mark.transcript}."
    known = {atom.id for atom in case.rubric(mark.question)}
    if mark.atom not in known and (mark.question, mark.atom) not in case.marks:
        return f"the question {mark.question} is not marked by {mark.atom!r}."
    return None
