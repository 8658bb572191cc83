"""The parts of a report that let it be argued with, and comparisons, as Markdown."""

from collections.abc import Iterable
from typing import Literal

from agent.report.argument import (
    ClaimLine,
    ClaimStatus,
    Compared,
    Comparison,
    Evidence,
    Receipt,
    Share,
    Stability,
)
from agent.report.inert import cell, one_line, quoted
from agent.report.telling import counted, end_in_words, level_name

TRIED: tuple[Literal["question", "mark", "threshold"], ...] = ("question", "mark", "threshold")
STATUS: dict[ClaimStatus, str] = {
    "never asked": "claimed, never asked about",
    "asked": "claimed and asked about; not shown",
    "demonstrated": "claimed and demonstrated",
    "contradicted": "claimed and contradicted",
}


def stability_lines(stability: Stability | None) -> Iterable[str]:
    """How firm the verdict is: one sentence, then every change that would turn it."""
    if stability is None:
        return
    yield "## How firm the verdict is"
    yield ""
    yield stability.sentence
    yield ""
    for flip in stability.flips:
        what = one_line(flip.what)
        yield f"- {what[:1].upper()}{what[1:]}: {flip.becomes}"
    if stability.flips:
        yield ""
    tried = ", ".join(counted(stability.tried[kind], kind) for kind in TRIED)
    yield f"Tried one at a time: {tried}."
    if stability.agreeing is not None:
        yield (
            f"{stability.agreeing:.0%} of {stability.bootstraps} resamples of its questions, "
            "drawn anew within each level, come to the same verdict."
        )
    yield ""


def claim_ledger_lines(claims: Iterable[ClaimLine]) -> Iterable[str]:
    """What was claimed and what became of it, with the words."""
    claims = list(claims)
    if not claims:
        return
    yield "## What the candidate says they know"
    yield ""
    told: set[Evidence] = set()
    for claim in claims:
        yield f"- **{one_line(claim.what)}**: {STATUS[claim.status]}"
        for lead, said in (
            ("Claimed", [words for words in claim.claimed if words not in told]),
            ("Shown", claim.shown),
            ("Against", claim.against),
        ):
            yield from (_said(lead, words) for words in said)
        told |= set(claim.claimed)
        answered = {words.question for words in (*claim.shown, *claim.against)}
        others = (question for question in claim.asked if question not in answered)
        yield from (f"  - Asked: {one_line(question)}" for question in others)
    yield ""
    yield "Claims are context and never scored; a missed question contradicts none."
    yield ""


def _said(lead: str, evidence: Evidence) -> str:
    to = f" (to: {one_line(evidence.question)})" if evidence.question else ""
    return f'  - {lead}: "{quoted(evidence.quote)}"{to}'


def receipt_lines(receipt: Receipt | None) -> Iterable[str]:
    """How this interview went beside the others of its screen."""
    if receipt is None:
        return
    yield "## Beside the other interviews of this screen"
    yield ""
    yield receipt.sentence
    yield ""
    yield "| | this one | middle of the others | their range |"
    yield "|---|---|---|---|"
    yield from map(_share, receipt.shares)
    yield ""
    yield f"Marked by: {', '.join(receipt.examiners)}."
    yield ""


def _share(share: Share) -> str:
    if share.median is None or share.low is None or share.high is None:
        return f"| {share.name} | {share.mine:g} | – | – |"
    return f"| {share.name} | {share.mine:g} | {share.median:g} | {share.low:g} to {share.high:g} |"


def comparison_as_markdown(comparison: Comparison) -> str:
    """Candidates side by side, tier by tier; within a tier nothing says who is ahead."""
    return "\n".join(_comparison(comparison)).rstrip() + "\n"


def _comparison(comparison: Comparison) -> Iterable[str]:
    yield f"# {len(comparison.candidates)} interviews side by side"
    yield ""
    yield (
        f"Kit {comparison.kit} ({comparison.kit_version}) · {comparison.mode} · "
        f"asked at {comparison.level} · {_in_common(len(comparison.common))}"
    )
    yield ""
    yield _order(comparison)
    for note in comparison.notes:
        yield ""
        yield f"> {note}"
    yield ""
    yield "| interview | tier | verdict | level (90 % interval) | questions counted |"
    yield "|---|---|---|---|---|"
    tier_of = {id_: tier for tier, ids in enumerate(comparison.tiers, 1) for id_ in ids}
    last = len(tier_of) + 1
    rows = sorted(
        comparison.candidates, key=lambda c: (tier_of.get(c.interview, last), c.interview)
    )
    yield from (_row(candidate, tier_of.get(candidate.interview)) for candidate in rows)
    yield ""
    if comparison.common:
        yield "All of them were asked:"
        yield ""
        yield from (f"- {one_line(question)}" for question in comparison.common)


def _in_common(questions: int) -> str:
    return f"{questions or 'no'} question{'' if questions == 1 else 's'} in common"


def _order(comparison: Comparison) -> str:
    if len(comparison.tiers) < 2:
        return "Their answers do not support an order: nobody is clearly ahead."
    return (
        f"{len(comparison.tiers)} tiers, the highest first: everyone of a tier has a higher level "
        "than everyone of a lower one, with nine chances in ten or more for each pair. Within a "
        "tier nothing says who is ahead."
    )


def _row(candidate: Compared, tier: int | None) -> str:
    return (
        f"| {cell(candidate.interview)} | {tier or '–'} | {candidate.verdict} | "
        f"{_level(candidate)} | {candidate.testlets} |"
    )


def _level(candidate: Compared) -> str:
    if candidate.level is None or candidate.low is None or candidate.high is None:
        return "not known"
    ends = f"{end_in_words(candidate.low)} to {end_in_words(candidate.high)}"
    return f"{level_name(candidate.level)} ({ends})"
