"""The grader measured, as one Markdown document: `make bench-grading`.

`python -m evals.bench_grading attacks invariance` prints those sections alone. Answers graded by
people are not part of the repository: VIVA_GRADED names their folder.
"""

import subprocess
import sys
from collections.abc import Sequence

from evals import attacks, exemplars, graded, grader, invariance, other_roads

TITLES = {
    "agreement": "Agreement with people",
    "exemplars": "Exemplars in their authors' order",
    "other_roads": "Right answers by another road",
    "roads": "Another road, seen half and held out",
    "invariance": "Invariance",
    "attacks": "Attacks and their harmless twins",
    "voices": "Whose words they are, seen half and held out",
    "opposing": "What speaks against somebody, flags, contradictions",
    "understanding": "Understanding messages",
    "leakage": "Leakage",
    "throughput": "Throughput",
}
REPORTS = {
    "exemplars": exemplars.report,
    "other_roads": other_roads.report,
    "invariance": invariance.report,
    "attacks": attacks.report,
}
NEEDS_PEOPLE = {"agreement"}
IN_MARKDOWN = {"agreement", "voices"}
"""Those that print Markdown; what others print is set as it is."""
ABSENT = "Not measured: the answers graded by people are not here (VIVA_GRADED names their folder)."


def section(name: str, marker: grader.Grader, baseline: grader.Grader) -> str:
    """One section's text; one line where its data are not here.

    Raises:
        KeyError: there is no such section.
    """
    heading = f"## {TITLES[name]}\n\n`python -m evals.bench_grading {name}`\n\n"
    if name in NEEDS_PEOPLE and graded.folder() is None:
        return heading + ABSENT
    if name in REPORTS:
        return heading + REPORTS[name](marker, baseline)
    printed = _printed(name)
    return heading + (printed if name in IN_MARKDOWN else f"```text\n{printed}\n```")


def _printed(name: str) -> str:
    """What `python -m evals.NAME` prints, in a process of its own: threads and arguments differ."""
    command = [sys.executable, "-m", f"evals.{name}"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def main(chosen: Sequence[str]) -> None:
    """Print the sections chosen, or all of them.

    Raises:
        SystemExit: a name is none of a section's.
    """
    if unknown := [name for name in chosen if name not in TITLES]:
        sys.exit(f"There is no section {unknown[0]!r}. There are: {', '.join(TITLES)}.")
    marker, baseline = grader.local(), grader.word_overlap()
    print("# The local examiner, measured")
    for name in chosen or TITLES:
        print(f"\n{section(name, marker, baseline)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
