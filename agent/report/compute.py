"""From the event log and the kit to a report. The same log gives the same report."""

from collections import Counter
from collections.abc import Iterable

from agent.estimate import estimate, verdict
from agent.events import AnyEvent, Header
from agent.examiner import COMMUNICATION
from agent.grading import against, settled
from agent.policy import Policy
from agent.report.ledger import Ledger, Topic, fold
from agent.report.model import (
    VERDICTS,
    Answer,
    Audience,
    Bank,
    CandidateQuestion,
    Communication,
    Elsewhere,
    FlagReport,
    GivenMark,
    Outcome,
    QuestionReport,
    Report,
    Standing,
    Study,
)
from agent.syllabus import Syllabus
from agent.wording import stems
from knowledge.atoms import LEVELS, Atom, Level
from knowledge.errors import BadInput

MOST_STUDY = 12
LOCAL_NOTE = (
    "Marked by the local examiner: embeddings and rules, good enough for practice feedback and a "
    "provisional screen. Read the quotes before you rely on a mark."
)
ASKED_FROM = 0.35
CAME_UP_FROM = 0.5
"""Likeness from which something said is about what a flag is about."""


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
    graded = [t for t in ledger.topics if _counts(t)]
    overall = _standing("overall", graded, header.level, policy)
    seen, unseen, never = _flags(ledger, syllabus)
    sources = Counter(m.source for t in ledger.topics for m in settled(mark for mark, _ in t.marks))
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
        provisional=header.mode == "screen" or ledger.ended is None,
        notes=_notes(ledger, header),
        overall=overall,
        competencies=tuple(_competencies(ledger, header, syllabus, policy)),
        questions=tuple(_question(topic, syllabus, policy) for topic in ledger.topics),
        not_asked=_not_asked(ledger, syllabus),
        elsewhere=tuple(
            Elsewhere(competency=e.subject, text=e.mark.text, quote=e.mark.quote.text)
            for e in ledger.elsewhere
            if e.mark.quote
        ),
        flags=seen,
        flags_not_seen=unseen,
        flags_never_asked=never,
        money=_bank(ledger),
        communication=_communication(ledger),
        study=tuple(_study(ledger, syllabus)),
        candidate_questions=tuple(
            CandidateQuestion(text=a.text, answered=a.answered) for a in ledger.asked
        ),
        claims=tuple(dict.fromkeys(ledger.claims)),
        integrity=tuple(ledger.steering),
        sources=dict(sources),
        minutes=round(ledger.spent / 60, 1),
    )


def _not_asked(ledger: Ledger, syllabus: Syllabus) -> tuple[str, ...]:
    asked = {topic.subject for topic in ledger.topics}
    return tuple(subject for subject in syllabus.subjects if subject not in asked)


def _notes(ledger: Ledger, header: Header) -> tuple[str, ...]:
    notes = [LOCAL_NOTE] if header.examiner == "local" else []
    if ledger.ended is None:
        notes.append("The interview is not over; this is where it stands.")
    elif ledger.ended != "complete":
        notes.append("The interview ended before all planned questions were asked.")
    elif len(ledger.topics) < header.questions:
        notes.append("Time was up, or the kit at its end, before all planned questions were put.")
    if any(t.outcome == "ungraded" for t in ledger.topics):
        notes.append("Some answers could not be graded. They count for nothing, not for zero.")
    return tuple(notes)


def _counts(topic: Topic) -> bool:
    return topic.outcome == "not_answered" or (
        topic.outcome == "answered" and topic.score is not None
    )


def _look(topic: Topic) -> tuple[Level, float]:
    return topic.level, topic.score or 0.0


def _standing(name: str, topics: list[Topic], level: Level, policy: Policy) -> Standing:
    belief = estimate([_look(topic) for topic in topics], level, policy)
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
        topics = [t for t in ledger.topics if t.subject == subject and _counts(t)]
        expected = _expectations(subject, syllabus)
        following = LEVELS[min(LEVELS.index(header.level) + 1, len(LEVELS) - 1)]
        yield _standing(subject, topics, header.level, policy).model_copy(
            update={
                "expected": expected.get(header.level),
                "next_level": expected.get(following) if following != header.level else None,
            }
        )


def _expectations(subject: str, syllabus: Syllabus) -> dict[Level | None, str]:
    kit = syllabus.kit
    return {
        level.level: level.text
        for competency in kit.of("competency")
        if syllabus.subject_of(competency) == subject
        for level in kit.children(competency.id, "level")
    }


def _question(topic: Topic, syllabus: Syllabus, policy: Policy) -> QuestionReport:
    return QuestionReport(
        number=topic.number,
        text=_authored(topic, syllabus),
        subject=topic.subject,
        level=topic.level,
        outcome=_outcome(topic, policy),
        score=0.0 if topic.outcome == "not_answered" else topic.score,
        anchor="below" if topic.outcome == "not_answered" else topic.anchor,
        follow_ups=topic.follow_ups,
        hints=topic.hints,
        answers=tuple(
            Answer(
                question=topic.numbers.get(heard.question, topic.text),
                text=heard.text,
                amends=heard.action == "amend",
            )
            for heard in topic.answers
        ),
        marks=tuple(GivenMark(mark=mark, answer=answer) for mark, answer in topic.marks),
    )


def _authored(topic: Topic, syllabus: Syllabus) -> str:
    """The question in the kit's words, without what was said around it."""
    asked = syllabus.kit.by_id[topic.question]
    scene = syllabus.kit.by_id.get(asked.parent or "")
    return f"{scene.text} {asked.text}" if scene and scene.kind == "question" else asked.text


def _outcome(topic: Topic, policy: Policy) -> Outcome:
    if topic.outcome in {"open", "cut_short"}:
        return "unfinished"
    if topic.outcome in {"not_answered", "skipped", "ungraded"}:
        return topic.outcome  # type: ignore[return-value]
    if topic.score is None:
        return "ungraded"
    if topic.score < policy.meets:
        return "weak"
    return "strong" if topic.score >= policy.exceeds else "sound"


def _flags(
    ledger: Ledger, syllabus: Syllabus
) -> tuple[tuple[FlagReport, ...], tuple[str, ...], tuple[str, ...]]:
    """Flags seen with their quotes; those whose topic came up unseen; those never asked about."""
    quotes: dict[str, list[str]] = {}
    for flagged in ledger.flags:
        if flagged.mark.quote:
            quotes.setdefault(flagged.mark.atom, []).append(flagged.mark.quote.text)
    seen = tuple(
        FlagReport(
            text=flag.text,
            polarity=flag.polarity or "negative",
            critical=flag.critical,
            quotes=tuple(dict.fromkeys(quotes[flag.id])),
        )
        for flag in syllabus.flags
        if flag.id in quotes
    )
    came_up = " ".join(_authored(topic, syllabus) for topic in ledger.topics)
    near = {hit.atom for hit in ledger.hits if hit.score >= CAME_UP_FROM}
    unseen: list[str] = []
    never: list[str] = []
    for flag in syllabus.flags:
        if flag.id not in quotes and flag.polarity == "negative":
            (unseen if flag.id in near or _was_asked(flag, came_up) else never).append(flag.text)
    return seen, tuple(unseen), tuple(never)


def _was_asked(flag: Atom, came_up: str) -> bool:
    """Whether any question put was about what the flag is about, by their words."""
    wanted = stems(flag.text)
    return bool(wanted) and len(wanted & stems(came_up)) / len(wanted) >= ASKED_FROM


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


def _study(ledger: Ledger, syllabus: Syllabus) -> Iterable[Study]:
    """Core points that no answer made, worst question first."""
    weakest = sorted(
        (t for t in ledger.topics if t.outcome in {"answered", "not_answered"}),
        key=lambda topic: topic.score or 0.0,
    )
    put = 0
    for topic in weakest:
        for atom in _missed(topic, syllabus):
            if put < MOST_STUDY:
                put += 1
                where = f"{atom.source.document}:{atom.source.line}" if atom.source else None
                yield Study(text=atom.text, question=_authored(topic, syllabus), source=where)


def _missed(topic: Topic, syllabus: Syllabus) -> list[Atom]:
    item = syllabus.rubric(topic.question)
    met = {m.atom for m, _ in topic.marks if m.verdict == "met"}
    met -= set(against(mark for mark, _ in topic.marks))
    groups = {p.group for p in item.core if p.group and p.id in met}
    wanted = item.core or tuple(i for i in item.indicators if i.polarity == "positive")
    left = [a for a in wanted if a.id not in met and not (a.group and a.group in groups)]
    once = {a.group or a.id: a for a in reversed(left)}
    return [a for a in left if once.get(a.group or a.id) is a]


def _for_candidate(full: Report) -> Report:
    """In practice all of it; after a screen no rubric, no marks and no verdict."""
    if full.mode == "practice":
        quiet = {"flags_not_seen": (), "flags_never_asked": ()}
        return full.model_copy(update={"audience": "candidate", **quiet})
    questions = tuple(
        q.model_copy(update={"marks": (), "score": None, "anchor": None, "outcome": _seen(q)})
        for q in full.questions
    )
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
        }
    )


def _seen(question: QuestionReport) -> Outcome:
    return "answered" if question.answers else question.outcome
