"""What takes an examiner's place when grading itself has failed: it marks nothing."""

from collections.abc import AsyncIterator

from agent.events import Mark, MarkSource
from agent.examiner import Brief, Examination, Sheet


class Absent:
    """Every answer is kept and stays ungraded; the interview goes on in authored words."""

    name = "absent"
    source: MarkSource = "local"

    async def examine(self, sheet: Sheet) -> Examination:
        """Abstain on everything."""
        marks = tuple(
            Mark(
                atom=atom.id,
                kind="point" if atom.kind == "point" else "indicator",
                text=atom.text,
                verdict="abstained",
                probability=0.0,
                source=self.source,
                polarity=atom.polarity,
                role=atom.role,
                group=atom.group,
            )
            for atom in sheet.rubric
        )
        return Examination(intents=("amend",) if sheet.amends else ("answer",), marks=marks)

    async def phrase(self, brief: Brief) -> AsyncIterator[str]:
        """The authored question alone."""
        yield brief.ask
