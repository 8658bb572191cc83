"""The measurement bench: its people, its examiners, its figures, and the model on its own data."""

import random
from dataclasses import replace
from math import exp

import numpy as np
import pytest

from agent.measuring import Look, Measuring
from agent.policy import Policy
from evals.bench_measurement import banks, beside, tables, timing
from evals.bench_measurement.answering import Person
from evals.bench_measurement.examiners import EXAMINERS, PERFECT, Marker, Noisy
from evals.bench_measurement.figures import as_long_as, needed, overall, own
from evals.bench_measurement.runs import Outcome, Setting, outcome, outcomes
from evals.bench_measurement.sitting import DESIGNS, Design, held
from evals.bench_measurement.worlds import ANYONE, HELD_OUT, TUNING, World, people
from knowledge.atoms import LEVELS

POLICY = Policy()
PLAIN = World("plain", 7, difficulty=0, slopes=0, testlet=0, tells=1, recalls=1, slope=3)
PEOPLE = 8


def held_by(noisy: Noisy, world: World, per_level: int, design: Design) -> list[Outcome]:
    syllabus, found = banks.made_up(), []
    for candidate in people(world, syllabus.subjects, per_level):
        marker = Marker(noisy, world, candidate.number)
        person = Person(world, candidate, marker, POLICY, POLICY.follow_ups)
        found.append(outcome(candidate, held(design, person, syllabus), POLICY))
    return found


@pytest.fixture(scope="module")
def found() -> tables.Found:
    world = HELD_OUT[0]
    return {d: outcomes(Setting(world, d, "model", PEOPLE), POLICY) for d in DESIGNS}


def test_there_are_as_many_people_of_each_level() -> None:
    nearest = [person.nearest for person in people(HELD_OUT[0], ["a", "b"], 25)]
    assert [nearest.count(level) for level in LEVELS] == [25] * len(LEVELS)


def test_competencies_of_those_booked_at_one_level_correlate_as_the_world_says() -> None:
    drawn = list(people(HELD_OUT[0], ["a", "b"], 1500))
    asked = np.array([LEVELS.index(person.asked) for person in drawn])
    one, other = (np.array([p.levels[s] for p in drawn]) - asked for s in ("a", "b"))
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(HELD_OUT[0].shared, abs=0.05)


def test_no_world_is_both_tuned_on_and_reported() -> None:
    seeds = [world.seed for world in (*TUNING, *HELD_OUT, ANYONE)]
    assert len(seeds) == len(set(seeds))


def test_a_perfect_examiner_and_many_testlets_bring_the_level_out() -> None:
    rows = held_by(PERFECT, PLAIN, 10, "fixed form")
    guesses = [guess for row in rows for guess in row.own if guess.testlets > 1]
    means, truths = ([getattr(g, of) for g in guesses] for of in ("mean", "true"))
    assert np.corrcoef(means, truths)[0, 1] > 0.85


def test_the_worse_the_examiner_the_further_off() -> None:
    errors = [
        overall(held_by(EXAMINERS[source], HELD_OUT[0], 20, "fixed form")).rmse
        for source in ("human", "local")
    ]
    assert errors[0] < errors[1]


def test_a_question_is_answered_alike_wherever_it_stands(found: tables.Found) -> None:
    for forward, shuffled in zip(found["fixed form"], found["random order"], strict=True):
        scores = {look.question: look.score for look in forward.looks if look}
        again = {look.question: look.score for look in shuffled.looks if look}
        common = scores.keys() & again.keys()
        assert {q: scores[q] for q in common} == {q: again[q] for q in common}


def test_a_screen_puts_the_same_core_to_all_who_are_booked_alike(found: tables.Found) -> None:
    booked = [o for o in found["screen"] if o.candidate.asked == "mid"]
    asked = [{look.question for look in o.looks if look} for o in booked]
    assert len(booked) > 3
    assert len(set.intersection(*asked)) >= 4


def test_designs_are_compared_at_the_same_length(found: tables.Found) -> None:
    cut = as_long_as(found["practice"], found["fixed form"], POLICY)
    assert [len(o.looks) for o in cut] == [len(o.looks) for o in found["practice"]]


def drawn_by_the_model(chance: random.Random, testlets: int) -> tuple[float, list[Look]]:
    """A general level and looks of a language model's marks, as `Measure` believes they come."""
    measure = POLICY.measure
    general = chance.gauss(1, measure.general_spread)
    shift, looks = chance.gauss(0, measure.common), []
    levels = [chance.gauss(general, measure.own_spread) + shift for _ in range(5)]
    for number in range(testlets):
        level = chance.randrange(len(LEVELS))
        away = levels[number % 5] - level - chance.gauss(0, measure.spread)
        draw = chance.random()
        over = [1 / (1 + exp(-measure.discrimination * (away - step))) for step in measure.steps]
        centre = measure.centres[sum(draw < each for each in over)]
        score = chance.gauss(centre, measure.error["model"])
        looks.append(Look(f"s{number % 5}", LEVELS[level], score, "model"))
    return general, looks


@pytest.mark.parametrize("testlets", [2, 8])
def test_where_the_model_is_true_its_intervals_hold_as_often_as_they_say(testlets: int) -> None:
    chance, inside = random.Random(3), []
    for _ in range(600):
        general, looks = drawn_by_the_model(chance, testlets)
        low, high = Measuring(looks, "mid", POLICY.measure).overall.interval(POLICY.interval)
        inside.append(low <= general <= high)
    assert sum(inside) / len(inside) == pytest.approx(POLICY.interval, abs=0.04)


def test_the_length_that_is_needed_is_read_between_two_lengths() -> None:
    assert needed(0.5, lambda length: 1 / length, 5) == pytest.approx(2)
    assert needed(0.4, lambda length: 1 / length, 5) == pytest.approx(2.6)
    assert needed(0.1, lambda length: 1 / length, 5) is None


def test_catsim_guesses_the_level_of_the_same_people() -> None:
    setting = Setting(replace(HELD_OUT[0], booked=(1.0,)), "practice", "model", 3)
    guesses = [guess for guess, _ in beside.outcomes(setting, POLICY)]
    assert all(beside.ENDS[0] <= guess.mean <= beside.ENDS[1] for guess in guesses)
    assert np.corrcoef([g.mean for g in guesses], [g.true for g in guesses])[0, 1] > 0.5


def test_every_table_has_a_line_for_each_that_it_compares(found: tables.Found) -> None:
    cut = tables.same_length(found, POLICY)
    for of in (overall, own):
        lines = tables.by_design(cut, of).splitlines()
        assert [line.split(" | ")[0].strip("| ") for line in lines[2:]] == list(cut)
    assert len(tables.by_level(found["practice"]).splitlines()) == 2 + len(LEVELS)
    assert "Practice" in tables.by_length(found, 4)


def test_the_time_to_choose_is_told_for_each_question_of_an_interview() -> None:
    lines = timing.report(24).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:11]] == [f"| {n}" for n in range(1, 10)]
