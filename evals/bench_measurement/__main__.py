"""`python -m evals.bench_measurement [SECTION ...] [--quick | --tune]`; all sections, or some."""

import argparse
from collections.abc import Callable
from functools import partial
from itertools import chain

from agent.events import MarkSource
from agent.policy import Policy
from evals import text_level
from evals.bench_measurement import beside, tables, timing, tuning
from evals.bench_measurement.figures import overall, own
from evals.bench_measurement.runs import Outcome, Setting, outcomes, run
from evals.bench_measurement.sitting import DESIGNS
from evals.bench_measurement.worlds import ANYONE, HELD_OUT, World

PER_LEVEL, QUICK = 200, 10
"""People of each level in each world; there are five worlds."""
SHIPPED_PER_LEVEL, TUNING_PER_LEVEL = 50, 20
POLICY = Policy()
LONGEST = POLICY.most_core
SOURCES: tuple[MarkSource, ...] = ("model", "local", "human")


def main() -> None:
    """Print the sections asked for, or all; or look for better numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("section", nargs="*", choices=[*SECTIONS, []])
    parser.add_argument("--quick", action="store_true", help="fewer people; under a minute")
    parser.add_argument("--people", type=int, help="of each level in each world")
    parser.add_argument("--tune", action="store_true", help="fit the model to the tuning worlds")
    asked = parser.parse_args()
    if asked.tune:
        tuning.main(TUNING_PER_LEVEL)
        return
    per_level = asked.people or (QUICK if asked.quick else PER_LEVEL)
    people = len(HELD_OUT) * per_level
    print(f"# Measurement\n\n{people} simulated people of each level, held-out worlds.")
    for section in asked.section or SECTIONS:
        SECTIONS[section](per_level)


def _of_examiner(source: MarkSource, per_level: int) -> None:
    worlds = [_world(world, source, per_level) for world in HELD_OUT]
    found = tables.joined(worlds)
    cut = tables.same_length(found, POLICY)
    _print(f"Marked by {source}: the general level", tables.by_design(cut, overall))
    _print(f"Marked by {source}: a competency", tables.by_design(cut, own))
    for design in ("practice", "screen"):
        of = {world.name: each[design] for world, each in zip(HELD_OUT, worlds, strict=True)}
        _print(f"Marked by {source}: {design}, world by world", tables.by_world(of))
    _print(f"Marked by {source}: RMSE by length", tables.by_length(found, LONGEST))
    if source == "model":
        _closer(found, source, per_level)


def _closer(found: tables.Found, source: MarkSource, per_level: int) -> None:
    """By level and booking, and beside catsim."""
    _print("By true level, practice", tables.by_level(found["practice"]))
    _print("By booking, practice", tables.by_booking(found["practice"]))
    _print("By booking, screen", tables.by_booking(found["screen"]))
    settings = [Setting(world, "practice", source, per_level) for world in HELD_OUT]
    by_catsim = run(settings, partial(beside.outcomes, policy=POLICY))
    _print("Beside catsim", tables.beside([*chain(*by_catsim)], found, LONGEST))


def _anyone(per_level: int) -> None:
    found = _world(ANYONE, "model", per_level)
    cut = tables.same_length(found, POLICY)
    title = f"{len(found['practice'])} people booked at any level"
    _print(f"{title}: the general level", tables.by_design(cut, overall))
    _print(f"{title}: RMSE by length", tables.by_length(found, LONGEST))
    _print(f"{title}: practice", tables.by_booking(found["practice"]))


def _shipped(per_level: int) -> None:
    few = min(per_level, SHIPPED_PER_LEVEL)
    worlds = [_world(world, "model", few, bank="shipped") for world in HELD_OUT]
    found = tables.joined(worlds)
    cut = tables.same_length(found, POLICY)
    title = f"The shipped kit, {len(found['practice'])} people"
    _print(f"{title}: the general level", tables.by_design(cut, overall))
    _print(f"{title}: a competency", tables.by_design(cut, own))


def _world(world: World, source: MarkSource, per_level: int, bank: str = "made up") -> tables.Found:
    settings = [Setting(world, design, source, per_level, bank) for design in DESIGNS]
    found: list[list[Outcome]] = run(settings, partial(outcomes, policy=POLICY))
    return dict(zip(DESIGNS, found, strict=True))


def _print(title: str, text: str) -> None:
    print(f"\n## {title}\n\n{text}", flush=True)


def _timed(_: int) -> None:
    _print("Choosing the next of 200 questions", timing.report())


def _text(per_level: int) -> None:
    """Forty people who write: not in the quick run, which is a minute."""
    if per_level > QUICK:
        _print("Forty scripted people through the whole interviewer", text_level.text_level())


SECTIONS: dict[str, Callable[[int], None]] = {
    **{source: partial(_of_examiner, source) for source in SOURCES},
    "anyone": _anyone,
    "shipped": _shipped,
    "time": _timed,
    "text": _text,
}

if __name__ == "__main__":
    main()
