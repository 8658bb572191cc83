"""What takes an examiner's place when grading itself has failed: it marks nothing."""

from collections.abc import AsyncIterator

from agent.events import FellBack, Mark, MarkSource
from agent.examiner import Brief, Examination, Sheet
from knowledge.atoms import Atom

FAILURE = "the turn was cut off each time it was tried"


class Absent:
    """Every answer is kept, and waits ungraded to be marked; authored words carry on."""

    name = "absent"
    source: MarkSource = "local"

    async def examine(self, sheet: Sheet) -> Examination:
        """Abstain on everything, as a fallback does."""
        return Examination(
            intents=("amend",) if sheet.amends else ("answer",),
            marks=tuple(self._abstained(atom) for atom in sheet.rubric),
            fell_back=FellBack(purpose="examine", to=self.name, failure=FAILURE),
        )

    def _abstained(self, atom: Atom) -> Mark:
        return Mark(
            atom=atom.id,
            kind="point" if atom.kind == "point" else "indicator",
            text=atom.text,
            verdict="abstained",
            probability=0.0,
            source=self.source,
            fallback=True,
            polarity=atom.polarity,
            role=atom.role,
            group=atom.group,
        )

    async def phrase(self, brief: Brief) -> AsyncIterator[str]:
        """The authored question alone."""
        yield brief.ask
