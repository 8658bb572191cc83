import time
from pathlib import Path

import pytest
import yaml

from knowledge.atoms import Atom
from knowledge.concerns import concerns, concerns_of

HELD_OUT = yaml.safe_load((Path(__file__).parent / "criteria.yaml").read_text())
"""Written when the rules were done, and not looked at to mend them."""


@pytest.mark.parametrize(
    ("criterion", "name"),
    [
        ("Résumé free of spelling mistakes", "Language and accent"),
        ("Native English speaker", "Language and accent"),
        ("Has a degree in computer science", "Credentials"),
        ("Graduated from a top university", "Credentials"),
        ("MS in Statistics", "Credentials"),
        ("Unexplained gaps in employment", "Gaps and changes of job"),
        ("5+ years of experience with Spark", "Age and years"),
        ("Digital native", "Age and years"),
        ("Good culture fit", "Fit and personality"),
        ("Does not make eye contact", "Look and manner"),
        ("Willing to work on weekends", "Family, faith and free time"),
        ("Zip code of the candidate", "Where somebody lives"),
        ("Photo on the résumé", "Photos"),
        ("Name is hard to pronounce", "Names, origin and sex"),
        ("Rarely sick", "Health and disability"),
    ],
)
def test_a_criterion_that_may_hurt_a_group_is_named(criterion: str, name: str) -> None:
    assert [each.name for each in concerns(criterion)] == [name]


@pytest.mark.parametrize(
    "criterion",
    [
        "Picks a degree of parallelism that fits the cluster",
        "Does a gap analysis of the target schema",
        "Can spell out the trade-off",
        "Stores native XML",
        "Handles certificate rotation without downtime",
        "Validates the zip code column",
        "Keeps two years of history in cold storage",
        "Uses a 95% confidence interval",
        "Reviews the security posture each quarter",
        "Nodes without children are leaves",
        "Spelling and grammar are not scored",
        "No degree is required",
        "Do not ask about family plans",
        "",
    ],
)
def test_what_only_sounds_like_it_is_let_be(criterion: str) -> None:
    assert concerns(criterion) == ()


def test_two_worries_are_both_told_and_each_once() -> None:
    told = concerns("A degree from a good school. An MBA. Young and dynamic.")
    assert [each.name for each in told] == ["Credentials", "Age and years"]
    assert all(each.why for each in told)


def test_only_what_people_are_judged_by_is_warned_of() -> None:
    text = "Bring a photo for your CV."
    told = Atom(id="a", kind="advice", text=text)
    asked = Atom(id="b", kind="point", text=text)
    assert (len(concerns_of(told)), len(concerns_of(asked))) == (0, 1)


def test_on_criteria_never_seen_most_are_found_and_few_warnings_are_wrong() -> None:
    hurts = [bool(concerns(each)) for each in HELD_OUT["hurts"]]
    harmless = [bool(concerns(each)) for each in HELD_OUT["harmless"]]
    assert sum(hurts) / len(hurts) > 0.75
    assert sum(hurts) / (sum(hurts) + sum(harmless)) > 0.9


def test_a_text_made_to_be_slow_is_read_in_no_time() -> None:
    for word in ("gap ", "candidate ", "works ", "lives a ", "experience ", "3 years of a a a "):
        text = word * 250_000
        began = time.process_time()
        concerns(text)
        assert time.process_time() - began < 5.0
