"""An examiner that marks by the fall of dice, for what must hold whatever is marked."""

import random
from typing import get_args

from agent.events import Mark, Quote, Verdict
from agent.examiner import Examination, Sheet
from agent.scripted import Reply, ScriptedExaminer

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
WEIGHTS = (5, 4, 1, 1, 1)


class Dice(ScriptedExaminer):
    """Reads every message as an answer; some contradict with a reason, some go another road."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._chance = random.Random(seed)

    async def examine(self, sheet: Sheet) -> Examination:
        """Marks at random, each with the whole message as its quote."""
        rubric = {atom.id: self._verdict() for atom in sheet.rubric}
        intent = "amend" if sheet.amends else "answer"
        self._replies.append(Reply((intent,), rubric))
        read = await super().examine(sheet)
        road = self._words(sheet) if self._chance.random() < 0.2 else None
        marks = tuple(self._shaken(mark, sheet) for mark in read.marks)
        return read.model_copy(update={"marks": marks, "other_road": road})

    def _verdict(self) -> Verdict:
        return self._chance.choices(VERDICTS, WEIGHTS)[0]

    def _shaken(self, mark: Mark, sheet: Sheet) -> Mark:
        reasoned = mark.verdict == "contradicted" and self._chance.random() < 0.3
        probability = round(self._chance.uniform(0.4, 1.0), 2) if mark.verdict == "met" else 0.0
        reason = self._words(sheet) if reasoned else None
        return mark.model_copy(update={"probability": probability, "reason": reason})

    def _words(self, sheet: Sheet) -> Quote:
        text = sheet.message.text
        return Quote(text=text, start=0, end=len(text))
