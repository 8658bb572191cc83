"""A candidate contests a mark, or a question as a whole; a person rules on it in `agent.ruling`."""

from dataclasses import dataclass

from agent.events import Contested, Mark, Quote
from agent.grading import credit, settled
from agent.policy import Policy
from agent.quoting import locate
from agent.report.ledger import Ledger, Topic
from knowledge.errors import BadInput

LONGEST = 2_000
"""Characters of a reason, or of the words pointed at."""
SHORT = 120
"""Characters of words told back as not found."""
MOST = 20
"""Contests of one interview."""


@dataclass(frozen=True)
class Complaint:
    """What a candidate sees otherwise, and why."""

    contest_id: str
    question: int
    """Its place in the report, 1-based."""
    reason: str
    atom: str | None = None
    """The point, indicator or flag; None for the question as a whole."""
    words: str | None = None
    """Words of an answer to that question, as they stand there."""


def contestable(topic: Topic, policy: Policy) -> list[Mark]:
    """The marks of a question that a candidate may see otherwise: all but what speaks in full."""
    flags = [flag for given in topic.given for flag in given.flags]
    marks = settled(mark for mark, _ in topic.marks)
    doubted = _doubted(topic, policy)
    return [
        mark
        for mark in (*marks, *settled(flags))
        if (mark.verdict == "met") == is_against(mark) or mark.atom in doubted
    ]


def _doubted(topic: Topic, policy: Policy) -> set[str]:
    """What is met and counts for less than the help explains: the examiner was unsure."""
    best: dict[str, tuple[float, bool]] = {}
    for given in topic.given:
        for mark in given.marks:
            if mark.verdict == "met" and not is_against(mark) and mark.role != "example":
                worth = credit(mark, given.aid, policy)
                sure = mark.model_copy(update={"probability": 1.0})
                unsure = worth < credit(sure, given.aid, policy)
                best[mark.atom] = max(best.get(mark.atom, (0.0, True)), (worth, unsure))
    return {atom for atom, (_, unsure) in best.items() if unsure}


def is_against(mark: Mark) -> bool:
    return mark.polarity == "negative"


def contested(
    ledger: Ledger, complaint: Complaint, at: float, *, opened: bool = False
) -> Contested:
    """The contest as an event; `opened`: the candidate of a screen may read its rubric.

    Raises:
        BadInput: there is nothing there to contest, or it is contested already; no reason is
            given; the words stand in no answer to that question.
    """
    if len(ledger.contests) >= MOST:
        raise BadInput(
            f"This interview has {MOST} contests already.", "Ask the people of the team instead."
        )
    reason = checked(complaint.reason, "A reason")
    topic = _topic(ledger, complaint.question)
    text = _contested_text(ledger, topic, complaint.atom, opened)
    _refuse_twice(ledger, complaint)
    return Contested(
        at=at,
        number=len(ledger.contests) + 1,
        contest_id=complaint.contest_id,
        testlet=complaint.question - 1,
        question=topic.question,
        atom=complaint.atom,
        text=text,
        reason=reason,
        quote=_pointed_at(topic, complaint.words),
    )


def is_same(contest: Contested, complaint: Complaint) -> bool:
    """Whether a contest with this id is the one that was sent before."""
    words = contest.quote.text if contest.quote else None
    given = (complaint.words or "").strip()
    return (
        (contest.testlet + 1, contest.atom, contest.reason)
        == (complaint.question, complaint.atom, complaint.reason.strip())
        and bool(given) == bool(words)
        and (not words or locate(given, words) is not None)
    )


def checked(text: str, what: str, longest: int = LONGEST) -> str:
    """The text without white space around it.

    Raises:
        BadInput: nothing is left, or too much, or bytes that are no text.
    """
    text = text.strip()
    if text.encode(errors="ignore").decode() != text:
        raise BadInput(f"{what} holds bytes that are no text.", "Write it anew, in UTF-8.")
    if not text or len(text) > longest:
        remedy = f"Write it in 1 to {longest:,} characters; nothing was changed."
        raise BadInput(f"{what} is missing." if not text else f"{what} is too long.", remedy)
    return text


def _topic(ledger: Ledger, place: int) -> Topic:
    if not 1 <= place <= len(ledger.topics):
        last = len(ledger.topics)
        remedy = f"Give its number in the report, 1 to {last}." if last else "None was asked."
        raise BadInput(f"There is no question {place} in this interview.", remedy)
    return ledger.topics[place - 1]


def _contested_text(ledger: Ledger, topic: Topic, atom: str | None, opened: bool) -> str | None:
    if atom is None:
        return None
    if ledger.header and ledger.header.mode == "screen" and not opened:
        raise BadInput(
            "Until a screen is closed, a question is contested as a whole.",
            "Leave out the point; say why.",
        )
    policy = Policy.model_validate(ledger.header.policy if ledger.header else {})
    mark = next((mark for mark in contestable(topic, policy) if mark.atom == atom), None)
    if mark is None:
        raise BadInput(
            "There is no such mark against you at this question.",
            "Take a point that is not shown, contradicted or counted for less than the help "
            "explains, or a sign or flag seen against you.",
        )
    return mark.text


def _refuse_twice(ledger: Ledger, complaint: Complaint) -> None:
    mine = (complaint.question - 1, complaint.atom)
    for contest in ledger.contests:
        undecided = contest.number not in ledger.decided
        if undecided and (contest.testlet, contest.atom) == mine:
            raise BadInput(
                f"That is contested already (number {contest.number}), and not decided yet.",
                "Wait for the answer.",
            )


def in_short(words: str) -> str:
    """The beginning of words that are told back."""
    return words if len(words) <= SHORT else f"{words[:SHORT].rstrip()}…"


def _pointed_at(topic: Topic, words: str | None) -> Quote | None:
    if not (words and words.strip()):
        return None
    words = checked(words, "What you quote")
    found = (locate(words, heard.text) for heard in topic.answers)
    quote = next((quote for quote in found if quote), None)
    if quote is None:
        raise BadInput(
            f"These words do not stand in any answer to that question: “{in_short(words)}”.",
            "Copy them from the answer as they stand there, or leave them out.",
        )
    return quote
