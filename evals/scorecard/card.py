"""The scorecard of one interview: what the rules find, and its figures."""

from dataclasses import dataclass

from evals.marks import Versions, versions_of
from evals.replay.transcript import Transcript
from evals.scorecard import asking, ending, hidden, marking, message, money, opening, reacting
from evals.scorecard.figures import Figures, figures_of
from evals.scorecard.finding import Finding, Rule
from evals.scorecard.known import Known
from evals.scorecard.view import View

RULES: tuple[Rule, ...] = (
    *message.RULES,
    *opening.RULES,
    *asking.RULES,
    *reacting.RULES,
    *ending.RULES,
    *money.RULES,
    *marking.RULES,
    *hidden.RULES,
)
"""All of them; docs/scorecard.md says what each sees and what it does not."""


@dataclass(frozen=True)
class Card:
    """One interview's."""

    findings: tuple[Finding, ...]
    figures: Figures
    versions: Versions

    @property
    def faults(self) -> int:
        return sum(finding.severity == "fault" for finding in self.findings)


def card_of(transcript: Transcript, known: Known) -> Card:
    """Check every rule on a transcript."""
    view = View(transcript, known)
    findings = [finding for rule in RULES for finding in rule.findings(view)]
    findings.sort(key=lambda finding: finding.seq)
    return Card(tuple(findings), figures_of(view, findings), versions_of(transcript))
