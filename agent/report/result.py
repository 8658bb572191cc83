"""What an interview came to, small enough for a row among thousands."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable

from agent.events import AnyEvent, Header
from agent.grading import settled
from agent.measuring import Measuring, Phrase
from agent.policy import Policy
from agent.report.contests import contests
from agent.report.findings import counts, flags
from agent.report.ledger import Ledger, begun
from agent.report.model import Standing
from agent.report.notes import is_provisional
from agent.report.standings import competencies, ended_as, look, standing
from agent.syllabus import Syllabus
from knowledge.atoms import Frozen, Level


class Known(Frozen):
    """A level with the bounds of 90 %, on the scale of the report."""

    name: str
    verdict: Phrase
    probability: float | None
    level: float | None
    low: float | None
    high: float | None


class Result(Frozen):
    """A report's verdict, and its counts of what is worth a person's look."""

    ended: str | None
    overall: Known
    provisional: bool
    competencies: tuple[Known, ...]
    asked: int
    graded: int
    """Questions that count for the level."""
    ungraded: int
    waiting: int
    """Answers that wait to be marked anew."""
    needs_person: int
    """Questions that count for nothing until a person has looked."""
    disputed: int
    """Of these, those that a reason was given against."""
    contests: int
    """Open ones."""
    red: int
    green: int
    critical: int
    """Of the flags seen, red or green."""
    marks: dict[str, int]
    """Marks on points and indicators by verdict."""
    sources: dict[str, int]
    level_asked: Level
    kit: str
    kit_version: str
    examiner: str
    model: str | None
    policy: str
    """Hash of what it was decided and measured by."""
    viva: str


def result(events: Iterable[AnyEvent], syllabus: Syllabus) -> Result:
    """What a log came to, ended or not.

    Raises:
        BadInput: the log has no header yet.
    """
    ledger, header = begun(events)
    syllabus = syllabus.without(ledger.withdrawn)
    policy = Policy.model_validate(header.policy)
    graded = [topic for topic in ledger.topics if counts(topic)]
    belief = Measuring(map(look, graded), header.level, policy.measure).overall
    overall = standing("overall", belief, graded, header.level, policy)
    seen, _, _ = flags(ledger, syllabus)
    given = [m for topic in ledger.topics for m in settled(mark for mark, _ in topic.marks)]
    return Result(
        ended=ledger.ended,
        overall=_known(overall),
        provisional=is_provisional(ledger, header),
        competencies=tuple(map(_known, competencies(ledger, header, syllabus, policy))),
        asked=len(ledger.topics),
        graded=len(graded),
        **_worth_a_look(ledger),
        red=sum(flag.polarity == "negative" for flag in seen),
        green=sum(flag.polarity == "positive" for flag in seen),
        critical=sum(flag.critical for flag in seen),
        marks=dict(Counter(mark.verdict for mark in given)),
        sources=dict(Counter(mark.source for mark in given)),
        level_asked=header.level,
        kit=header.kit,
        kit_version=header.kit_version,
        examiner=header.examiner,
        model=header.model,
        policy=_policy_hash(header),
        viva=header.viva,
    )


def _worth_a_look(ledger: Ledger) -> dict[str, int]:
    return {
        "ungraded": sum(ended_as(topic) == "ungraded" for topic in ledger.topics),
        "waiting": sum(given.fell_back for given in ledger.given),
        "needs_person": sum(t.review in {"needs_person", "disputed"} for t in ledger.topics),
        "disputed": sum(t.review == "disputed" for t in ledger.topics),
        "contests": sum(contest.state == "open" for contest in contests(ledger)),
    }


def _known(told: Standing) -> Known:
    return Known(**{name: getattr(told, name) for name in Known.model_fields})


def _policy_hash(header: Header) -> str:
    text = json.dumps(header.policy, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
