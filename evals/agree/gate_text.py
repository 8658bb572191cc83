"""The gate's outcome as Markdown."""

from collections.abc import Iterator

from evals.agree.checks import Check
from evals.agree.gate import Gate
from evals.markdown import counted, table

HEADINGS = ("", "baseline", "candidate", "worse by", "95 % interval", "n", "interviews", "")
MOST_NAMED = 15


def markdown(found: Gate) -> str:
    """What was compared, by how much it differs, and whether it passes."""
    return "\n".join(_lines(found))


def _lines(found: Gate) -> Iterator[str]:
    yield f"# Gate: {found.candidate} against {found.baseline}\n"
    yield (
        f"{found.shared} interviews in common, {found.reference} reference marks. A check fails "
        f"where the candidate is worse by more than {found.max_drop:g} and the whole interval of "
        "the difference is above 0.\n"
    )
    yield table(HEADINGS, map(_row, found.checks)) + "\n"
    if found.missing:
        yield f"Incomplete: the candidate lacks {_named(found.missing)}.\n"
    if found.without_kit:
        yield (
            f"Questions not scored for the reference, for the transcript or its kit is not at "
            f"hand: {_named(found.without_kit)}.\n"
        )
    failed = [check.name for check in found.checks if check.failed]
    if found.passed:
        yield "Passed."
    else:
        yield f"Failed: {'; '.join([*failed, *(['incomplete'] if found.missing else [])])}."


def _row(check: Check) -> tuple[object, ...]:
    if check.why:
        silent = (check.why, "", "", "", check.count, check.transcripts, "not judged")
        return (check.name, *silent)
    bounds = "too few" if check.low is None else f"{check.low:.3f} to {check.high:.3f}"
    verdict = "FAILED" if check.failed else "passed"
    return (
        f"{check.name} ({check.better} is better)",
        check.baseline,
        "not defined" if check.candidate is None else check.candidate,
        "" if check.worse is None else check.worse,
        bounds,
        check.count,
        check.transcripts,
        verdict,
    )


def _named(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return f"{counted(len(ids), 'transcript')}: {', '.join(ids[:MOST_NAMED])}{more}"
