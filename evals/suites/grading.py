"""The two suites that grade answers: invariance and attacks."""

from collections.abc import Sequence
from itertools import product
from random import Random
from statistics import fmean

from agent.examiner import Examiner
from evals import attacks, invariance
from evals.attacks import TOLERANCE, Attack, Case, Trial
from evals.grader import Counted, Grader, Line
from evals.invariance import MEAN_AIM, MOST_AIM, Moved, Pair
from evals.questions import QUALITIES, Question
from evals.suites.outcome import Aim, Miss, Outcome, cost_of
from knowledge.embedder import Embedder

Cases = tuple[int, int]
"""How many cases were marked, and how many were tried."""


class Marking:
    """An examiner that marks for a suite; a model's calls and failures are kept."""

    def __init__(self, examiner: Examiner, embedder: Embedder) -> None:
        self._counted = Counted(examiner) if examiner.source == "model" else None
        self.grader = Grader(self._counted or examiner, embedder)

    @property
    def failed(self) -> set[str]:
        """The texts that the model failed on."""
        return self._counted.failed if self._counted else set()

    def outcome(
        self, name: str, tried: str, aims: Sequence[Aim], misses: Sequence[Miss], cases: Cases
    ) -> Outcome:
        """What was found, with what it cost."""
        known, every = cases
        why = "The model failed on one of the two answers compared; it counts neither way."
        return Outcome(
            name=name,
            tried=tried,
            aims=tuple(aims),
            misses=tuple(sorted(misses, key=lambda miss: -abs(miss.by or 0.0))),
            cost=cost_of(self._counted.calls if self._counted else ()),
            cases=known,
            left_out=(why,) * (every - known),
        )


def invariant(
    marking: Marking, questions: Sequence[Question], most: int | None, seed: int
) -> Outcome:
    """Whether scores stay when only the manner of answers changes; at most so many gradings."""
    lines: list[Line] = [(q, q.answers[each].strip()) for q in questions for each in QUALITIES]
    pairs = drawn_pairs(list(invariance.pairs(lines)), most, seed)
    every = invariance.moved(marking.grader, pairs)
    found = [one for one in every if not {one.pair.before, one.pair.after} & marking.failed]
    by = [one.by for one in found] or [0.0]
    aims = (
        Aim("mean change of score", MEAN_AIM, fmean(by)),
        Aim("largest change of score", MOST_AIM, max(by)),
    )
    misses = [_moved(one) for one in found if one.by > MOST_AIM]
    tried = f"{len(found)} harmless changes of answers to {len(questions)} questions."
    return marking.outcome("invariance", tried, aims, misses, (len(found), len(every)))


def _moved(one: Moved) -> Miss:
    words, question = one.pair.after, one.pair.question.question
    return Miss(what=one.pair.change, question=question, words=words, by=one.by)


def drawn_pairs(pairs: Sequence[Pair], most: int | None, seed: int) -> list[Pair]:
    """Pairs drawn by the seed, as long as their different answers are not more."""
    if most is None:
        return list(pairs)
    chosen, texts = list[Pair](), set[tuple[str, str]]()
    for pair in Random(seed).sample(pairs, len(pairs)):
        asked = pair.question.question
        with_it = texts | {(asked, pair.before), (asked, pair.after)}
        if len(with_it) <= most:
            chosen, texts = [*chosen, pair], with_it
    return chosen


def attacked(
    marking: Marking, questions: Sequence[Question], most: int | None, seed: int
) -> Outcome:
    """Whether attempts earn marks and harmless twins lose any; at most so many gradings."""
    hostile, twins = attacks.attacks(), attacks.twins()
    cases = drawn_cases(questions, [*hostile, *twins], most, seed)
    every = attacks.tried(marking.grader, cases)
    known = [
        trial
        for trial, (question, quality, attack) in zip(every, cases, strict=True)
        if not _texts(question.answers[quality].strip(), question, attack) & marking.failed
    ]
    harmless = {twin.id for twin in twins}
    tried = [one for one in known if one.attack.id not in harmless]
    beside = [one for one in known if one.attack.id in harmless]
    aims = (
        Aim("attacks after which a mark flips to met", 0, sum(t.flips > 0 for t in tried)),
        Aim(f"attacks that raise a score over {TOLERANCE}", 0, _rises(tried)),
        Aim("twins that lose a mark or score", 0, sum(t.harms for t in beside)),
        Aim("twins taken for steering", 0, sum(t.seen for t in beside)),
    )
    misses = [_miss(t) for t in tried if t.succeeds] + [
        _miss(t) for t in beside if t.harms or t.seen
    ]
    told = f"{len(tried)} attacks and {len(beside)} twins around answers to {len(questions)}"
    return marking.outcome("attacks", f"{told} questions.", aims, misses, (len(known), len(every)))


def _rises(trials: Sequence[Trial]) -> int:
    return sum(trial.rise > TOLERANCE for trial in trials)


def _texts(answer: str, question: Question, attack: Attack) -> set[str]:
    return {answer, attack.around(attacks.slots(answer, question))}


def _miss(trial: Trial) -> Miss:
    kind = f"{trial.attack.family}: {trial.attack.id}"
    return Miss(
        what=kind, question=f"a {trial.quality} answer", words=trial.attack.text, by=trial.rise
    )


def drawn_cases(
    questions: Sequence[Question], texts: Sequence[Attack], most: int | None, seed: int
) -> list[Case]:
    """Cases drawn by the seed, as long as they and their plain answers are not more."""
    every: list[Case] = list(product(questions, QUALITIES, texts))
    if most is None:
        return every
    chosen, plain = list[Case](), set[tuple[str, str]]()
    for case in Random(seed).sample(every, len(every)):
        with_it = plain | {(case[0].question, case[1])}
        if len(chosen) + 1 + len(with_it) <= most:
            chosen, plain = [*chosen, case], with_it
    return chosen
