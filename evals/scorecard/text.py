"""Scorecards as text: one interview, and many."""

from collections.abc import Iterator, Sequence

from evals.markdown import counted, table
from evals.replay.sources import Unread
from evals.scorecard.card import RULES, Card
from evals.scorecard.figures import Figures
from evals.scorecard.finding import Finding
from evals.scorecard.over import Spread, rules_not_kept, spreads, worst_first

WORST = 10


def told(cards: Sequence[Card], unread: Sequence[Unread]) -> str:
    """What to print: each interview's card for one or a few, the whole for many."""
    parts = [one(card) for card in cards] if len(cards) <= 3 else [many(cards)]
    parts += [f"Could not be read: {each.why} {each.remedy}" for each in unread]
    return "\n\n".join(part for part in parts if part)


def one(card: Card) -> str:
    """One interview: what was found, each with its moment, and the figures."""
    f = card.figures
    return "\n".join([*_head(f), "", *_findings(card.findings), "", *_figures(f)])


def _head(f: Figures) -> Iterator[str]:
    yield f"# {f.transcript}"
    yield f"{f.mode} at {f.level}, {f.minutes:.0f} of {f.minutes_planned:.0f} minutes, {f.ended}."
    yield f"{len(RULES)} rules: {counted(f.faults, 'fault')}, {f.looks} to look at."


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    for each in sorted(findings, key=lambda finding: (finding.severity, finding.seq)):
        words = f': "{each.words}"' if each.words else ""
        where = f"turn {each.turn}, event {each.seq}"
        yield f"- {each.severity}, {each.rule} ({where}): {each.why}{words}"
    if not findings:
        yield "- nothing was found"


def _figures(f: Figures) -> Iterator[str]:
    talk = "" if f.talk_share is None else f", {f.talk_share:.0%} of all words"
    yield f"Said: {f.messages} messages{talk}, the longest of {f.longest_message} words."
    yield (
        f"Asked: {f.core_questions} core, {f.rungs} rungs, {f.follow_ups} follow-ups, {f.hints} "
        f"hints, {f.quick_questions} quick; {f.coverage:.0%} of the planned competencies."
    )
    yield (
        f"Marked: {f.answers} answers, {f.marks} marks ({f.met} met, {f.abstained} abstained, "
        f"{f.unsupported} unsupported), {f.ungraded} ungraded."
    )
    yield f"Candidate: {f.asked_by_candidate} questions, {f.left_open} left open."
    if f.first_word_median is not None and f.first_word_95 is not None:
        yield (
            f"Time: first word after {f.first_word_median:.2f} s (median), {f.first_word_95:.2f} s "
            f"(95 %); the machine {f.machine_seconds or 0:.1f} s in all."
        )
    if f.calls or f.fallbacks:
        cost = "" if f.cost is None else f", cost {f.cost:g}"
        yield (
            f"Model: {f.calls} calls ({f.calls_failed} failed, {f.fallbacks} fallbacks), "
            f"{f.tokens_in} + {f.tokens_out} tokens{cost}; reading {f.examine_seconds:.1f} s, "
            f"phrasing {f.phrase_seconds:.1f} s."
        )


def many(cards: Sequence[Card]) -> str:
    """Many interviews: rules that were not kept, figures, and the worst first."""
    faults = sum(card.figures.faults for card in cards)
    clean = sum(not card.figures.faults for card in cards)
    head = (
        f"{counted(len(cards), 'interview')}, {len(RULES)} rules: {counted(faults, 'fault')}; "
        f"{counted(clean, 'interview')} without any."
    )
    parts = (head, _rules(cards), _worst(cards), _spreads(cards))
    return "\n\n".join(part for part in parts if part)


def _rules(cards: Sequence[Card]) -> str:
    rows = [
        (k.rule, k.severity, k.findings, k.interviews, "; ".join(map(_moment, k.moments)))
        for k in rules_not_kept(cards)
    ]
    headings = ("rule", "severity", "findings", "interviews", "moments (interview, turn, event)")
    return table(headings, rows) if rows else "No rule was broken."


def _moment(finding: Finding) -> str:
    return f"{finding.transcript}, {finding.turn}, {finding.seq}: {finding.why}"


def _worst(cards: Sequence[Card]) -> str:
    found = [card for card in worst_first(cards) if card.findings][:WORST]
    rows = [(c.figures.transcript, c.figures.faults, c.figures.looks) for c in found]
    return table(("interviews, worst first", "faults", "to look at"), rows) if rows else ""


def _spreads(cards: Sequence[Card]) -> str:
    headings = ("figure", "interviews", "mean", "spread", "least", "most", "most in")
    return table(headings, map(_row, spreads(cards)))


def _row(s: Spread) -> tuple[object, ...]:
    name = s.figure.replace("_", " ")
    return name, s.interviews, s.mean, s.spread, _short(s.least), _short(s.most), s.most_in


def _short(number: float) -> str:
    return f"{number:.4g}"
