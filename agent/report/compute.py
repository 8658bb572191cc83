"""From the event log and the kit to a report. The same log gives the same report."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from agent.events import AnyEvent, Header
from agent.examiner import COMMUNICATION
from agent.grading import settled
from agent.measuring import Belief, Look, Measuring, verdict
from agent.policy import Policy
from agent.report.findings import authored, counts, flags, study
from agent.report.ledger import Ledger, Topic, fold
from agent.report.model import (
    VERDICTS,
    Answer,
    Audience,
    Bank,
    CandidateQuestion,
    Communication,
    Elsewhere,
    GivenMark,
    ModelUse,
    Outcome,
    QuestionReport,
    Report,
    Standing,
)
from agent.report.notes import examiners, model_failures, notes
from agent.syllabus import Syllabus
from knowledge.atoms import LEVELS, Level
from knowledge.errors import BadInput


def report(
    interview: str, events: Iterable[AnyEvent], syllabus: Syllabus, audience: Audience = "team"
) -> Report:
    """The report of an interview, ended or not.

    Raises:
        BadInput: the log has no header yet.
    """
    ledger = fold(events)
    if ledger.header is None:
        raise BadInput("This interview has not begun.", "Start it with `viva chat`.")
    full = _full(interview, ledger, ledger.header, syllabus)
    return full if audience == "team" else _for_candidate(full)


def _full(interview: str, ledger: Ledger, header: Header, syllabus: Syllabus) -> Report:
    policy = Policy.model_validate(header.policy)
    graded = [t for t in ledger.topics if counts(t)]
    known = Measuring(map(_look, graded), header.level, policy.measure)
    overall = _standing("overall", known.overall, graded, header.level, policy)
    seen, unseen, never = flags(ledger, syllabus)
    sources = Counter(m.source for t in ledger.topics for m in settled(mark for mark, _ in t.marks))
    waiting = sum(given.fell_back for given in ledger.given)
    mixed = len(examiners(ledger)) > 1
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
        provisional=header.mode == "screen" or ledger.ended is None or mixed or waiting > 0,
        notes=notes(interview, ledger, header),
        overall=overall,
        competencies=tuple(_competencies(ledger, header, syllabus, policy)),
        questions=tuple(_question(topic, syllabus, policy) for topic in ledger.topics),
        not_asked=_not_asked(ledger, syllabus),
        elsewhere=tuple(
            Elsewhere(
                competency=e.subject,
                polarity=e.mark.polarity or "positive",
                text=e.mark.text,
                quote=e.mark.quote.text,
            )
            for e in ledger.elsewhere
            if e.mark.quote
        ),
        flags=seen,
        flags_not_seen=unseen,
        flags_never_asked=never,
        money=_bank(ledger),
        communication=_communication(ledger),
        study=tuple(study(ledger, syllabus)),
        candidate_questions=tuple(
            CandidateQuestion(text=a.text, answered=a.answered) for a in ledger.asked
        ),
        claims=tuple(dict.fromkeys(ledger.claims)),
        integrity=tuple(ledger.steering),
        examiner=header.examiner,
        model=header.model,
        model_use=_model_use(ledger),
        sources=dict(sources),
        waiting=waiting,
        minutes=round(ledger.spent / 60, 1),
    )


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


def _look(topic: Topic) -> Look:
    return Look(topic.subject, topic.level, topic.score or 0.0, topic.by, topic.question)


def _standing(
    name: str, belief: Belief, topics: list[Topic], level: Level, policy: Policy
) -> Standing:
    phrase = verdict(belief, level, policy)
    known = phrase != "not enough evidence"
    low, high = belief.interval(policy.interval)
    counted = [mark for topic in topics for mark in settled(m for m, _ in topic.marks)]
    met = sum(mark.verdict == "met" and mark.polarity != "negative" for mark in counted)
    return Standing(
        name=name,
        verdict=phrase,
        probability=round(belief.at_least(level), 3) if known else None,
        level=round(belief.mean, 2) if known else None,
        low=round(low, 2) if known else None,
        high=round(high, 2) if known else None,
        testlets=belief.testlets,
        marks=met,
    )


def _competencies(
    ledger: Ledger, header: Header, syllabus: Syllabus, policy: Policy
) -> Iterable[Standing]:
    asked = dict.fromkeys([*header.subjects, *(t.subject for t in ledger.topics)])
    for subject in asked:
        topics = [t for t in ledger.topics if t.subject == subject and counts(t)]
        expected = syllabus.expected(subject)
        following = LEVELS[min(LEVELS.index(header.level) + 1, len(LEVELS) - 1)]
        own = Measuring(map(_look, topics), header.level, policy.measure).own(subject)
        yield _standing(subject, own, topics, header.level, policy).model_copy(
            update={
                "expected": expected.get(header.level),
                "next_level": expected.get(following) if following != header.level else None,
            }
        )


def _question(topic: Topic, syllabus: Syllabus, policy: Policy) -> QuestionReport:
    return QuestionReport(
        number=topic.number,
        text=authored(topic, syllabus),
        subject=topic.subject,
        level=topic.level,
        outcome=_outcome(topic, policy),
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
        marks=tuple(GivenMark(mark=mark, answer=answer) for mark, answer in topic.marks),
    )


def _outcome(topic: Topic, policy: Policy) -> Outcome:
    if topic.outcome in {"open", "cut_short"}:
        return "unfinished"
    if topic.outcome in {"not_answered", "skipped", "ungraded"}:
        return topic.outcome  # type: ignore[return-value]
    if topic.score is None:
        return "ungraded"
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


def _communication(ledger: Ledger) -> tuple[Communication, ...]:
    answers = ledger.marked
    shown = Counter(anchor for anchors in ledger.communicated for anchor in set(anchors))
    return tuple(
        Communication(anchor=anchor, shown=shown[anchor], answers=answers)
        for anchor in COMMUNICATION
        if answers
    )


_UNTOLD: dict[str, Any] = {"marks": (), "score": None, "anchor": None, "review": None}


def _for_candidate(full: Report) -> Report:
    """In practice all of it; after a screen no rubric, no marks and no verdict."""
    if full.mode == "practice":
        quiet = {"flags_not_seen": (), "flags_never_asked": ()}
        return full.model_copy(update={"audience": "candidate", **quiet})
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
            "integrity": (),
            "sources": {},
            "model_use": None,
            "waiting": 0,
        }
    )


def _seen(question: QuestionReport) -> Outcome:
    return "answered" if question.answers else question.outcome
