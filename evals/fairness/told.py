"""Impact ratios as Markdown."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from evals.fairness.impact import FEWEST, FOUR_FIFTHS, MEASURES, GroupRate, Unplaced
from evals.markdown import table

HEADINGS = (
    "group", "selected", "of", "rate", "90 % interval", "ratio", "90 % interval", "Fisher's p", ""
)  # fmt: skip
ABOUT = (
    f"A ratio is a group's rate over the highest rate of a group of {FEWEST} or more. Below "
    f"{FOUR_FIFTHS:g} is the four-fifths rule of thumb (29 CFR 1607.4 D): a reason to look, and no "
    "verdict; a ratio above it is none either. docs/agreement.md says what this can show."
)


def markdown(rates: Sequence[GroupRate | Unplaced], interviews: int) -> str:
    """A table for each measure and attribute, or two attributes together."""
    head = [f"# Fairness: {interviews} interviews\n", f"{ABOUT}\n"]
    return "\n".join([*head, *_tables(rates)])


def _tables(rates: Sequence[GroupRate | Unplaced]) -> Iterator[str]:
    for (part, measure), some in groupby(rates, key=lambda each: (each.part, each.measure)):
        title = f"{part}: {measure}" if part else measure
        yield f"## {title[0].upper()}{title[1:]}\n\n({MEASURES[measure]})\n"
        for attribute, mine in groupby(some, key=lambda each: each.attribute):
            listed = list(mine)
            yield f"### {attribute}\n"
            yield table(HEADINGS, (_row(each) for each in listed if isinstance(each, GroupRate)))
            yield from (
                f"\n{each.count} more interviews have no known group here."
                for each in listed
                if isinstance(each, Unplaced)
            )
            yield ""


def _row(each: GroupRate) -> tuple[object, ...]:
    low, high = each.ratio_low, each.ratio_high
    bounds = "" if low is None or high is None else f"{low:.2f} to {high:.2f}"
    chance = "" if each.chance is None else f"{each.chance:.3f}"
    return (
        each.group,
        each.selected,
        each.count,
        f"{each.rate:.2f}",
        f"{each.low:.2f} to {each.high:.2f}",
        "none" if each.ratio is None else f"{each.ratio:.2f}",
        bounds or ("the highest" if each.group == each.beside else ""),
        chance,
        "; ".join(each.notes),
    )
