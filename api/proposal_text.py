"""Proposals in words, for a person at a terminal or in a pipe."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from api.kit_text import counted, print_line

if TYPE_CHECKING:
    from agent.model.tally import Bill
    from agent.proposing import Proposed
    from api.proposing import Completion
    from knowledge.proposals import Proposal


def print_proposals(name: str, found: "Sequence[Proposal]") -> None:
    """What waits in a kit: what, from which words or likeness, by whom, under which id."""
    if not found:
        print(f"Nothing waits in {name}.")
    for each in found:
        if each.what == "link":
            print_line(f"{each.id}  graded as {each.above}: {each.text}")
        else:
            told = [str(fact) for fact in (each.level, each.polarity) if fact]
            facts = f" ({', '.join(told)})" if told else ""
            print_line(f"{each.id}  {each.what.replace('_', ' ')}{facts}: {each.text}")
            if each.above:
                print_line(f"in: {each.above}", 4)
        if each.likeness is not None:
            print_line(f"likeness {each.likeness:.2f}", 4)
        if each.span and each.source:
            print_line(f"{each.source.told}: “{each.span}”", 4)
        print_line(f"proposed by {each.by}", 4)
    if found:
        print_line(
            f"To use or refuse them: viva kit accept {name} ID..., viva kit reject {name} ID..."
        )


def print_proposed(name: str, proposed: "Proposed") -> None:
    """What a model made of the passages that were left as facts."""
    seen = f"{proposed.passages} of {counted(proposed.of, 'passage')}"
    print_line(f"Proposed from {seen} left as fact: {counted(len(proposed.atoms), 'atom')}.")
    _print_dropped(proposed.dropped)
    print_bill(proposed.bill)
    if proposed.atoms:
        print_line(f"They wait for you: viva kit proposals {name}")


def print_completion(done: "Completion") -> None:
    """What was proposed to complete a kit."""
    print_line(f"{counted(done.without_rubric, 'question')} in {done.kit} with nothing to mark by.")
    print_line(f"Proposed by likeness: {counted(done.links, 'link')} to a competency.")
    if done.drafted:
        drafted = done.drafted
        print_line(
            f"Drafted for {drafted.questions} of {counted(drafted.of, 'question')} that lack "
            f"something: {counted(len(drafted.atoms), 'atom')}."
        )
        _print_dropped(drafted.dropped)
        print_bill(drafted.bill)
    print_line(f"What waits: viva kit proposals {done.kit}")


def print_bill(bill: "Bill") -> None:
    """What the model's calls took, and what went wrong with them."""
    cost = "" if bill.cost is None else f", cost {bill.cost:.4f}"
    tokens = f"{bill.tokens_in:,} tokens in, {bill.tokens_out:,} out"
    print_line(f"{counted(bill.calls, 'call')} to the model, {tokens}{cost}.")
    if bill.trouble:
        failed = f"{bill.failed} failed: " if bill.failed else "Not everything was asked: "
        print_line(f"{failed}{bill.trouble}. The kit is whole without what they would have given.")


def _print_dropped(dropped: Mapping[str, int]) -> None:
    for why, number in dropped.items():
        print_line(f"Left out, {number} x: {why}.", 2)
