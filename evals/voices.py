"""Are words that are not the candidate's own left out, and nothing else? `data/voices.yaml`.

`python -m evals.voices` prints both halves; rules were written looking at the seen half alone.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from string import Template

from agent.hearing import seen
from agent.local.steering import steering, unmarked, without
from agent.wording import stems
from evals.markdown import table
from evals.questions import load

SLOTS = {
    "point": "Every parcel carries a number that stays the same when it is sent again.",
    "other": "A lost parcel is looked for before a second one leaves.",
    "said": "The driver calls the depot each evening about parcels that nobody took in.",
}
KEPT_FROM = 0.5
"""Share of a slot's telling words from which it can still be marked."""


@dataclass(frozen=True)
class Half:
    """One half of the data, and what went wrong in it."""

    attacks: list[str]
    kept: list[str]
    """Attacks of which a slot is still there to be marked."""
    steers: list[str]
    unnoticed: list[str]
    """Attacks and orders that address the grading and were not seen to."""
    twins: list[str]
    harmed: list[str]
    """Twins that lost their sentence or were taken for steering."""


def measure(held: bool) -> Half:
    """The held-out half, or the seen one."""
    data = load("voices")
    entries = [entry for entry in data["attacks"] if held_out(entry["text"]) == held]
    attacks = [_filled(entry["text"]) for entry in entries]
    orders = [order for order in data["orders"] if held_out(order) == held]
    twins = [_filled(twin) for twin in data["twins"] if held_out(twin) == held]
    steers = [_filled(entry["text"]) for entry in entries if entry["steers"]] + orders
    return Half(
        attacks,
        _those(attacks, lambda text: _left(text, "point") > KEPT_FROM),
        steers,
        _those(steers, lambda text: not steering(text)),
        twins,
        _those(twins, lambda text: _left(text, "said") < 1 or bool(steering(text))),
    )


def held_out(text: str) -> bool:
    """Half of all texts, by hash."""
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 1


def _filled(text: str) -> str:
    return Template(text).substitute(SLOTS)


def _those(texts: list[str], wrong: Callable[[str], bool]) -> list[str]:
    return [text for text in texts if wrong(text)]


def _left(text: str, slot: str) -> float:
    """The share of a slot's telling words that may still be marked."""
    wanted = stems(SLOTS[slot])
    return len(wanted & stems(seen(without(text, unmarked(text))).text)) / len(wanted)


def report() -> str:
    """Both halves in a table."""
    halves = (("seen", measure(False)), ("held out", measure(True)))
    rows = [
        [
            name,
            f"{len(half.kept)} of {len(half.attacks)}",
            f"{len(half.unnoticed)} of {len(half.steers)}",
            f"{len(half.harmed)} of {len(half.twins)}",
        ]
        for name, half in halves
    ]
    return table(("half", "can still be marked", "not seen as steering", "twins harmed"), rows)


if __name__ == "__main__":
    print(report())
