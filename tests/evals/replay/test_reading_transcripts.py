"""Files that are no transcript, or only part of one: one clear error each, and the rest goes on."""

import gzip
import json
import os
import resource
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seats import FIXTURES, KIT

from evals.replay import lines, sources
from evals.replay.transcript import Transcript, read, text_of, transcript_of, write
from knowledge.errors import BadInput, NotFound, VivaError

WHOLE = read(next(FIXTURES.glob("schema-1-practice*")))
LOG = [json.loads(line) for line in text_of(WHOLE.events).splitlines()]
TEXT = text_of(WHOLE.events).encode()

Change = Callable[[list[dict[str, Any]]], Any]


def told(path: Path) -> str:
    """What a person is told of a file; message and remedy are a line each."""
    with pytest.raises((BadInput, NotFound)) as error:
        read(path)
    message, remedy = error.value.message, error.value.remedy
    assert message.isprintable()
    assert remedy.isprintable()
    assert remedy
    assert len(message) < 500
    return message


def refused(change: Change) -> str:
    log = deepcopy(LOG)
    changed = change(log)
    with pytest.raises(BadInput) as error:
        transcript_of("t", log if changed is None else changed)
    return error.value.message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"hello\n", "line 1: the line is no JSON object"),
        (b"null\n", "begins with its header"),
        (b"[1]\n" + TEXT, "begins with its header"),
        (TEXT.partition(b"\n")[2], "begins with its header"),
        (TEXT[:-30], "cut off"),
        (b"\xff\xfe" + TEXT, "line 1: not text in UTF-8"),
        (TEXT[: TEXT.index(b"\n") + 1] + b"[" * 100_000 + b"\n", "line 2"),
        (TEXT[:300].partition(b"\n")[0] + b"\x00\n", "no JSON object"),
        (TEXT.replace(b'"seed":3', b'"seed":NaN'), "no JSON object"),
        (gzip.compress(TEXT), "is compressed"),
    ],
    ids=range(12),
)
def test_a_file_that_is_no_transcript_says_so(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    assert says in told(path)


def test_a_compressed_file_that_is_none_or_cut_off_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(TEXT)
    assert "not compressed" in told(path)
    packed = gzip.compress(TEXT)
    path.write_bytes(packed[:-100])
    assert "cut off" in told(path)
    path.write_bytes(packed[:200] + bytes(60) + packed[260:])
    assert "a.jsonl.gz" in told(path)


def test_a_folder_and_a_missing_file_say_so(tmp_path: Path) -> None:
    assert "folder" in told(tmp_path)
    assert "no file" in told(tmp_path / "gone.jsonl")


def test_a_file_cut_at_a_lines_end_says_which_turn_is_not_whole() -> None:
    for seq in range(1, len(LOG)):
        part = LOG[:seq]
        ends = LOG[seq]["turn"] != LOG[seq - 1]["turn"]
        if not ends and LOG[seq - 1]["type"] not in {"said", "paused", "ended"}:
            last = LOG[seq - 1]
            message = refused(lambda _, part=part: part)  # type: ignore[misc]
            assert f"turn {last['turn']} is not whole" in message
            assert f"after event {seq} ({last['type']})" in message


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda log: log[0].update(schema_version=99), "later Viva (schema 99"),
        (lambda log: log[5].update(type="telepathy"), "line 6: no event"),
        (lambda log: log[5].update(surprise=1), "line 6: no event"),
        (lambda log: log.insert(5, log[5]), "missing or doubled"),
        (lambda log: log[:5] + log[6:], "missing or doubled"),
        (lambda log: log[0]["policy"].update(telepathy=1), "cannot read the policy (telepathy"),
        (lambda log: log[0].update(policy={"measure": 3}), "cannot read the policy"),
        (lambda log: [log[0], {**log[0], "seq": 2}], "second header"),
        (lambda log: log[3].update(type="\x1b[31m\n"), "line 4: no event"),
    ],
    ids=range(9),
)
def test_a_line_that_does_not_fit_is_named(change: Change, says: str) -> None:
    message = refused(change)
    assert says in message
    assert message.isprintable()


def test_turns_out_of_order_and_events_about_nothing_are_named() -> None:
    def about_nothing(log: list[dict[str, Any]]) -> None:
        next(e for e in log if e["type"] == "marked")["testlet"] = 77

    assert "not in the log" in refused(about_nothing)

    def later(log: list[dict[str, Any]]) -> None:
        for event in log:
            event["turn"] += event["turn"] > 2

    assert "after turn 2" in refused(later)


def test_garbage_of_any_size_is_refused_without_filling_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "garbage.jsonl"
    with path.open("wb") as held:
        held.write(b"{")
        os.truncate(held.fileno(), 200_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "longer than any transcript" in told(path)
    bomb = tmp_path / "bomb.jsonl.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as packed:
        for _ in range(lines.LONGEST_FILE // 1_000_000 + 2):
            packed.write(b" " * 999_999 + b"\n")
    assert "longer than any transcript" in told(bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB


@given(st.binary(max_size=200), st.integers(0, len(TEXT) - 1), st.integers(0, 200))
def test_any_damage_is_read_whole_or_refused(
    tmp_path_factory: pytest.TempPathFactory, put: bytes, at: int, gone: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.jsonl"
    path.write_bytes(TEXT[:at] + put + TEXT[at + gone :])
    try:
        found = read(path)
    except VivaError:
        return  # refused, in words of its own
    assert found.turns


def test_the_rest_goes_on(tmp_path: Path) -> None:
    for name, content in (("a", TEXT), ("b", TEXT[:-9]), ("c", b""), ("d", TEXT)):
        (tmp_path / f"{name}.jsonl").write_bytes(content)
    (tmp_path / "e.jsonl").mkdir()
    found = list(sources.all_of([str(tmp_path)]))
    assert [isinstance(each, Transcript) for each in found] == [True, False, False, True, False]
    assert all(each.why and each.remedy for each in found if isinstance(each, sources.Unread))


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    for name in ("t.jsonl", "t.jsonl.gz"):
        write(WHOLE, tmp_path / name)
        assert read(tmp_path / name).events == WHOLE.events
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["t.jsonl", "t.jsonl.gz"]


def test_a_kit_is_found_beside_its_transcript_and_nowhere_else(tmp_path: Path) -> None:
    assert sources.Kits().of(WHOLE) == KIT
    write(WHOLE, tmp_path / "t.jsonl")
    with pytest.raises(NotFound, match="is gone") as gone:
        sources.Kits().of(read(tmp_path / "t.jsonl"))
    assert f"kits/replayed@{KIT.version}.yaml" in gone.value.remedy


def test_another_kit_under_its_name_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "kits").mkdir()
    file = f"replayed@{KIT.version}.yaml"
    text = (FIXTURES / "kits" / file).read_text("utf-8").replace("thirty days", "sixty days")
    (tmp_path / "kits" / file).write_text(text)
    write(WHOLE, tmp_path / "t.jsonl")
    with pytest.raises(BadInput, match="another version"):
        sources.Kits().of(read(tmp_path / "t.jsonl"))


def test_a_kits_name_leads_to_no_other_folder(tmp_path: Path) -> None:
    header = WHOLE.header.model_copy(update={"kit": "../../kits/replayed"})
    moved = Transcript("t", (header, *WHOLE.events[1:]), FIXTURES / "kits" / "x")
    with pytest.raises(NotFound, match="is gone"):
        sources.Kits().of(moved)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("at", float("inf")),
        ("at", 1e18),
        ("at", -1.0),
        ("seed", 10**40),
        ("minutes", float("inf")),
        ("questions", 2**31),
        ("role", "a\0b"),
        ("role", "a\ud800b"),
        ("seen", {"a\0": []}),
    ],
)
def test_what_no_database_or_page_can_hold_is_named(name: str, value: object) -> None:
    message = refused(lambda log: log[0].update({name: value}))
    assert (
        f"line 1: no event of a transcript ({'a key of ' if name == 'seen' else ''}{name}"
        in message
    )
    assert message.isprintable()


def test_a_file_of_endless_empty_lines_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n" * (lines.MOST_LINES + 2)))
    assert "longer than any transcript" in told(path)
