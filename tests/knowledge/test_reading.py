"""Bytes of every kind become text with the line numbers of the file as received."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import BadInput, NotFound
from knowledge.readers import read_document

HEALTHY = [
    "« Voilà », dit-elle à Noël : « l'été ! »",
    "Spaß“ und „Größe“ … Äpfel, Öl, Übung",
    "¿Qué es? ¡Mañana, señor! — sí…",
    "√π ≈ 1.77 and ‚single low quotes‘ and €5",
    "It’s a “quote” → ✅ 💡 → 日本語 Привет",
    "const s = 'naïve' // ± µ",
]
WORDS = "It’s a “test” — sí → ✅ 💡\nplain line\n¿Qué? größer, été\n"


def write(folder: Path, data: bytes, name: str = "given.md") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("text", HEALTHY)
def test_healthy_text_is_left_alone(tmp_path, text):
    received = read_document(write(tmp_path, text.encode()))
    assert received.text == text
    assert received.repairs == ()


@pytest.mark.parametrize("wrong", ["mac_roman", "sloppy-windows-1252", "latin-1"])
def test_utf8_read_in_another_encoding_is_undone_and_reported(tmp_path, wrong):
    damaged = WORDS.encode().decode(wrong)
    received = read_document(write(tmp_path, damaged.encode()))
    assert received.text == WORDS
    assert received.repairs == (
        "Repaired 2 lines whose characters had been decoded in the wrong encoding.",
    )


def test_damage_beside_healthy_lines_leaves_these_alone(tmp_path):
    damaged = "“fine” — here\n" + "it’s → broken".encode().decode("mac_roman")
    received = read_document(write(tmp_path, damaged.encode()))
    assert received.text == "“fine” — here\nit’s → broken"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_marks_and_wide_encodings_are_understood(tmp_path, encoding):
    text = "# Questions\n- What is a queue?\n"
    assert read_document(write(tmp_path, text.encode(encoding))).text == text


def test_windows_1252_is_read_and_reported(tmp_path):
    received = read_document(write(tmp_path, "It’s größer – really\nplain".encode("cp1252")))
    assert received.text == "It’s größer – really\nplain"
    assert "Windows-1252" in received.repairs[0]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    data = "one\r\ntwo\rthree\nfour\u2028still four\x0cand\u0085four".encode()
    lines = read_document(write(tmp_path, data)).text.split("\n")
    assert lines[:3] == ["one", "two", "three"]
    assert len(lines) == 4


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_no_repair_adds_or_removes_a_line(tmp_path_factory, text):
    text = "x\n" + text + "\n’\n" + text.encode().decode("latin-1").replace("\r", "")
    path = write(tmp_path_factory.mktemp("lines"), text.encode())
    assert read_document(path).text.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n\t\n",
        b"text \x00 with a NUL",
        b"\x89PNG\r\n\x1a\n....",
        b"%PDF-1.7 looks like text",
        bytes(range(1, 32)) * 20,
    ],
)
def test_what_is_no_text_is_refused_with_its_name_and_a_remedy(tmp_path, data):
    with pytest.raises(BadInput) as refused:
        read_document(write(tmp_path, data, "guide.md"))
    assert "guide.md" in refused.value.message
    assert refused.value.remedy


def test_a_missing_file_is_not_found(tmp_path):
    with pytest.raises(NotFound) as refused:
        read_document(tmp_path / "nowhere.md")
    assert "nowhere.md" in refused.value.message


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(BadInput, match="folder"):
        read_document(tmp_path)


def test_a_file_above_twenty_megabytes_is_refused(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    with pytest.raises(BadInput, match="20 MB"):
        read_document(path)
