"""How an interview's time is shared out: as the kit's format says, else by the policy."""

import re
from dataclasses import dataclass

from agent.events import Stage
from agent.policy import Policy
from agent.state import Interview
from knowledge.atoms import Kit

RESERVED_AT_MOST = 0.4
"""Share of the whole that opening, money round and wrap-up take without a format."""

_words: tuple[tuple[Stage, str], ...] = (
    (
        "wrap_up",
        r"\b(?:candidates?['’]?s? (?:own )?questions?|your (?:own )?questions|wrap[ -]?up"
        r"|clos(?:e|ing)|conclusion|q ?& ?a|questions (?:for|to) (?:us|you|the (?:team|panel)))\b",
    ),
    ("money", r"\b(?:money|trivia|quick[ -]?fire|bite[ -]?sized?|lightning|rapid[ -]?fire)\b"),
    ("opening", r"\b(?:opening|introductions?|intros?|welcome|warm[ -]?up)\b"),
    (
        "probes",
        r"\b(?:questions?|technical|core|discussion|deep|design|behaviou?ral|probes?|panel)\b",
    ),
)


@dataclass(frozen=True)
class Budget:
    """Seconds of each stage, and the core questions that fit."""

    opening: float
    probes: float
    money: float
    wrap_up: float
    core: int


def budget(kit: Kit, minutes: float, policy: Policy) -> Budget:
    """Share `minutes` out over the stages."""
    whole = minutes * 60
    shares = _shares(kit) or _default_shares(whole, policy)
    seconds = {stage: share * whole for stage, share in shares.items()}
    probes = whole - sum(seconds.get(stage, 0.0) for stage in ("opening", "money", "wrap_up"))
    return Budget(
        opening=seconds.get("opening", 0.0),
        probes=probes,
        money=seconds.get("money", 0.0),
        wrap_up=seconds.get("wrap_up", 0.0),
        core=max(1, min(round(probes / policy.seconds_per_core), policy.most_core)),
    )


def charged(said_at: float | None, now: float, longest: float) -> float:
    """Seconds that a message costs, at most `longest`; a clock that was set back costs nothing.

    `said_at` is when something was last said, None while the clock stands still.
    """
    return 0.0 if said_at is None else min(max(now - said_at, 0.0), longest)


def seconds_left(state: Interview, now: float, policy: Policy | None = None) -> float:
    """What is left of the whole, never below 0; the machine's own time and pauses are free.

    While a turn is under way, `now` is when its message came.
    """
    longest = (policy or Policy()).longest_silence
    stands = state["paused"] or state["stage"] == "done"
    thinking = charged(None if stands else state["said_at"], now, longest)
    return max(state["seconds"] - state["used"] - thinking, 0.0)


def _shares(kit: Kit) -> dict[Stage, float]:
    """Each stage's share by the kit's own parts; empty where they do not tell the probes'."""
    minutes: dict[Stage, float] = {}
    for part in kit.of("format"):
        stage = next((s for s, words in _words if re.search(words, part.text, re.I)), None)
        if part.parent is None and part.minutes and stage:
            minutes[stage] = minutes.get(stage, 0.0) + part.minutes
    told = sum(minutes.values())
    if not {"probes", "wrap_up"} <= minutes.keys():
        return {}
    return {stage: part / told for stage, part in minutes.items()}


def _default_shares(whole: float, policy: Policy) -> dict[Stage, float]:
    parts: dict[Stage, float] = {
        "opening": policy.opening_seconds,
        "money": policy.money_seconds,
        "wrap_up": policy.wrap_up_seconds,
    }
    shrink = min(1.0, RESERVED_AT_MOST * whole / sum(parts.values()))
    return {stage: seconds * shrink / whole for stage, seconds in parts.items()}
