"""Replays: what came out the same, and what differs between two gradings."""

from collections import Counter
from collections.abc import Iterator, Sequence

from evals.dashboard.blocks import Block, Case, Cases, Section, Table, Tile, Tiles
from evals.dashboard.drawn import bar
from evals.dashboard.reading import Results, Row

MOST = 25
TITLES = {
    "verify": ("Verify", "Played again with the same kit, examiner, policy, clock and seed."),
    "regrade": ("Re-grade", "The stored answers marked anew, beside the marks of the logs."),
    "counterfactual": ("Counterfactual", "Other rules: replayed up to where the path would part."),
}


def replay(results: Results) -> Iterator[Section]:
    """The section of a replay, whichever of the three kinds it was."""
    outcomes = results.lines("outcomes.jsonl")
    if not outcomes:
        return
    kind = str(results.run().get("settings", {}).get("kind", "regrade"))
    title, intro = TITLES.get(kind, (kind.capitalize(), ""))
    blocks: list[Block] = [Tiles(list(_tiles(outcomes)))]
    blocks += _different(outcomes, kind)
    blocks += _changes(results)
    blocks += verdicts(results)
    blocks += _failures(results)
    yield Section(kind, title, intro, blocks)


def _tiles(outcomes: Sequence[Row]) -> Iterator[Tile]:
    states = Counter(str(each.get("state")) for each in outcomes)
    yield Tile("transcripts", str(len(outcomes)))
    for state, count in states.most_common():
        yield Tile(state, str(count), alarm=state in {"different", "failed"})
    if events := sum(each.get("events") or 0 for each in outcomes):
        yield Tile("events the same", f"{events:,}")
    if answers := sum(each.get("answers") or 0 for each in outcomes):
        yield Tile("answers marked anew", f"{answers:,}")


def _different(outcomes: Sequence[Row], kind: str) -> Iterator[Block]:
    wanted = {"different", "diverged"} if kind != "regrade" else {"different"}
    rows = [(each["id"], each.get("told", "")) for each in outcomes if each.get("state") in wanted]
    if rows:
        yield Table("What differs", ("transcript", "where"), rows[:MOST], _more(len(rows)))


def _changes(results: Results) -> Iterator[Block]:
    marks = results.rows("mark_changes.parquet")
    if not marks:
        return
    counts = Counter(row["change"] for row in marks)
    rows = [
        (name, bar(count, len(marks), f"{count} of {len(marks)}"), f"{count:,}")
        for name, count in counts.most_common()
    ]
    yield Table("Marks", ("compared with the log", "", "marks"), rows)
    moves = Counter((r["before"], r["after"]) for r in marks if r["change"] == "verdict")
    if moves:
        told = [(f"{was} to {now}", many) for (was, now), many in moves.most_common()]
        yield Table("Verdicts that changed", ("from and to", "marks"), told)
    yield from _scores(results)
    cases = [_case(row) for row in marks if row["change"] == "verdict"]
    if cases:
        yield Cases("Marks with another verdict", cases[:MOST], _more(len(cases)))


def _scores(results: Results) -> Iterator[Block]:
    questions = results.rows("question_changes.parquet")
    if not questions:
        return
    both = [r for r in questions if r["before"] is not None and r["after"] is not None]
    moved = sorted(both, key=lambda r: -abs(r["after"] - r["before"]))
    mean = sum(r["after"] - r["before"] for r in both) / len(both) if both else 0.0
    apart = sum(abs(r["after"] - r["before"]) for r in both) / len(both) if both else 0.0
    lost = sum(r["change"] == "ungraded" for r in questions)
    yield Tiles(
        [
            Tile("questions graded on both sides", str(len(both))),
            Tile("mean change of score", f"{mean:+.3f}"),
            Tile("either way", f"{apart:.3f}"),
            Tile("not graded any more", str(lost), alarm=lost > 0),
        ]
    )
    rows = [
        (r["transcript"], r["text"], f"{r['before']:.2f}", f"{r['after']:.2f}")
        for r in moved
        if abs(r["after"] - r["before"]) > 0.005
    ]
    if rows:
        headings = ("transcript", "question", "before", "after")
        yield Table("Scores that moved furthest", headings, rows[:MOST], _more(len(rows)))


def _case(row: Row) -> Case:
    return Case(
        f"{row['transcript']}: {row['before']} to {row['after']}",
        (
            ("what is asked for", row["text"]),
            (f"before: {row['before_by']}", row["before_words"] or "no words"),
            (f"after: {row['after_by']}", row["after_words"] or "no words"),
        ),
    )


def verdicts(results: Results) -> Iterator[Block]:
    """What is said of whole interviews, and the scores of questions."""
    whole = [r for r in results.rows("competencies.parquet") if not r["competency"]]
    if whole:
        counts = Counter(row["verdict"] for row in whole)
        rows = [
            (verdict, bar(many, len(whole), f"{many} of {len(whole)}"), many)
            for verdict, many in counts.most_common()
        ]
        yield Table("Verdicts on whole interviews", ("verdict", "", "interviews"), rows)
    questions = results.rows("questions.parquet")
    if questions:
        counts = Counter(row["anchor"] or "not graded" for row in questions)
        order = ("below", "meets", "exceeds", "ungraded", "not graded")
        rows = [
            (name, bar(counts[name], len(questions), f"{counts[name]}"), counts[name])
            for name in order
            if counts[name]
        ]
        yield Table("Questions by anchor", ("anchor", "", "questions"), rows)


def _failures(results: Results) -> Iterator[Block]:
    failed = results.lines("failures.jsonl")
    if failed:
        rows = [(each.get("transcript") or "", each.get("why") or "") for each in failed]
        yield Table("What failed", ("transcript", "why"), rows[:MOST], _more(len(rows)))


def _more(count: int) -> str:
    return f"The first {MOST} of {count:,} are shown." if count > MOST else ""
