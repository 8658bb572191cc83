"""What is said of the level, overall and by competency, and why nothing clearer is said."""

from collections.abc import Iterable

from agent.events import Header
from agent.grading import settled
from agent.measuring import Belief, Look, Measuring, Phrase, verdict
from agent.policy import Policy
from agent.report.findings import counts
from agent.report.ledger import Ledger, Topic
from agent.report.model import Outcome, Standing, Step
from agent.syllabus import Syllabus
from knowledge.atoms import LEVELS, Level


def look(topic: Topic) -> Look:
    """A graded topic as the measure takes it."""
    return Look(topic.subject, topic.level, topic.score or 0.0, topic.by, topic.question)


def standing(
    name: str, belief: Belief, topics: list[Topic], level: Level, policy: Policy
) -> Standing:
    """The belief in words and numbers, resting on these topics."""
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
        because=_because(belief, phrase, level, policy),
    )


def competencies(
    ledger: Ledger, header: Header, syllabus: Syllabus, policy: Policy
) -> Iterable[Standing]:
    """A standing for each subject that was to be asked about, on its own evidence."""
    asked = dict.fromkeys([*header.subjects, *(t.subject for t in ledger.topics)])
    for subject in asked:
        put = [t for t in ledger.topics if t.subject == subject]
        topics = [t for t in put if counts(t)]
        expected = syllabus.expected(subject)
        following = LEVELS[min(LEVELS.index(header.level) + 1, len(LEVELS) - 1)]
        own = Measuring(map(look, topics), header.level, policy.measure).own(subject)
        told = standing(subject, own, topics, header.level, policy)
        yield told.model_copy(
            update={
                "because": told.because if topics else _without_evidence(put),
                "anchors": _anchors(subject, syllabus),
                "expected": expected.get(header.level),
                "next_level": expected.get(following) if following != header.level else None,
            }
        )


def _because(belief: Belief, phrase: Phrase, level: Level, policy: Policy) -> str | None:
    """Why a verdict is open though the probability is not."""
    probability = belief.at_least(level)
    clear = probability >= policy.likely or probability <= policy.unlikely
    if phrase == "could be either" and clear:
        return "One question alone settles nothing, however clear its answer."
    return None


def _without_evidence(topics: list[Topic]) -> str:
    """Why nothing is known of a competency."""
    if not topics:
        return "None of its questions was put."
    if any(topic.review == "set_aside" for topic in topics):
        return "Its question was contested and set aside."
    if any(topic.review for topic in topics):
        return "Its answer waits for a person, and counts for nothing until then."
    if any(ended_as(topic) == "ungraded" for topic in topics):
        return "Its answer could not be graded."
    if any(topic.outcome == "skipped" for topic in topics):
        return "Its question was skipped."
    return "Its question was still open when the interview ended."


def _anchors(subject: str, syllabus: Syllabus) -> tuple[Step, ...]:
    """The kit's scale for a subject, as its documents put it."""
    mine = (a for a in syllabus.kit.of("anchor") if syllabus.subject_of(a) == subject)
    return tuple(Step(grade=anchor.grade, text=anchor.text) for anchor in mine)


def ended_as(topic: Topic) -> Outcome | None:
    """How a question ended that nothing can be said of by a score."""
    if topic.outcome in {"open", "cut_short"}:
        return "unfinished"
    if topic.outcome in {"not_answered", "skipped", "ungraded"}:
        return topic.outcome  # type: ignore[return-value]
    return "ungraded" if topic.score is None else None
