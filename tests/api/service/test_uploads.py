"""Documents from strangers: their limits, their names, and what becomes of the rest."""

import asyncio
import os
from pathlib import Path

import pytest
from httpx2 import Response
from replicas import Replica

from api import uploads
from api.settings import Settings, open_database
from api.uploads import MOST_BYTES, MOST_FILES, ingest_apart
from knowledge.library import Library

GOOD = b"""# Data engineer

## Questions

### How do you make a nightly load safe to run twice?

Good answer: write each day's rows to one partition and replace it as a whole.
"""


async def sent(replica: Replica, name: str, *files: tuple[str, bytes], **data: str) -> Response:
    parts = [("files", file) for file in files]
    return await replica.http.post(f"/api/kits/{name}/documents", files=parts, data=data)


def children() -> set[int]:
    """Processes that read documents for us just now."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _child_of_ours(entry):
            found.add(int(entry.name))
    return found


def _child_of_ours(entry: Path) -> bool:
    try:
        command = (entry / "cmdline").read_bytes()
        parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return False
    return b"api.sandbox" in command and parent == os.getpid()


async def test_documents_become_a_kit_one_can_be_interviewed_on(served: Replica) -> None:
    answer = await sent(served, "mine", ("bank.md", GOOD), company="Acme")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["name"], made["outline"]["company"]) == ("mine", "Acme")
    assert [(file["document"], file["error"]) for file in made["files"]] == [("bank.md", None)]
    talk = await served.opened(kit="mine")
    assert (await talk.view())["kit_version"] == made["version"]


async def test_a_bad_file_is_named_and_the_good_one_is_used(alone: Replica) -> None:
    answer = await sent(alone, "mixed", ("bank.md", GOOD), ("photo.png", b"\x89PNG\r\n\x00" * 99))
    assert answer.status_code == 201, answer.text
    errors = {file["document"]: file["error"] for file in answer.json()["files"]}
    assert errors["bank.md"] is None
    assert errors["photo.png"]
    assert "/tmp" not in answer.text


@pytest.mark.parametrize(
    "files",
    [
        [("photo.png", b"\x89PNG\r\n\x00\x1a" * 99)],
        [("empty.md", b"")],
        [("paper.pdf", b"%PDF-1.7\n\x00\x01")],
    ],
)
async def test_where_no_file_can_be_used_nothing_is_kept(
    alone: Replica, files: list[tuple[str, bytes]]
) -> None:
    answer = await sent(alone, "never", *files)
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert error["code"] == "bad_input"
    assert files[0][0] in error["message"]
    assert "/tmp" not in answer.text
    assert "never" not in {kit.name for kit in await alone.service.library.list()}


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "C:\\secret\\..\\x.md",
        "-rf",
        "--name",
        "a\x00b.md",
        ".",
        "..",
        "x" * 300,
        "\u7c92" * 90,
    ],
)
def test_a_hostile_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    place = Path(uploads._written(tmp_path, 0, name, GOOD))
    assert place.parent == tmp_path / "0"
    assert place.read_bytes() == GOOD
    assert len(place.name.encode()) <= uploads.LONGEST_FILE_NAME


async def test_hostile_names_go_through_the_whole_door(alone: Replica) -> None:
    answer = await sent(alone, "hostile", ("--company", GOOD), ("../../a\u202eb.md", GOOD + b"x"))
    assert answer.status_code == 201, answer.text
    assert len(answer.json()["files"]) == 2


async def test_there_are_limits_of_number_and_size(alone: Replica) -> None:
    many = await sent(alone, "many", *[(f"{n}.md", GOOD) for n in range(MOST_FILES + 1)])
    assert (many.status_code, many.json()["error"]["code"]) == (422, "bad_input")
    large = await sent(alone, "large", ("large.md", b"x" * (MOST_BYTES + 1)))
    assert (large.status_code, large.json()["error"]["code"]) == (422, "bad_input")
    larger = await sent(alone, "larger", ("larger.md", b"x" * (MOST_BYTES + 2 * 2**20)))
    assert (larger.status_code, larger.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize("name", ["a%2Fb", "a%0Ab", "%20"])
async def test_a_name_that_cannot_be_a_kits_is_refused(alone: Replica, name: str) -> None:
    answer = await sent(alone, name, ("bank.md", GOOD))
    assert answer.status_code in (404, 422)
    assert {"code", "message", "remedy"} == set(answer.json()["error"])


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"", "text/plain"),
    ],
)
async def test_a_form_that_is_none_is_refused(alone: Replica, content: bytes, kind: str) -> None:
    answer = await alone.http.post(
        "/api/kits/none/documents", content=content, headers={"content-type": kind}
    )
    assert answer.status_code in (400, 422), answer.text
    assert {"code", "message", "remedy"} == set(answer.json()["error"])


async def test_what_takes_too_long_is_stopped(
    alone: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_SECONDS", 0.05)
    answer = await sent(alone, "slow", ("bank.md", GOOD))
    assert answer.status_code == 422
    assert "limits of time" in answer.json()["error"]["message"]
    assert not children()


async def test_a_request_that_is_cancelled_takes_its_child_along(sqlite: Settings) -> None:
    reading = asyncio.create_task(ingest_apart(sqlite, "cut", [("bank.md", GOOD)]))
    async with asyncio.timeout(30):
        while not children():
            await asyncio.wait([reading], timeout=0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert not children()
    database = await open_database(sqlite)
    assert "cut" not in {kit.name for kit in await Library(database).list()}
    await database.close()
