"""Whatever a file does to its reader, the next file is read."""

import pytest

from knowledge.errors import BadInput
from knowledge.readers import apart
from knowledge.readers.apart import Apart

BANK = b"question,answer\nWhat is a queue?,A list that is read from its front\n"


def test_a_file_is_read_as_here() -> None:
    with Apart() as reader:
        assert "What is a queue?" in reader.read(BANK, "bank.csv").text
        assert reader.read(b"# Guide\n", "guide.md").text == "# Guide\n"


def test_what_is_refused_is_told_and_the_next_file_is_read() -> None:
    with Apart() as reader:
        with pytest.raises(BadInput, match=r"empty\.md is empty"):
            reader.read(b"", "empty.md")
        assert reader.read(b"# Guide\n", "guide.md").document == "guide.md"


def test_a_reader_that_dies_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with Apart() as reader:
        reader.read(b"# Guide\n", "guide.md")
        assert reader._child
        reader._child.kill()
        with pytest.raises(BadInput, match="ended its reader"):
            reader.read(b"# Guide\n", "guide.md")
        assert reader.read(b"# Guide\n", "guide.md").text == "# Guide\n"


def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST_SECONDS", 0.01)
    with Apart() as reader, pytest.raises(BadInput, match="takes too long to read"):
        reader.read(b"# Guide\n" * 100_000, "guide.md")


def test_nothing_is_left_running() -> None:
    with Apart() as reader:
        reader.read(b"# Guide\n", "guide.md")
        child = reader._child
    assert child
    assert child.poll() is not None
