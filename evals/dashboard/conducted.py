"""The interviewer's own rules, simulated candidates, and whatever else is told in Markdown."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from statistics import fmean

from evals.dashboard.blocks import Block, Case, Cases, Section, Table, Text, Tile, Tiles
from evals.dashboard.drawn import bar, stacked
from evals.dashboard.reading import Results, Row, as_html

MOMENTS = 4
MISSES = 15
LEVELS = ("junior", "mid", "senior", "principal")
JUDGED = ("right", "open", "wrong")
SHOWN = {
    "minutes": "minutes of the candidate's own time",
    "first_word_median": "seconds to the first word, median",
    "first_word_95": "seconds to the first word, 95th of 100",
    "calls": "calls of a model",
    "tokens_out": "tokens out",
    "cost": "cost",
    "fallbacks": "fallbacks",
    "talk_share": "interviewer's share of the words",
    "words_a_message": "words of a message, median",
    "longest_message": "longest message, in words",
    "core_questions": "core questions",
    "follow_ups": "follow-ups",
    "ungraded": "questions without a grade",
    "unsupported": "marks whose quote did not stand",
    "coverage": "share of competencies asked about",
    "left_open": "candidate's questions left open",
}


def scorecard(results: Results) -> Iterator[Section]:
    """Rules that were not kept, with the moments, and figures over all interviews."""
    figures = results.rows("figures.parquet")
    if not figures:
        return
    findings = results.rows("conduct.parquet")
    faults = sum(row["severity"] == "fault" for row in findings)
    clean = sum(not row["faults"] for row in figures)
    tiles = [
        Tile("interviews", str(len(figures))),
        Tile("without a fault", str(clean)),
        Tile("faults", str(faults), alarm=faults > 0),
        Tile("moments to look at", str(len(findings) - faults)),
    ]
    blocks: list[Block] = [Tiles(tiles), *_rules(findings), _spreads(figures)]
    intro = "A fault is a rule that was broken; a look is what code alone cannot tell."
    yield Section("scorecard", "The interviewer's own rules", intro, blocks)


def _rules(findings: Sequence[Row]) -> Iterator[Block]:
    by_rule: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in findings:
        by_rule[row["severity"], row["rule"]].append(row)
    order = sorted(by_rule, key=lambda key: (key[0], -len(by_rule[key])))
    if not order:
        return
    most = max(map(len, by_rule.values()))
    rows = []
    for severity, rule in order:
        some = by_rule[severity, rule]
        where = len({row["transcript"] for row in some})
        drawing = bar(len(some), most, f"{len(some)}", alarm=severity == "fault")
        rows.append((rule, severity, drawing, len(some), where))
    headings = ("rule", "what", "", "moments", "interviews")
    yield Table("Rules not kept, or perhaps not", headings, rows)
    cases = [_moments(rule, severity, by_rule[severity, rule]) for severity, rule in order]
    yield Cases("Moments", cases, f"At most {MOMENTS} of each rule.")


def _moments(rule: str, severity: str, some: Sequence[Row]) -> Case:
    seen, first = Counter[str](), []
    for row in some:
        first.append((seen[row["transcript"]], row))
        seen[row["transcript"]] += 1
    first.sort(key=lambda pair: pair[0])
    parts = [
        (f"{row['transcript']}, turn {row['turn']}, event {row['seq']}: {row['why']}", row["words"])
        for _, row in first[:MOMENTS]
    ]
    return Case(f"{severity}: {rule} ({len(some)})", parts)


def _spreads(figures: Sequence[Row]) -> Table:
    rows = []
    for name, told in SHOWN.items():
        values = [(row[name], row["transcript"]) for row in figures if row.get(name) is not None]
        if values:
            numbers = [value for value, _ in values]
            most, where = max(values)
            rows.append((told, f"{fmean(numbers):.2f}", f"{min(numbers):g}", f"{most:g}", where))
    return Table("Figures", ("of an interview", "mean", "least", "most", "most in"), rows)


def simulation(results: Results) -> Iterator[Section]:
    """What was found of simulated candidates, against what they know."""
    rows = results.rows("simulated.parquet")
    if not rows:
        return
    judged = Counter(row["judged"] for row in rows)
    tiles = [Tile("interviews", str(len(rows)))]
    tiles += [Tile(f"verdict {name}", str(judged[name])) for name in JUDGED]
    blocks: list[Block] = [
        Tiles(tiles),
        _grouped("By level", rows, lambda r: str(r["level"]), LEVELS),
        _grouped("By style", rows, lambda r: str(r["style"])),
    ]
    failed = results.lines("failures.jsonl")
    if failed:
        told = [(each.get("name", ""), each.get("why", "")) for each in failed]
        blocks.append(Table("What failed", ("interview", "why"), told))
    intro = "A verdict is right where it fits what the candidate was made to know."
    yield Section("simulation", "Simulated candidates", intro, blocks)


def _grouped(
    title: str, rows: Sequence[Row], key: Callable[[Row], str], order: Sequence[str] = ()
) -> Table:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    names = [name for name in order if name in groups] or sorted(groups)
    lines = []
    for name in names:
        judged = Counter(row["judged"] for row in groups[name])
        counts = {each: judged[each] for each in JUDGED}
        label = ", ".join(f"{many} {each}" for each, many in counts.items())
        estimates = [row["estimate"] for row in groups[name] if row["estimate"] is not None]
        mean = f"{fmean(estimates):.2f}" if estimates else ""
        lines.append((name, stacked(counts, label), label, len(groups[name]), mean))
    return Table(title, ("", "", "verdicts", "interviews", "mean estimate"), lines)


def suites(results: Results) -> Iterator[Section]:
    """Invariance, attacks and leakage: what may be found at most, and what was."""
    for path in sorted(results.folder.glob("suite-*.json")):
        told = results.json(path.name)
        if not isinstance(told, dict):
            continue
        name = path.stem.removeprefix("suite-")
        aims = [
            (aim["what"], f"{aim['at_most']:g}", f"{aim['found']:.3g}", _met(aim["met"]))
            for aim in told["aims"]
        ]
        blocks: list[Block] = [Table("Aims", ("aim", "at most", "found", "outcome"), aims)]
        misses = [
            Case(miss["what"], (("question", miss["question"]), ("words", miss["words"])))
            for miss in told["misses"]
        ]
        if misses:
            note = f"The first {MISSES} of {len(misses)}." if len(misses) > MISSES else ""
            blocks.append(Cases("Cases against an aim", misses[:MISSES], note))
        if left_out := told.get("left_out"):
            blocks.append(Table("Left out", ("case",), [(each,) for each in left_out[:MISSES]]))
        yield Section(f"suite-{name}", f"Suite: {name}", str(told["tried"]), blocks)


def _met(met: bool) -> str:
    return "met" if met else "missed"


def gate(results: Results) -> Iterator[Section]:
    """Whether a candidate passed, and what changed between two results."""
    for name, title in (("gate", "Gate"), ("drift", "What changed between two results")):
        if results.has(f"{name}.md"):
            text = (results.folder / f"{name}.md").read_text("utf-8")
            yield Section(name, title, "", [Text(as_html(text))])
