"""What a report finds beside the level: flags seen, asked and not seen, and what to study."""

from collections.abc import Iterable

from agent.grading import against, settled
from agent.report.ledger import Ledger, Topic
from agent.report.model import FlagReport, Study
from agent.syllabus import Syllabus
from agent.wording import stems
from knowledge.atoms import Atom

MOST_STUDY = 12
ASKED_FROM = 0.35
CAME_UP_FROM = 0.5
"""Likeness from which something said is about what a flag is about."""


def authored(topic: Topic, syllabus: Syllabus) -> str:
    """The question in the kit's words, without what was said around it."""
    asked = syllabus.kit.by_id[topic.question]
    scene = syllabus.kit.by_id.get(asked.parent or "")
    return f"{scene.text} {asked.text}" if scene and scene.kind == "question" else asked.text


def counts(topic: Topic) -> bool:
    """What waits for a person is neither right nor wrong."""
    if topic.review:
        return False
    return topic.outcome == "not_answered" or (
        topic.outcome == "answered" and topic.score is not None
    )


def flags(
    ledger: Ledger, syllabus: Syllabus
) -> tuple[tuple[FlagReport, ...], tuple[str, ...], tuple[str, ...]]:
    """Flags seen with their quotes; those whose topic came up unseen; those never asked about."""
    quotes: dict[str, list[str]] = {}
    for flag_mark in ledger.flags:
        if flag_mark.quote:
            quotes.setdefault(flag_mark.atom, []).append(flag_mark.quote.text)
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
    came_up = " ".join(authored(topic, syllabus) for topic in ledger.topics)
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


def study(ledger: Ledger, syllabus: Syllabus) -> Iterable[Study]:
    """Core points that no answer made, worst question first."""
    weakest = sorted(
        (t for t in ledger.topics if counts(t)),
        key=lambda topic: topic.score or 0.0,
    )
    put = 0
    for topic in weakest:
        for atom in _missed(topic, syllabus):
            if put < MOST_STUDY:
                put += 1
                where = f"{atom.source.document}:{atom.source.line}" if atom.source else None
                yield Study(text=atom.text, question=authored(topic, syllabus), source=where)


def _missed(topic: Topic, syllabus: Syllabus) -> list[Atom]:
    item = syllabus.rubric(topic.question)
    met = {m.atom for m, _ in topic.marks if m.verdict == "met"}
    unknown = {m.atom for m in settled(mark for mark, _ in topic.marks) if m.verdict == "abstained"}
    met -= set(against(mark for mark, _ in topic.marks))
    groups = {p.group for p in item.core if p.group and p.id in met}
    wanted = item.core or tuple(i for i in item.indicators if i.polarity == "positive")
    missed = [a for a in wanted if a.id not in met | unknown]
    left = [a for a in missed if not (a.group and a.group in groups)]
    once = {a.group or a.id: a for a in reversed(left)}
    return [a for a in left if once.get(a.group or a.id) is a]
