"""How messages are read, measured: `python -m evals.understanding`.

The messages of `data/messages.yaml` are split by a hash of their text; the rules were improved
on the seen half only.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from agent.events import Intent
from agent.local.claims import mentions
from agent.local.understanding import intents_of
from agent.state import OpenKind
from knowledge.embedder import Embedder, open_embedder

DATA = Path(__file__).parent / "data" / "messages.yaml"
Half = Literal["seen", "held out"]


@dataclass(frozen=True)
class Case:
    """A message on a question, what it wants, and which technologies it claims or only names."""

    question: str
    kind: OpenKind
    message: str
    intents: tuple[str, ...]
    claimed: frozenset[str]
    named: frozenset[str]

    @property
    def half(self) -> Half:
        """By the text alone."""
        return (
            "held out"
            if hashlib.blake2b(self.message.encode(), digest_size=1).digest()[0] % 2
            else "seen"
        )


@dataclass
class Tally:
    """What was wanted against what was read."""

    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Primary intents: wanted, read."""
    beside: Counter[bool] = field(default_factory=Counter)
    """Second intents: whether each was listed at all."""
    missed: int = 0
    invented: int = 0
    told: Counter[bool] = field(default_factory=Counter)
    """Technologies found: whether `claimed` was right."""
    wrong: list[tuple[Case, str]] = field(default_factory=list)
    """Each miss, with what was read instead."""

    @property
    def accuracy(self) -> float:
        """Share of right primary intents."""
        right = sum(n for (wanted, read), n in self.pairs.items() if wanted == read)
        return right / self.pairs.total()

    def precision(self, intent: str) -> float:
        """Of the messages read as this, the share that are; 1 where none was read so."""
        read = sum(n for (_, got), n in self.pairs.items() if got == intent)
        return self.pairs[intent, intent] / read if read else 1.0

    def recall(self, intent: str) -> float:
        """Of the messages that are this, the share read so."""
        wanted = sum(n for (want, _), n in self.pairs.items() if want == intent)
        return self.pairs[intent, intent] / wanted if wanted else 1.0

    @property
    def found(self) -> tuple[float, float, float]:
        """Precision and recall of technologies, and how often `claimed` was right on them."""
        right = self.told.total()
        precision = right / max(right + self.invented, 1)
        return precision, right / max(right + self.missed, 1), self.told[True] / max(right, 1)


def cases() -> Iterator[Case]:
    """Every message, in the order of the file."""
    for block in yaml.safe_load(DATA.read_text("utf-8")):
        question, kind = block.pop("question"), block.pop("kind", "core")
        for wanted, messages in block.items():
            for message in messages:
                yield _case(question, kind, tuple(wanted.split(", ")), message)


def _case(question: str, kind: OpenKind, wanted: tuple[str, ...], message: Any) -> Case:
    given = message if isinstance(message, dict) else {"text": message}
    claimed, named = frozenset(given.get("claimed", ())), frozenset(given.get("named", ()))
    return Case(question, kind, str(given["text"]), wanted, claimed, named)


def measure(embedder: Embedder | None = None) -> dict[Half, Tally]:
    """Tallies by half; without an embedder by the rules alone."""
    tallies: dict[Half, Tally] = {"seen": Tally(), "held out": Tally()}
    given = list(cases())
    readings = intents_of([(case.message, case.kind) for case in given], embedder)
    for case, read in zip(given, readings, strict=True):
        _count_intents(tallies[case.half], case, read)
        _count_mentions(tallies[case.half], case)
    return tallies


def _count_intents(tally: Tally, case: Case, read: tuple[Intent, ...]) -> None:
    tally.pairs[case.intents[0], read[0]] += 1
    tally.beside.update(second in read for second in case.intents[1:])
    if read[0] != case.intents[0] or not set(case.intents) <= set(read):
        tally.wrong.append((case, ", ".join(read)))


def _count_mentions(tally: Tally, case: Case) -> None:
    found = {mention.technology: mention.claimed for mention in mentions(case.message, ())}
    wanted = case.claimed | case.named
    tally.missed += len(wanted - found.keys())
    tally.invented += len(found.keys() - wanted)
    right = {name: found[name] == (name in case.claimed) for name in wanted & found.keys()}
    tally.told.update(right.values())
    if found.keys() != wanted or not all(right.values()):
        tally.wrong.append((case, str(found)))


def milliseconds(embedder: Embedder | None = None) -> float:
    """What reading one message of the data costs in a batch, on this machine."""
    given = [(case.message, case.kind) for case in cases()]
    began = time.process_time()
    intents_of(given, embedder)
    for message, _ in given:
        mentions(message, ())
    return (time.process_time() - began) / len(given) * 1000


def raw_milliseconds(embedder: Embedder) -> float:
    """What embedding one of the same messages costs in a batch."""
    given = [case.message for case in cases()]
    began = time.process_time()
    embedder.embed(given)
    return (time.process_time() - began) / len(given) * 1000


def report(title: str, tallies: dict[Half, Tally]) -> None:
    """Print the figures of both halves."""
    for half, tally in tallies.items():
        precision, recall, claimed = tally.found
        print(f"{title}, {half}: n {tally.pairs.total()}, primary intent {tally.accuracy:.3f},")
        print(f"  second intent {tally.beside[True]}/{tally.beside.total()},", end=" ")
        print(f"technologies P {precision:.3f} R {recall:.3f}, claimed {claimed:.3f}")
        for intent in sorted({wanted for wanted, _ in tally.pairs}):
            print(f"  {intent:20} P {tally.precision(intent):.2f} R {tally.recall(intent):.2f}")


def main() -> None:
    """Print what the rules read, what likeness adds, and what both cost."""
    embedder = open_embedder()
    report("rules", measure())
    report("rules and likeness", measure(embedder))
    print(
        f"{milliseconds():.2f} ms a message by rules, {milliseconds(embedder):.2f} with likeness,"
    )
    print(f"{raw_milliseconds(embedder):.2f} for embedding the same messages")


if __name__ == "__main__":
    main()
