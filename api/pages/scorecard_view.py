"""A scorecard as its page needs it: what needs a person, where words were said, who says what."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from agent.report.ledger import Ledger
from agent.report.model import QuestionReport, Report
from api.hiring.judging import machine_marks
from api.hiring.reviewing import Review, ToMark
from api.hiring.scorecards import Card
from api.pages.highlights import Block, highlighted
from api.pages.report_view import ShownStanding
from api.pages.score_rows import counted_marks, on_words
from api.web.wire import SeenEvent

FOUND_WORDS = {
    "met": "met",
    "not_met": "not met",
    "contradicted": "contradicted",
    "abstained": "cannot say",
    "unsupported": "not counted: its quote is not in the answer",
    "ungraded": "not graded",
}
SAYS_NOTHING = frozenset({"ungraded", "abstained"})
"""Of the machine's marks, those that a person's neither agrees with nor differs from."""
ACTIONS = {
    "hint": "asked for a hint",
    "skip": "skipped the question",
    "pause": "paused",
    "resume": "went on",
    "clarify": "asked to have it explained",
    "amend": "added to an answer",
    "end": "ended the interview",
}
EVENTS = {"paused": "Paused.", "resumed": "Resumed.", "ended": "The interview ended."}


class Attention(NamedTuple):
    """Something that a person should look at, and where it stands on the page."""

    what: str
    href: str


class Moments(NamedTuple):
    """The turns in which things were said."""

    answers: Mapping[tuple[int, int], int]
    """By the question's place (1-based) and the answer's (0-based)."""
    quotes: Mapping[tuple[int, int], int]
    """By the question's place and the number of the quote."""


class Line(NamedTuple):
    """A line of the conversation; `first` of its turn, so that links find it."""

    turn: int
    first: bool
    who: str
    blocks: list[Block]
    note: str


class Beside(NamedTuple):
    """One point as a person and the machine see it."""

    question: int
    text: str
    machine: str
    person: str
    words: str
    differs: bool | None
    """None where the machine did not mark it, or left it open: there is nothing to agree with."""


class Told(NamedTuple):
    """A person's review with the machine's marks beside it."""

    review: Review
    rows: list[Beside]
    agreed: int
    compared: int
    """Points that the machine marked, too."""


def needs_a_person(card: Card, *, recruits: bool) -> list[Attention]:
    """What the machine leaves to people, the gravest first; before all, who asked for one, told to
    those who can answer: `recruits`."""
    report, stored = card.report, card.stored
    found = []
    if recruits and card.person.waits is not None:
        href = f"/screens/{stored.screen_id}/invites/{stored.invite_id}#asked"
        found.append(Attention("They asked for a person or another way: not answered yet", href))
    found += [
        Attention(f"A critical flag: {flag.text}", "#flags")
        for flag in report.flags
        if flag.critical
    ]
    open_ones = [each for each in report.contests if each.state == "open"]
    found += [
        Attention(f"Question {each.question} is contested", f"#contest-{each.number}")
        for each in open_ones
    ]
    for place, question in enumerate(report.questions, 1):
        found += [Attention(what, f"#q{place}") for what in _about(place, question)]
    if report.waiting:
        found.append(Attention(_waiting(report.waiting), "#notes-of-the-report"))
    elif len(report.sources.keys() - {"human"}) > 1:
        told = "Marked by two examiners, which are two instruments"
        found.append(Attention(told, "#notes-of-the-report"))
    return found


def _about(place: int, question: QuestionReport) -> Iterable[str]:
    if question.review == "disputed":
        yield f"Question {place}: a reason is given against the kit's answer"
    if question.review == "needs_person":
        yield f"Question {place}: may be right by another road"
    if question.outcome == "ungraded":
        yield f"Question {place} could not be graded"
    left = sum(line.state == "left open" for line in question.earned)
    if left:
        points = "1 point" if left == 1 else f"{left} points"
        yield f"Question {place}: the examiner could not tell on {points}"


def _waiting(number: int) -> str:
    return f"{number} answer{' waits' if number == 1 else 's wait'} to be marked again"


def at_a_glance(standings: Iterable[ShownStanding]) -> dict[str, list[ShownStanding]]:
    """The competencies by what is said of them."""
    told: dict[str, list[ShownStanding]] = {}
    for each in standings:
        told.setdefault(each.standing.verdict, []).append(each)
    return told


def moments(report: Report, ledger: Ledger) -> Moments:
    """When each answer, and each quote of the report, was said."""
    answers = {
        (place, number): heard.turn
        for place, topic in enumerate(ledger.topics, 1)
        for number, heard in enumerate(topic.answers)
    }
    quotes = {
        (place, number): answers[place, given.answer]
        for place, question in enumerate(report.questions, 1)
        for number, given in enumerate(
            (given for given in counted_marks(question) if on_words(given.mark)), 1
        )
        if (place, given.answer) in answers
    }
    return Moments(answers, quotes)


def conversation(events: Iterable[SeenEvent]) -> list[Line]:
    """What was said and heard, in order."""
    lines: list[Line] = []
    seen: set[int] = set()
    for event in events:
        who = {"said": "Viva", "heard": "Candidate"}.get(event.type, "")
        note = EVENTS.get(event.type, "")
        if event.type == "heard" and event.action:
            note = f"The candidate {ACTIONS.get(event.action, event.action)}."
        blocks = highlighted(event.text or "", ())
        lines.append(Line(event.turn, event.turn not in seen, who, blocks, note))
        seen.add(event.turn)
    return lines


def side_by_side(report: Report, review: Review, asked: Iterable[ToMark]) -> Told:
    """A person's marks beside the machine's."""
    texts = {(each.question, each.atom): each.text for each in asked}
    machine = {place: machine_marks(question) for place, question in enumerate(report.questions, 1)}
    unsure = {
        (place, line.atom)
        for place, question in enumerate(report.questions, 1)
        for line in question.earned
        if line.sure < 1
    }
    rows = []
    for mark in review.marks:
        given = machine.get(mark.question, {}).get(mark.atom, "ungraded")
        rows.append(
            Beside(
                question=mark.question,
                text=texts.get((mark.question, mark.atom), "a point that was withdrawn since"),
                machine=_machines(given, (mark.question, mark.atom) in unsure),
                person=FOUND_WORDS[mark.verdict],
                words=mark.words,
                differs=None if given in SAYS_NOTHING else _plain(given) != mark.verdict,
            )
        )
    compared = [row for row in rows if row.differs is not None]
    return Told(review, rows, sum(not row.differs for row in compared), len(compared))


def _machines(verdict: str, is_unsure: bool) -> str:
    """The machine's mark in words; one that it counts for less, for it is unsure, is told so."""
    is_perhaps = is_unsure and verdict == "met"
    return "perhaps met, counted for less" if is_perhaps else FOUND_WORDS[verdict]


def _plain(verdict: str) -> str:
    """A mark whose quote did not stand counts for nothing, as one that was not met."""
    return "not_met" if verdict == "unsupported" else verdict
