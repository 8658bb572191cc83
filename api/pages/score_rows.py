"""A question's score as a table: what was said and counts, what was not, what was taken off."""

from typing import NamedTuple

from agent.events import Mark
from agent.grading import settled
from agent.report.argument import Contest
from agent.report.model import Earned, GivenMark, QuestionReport, WithdrawnMark
from agent.report.telling import MARKS, counted_in_words, same_words, shown_in_words

UNSAID = {
    "not shown": "Not shown",
    "said by the question": "Not shown",
    "contradicted": "Contradicted",
    "left open": "Left open",
}
WHY_UNSAID = {
    "said by the question": "the question says it itself",
    "left open": "the examiner could not tell: neither for nor against",
}
CONTESTABLE = {"Not shown", "Contradicted", "Disputed", "Against", "Not counted", "Left open"}
VERDICTS = MARKS | {"not_met": "not shown", "abstained": "left open"}


class Row(NamedTuple):
    """A point or indicator and what it came to; the number is that of its quote, if it has one.

    `seen` where the quote is lit in an answer; `also` are numbers of marks on the same words.
    """

    number: int | None
    seen: bool
    atom: str
    label: str
    text: str
    kind: str
    by: str
    mark: Mark | None
    counts: str
    why: str
    also: tuple[int, ...] = ()
    contests: tuple[Contest, ...] = ()
    help: str = ""
    """What goes with the label: `, after a hint (0.75)`."""
    doubted: bool = False
    """It counts for less because the examiner was unsure."""
    before: str | None = None
    """What a machine had marked it, where a person has ruled on it since."""

    @property
    def state(self) -> str:
        """The label as a class name."""
        return self.label.lower().replace(" ", "-")

    @property
    def open(self) -> bool:
        """Whether a person could find that the answer makes it, or makes it fully."""
        return self.doubted or self.label not in {"Shown", "Against", "Taken back", "Withdrawn"}

    @property
    def contestable(self) -> bool:
        """Whether the candidate can say that they see it otherwise, and has not yet."""
        seen_otherwise = self.doubted or self.label in CONTESTABLE
        return seen_otherwise and all(each.state != "open" for each in self.contests)


def counted_marks(question: QuestionReport) -> list[GivenMark]:
    """The marks that count, of all answers, in the order of their quotes."""
    kept = {id(mark) for mark in settled(given.mark for given in question.marks)}
    counted = [given for given in question.marks if id(given.mark) in kept]
    return sorted(counted, key=lambda g: (g.answer, g.mark.quote.start if g.mark.quote else 0))


def on_words(mark: Mark) -> bool:
    """Whether the mark points at words of the candidate."""
    return mark.quote is not None or mark.verdict == "unsupported"


def rows(question: QuestionReport, lit: set[int], contests: tuple[Contest, ...]) -> list[Row]:
    """What was said, in the order of the quotes, then what was not, in the kit's order."""
    lines = {line.atom: line for line in question.earned}
    said = [given for given in counted_marks(question) if on_words(given.mark)]
    numbers = {given.mark.atom: number for number, given in enumerate(said, 1)}
    also = same_words(said)
    shown = [_said(g.mark, numbers, also, lines.get(g.mark.atom), lit) for g in said]
    missing = [line for line in question.earned if line.atom not in numbers]
    all_rows = [*shown, *map(_unsaid, missing), *map(_withdrawn, question.withdrawn)]
    before = {
        mark.atom: f"{mark.source} had marked it {_verdict(mark)}" for mark in question.overruled
    }
    return [
        row._replace(
            contests=tuple(each for each in contests if each.atom == row.atom),
            before=before.get(row.atom),
        )
        for row in all_rows
    ]


def _verdict(mark: Mark) -> str:
    if mark.polarity == "negative" and mark.verdict == "met":
        return "seen, against"
    return VERDICTS[mark.verdict]


def _said(
    mark: Mark,
    numbers: dict[str, int],
    also: dict[str, tuple[str, ...]],
    line: Earned | None,
    lit: set[int],
) -> Row:
    label, counts, why = _worth(mark, line)
    is_shown = line is not None and line.state in {"shown", "beside"} and mark.verdict == "met"
    return Row(
        number=numbers[mark.atom],
        seen=numbers[mark.atom] in lit,
        atom=mark.atom,
        label=label,
        text=mark.text,
        kind="against" if mark.polarity == "negative" else mark.kind,
        by=f"{mark.source}, as fallback" if mark.fallback else mark.source,
        mark=mark,
        counts=counts,
        why=why,
        also=tuple(sorted(numbers[other] for other in also.get(mark.atom, ()))),
        help=shown_in_words(line)[1] if line and is_shown else "",
        doubted=is_shown and line is not None and line.sure < 1,
    )


def _worth(mark: Mark, line: Earned | None) -> tuple[str, str, str]:
    """The label, the number, and why it is that number."""
    if mark.verdict == "unsupported":
        return "Not counted", "–", "its quote is not in the answer"
    if mark.verdict == "contradicted" and mark.reason:
        return "Disputed", "–", "a reason is given: a person looks"
    if line is None and (mark.verdict == "contradicted" or mark.polarity == "negative"):
        return "Taken back", "–", "said otherwise later"
    if line is None:
        return "Shown", "–", _uncounted(mark)
    if line.state in {"against", "contradicted"}:
        label = "Contradicted" if mark.verdict == "contradicted" else "Against"
        return label, f"−{line.off:.2f}", "taken off the score"
    _, _, why = counted_in_words(line).partition(": ")
    return shown_in_words(line)[0], f"{line.credit:.2f}", why


def _uncounted(mark: Mark) -> str:
    if mark.role == "example":
        return "an example, which is never scored"
    return "one of a group, of which another counts" if mark.group else "not counted"


def _withdrawn(gone: WithdrawnMark) -> Row:
    return Row(
        number=None,
        seen=False,
        atom=gone.mark.atom,
        label="Withdrawn",
        text=gone.mark.text,
        kind="",
        by="",
        mark=None,
        counts="–",
        why=f"it counts for nothing: {gone.reason}",
    )


def _unsaid(line: Earned) -> Row:
    return Row(
        number=None,
        seen=False,
        atom=line.atom,
        label=UNSAID.get(line.state, "Against"),
        text=line.text,
        kind="",
        by="",
        mark=None,
        counts="–" if line.state == "left open" else f"−{line.off:.2f}" if line.off else "0",
        why=WHY_UNSAID.get(line.state, ""),
    )
