"""Figures, many scorecards together, and the command as it is run."""

import gzip
import json
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scorecard_cases import BAD, GOOD
from scorecard_logs import OPENING, WARM, known, log, took
from typer.testing import CliRunner, Result

from agent.events import Heard, ModelCalled, Said
from api.cli import app
from evals.holding import CELLS
from evals.holding import run as run_interviews
from evals.interviewee import people, shipped
from evals.replay.transcript import Transcript, write
from evals.results import read_rows, read_versions
from evals.scorecard.card import card_of
from evals.scorecard.figures import Figures, ranked
from evals.scorecard.finding import Finding
from evals.scorecard.known import Known
from evals.scorecard.over import rules_not_kept, spreads, worst_first
from knowledge.embedder import WordHash
from knowledge.kit_yaml import dump_kit

practice, screen = GOOD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good transcripts and one with a fault, with their kit beside them."""
    held = tmp_path / "held"
    for each in (*GOOD, BAD["stop"]):
        write(each, held / f"{each.id}.jsonl.gz")
    kit = known().kit
    (held / "kits").mkdir()
    (held / "kits" / f"{kit.name}@{kit.version}.yaml").write_text(dump_kit(kit), "utf-8")
    return held


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["scorecard", *map(str, arguments)])


def test_figures_are_counted_from_the_log() -> None:
    figures = card_of(practice, known()).figures
    said = [event for event in practice.events if isinstance(event, Said)]
    heard = [event for event in practice.events if isinstance(event, Heard)]
    words = sum(len(event.text.split()) for event in said)
    theirs = sum(len(event.text.split()) for event in heard)

    assert (figures.words_said, figures.words_heard) == (words, theirs)
    assert figures.talk_share == pytest.approx(words / (words + theirs), abs=1e-4)
    assert figures.words_a_message == median(len(event.text.split()) for event in said)
    assert (figures.core_questions, figures.hints, figures.quick_questions) == (2, 2, 1)
    assert (figures.distress, figures.steering) == (1, 1)
    assert (figures.asked_by_candidate, figures.left_open) == (1, 1)
    assert figures.coverage == 1.0
    assert figures.ended == "complete"


def test_time_is_told_where_the_log_has_it() -> None:
    slow = log([*OPENING, took(2.0, 3.0)], [*WARM, took(1.0, 1.5)], [*WARM, took(None, 0.5)])

    figures = card_of(slow, known()).figures

    assert figures.first_word_median == 1.5
    assert figures.first_word_95 == 2.0
    assert figures.machine_seconds == 5.0


def test_calls_tokens_and_costs_add_up() -> None:
    call = ModelCalled(
        purpose="examine",
        prompt="hash",
        outcome="ok",
        seconds=1.5,
        tokens_in=100,
        tokens_out=20,
        cost=0.002,
    )
    failed = call.model_copy(update={"outcome": "failed", "cost": None, "purpose": "phrase"})

    figures = card_of(log([*OPENING, call, call, failed]), known()).figures

    assert (figures.calls, figures.calls_failed) == (3, 1)
    assert (figures.tokens_in, figures.tokens_out) == (300, 60)
    assert figures.cost == pytest.approx(0.004)
    assert (figures.examine_seconds, figures.phrase_seconds) == (3.0, 1.5)


@given(st.lists(st.floats(0, 100), min_size=1), st.floats(0.01, 1))
def test_no_more_than_the_share_lies_below_a_rank(values: list[float], share: float) -> None:
    at = ranked(values, share)

    assert at in values
    assert sum(value <= at for value in values) >= share * len(values) - 1e-9


def test_many_are_told_worst_first() -> None:
    cards = [card_of(each, known()) for each in (practice, BAD["stop"], screen)]

    assert worst_first(cards)[0] is cards[1]
    assert rules_not_kept(cards)[0].severity == "fault"
    minutes = next(each for each in spreads(cards) if each.figure == "minutes")
    assert minutes.least <= minutes.mean <= minutes.most
    assert minutes.interviews == 3


def test_the_command_tells_a_fault_with_its_moment(folder: Path) -> None:
    told = run(folder / "held.jsonl.gz")

    assert told.exit_code == 0
    assert "stop (turn 3, event" in told.stdout
    assert "ended without asking whether they mean it" in told.stdout


def test_results_are_written_with_their_versions(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    assert run(folder, "--out", out).exit_code == 0

    findings = read_rows(out / "conduct.parquet", Finding)
    figures = read_rows(out / "figures.parquet", Figures)
    assert {each.transcript for each in figures} == {"practice", "screen", "held"}
    assert sum(each.faults for each in figures) == sum(f.severity == "fault" for f in findings)
    assert {each.kit for each in read_versions(out / "figures.parquet")} == {"depot"}


def test_a_transcript_that_cannot_be_read_does_not_stop_the_rest(folder: Path) -> None:
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(b'{"type": "header", "seq'))
    orphan = log(OPENING, kit="other")
    write(orphan, folder / "orphan.jsonl")
    beside = folder / "kits" / f"other@{orphan.header.kit_version}.yaml"
    beside.write_text("viva: 1\nname: other\natoms: []\n", "utf-8")

    told = run(folder, "--json")
    found = json.loads(told.stdout)

    assert told.exit_code == 1
    assert {each["id"] for each in found["unread"]} == {"cut.jsonl.gz", "orphan"}
    assert len(found["interviews"]) == 3
    assert all(each["remedy"] for each in found["unread"])


def test_many_are_printed_as_tables(folder: Path) -> None:
    for number in range(3):
        write(practice, folder / f"again{number}.jsonl")

    told = run(folder)

    assert told.exit_code == 0
    assert told.stdout.startswith("6 interviews")
    assert "| stop | fault |" in told.stdout


@pytest.mark.long
def test_interviews_of_the_shipped_kit_are_held_without_a_fault() -> None:
    """Scripted people, held by the real conductor; what is only to be looked at may be there."""
    ready = Known(shipped())
    held = run_interviews(people()[::20], CELLS[:3:2], WordHash())

    cards = [card_of(Transcript(each.person.name, each.events), ready) for each in held]

    assert [f for card in cards for f in card.findings if f.severity == "fault"] == []
    assert all(card.figures.answers for card in cards)
