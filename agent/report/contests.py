"""What a candidate contests, and what came of it: for the team, and without the rubric."""

from collections.abc import Iterable

from agent.events import Contested
from agent.report.argument import Contest
from agent.report.ledger import Ledger, Topic
from agent.report.model import WithdrawnMark


def contests(ledger: Ledger) -> tuple[Contest, ...]:
    """Every contest of an interview as it stands, in the order they came."""
    return tuple(_contest(ledger, contest) for contest in ledger.contests)


def _contest(ledger: Ledger, contest: Contested) -> Contest:
    told = Contest(
        number=contest.number,
        question=contest.testlet + 1,
        atom=contest.atom,
        text=contest.text,
        reason=contest.reason,
        quote=contest.quote.text if contest.quote else None,
        at=contest.at,
    )
    decided = ledger.decided.get(contest.number)
    if decided is None:
        return told
    return told.model_copy(
        update={
            "state": "upheld" if decided.upheld else "refused",
            "decided_by": decided.by,
            "decision": decided.reason,
            "set_aside": decided.set_aside,
            "withdrawn": bool(decided.withdrawn),
        }
    )


def without_names(told: Iterable[Contest]) -> tuple[Contest, ...]:
    """The same for the candidate once opened: not who of the team decided."""
    return tuple(contest.model_copy(update={"decided_by": None}) for contest in told)


def without_rubric(told: Iterable[Contest]) -> tuple[Contest, ...]:
    """The same for the candidate of a screen: their own words, and the answer to them."""
    hidden = {"atom": None, "text": None, "decided_by": None}
    return tuple(contest.model_copy(update=hidden) for contest in told)


def withdrawn_marks(topic: Topic) -> tuple[WithdrawnMark, ...]:
    """A question's marks by what was wrong in the kit; they count for nothing."""
    return tuple(
        WithdrawnMark(mark=mark, at=event.at, reason=event.reason)
        for mark, event in topic.withdrawn
    )
