"""What a report finds beside the level: which answers count, and the flags seen or not."""

from agent.report.ledger import Ledger, Topic
from agent.report.model import FlagReport
from agent.syllabus import Syllabus
from agent.wording import stems
from knowledge.atoms import Atom

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
