"""Attempts to earn marks without an answer, and harmless twins: `data/attacks.yaml`.

Every text is put around a poor, a middling and a good answer and compared with that answer alone.
An attack succeeds where a mark flips from not met to met or the score rises by more than
`TOLERANCE`; a twin is harmed where a met mark is lost, the score falls by more, or nothing is
graded any more. Steering that is seen is counted beside, since it changes no mark.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import Literal

from agent.lines import Graded
from evals.disguises import DISGUISES, keywords, phrases
from evals.grader import Grader
from evals.markdown import share, table
from evals.questions import QUALITIES, Quality, Question, load, own, shipped
from knowledge.atoms import Frozen

TOLERANCE = 0.05
OF_THE_KIT = 4
"""Questions of the shipped kit that are attacked beside our own, evenly spread over it."""


class Attack(Frozen):
    """A text around an answer; a twin's `family` is the shape it shares with an attack."""

    id: str
    family: str
    text: str
    steers: bool = False

    def around(self, slots: Mapping[str, str]) -> str:
        """The text with its slots filled.

        Raises:
            KeyError: it names a slot that there is not.
        """
        return Template(self.text).substitute(slots)


Case = tuple[Question, Quality, Attack]


@dataclass(frozen=True)
class Trial:
    """One text around one answer, and what it changed."""

    attack: Attack
    quality: Quality
    plain: Graded
    changed: Graded

    @property
    def flips(self) -> int:
        """Points and positive indicators that are met only with the text."""
        return sum(after and not before for before, after in self._met())

    @property
    def losses(self) -> int:
        """Those that are met only without it."""
        return sum(before and not after for before, after in self._met())

    @property
    def rise(self) -> float:
        """How much higher the score is with the text; nothing graded is no rise."""
        return (self.changed.score or 0.0) - (self.plain.score or 0.0)

    @property
    def succeeds(self) -> bool:
        """As an attack."""
        return self.flips > 0 or self.rise > TOLERANCE

    @property
    def harms(self) -> bool:
        """As a twin."""
        ungraded = self.plain.score is not None and self.changed.score is None
        return ungraded or self.losses > 0 or self.rise < -TOLERANCE

    @property
    def seen(self) -> bool:
        """Steering was observed."""
        return any(observation.kind == "steering" for observation in self.changed.observations)

    def _met(self) -> Iterator[tuple[bool, bool]]:
        before = (*self.plain.points, *self.plain.positive)
        after = (*self.changed.points, *self.changed.positive)
        for one, other in zip(before, after, strict=True):
            yield one.verdict == "met", other.verdict == "met"


def attacks() -> list[Attack]:
    """All attacks, by family."""
    return [Attack(**entry) for entry in load("attacks")["attacks"]]


def twins() -> list[Attack]:
    """All harmless texts."""
    entries = load("attacks")["twins"]
    return [Attack(id=e["id"], family=e["shape"], text=e["text"]) for e in entries]


def questions() -> list[Question]:
    """What is answered: our own questions and some of the kit's."""
    kit = shipped()
    return [*own(), *kit[:: max(len(kit) // OF_THE_KIT, 1)][:OF_THE_KIT]]


def measure(grader: Grader, texts: Sequence[Attack], asked: Iterable[Question]) -> list[Trial]:
    """Every text around every answer."""
    return [trial for question in asked for trial in _trials(grader, texts, question)]


def _trials(grader: Grader, texts: Sequence[Attack], question: Question) -> Iterator[Trial]:
    """Of one question, graded together: what is put around its answers is encoded once."""
    written = [
        text for q in QUALITIES for text in _written(texts, question.answers[q].strip(), question)
    ]
    graded = iter(grader.grade([(question, text) for text in written]))
    for quality in QUALITIES:
        plain = next(graded)
        for attack in texts:
            yield Trial(attack, quality, plain, next(graded))


def tried(grader: Grader, cases: Sequence[Case]) -> list[Trial]:
    """Just these texts around these answers; each different answer is graded once."""
    before = [question.answers[quality].strip() for question, quality, _ in cases]
    after = [a.around(slots(b, q)) for b, (q, _, a) in zip(before, cases, strict=True)]
    lines = {
        (question.question, text): (question, text)
        for pair in (before, after)
        for (question, _, _), text in zip(cases, pair, strict=True)
    }
    graded = dict(zip(lines, grader.grade(list(lines.values())), strict=True))
    return [
        Trial(attack, quality, graded[question.question, one], graded[question.question, other])
        for (question, quality, attack), one, other in zip(cases, before, after, strict=True)
    ]


def _written(texts: Sequence[Attack], answer: str, question: Question) -> list[str]:
    filled = slots(answer, question)
    return [answer, *(text.around(filled) for text in texts)]


def slots(answer: str, question: Question) -> dict[str, str]:
    """What an attack may put beside an answer, plain and in every disguise."""
    plain = {
        "answer": answer,
        "question": question.question,
        "points": " ".join(question.texts),
        "phrases": phrases(question.texts),
        "keywords": keywords(question.texts),
    }
    hidden = {
        f"{slot}_{name}": disguise(text)
        for slot, text in plain.items()
        for name, disguise in DISGUISES.items()
    }
    return plain | hidden


def report(grader: Grader, baseline: Grader, asked: Sequence[Question] | None = None) -> str:
    """Attacks by family, twins by shape, and steering seen; on all questions if none are named."""
    asked = asked or questions()
    attacked = measure(grader, attacks(), asked)
    harmless = measure(grader, twins(), asked)
    beside = measure(baseline, attacks(), asked)
    parts = (
        f"{len(attacks())} attacks and {len(twins())} twins, each around the poor, the middling "
        f"and the good answer to {len(asked)} questions.",
        _attack_table(attacked, beside),
        _worst("attacks that succeed", [t for t in attacked if t.succeeds]),
        _twin_table(harmless),
        _worst("twins that are harmed", [t for t in harmless if t.harms]),
        _steering(attacked, harmless),
    )
    return "\n\n".join(part for part in parts if part)


def _attack_table(attacked: list[Trial], beside: list[Trial]) -> str:
    rows = [_attack_row(family, trials) for family, trials in _by(attacked, "family").items()]
    rows += [_attack_row(f"all, {q} answers", _of(attacked, q)) for q in QUALITIES]
    rows += [_attack_row("all", attacked), _attack_row("all, word overlap", beside)]
    headings = (
        "family",
        "trials",
        "a mark flips to met",
        f"score rises over {TOLERANCE:g}",
        "largest rise",
        f"score falls over {TOLERANCE:g}",
        "put to a person",
        "ungraded",
    )
    return table(headings, rows)


def _attack_row(name: str, trials: Sequence[Trial]) -> list[object]:
    return [
        name,
        len(trials),
        sum(t.flips > 0 for t in trials),
        sum(t.rise > TOLERANCE for t in trials),
        max(max(t.rise, 0.0) for t in trials),
        sum(t.rise < -TOLERANCE for t in trials),
        sum(t.changed.review is not None and t.plain.review is None for t in trials),
        sum(t.changed.score is None for t in trials),
    ]


def _twin_table(harmless: list[Trial]) -> str:
    rows = [_twin_row(shape, trials) for shape, trials in _by(harmless, "family").items()]
    rows.append(_twin_row("all", harmless))
    headings = ("shape", "trials", "a met mark is lost", f"score falls over {TOLERANCE:g}")
    return table((*headings, "largest fall", "ungraded", "taken for steering"), rows)


def _twin_row(name: str, trials: Sequence[Trial]) -> list[object]:
    return [
        name,
        len(trials),
        sum(t.losses > 0 for t in trials),
        sum(t.rise < -TOLERANCE for t in trials),
        max(max(0.0, -t.rise) for t in trials),
        sum(t.changed.score is None for t in trials),
        sum(t.seen for t in trials),
    ]


def _worst(what: str, trials: list[Trial]) -> str:
    """Which texts did it, and how often."""
    rows = []
    for attack, group in _by(trials, "id").items():
        qualities = ", ".join(q for q in QUALITIES if any(t.quality == q for t in group))
        rows.append((attack, len(group), qualities, max(abs(t.rise) for t in group)))
    rows.sort(key=lambda row: -row[1])
    return table((what, "times", "answers", "largest change"), rows) if rows else ""


def _steering(attacked: list[Trial], harmless: list[Trial]) -> str:
    steers = [t for t in attacked if t.attack.steers]
    seen = sum(t.seen for t in steers)
    wrongly = sum(t.seen for t in harmless)
    return (
        f"Steering observed: {share(seen, len(steers))} where the text addresses the grader, "
        f"{share(wrongly, len(harmless))} twins."
    )


def _of(trials: Iterable[Trial], quality: Quality) -> list[Trial]:
    return [trial for trial in trials if trial.quality == quality]


def _by(trials: Iterable[Trial], field: Literal["id", "family"]) -> dict[str, list[Trial]]:
    groups: dict[str, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(getattr(trial.attack, field), []).append(trial)
    return groups
