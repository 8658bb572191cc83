"""`viva grade` and `viva understand` as a script meets them: lines in, lines out."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openai_endpoint import OpenAIEndpoint, Reply, Request, prompt_of

from api.cli import main
from api.desk_commands import LONGEST_LINE

Run = Callable[..., list[dict[str, Any]]]
LINE = {
    "id": 1,
    "question": "How are loads repeated?",
    "answer": "Each run replaces its own partition.",
    "reference_points": ["Each run replaces its own partition"],
}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path) -> Run:
    """Runs a command in this process on these bytes, with the light embedder."""
    monkeypatch.setenv("VIVA_EMBEDDER", "light")

    def through(given: bytes, *arguments: str) -> list[dict[str, Any]]:
        monkeypatch.setattr(sys, "argv", ["viva", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        with pytest.raises(SystemExit) as done:
            main()
        assert not done.value.code
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return through


def _bytes(*lines: Any) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def test_a_line_of_marks_has_the_fields_that_are_promised(run: Run) -> None:
    (graded,) = run(_bytes(LINE), "grade")
    assert list(graded) == [
        "id", "score", "anchor", "review", "points", "positive", "negative", "flags", "observations"
    ]  # fmt: skip
    assert graded["points"] == [
        {
            "text": "Each run replaces its own partition",
            "verdict": "met",
            "quote": "Each run replaces its own partition.",
            "start": 0,
            "end": 36,
            "probability": graded["points"][0]["probability"],
            "source": "local",
        }
    ]


@pytest.mark.parametrize("identity", [None, 0, 1.5, "a", True, [1, {"b": None}], {"deep": [2]}])
def test_an_id_of_any_kind_comes_back_as_it_is(run: Run, identity: Any) -> None:
    assert run(_bytes(LINE | {"id": identity}), "grade")[0]["id"] == identity


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{", "not JSON"),
        (b"[1, 2]", "no JSON object"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": NaN, "question": "q", "answer": "a"}', "not JSON"),
        (b'{"id": 1, "question": "q", "answer": "\\ud800"}', "half a character"),
        (b" " * LONGEST_LINE + b"{}", "longer than"),
        (_bytes({"id": 1, "question": "q"}), "`answer`"),
        (_bytes(LINE | {"answer": 5}), "`answer`"),
        (_bytes(LINE | {"answer": "a" * 20_001}), "`answer`"),
        (_bytes(LINE | {"level": "chief"}), "`level`"),
        (_bytes(LINE | {"reference_points": "one"}), "`reference_points`"),
        (_bytes(LINE | {"reference_points": [{"text": "a", "role": "b"}]}), "reference_points.0"),
        (_bytes(LINE | {"reference_points": ["a", " "]}), "reference_points.1"),
        (_bytes(LINE | {"reference_points": ["a"] * 201}), "`reference_points`"),
        (_bytes(LINE | {"positive_indicators": [1]}), "positive_indicators.0"),
        (_bytes(LINE | {"kit": "no such"}), "no such"),
    ],
)
def test_a_bad_line_is_told_and_the_rest_goes_on(run: Run, line: bytes, told: str) -> None:
    results = run(_bytes(LINE) + b"\n" + line.rstrip(b"\n") + b"\n" + _bytes(LINE), "grade")
    assert [result.get("id") for result in results] == [1, None, 1]
    assert results[1]["line"] == 3
    assert told in results[1]["error"]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(run: Run) -> None:
    given = b"\xef\xbb\xbf" + _bytes(LINE, LINE).replace(b"\n", b"\r\n") + b"\r\n"
    assert [result["anchor"] for result in run(given, "grade")] == ["exceeds", "exceeds"]


def test_fields_nobody_knows_are_passed_over_and_empty_ones_count_as_absent(run: Run) -> None:
    line = LINE | {"colour": "blue", "reference": None, "kit": None, "level": None}
    assert run(_bytes(line), "grade")[0]["anchor"] == "exceeds"


def test_nothing_in_is_nothing_out(run: Run) -> None:
    assert run(b"", "grade") == []
    assert run(b"\n  \n", "understand") == []


def test_lines_come_back_in_order_over_many_batches(run: Run) -> None:
    messages = [{"id": i, "question": "q", "message": "I use Kafka."} for i in range(600)]
    results = run(_bytes(*messages), "understand")
    assert [result["id"] for result in results] == list(range(600))
    assert list(results[0]) == ["id", "intents", "mentions"]


def test_a_kits_technologies_go_by_its_names(run: Run) -> None:
    message = {"id": 1, "question": "q", "message": "I have run Kafka for three years."}
    (read,) = run(_bytes(message), "understand", "--kit", "data-engineer")
    assert read["mentions"] == [{"technology": "Apache Kafka", "claimed": True, "quote": "Kafka"}]


def test_a_model_that_is_not_set_is_told_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["viva", "grade", "--examiner", "model"])
    with pytest.raises(SystemExit) as done:
        main()
    assert done.value.code == 2
    assert "VIVA_MODEL" in capsys.readouterr().err


def _marked(quote: str) -> str:
    reply = {
        "readable": True,
        "intents": ["answer"],
        "mentions": [],
        "steering": "",
        "marks": [
            {"id": "p1", "verdict": "met", "quote": quote, "reason": "", "certainty": "high"}
        ],
        "communicated": [],
        "way_to_find_out": "",
        "other_road": "",
    }
    return json.dumps(reply)


def test_a_language_model_marks_and_where_it_fails_nobody_else_does(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reply(request: Request) -> Reply | str:
        asked = prompt_of(request)
        if "Answer one." in asked:
            return _marked("Answer one.")
        return _marked("never said") if "Answer two." in asked else Reply(refusal="No.")

    lines = [LINE | {"id": i, "answer": f"Answer {i}."} for i in ("one", "two", "three")]
    with OpenAIEndpoint(reply) as server:
        monkeypatch.setenv("VIVA_MODEL", "desk")
        monkeypatch.setenv("VIVA_BASE_URL", server.url)
        results = run(_bytes(*lines, LINE | {"id": "empty", "answer": ""}), "grade",
                      "--examiner", "model")  # fmt: skip
    assert [result["id"] for result in results] == ["one", "two", "three", "empty"]
    assert [result["anchor"] for result in results] == ["exceeds", "below", "ungraded", "below"]
    assert [result["points"][0]["verdict"] for result in results] == [
        "met", "unsupported", "abstained", "not_met"
    ]  # fmt: skip
    assert {result["points"][0]["source"] for result in results} == {"model"}


def test_a_reader_that_leaves_ends_it_quietly(home: Path) -> None:
    given = _bytes(*[{"id": i, "question": "q", "message": "I use Kafka."} for i in range(9_000)])
    viva = subprocess.Popen(
        [sys.executable, "-c", "from api.cli import main; main()", "understand"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"VIVA_EMBEDDER": "light"},
    )
    assert viva.stdin is not None
    assert viva.stdout is not None
    viva.stdout.close()
    _, told = viva.communicate(given)
    assert told == b""
    assert viva.returncode == 0
