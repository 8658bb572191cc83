"""Agreement with people, and how groups of people fare."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from evals.dashboard.blocks import Block, Case, Cases, Section, Table
from evals.dashboard.drawn import interval
from evals.dashboard.reading import Results, Row

MOST = 20
TOO_FEW = "too few to say"
SORTS = {
    "blind": "People who marked before they saw the machine's marks",
    "adjudicated": "Marks that people settled on after they differed",
    "informed": "People who had seen the machine's marks: not independent",
    "author": "Marks by the authors: not human agreement",
}


def agreement(results: Results) -> Iterator[Section]:
    """Figures with their intervals, and the worst disagreements."""
    figures = results.json("agreement.json")
    if not isinstance(figures, list):
        return
    blocks: list[Block] = []
    for sort, some in groupby(figures, key=lambda each: each.get("sort")):
        mine = list(some)
        plain = [each for each in mine if not each.get("group")]
        blocks.append(_figures(SORTS.get(sort, str(sort)), plain))
        grouped = [each for each in mine if each.get("group")]
        if grouped:
            title = f"The same by {grouped[0].get('by')}"
            blocks.append(_figures(title, grouped))
    blocks += _worst(results.rows("disagreements.parquet"))
    intro = (
        "Dots are figures, lines their 90 % intervals over whole interviews, hollow dots what "
        "somebody who always says the same would come to."
    )
    yield Section("agreement", "Agreement with people", intro, blocks)


def _figures(title: str, figures: Sequence[Row]) -> Table:
    headings = ("figure", "", "value", "90 % interval", "constant", "n", "interviews")
    return Table(title, headings, [_figure(each) for each in figures])


def _figure(each: Row) -> tuple[object, ...]:
    value, low, high, constant = (each.get(k) for k in ("value", "low", "high", "constant"))
    between = f"{each.get('first')} and {each.get('second')}"
    less = " (less is better)" if each.get("name") == "MAE" else ""
    name = f"{each.get('name')}{less}, {each.get('of')}, {between}"
    name = f"{each['group']}: {name}" if each.get("group") else name
    counts = each.get("count", ""), each.get("transcripts", "")
    if value is None:
        return (name, "", TOO_FEW, "", _number(constant), *counts)
    bounds = TOO_FEW if low is None or high is None else f"{low:.2f} to {high:.2f}"
    label = f"{value:.2f}, {bounds}"
    drawing = interval(value, low, high, label, scale=(-0.2, 1.0), beside=constant)
    return (name, drawing, f"{value:.3f}", bounds, _number(constant), *counts)


def _number(value: Any) -> str:
    return "" if value is None else f"{value:.3f}"


def _worst(rows: Sequence[Row]) -> Iterator[Block]:
    if not rows:
        return
    grouped = groupby(rows, key=lambda r: (r["transcript"], r["question"], r["by"], r["sort"]))
    cases = [_case(list(some)) for _, some in grouped]
    note = f"The first {MOST} of {len(cases)} are shown." if len(cases) > MOST else ""
    yield Cases("Where they differ most", cases[:MOST], note)


def _case(points: Sequence[Row]) -> Case:
    first = points[0]
    scores = ", ".join(
        f"{who} {'no score' if score is None else f'{score:.2f}'}"
        for who, score in (
            ("machine", first["machine_score"]),
            (first["by"], first["person_score"]),
        )
    )
    parts = [("question", first["question_text"])]
    parts += [("answer", answer) for answer in first["answers"]]
    for point in points:
        told = (
            f"machine {point['machine']} ({point['probability']:.2f}): "
            f"{point['machine_words'] or 'no words'}. "
            f"{point['by']} {point['person']}: {point['person_words'] or 'no words'}."
        )
        parts.append((point["text"], told))
    return Case(f"{first['transcript']}: {scores}", parts)


def fairness(results: Results) -> Iterator[Section]:
    """Rates of groups, and their ratios to the group with the highest rate."""
    rates = results.json("rates.json")
    if not isinstance(rates, list) or not rates:
        return
    headings = ("group", "", "selected", "rate", "ratio", "Fisher's p", "notes")
    blocks: list[Block] = []
    for (part, measure, attribute), some in groupby(
        rates, key=lambda r: (r.get("part"), r.get("measure"), r.get("attribute"))
    ):
        title = ", ".join(filter(None, (part, attribute, measure)))
        blocks.append(Table(title, headings, [_rate(each) for each in some]))
    intro = "Groups stand in a file of their own, which the interviewer never sees."
    yield Section("fairness", "Groups of people", intro, blocks)


def _rate(each: Row) -> tuple[object, ...]:
    label = f"{each['rate']:.2f}, {each['low']:.2f} to {each['high']:.2f}"
    ratio, p = each.get("ratio"), each.get("chance")
    return (
        each["group"],
        interval(each["rate"], each["low"], each["high"], label),
        f"{each['selected']} of {each['count']}",
        f"{each['rate']:.2f}",
        "" if ratio is None else f"{ratio:.2f}",
        "" if p is None else f"{p:.3f}",
        "; ".join(each.get("notes") or ()),
    )
