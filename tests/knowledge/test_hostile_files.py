"""Folders and archives made to stop, to fool or to exhaust whoever reads them."""

import importlib
import io
import os
import re
import time
import zipfile
from pathlib import Path
from pkgutil import walk_packages

import pytest

import knowledge
from knowledge.blocks import BREAK, TABLE_EDGE
from knowledge.errors import BadInput
from knowledge.parser import parse
from knowledge.readers import read
from knowledge.readers.archive import unpacked
from knowledge.readers.batch import readings
from knowledge.readers.kinds import kind_of
from knowledge.reading import Received

GUIDE = "# Warehouse\n\n## How do you count stock at night?\n\nAnswer: twice.\n"
LENGTH = 50_000
PIECES = (*" []()*_-|\"'`~#>:.?!<\t0aA", "- ", "[a](", "a: ", "| ", "a ", "<!--", "a.", ", ", "/*")


def told(folder: Path) -> dict[str, str]:
    """What is said of each file; nothing of those that are read."""
    return {
        name: "" if isinstance(found, Received) else found.message
        for name, found in readings([folder]).items()
    }


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), GUIDE)
    return packed.getvalue()


def test_pipes_devices_and_links_in_a_folder_are_told_and_never_waited_for(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(GUIDE)
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    said = told(tmp_path)
    assert said.keys() == {"good.md", "pipe.md", "zero.md", "gone.md", "loop", "itself"}
    assert said["good.md"] == ""
    assert "pipe or a device" in said["pipe.md"]
    assert "pipe or a device" in said["zero.md"]
    assert "There is no file" in said["gone.md"]
    assert said["loop"] == "loop is a link to a folder."
    assert "symbolic links" in said["itself"]


@pytest.mark.skipif(os.geteuid() == 0, reason="who may do anything is refused nothing")
def test_a_folder_that_may_not_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text(GUIDE)
    (tmp_path / "locked").mkdir(mode=0)
    assert told(tmp_path)["locked"] == "locked is a folder that may not be opened."


def test_a_name_is_shown_on_one_line_and_only_as_it_is_read(tmp_path: Path) -> None:
    names = ["a\nb.md", "a\x1b[31mb.md", "a\u202eb.md", "a\u200db.md", os.fsdecode(b"a\xffb.md")]
    for name in names:
        (tmp_path / name).write_text(GUIDE)
    said = told(tmp_path)
    shown = ["a\ufffd[31mb.md", "a\ufffdb.md", "a\ufffdb.md (2)", "a\ufffdb.md (3)", "a\u200db.md"]
    assert sorted(said) == sorted(shown)
    assert set(said.values()) == {""}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_files_of_one_name_in_an_archive_are_each_told(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(zipped("bank.md", "bank.md"))
    assert told(tmp_path) == {"all.zip/bank.md": "", "all.zip/bank.md (2)": ""}


def test_a_file_without_a_name_in_an_archive_is_refused_alone() -> None:
    found = dict(unpacked(zipped(".", "bank.md"), "all.zip"))
    assert isinstance(found["all.zip/."], BadInput)
    assert found["all.zip/bank.md"] == GUIDE.encode()


def test_comments_before_what_is_no_page_are_seen_through_at_once() -> None:
    began = time.process_time()
    assert kind_of(b"<!-- -->" * 500 + b"<x", "notes.md") == "text"
    assert time.process_time() - began < 1
    assert kind_of(b"<!-- a --> <!-- b -->\n<html>", "page") == "html"


def test_style_sheets_that_end_nowhere_are_read_at_once() -> None:
    sheet = "{" * LENGTH + "a" * LENGTH + "@" * LENGTH + "/*" * LENGTH
    began = time.process_time()
    page = f"<style>{sheet}</style><p>{GUIDE}</p>"
    assert "count stock" in read(page.encode(), "page.html").text
    assert time.process_time() - began < 4


def test_a_question_among_many_costs_little_more_than_among_few() -> None:
    def cost(questions: int) -> float:
        asked = (f"## How do you count stock {n}?\n\nAnswer: twice.\n\n" for n in range(questions))
        began = time.process_time()
        parse(Received(document="bank.md", text="".join(asked)))
        return time.process_time() - began

    cost(10)
    assert cost(1600) < 60 * cost(100)


def patterns() -> dict[str, re.Pattern[str]]:
    """The patterns that the readers and the parser keep, by module and name."""
    kept = ("knowledge.blocks", "knowledge.parser.", "knowledge.readers.")
    modules = [
        importlib.import_module(found.name)
        for found in walk_packages(knowledge.__path__, "knowledge.")
        if found.name.startswith(kept)
    ]
    return {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    }


def test_no_pattern_of_the_readers_or_the_parser_takes_long_from_the_start_of_a_line() -> None:
    texts = [f"{piece * (LENGTH // len(piece))}\x01" for piece in PIECES]
    found = patterns()
    assert len(found) > 100
    for name, pattern in found.items():
        for text in texts:
            began = time.process_time()
            pattern.match(text)
            assert time.process_time() - began < 1, (name, text[:10])


def test_rows_and_breaks_of_nothing_but_blanks_are_seen_through_at_once() -> None:
    blank = " " * LENGTH
    began = time.process_time()
    assert not TABLE_EDGE.match(f"{blank}x")
    assert BREAK.split(f"{blank}x") == [f"{blank}x"]
    assert time.process_time() - began < 1
    assert BREAK.split("a <br> <br/>b") == ["a", "", "b"]
