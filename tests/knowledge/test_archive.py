"""Archives and folders: each file once, a bad one told, and nothing taken on trust."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from knowledge.errors import BadInput, VivaError
from knowledge.readers import LARGEST, archive
from knowledge.readers.archive import unpacked
from knowledge.readers.batch import readings
from knowledge.reading import Received

QUESTIONS = "# Questions\n- What is a queue?\n"


def packed(*files: tuple[str | zipfile.ZipInfo, bytes | str], method: int = 8) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression=method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def error_of(data: bytes) -> str:
    (_, content), *_ = unpacked(data, "kit.zip")
    assert isinstance(content, BadInput)
    return content.message


def test_every_file_of_an_archive_is_read_under_its_path_in_it(tmp_path: Path) -> None:
    (tmp_path / "kit.zip").write_bytes(
        packed(("a/guide.md", QUESTIONS), ("b/guide.md", QUESTIONS), ("__MACOSX/a/._guide.md", "x"))
    )
    assert list(readings([tmp_path / "kit.zip"])) == ["kit.zip/a/guide.md", "kit.zip/b/guide.md"]


@pytest.mark.parametrize(
    "path", ["../evil.md", "/etc/evil.md", "a/../../evil.md", "C:/evil.md", "..\\evil.md"]
)
def test_a_path_that_leads_out_of_an_archive_is_refused(path: str) -> None:
    assert "points outside of the archive" in error_of(packed((path, "x")))


def test_a_link_an_encrypted_file_and_an_archive_in_an_archive_are_refused() -> None:
    link = zipfile.ZipInfo("link.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "is a link" in error_of(packed((link, "/etc/passwd")))
    locked = bytearray(packed(("guide.md", QUESTIONS), method=0))
    for at in (6, locked.index(b"PK\x01\x02") + 8):
        locked[at] |= 1
    assert "is encrypted" in error_of(bytes(locked))
    assert "archive within an archive" in error_of(packed(("inner.zip", packed(("a.md", "x")))))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "larger than 20 MB" in error_of(packed(("zeros.md", b"\0" * (LARGEST + 1))))
    monkeypatch.setattr(archive, "MOST_UNPACKED", 3_000)
    files = [(f"{number}.md", b"0" * 1_000) for number in range(5)]
    with pytest.raises(BadInput, match="when it is unpacked"):
        list(unpacked(packed(*files), "kit.zip"))


def test_an_archive_of_too_many_files_or_of_none_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    with pytest.raises(BadInput, match="holds 3 files"):
        list(unpacked(packed(*((f"{n}.md", "x") for n in range(3))), "kit.zip"))
    with pytest.raises(BadInput, match="holds no files"):
        list(unpacked(packed(), "kit.zip"))


def test_a_bad_file_is_told_and_spoils_no_other(tmp_path: Path) -> None:
    whole = packed(("guide.md", QUESTIONS))
    (tmp_path / "good.md").write_text(QUESTIONS)
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "kit.zip").write_bytes(packed(("guide.md", QUESTIONS), ("empty.md", "")))
    read = readings([tmp_path])
    bad = {name: e.message for name, e in read.items() if isinstance(e, VivaError)}
    assert bad.keys() == {"half.zip", "picture.png", "empty.txt", "kit.zip/empty.md"}
    assert all(len(message.split(".")) <= 4 for message in bad.values())
    assert [n for n, e in read.items() if isinstance(e, Received)] == [
        "good.md",
        "kit.zip/guide.md",
    ]


def test_files_of_one_name_are_told_apart_by_as_much_of_their_path_as_it_takes(
    tmp_path: Path,
) -> None:
    for folder in ("a/x", "b/x", "c"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "guide.md").write_text(QUESTIONS)
    (tmp_path / "other.md").write_text(QUESTIONS)
    names = ["a/x/guide.md", "b/x/guide.md", "c/guide.md", "other.md"]
    assert sorted(readings([tmp_path])) == names
