"""From the event log and the kit to a report. The same log gives the same report."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from agent.events import AnyEvent, Header
from agent.examiner import COMMUNICATION
from agent.grading import settled
from agent.measuring import Measuring
from agent.policy import Policy
from agent.report.changes import case_of
from agent.report.claims import claim_lines
from agent.report.contests import contests, withdrawn_marks, without_names, without_rubric
from agent.report.earning import earned, sum_in_words
from agent.report.findings import authored, counts, flags
from agent.report.ledger import Ledger, Topic, begun
from agent.report.model import (
    VERDICTS,
    Answer,
    Audience,
    Bank,
    CandidateQuestion,
    Communication,
    Elsewhere,
    GivenMark,
    Help,
    ModelUse,
    Outcome,
    QuestionReport,
    Report,
    Standing,
    scale,
)
from agent.report.notes import is_provisional, model_failures, notes
from agent.report.stability import stability
from agent.report.standings import competencies, ended_as, look, standing
from agent.report.study import study, study_plan
from agent.syllabus import Syllabus


def report(
    interview: str,
    events: Iterable[AnyEvent],
    syllabus: Syllabus,
    audience: Audience = "team",
    *,
    last: Report | None = None,
    opened: bool = False,
) -> Report:
    """The report of an interview, ended or not; `last` is of the practice that it goes on from.

    `opened` gives the candidate of a screen the rubric too, as in practice.

    Raises:
        BadInput: the log has no header yet.
    """
    events = list(events)
    ledger, header = begun(events)
    syllabus = syllabus.without(ledger.withdrawn)
    full = _full(interview, ledger, header, syllabus, last).model_copy(
        update={
            "stability": None if header.drill else stability(case_of(events, ledger, syllabus)),
            "claim_ledger": claim_lines(events, ledger, syllabus),
        }
    )
    return full if audience == "team" else _for_candidate(full, opened)


def _full(
    interview: str, ledger: Ledger, header: Header, syllabus: Syllabus, last: Report | None
) -> Report:
    policy = Policy.model_validate(header.policy)
    known = Measuring(map(look, filter(counts, ledger.topics)), header.level, policy.measure)
    overall, *standings = standings_of(ledger, header, syllabus)
    practised = header.mode == "practice"
    seen, unseen, never = flags(ledger, syllabus)
    sources = Counter(m.source for t in ledger.topics for m in settled(mark for mark, _ in t.marks))
    waiting = sum(given.fell_back for given in ledger.given)
    return Report(
        interview=interview,
        audience="team",
        kit=header.kit,
        kit_version=header.kit_version,
        role=header.role,
        mode=header.mode,
        level=header.level,
        ended=ledger.ended,
        verdict=overall.verdict,
        verdict_means=VERDICTS[overall.verdict],
        provisional=is_provisional(ledger, header),
        notes=notes(interview, ledger, header),
        overall=overall,
        competencies=tuple(standings),
        questions=tuple(_question(topic, syllabus, policy) for topic in ledger.topics),
        not_asked=_not_asked(ledger, syllabus),
        elsewhere=_elsewhere(ledger),
        flags=seen,
        flags_not_seen=unseen,
        flags_never_asked=never,
        money=_bank(ledger),
        communication=_communication(ledger, syllabus),
        study=tuple(study(ledger, syllabus)) if header.mode == "practice" else (),
        study_plan=study_plan(ledger, header, syllabus, known, standings, last)
        if practised
        else None,
        candidate_questions=tuple(
            CandidateQuestion(text=a.text, answered=a.answered) for a in ledger.asked
        ),
        contests=contests(ledger),
        claims=tuple(dict.fromkeys(ledger.claims)),
        unasked=tuple(ledger.unasked),
        integrity=tuple(ledger.steering),
        examiner=header.examiner,
        model=header.model,
        model_use=_model_use(ledger),
        sources=dict(sources),
        waiting=waiting,
        minutes=round(ledger.spent / 60, 1),
        scale=_scale(ledger, policy),
    )


def standings_of(ledger: Ledger, header: Header, syllabus: Syllabus) -> list[Standing]:
    """What the questions of a ledger come to: overall, then for each competency."""
    policy = Policy.model_validate(header.policy)
    graded = [t for t in ledger.topics if counts(t)]
    known = Measuring(map(look, graded), header.level, policy.measure)
    overall = standing("overall", known.overall, graded, header.level, policy)
    standings = [overall, *competencies(ledger, header, syllabus, policy)]
    return list(map(_of_one_topic, standings)) if header.drill else standings


def _scale(ledger: Ledger, policy: Policy) -> str:
    asked = {topic.question for topic in ledger.topics}
    return scale(len(asked), len(asked & policy.measure.calibrated.keys()))


def _of_one_topic(standing: Standing) -> Standing:
    """A drill never tells a level, however well it went."""
    if standing.verdict == "not enough evidence":
        return standing
    untold = {"probability": None, "level": None, "low": None, "high": None}
    because = "A drill is a few minutes on one topic, and does not tell a level."
    return standing.model_copy(update=untold | {"verdict": "could be either", "because": because})


def _elsewhere(ledger: Ledger) -> tuple[Elsewhere, ...]:
    """Only what was said to another competency's question: its own are told there."""
    found = (
        Elsewhere(
            competency=shown.subject,
            polarity=shown.mark.polarity or "positive",
            text=shown.mark.text,
            quote=shown.mark.quote.text,
            question=said_to + 1,
        )
        for shown, said_to in ledger.elsewhere
        if shown.mark.quote and ledger.topics[said_to].subject != shown.subject
    )
    return tuple(dict.fromkeys(found))


def _not_asked(ledger: Ledger, syllabus: Syllabus) -> tuple[str, ...]:
    asked = {topic.subject for topic in ledger.topics}
    return tuple(subject for subject in syllabus.subjects if subject not in asked)


def _model_use(ledger: Ledger) -> ModelUse | None:
    calls = ledger.calls
    failures = model_failures(ledger)
    if not (calls or failures):
        return None
    outcomes = Counter(call.outcome for call in calls)
    costs = [call.cost for call in calls if call.cost is not None]
    return ModelUse(
        calls=len(calls),
        repaired=outcomes["repaired"],
        failed=outcomes["failed"],
        tokens_in=sum(call.tokens_in or 0 for call in calls),
        tokens_out=sum(call.tokens_out or 0 for call in calls),
        cost=round(sum(costs), 6) if costs else None,
        failures=failures,
    )


def _question(topic: Topic, syllabus: Syllabus, policy: Policy) -> QuestionReport:
    lines = earned(topic, syllabus, policy)
    return QuestionReport(
        id=topic.question,
        number=topic.number,
        text=authored(topic, syllabus),
        subject=topic.subject,
        level=topic.level,
        outcome=ended_as(topic) or _outcome(topic, policy),
        score=0.0 if topic.outcome == "not_answered" else topic.score,
        anchor="below" if topic.outcome == "not_answered" else topic.anchor,
        review=topic.review,
        follow_ups=topic.follow_ups,
        hints=topic.hints,
        answers=tuple(
            Answer(
                question=topic.numbers.get(heard.question, topic.text),
                text=heard.text,
                amends=heard.action == "amend",
                counts=heard.action != "amend" or place in topic.counted,
            )
            for place, heard in enumerate(topic.answers)
        ),
        helped=tuple(
            Help(
                kind="hint" if said.purpose == "hint" else "follow_up",
                text=said.text,
                before=min(before, len(topic.answers)),
            )
            for said, before in topic.helped
        ),
        marks=tuple(GivenMark(mark=mark, answer=answer) for mark, answer in topic.marks),
        overruled=tuple(settled(topic.overruled)),
        withdrawn=withdrawn_marks(topic),
        earned=lines,
        sum=sum_in_words(lines, topic, policy),
    )


def _outcome(topic: Topic, policy: Policy) -> Outcome:
    assert topic.score is not None
    if topic.review:
        return "answered"
    if topic.score < policy.meets:
        return "weak"
    return "strong" if topic.score >= policy.exceeds else "sound"


def _bank(ledger: Ledger) -> Bank:
    counted = sum(score.hit for score in ledger.money)
    return Bank(
        asked=len(ledger.money),
        hits=counted,
        technologies=tuple(dict.fromkeys(score.technology for score in ledger.money)),
    )


def _communication(ledger: Ledger, syllabus: Syllabus) -> tuple[Communication, ...]:
    answers = ledger.marked
    shown = Counter(anchor for event in ledger.communicated for anchor in set(event.shown))
    meets = {a.topic: a.text for a in syllabus.kit.of("anchor") if a.grade == "meets"}
    return tuple(
        Communication(
            anchor=anchor,
            shown=shown[anchor],
            answers=answers,
            meets=meets.get(anchor),
            questions=_answered_so(anchor, ledger),
        )
        for anchor in COMMUNICATION
        if answers
    )


def _answered_so(anchor: str, ledger: Ledger) -> tuple[int, ...]:
    places = {each.testlet + 1 for each in ledger.communicated if anchor in each.shown}
    return tuple(sorted(places))


_UNTOLD: dict[str, Any] = {
    "marks": (),
    "overruled": (),
    "withdrawn": (),
    "score": None,
    "anchor": None,
    "review": None,
    "earned": (),
    "sum": None,
}


def _for_candidate(full: Report, opened: bool) -> Report:
    """In practice, and once opened, all of it; before no rubric, no marks and no verdict."""
    if opened or full.mode == "practice":
        quiet: dict[str, Any] = {"flags_not_seen": (), "flags_never_asked": ()}
        if full.mode == "screen":
            quiet["contests"] = without_names(full.contests)
        return full.model_copy(update={"audience": "candidate", "opened": True, **quiet})
    return untold(full)


def untold(full: Report) -> Report:
    """The report without rubric, marks and verdict: for a candidate, and for who is to mark."""
    questions = tuple(q.model_copy(update=_UNTOLD | {"outcome": _seen(q)}) for q in full.questions)
    return full.model_copy(
        update={
            "audience": "candidate",
            "verdict": "with the team",
            "verdict_means": "People of the team read your answers and decide.",
            "notes": (),
            "provisional": False,
            "elsewhere": (),
            "overall": None,
            "competencies": (),
            "questions": questions,
            "not_asked": (),
            "flags": (),
            "flags_not_seen": (),
            "flags_never_asked": (),
            "money": full.money.model_copy(update={"hits": None}),
            "communication": (),
            "study": (),
            "study_plan": None,
            "integrity": (),
            "sources": {},
            "stability": None,
            "claim_ledger": (),
            "contests": without_rubric(full.contests),
            "model_use": None,
            "waiting": 0,
        }
    )


def _seen(question: QuestionReport) -> Outcome:
    return "answered" if question.answers else question.outcome
