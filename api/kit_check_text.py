"""What a check found, and what differs between two kits, in words."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from api.kit_text import counted, print_heading, print_line
from knowledge.kit_diff import Difference
from knowledge.lint import Checked, Finding

SHOWN = 90
"""Characters of an atom's text."""


def print_checked(checked: Checked) -> None:
    """The findings by their names, the gravest first; then the self-test."""
    print_heading(f"Kit {checked.kit}, version {checked.version}")
    for (weight, name), some in groupby(
        checked.findings, key=lambda each: (each.weight, each.name)
    ):
        findings = list(some)
        print()
        print_heading(f"{weight}: {name.replace('-', ' ')} ({len(findings)})")
        for finding in findings:
            _print_finding(finding)
        print_line(findings[0].remedy, 2)
    print()
    for told in _self_test(checked):
        print_line(told)
    weights = [counted(checked.count(weight), weight) for weight in ("error", "warning", "note")]
    print_heading(", ".join(weights))


def _print_finding(finding: Finding) -> None:
    where = f" ({finding.source.told})" if finding.source else ""
    if finding.text:
        print_line(f"- {_short(finding.text)}{where}", 2)
        print_line(finding.problem, 4)
    else:
        print_line(f"- {finding.problem}", 2)


def _self_test(checked: Checked) -> Iterator[str]:
    tested = checked.retrieval
    if tested is None:
        yield "Self-test: no question has a rubric."
        return
    own, plain = tested.own, tested.baseline
    yield (
        f"Self-test: of {counted(tested.questions, 'question')}, {own.recall:.0%} find their own "
        f"rubric among the five nearest (MRR {own.mrr:.2f})."
    )
    yield f"The same in plain chunks of 500 characters: {plain.recall:.0%} (MRR {plain.mrr:.2f})."


def print_differences(found: Sequence[Difference]) -> None:
    """One line for each, with what it said before."""
    if not found:
        print("The kits are the same.")
    for each in found:
        fields = f" ({', '.join(each.fields)})" if each.fields else ""
        print_line(f"{each.what} {each.kind.replace('_', ' ')}{fields}: {_short(each.text)}")
        if each.before:
            print_line(f"before: {_short(each.before)}", 4)
    if found:
        print_line(counted(len(found), "difference"))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]} ..."
