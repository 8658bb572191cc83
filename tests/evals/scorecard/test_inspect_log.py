"""The log for Inspect AI: what the format asks for holds, and Inspect itself can read it."""

import json
from pathlib import Path
from typing import Any

import pytest
from scorecard_cases import BAD, GOOD
from scorecard_logs import FIRST, OPENING, WARM, hears, known, log, marks, reads

from agent.events import Heard, ModelCalled, Said
from evals.inspect_log import write_log
from evals.replay.transcript import Transcript, read, write
from knowledge.errors import BadInput
from knowledge.kit_yaml import dump_kit

CALL = ModelCalled(
    purpose="examine",
    prompt="hash",
    outcome="ok",
    seconds=1.5,
    tokens_in=100,
    tokens_out=20,
    reply='{"intents": ["answer"]}',
)
UNGRADED = log(
    OPENING,
    FIRST,
    [
        *[30.0, hears("Bonjour.", 2), reads("answer"), CALL],
        marks(0, "full", score=None, anchor="ungraded"),
    ],
    id_="ungraded",
    model="some-model",
)


def held(folder: Path, *transcripts: Transcript) -> list[Transcript]:
    """The same from files, with their kit beside them."""
    kit = known().kit
    (folder / "kits").mkdir(parents=True, exist_ok=True)
    (folder / "kits" / f"{kit.name}@{kit.version}.yaml").write_text(dump_kit(kit), "utf-8")
    for each in transcripts:
        write(each, folder / f"{each.id}.jsonl")
    return [read(folder / f"{each.id}.jsonl") for each in transcripts]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    transcripts = held(tmp_path / "held", *GOOD, BAD["stop"], UNGRADED)
    assert write_log(transcripts, tmp_path / "log.json") == []
    return tmp_path / "log.json"


@pytest.fixture
def written(path: Path) -> dict[str, Any]:
    def refused(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    found: dict[str, Any] = json.loads(path.read_text("utf-8"), parse_constant=refused)
    return found


def test_the_head_tells_what_the_samples_are(written: dict[str, Any]) -> None:
    ids = [sample["id"] for sample in written["samples"]]

    assert (written["version"], written["status"]) == (2, "success")
    assert ids == ["practice", "screen", "held", "ungraded"]
    assert written["eval"]["dataset"]["sample_ids"] == ids
    assert written["results"]["total_samples"] == len(ids)
    assert written["eval"]["model"] == "several"


def test_messages_are_what_was_said_and_heard(written: dict[str, Any]) -> None:
    for sample, transcript in zip(written["samples"], (*GOOD, BAD["stop"], UNGRADED), strict=True):
        spoken = [event for event in transcript.events if isinstance(event, Said | Heard)]
        roles = ["assistant" if isinstance(event, Said) else "user" for event in spoken]
        assert [message["role"] for message in sample["messages"]] == roles
        for event, message in zip(spoken, sample["messages"], strict=True):
            assert event.text in message["content"]


def test_spans_open_and_close_around_their_events(written: dict[str, Any]) -> None:
    for sample in written["samples"]:
        open_: list[str] = []
        times = [event["timestamp"] for event in sample["events"]]
        for event in sample["events"]:
            if event["event"] == "span_begin":
                open_.append(event["id"])
            assert event["span_id"] == open_[-1]
            if event["event"] == "span_end":
                assert open_.pop() == event["id"]
        assert open_ == []
        assert times == sorted(times)
        assert {event["event"] for event in sample["events"]} <= {
            "span_begin",
            "span_end",
            "info",
            "score",
            "model",
        }


def test_ids_of_events_and_messages_are_their_own(written: dict[str, Any]) -> None:
    for kind, key in (("events", "uuid"), ("messages", "id")):
        ids = [each[key] for sample in written["samples"] for each in sample[kind] if key in each]
        assert len(ids) == len(set(ids))


def test_what_could_not_be_graded_has_no_number(written: dict[str, Any]) -> None:
    sample = written["samples"][3]

    assert sample["scores"]["questions"]["value"] == {"full": None}
    assert not [event for event in sample["events"] if event["event"] == "score"]


def test_findings_stand_in_the_score_and_at_their_moment(written: dict[str, Any]) -> None:
    sample = written["samples"][2]
    found = [event for event in sample["events"] if event.get("source") == "scorecard"]

    faults = [event for event in found if event["data"]["severity"] == "fault"]
    assert sample["scores"]["conduct"]["value"]["faults"] == len(faults) > 0
    assert "stop" in {event["data"]["rule"] for event in found}
    assert "ended without asking" in sample["scores"]["conduct"]["explanation"]


def test_calls_and_tokens_are_the_models(written: dict[str, Any]) -> None:
    sample = written["samples"][3]
    call = next(event for event in sample["events"] if event["event"] == "model")

    assert call["output"]["completion"] == CALL.reply
    assert sample["model_usage"]["some-model"]["total_tokens"] == 120
    assert written["stats"]["model_usage"]["some-model"]["input_tokens"] == 100


def test_two_of_one_name_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (one,) = held(tmp_path / "held", GOOD[0])

    with pytest.raises(BadInput, match="Two interviews"):
        write_log([one, one], tmp_path / "log.json")

    assert not (tmp_path / "log.json").exists()


def test_an_interview_without_its_kit_is_left_out(tmp_path: Path) -> None:
    orphan = log(OPENING, WARM, kit="other", id_="orphan")
    (tmp_path / "held" / "kits").mkdir(parents=True)
    beside = tmp_path / "held" / "kits" / f"other@{orphan.header.kit_version}.yaml"
    beside.write_text("viva: 1\nname: other\natoms: []\n", "utf-8")

    left = write_log(held(tmp_path / "held", orphan, GOOD[0]), tmp_path / "log.json")

    assert [each.id for each in left] == ["orphan"]
    assert len(json.loads((tmp_path / "log.json").read_text("utf-8"))["samples"]) == 1


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no name for a log"):
        write_log(GOOD, tmp_path / "log.txt")


def test_inspect_reads_it(path: Path) -> None:
    inspect_log = pytest.importorskip("inspect_ai.log")

    found = inspect_log.read_eval_log(str(path))

    assert len(found.samples) == 4
    assert found.samples[2].scores["conduct"].value["faults"] > 0
