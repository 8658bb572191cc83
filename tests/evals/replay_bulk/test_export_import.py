import asyncio
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_of_many import KIT_TEXT
from typer.testing import CliRunner, Result

from agent.events import Heard, Opened
from agent.report import Report, report
from agent.state import completed
from api.cli import app
from api.gradings import Grading, Gradings, Kept
from api.hiring.erasing import OPERATED, Erasing
from api.opened import opened_database
from api.records import Interview
from api.store import Store
from evals.marks import marks_of
from evals.replay.kit_files import unpacked_kit, write_kit
from evals.replay.playing import Ready
from evals.replay.sharing import BLOCK, Blocking
from evals.replay.sources import Kits, load
from evals.replay.transcript import read, write
from knowledge.atoms import Kit
from knowledge.embedder import WordHash
from knowledge.errors import NotFound
from knowledge.kit_yaml import parse_kit


def viva(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def brought(folder: Path, name: str) -> str:
    """Import a transcript, and the id it has now."""
    found = viva("import", folder / f"{name}.jsonl.gz")
    assert found.exit_code == 0, found.output
    return found.output.split()[-1]


def told(source: str | Path, kit: Kit) -> Report:
    transcript = load(source)
    return report("x", transcript.events, Ready(WordHash()).deps(kit).room.syllabus)


def stored(id_: str) -> Interview:
    async def look() -> Interview:
        async with opened_database() as database:
            return await Store(database).load(id_)

    return asyncio.run(look())


def test_what_is_exported_and_imported_has_the_same_report(folder: Path, tmp_path: Path) -> None:
    original = read(folder / "mixed.jsonl.gz")
    kit = Kits().of(original)
    id_ = brought(folder, "mixed")
    out = tmp_path / "out"
    assert viva("export", id_, "--out", out).exit_code == 0
    again = read(out / f"{id_}.jsonl.gz")
    assert again.events == original.events
    assert told(id_, kit) == told(folder / "mixed.jsonl.gz", kit)
    assert Kits().of(again).version == kit.version
    state = completed(stored(id_).state or {})
    assert {t["question"]: t["score"] for t in state["testlets"]} == {
        question.id: question.score for question in told(id_, kit).questions
    }


def test_the_same_file_comes_in_once_and_a_taken_id_gets_another(folder: Path) -> None:
    first = brought(folder, "mixed")
    assert brought(folder, "mixed") == first
    (folder / "good.jsonl.gz").rename(folder / f"{first}.jsonl.gz")
    other = brought(folder, first)
    assert other != first
    assert load(other).events != load(first).events


def test_what_has_not_ended_does_not_come_in(folder: Path) -> None:
    whole = read(folder / "good.jsonl.gz")
    write(whole.until(whole.turns[-1].events[0].seq), folder / "half.jsonl.gz")
    found = viva("import", folder / "half.jsonl.gz", folder / "good.jsonl.gz")
    assert found.exit_code == 1
    assert found.stdout.startswith("good: ")


def test_a_kept_grading_stands_beside_the_marks_and_is_erased_with_them(folder: Path) -> None:
    id_ = brought(folder, "mixed")
    before = list(marks_of(load(id_)))
    assert viva("replay", id_, "--kind", "regrade", "--keep").exit_code == 0
    assert viva("replay", id_, "--kind", "regrade", "--keep").exit_code == 0
    assert list(marks_of(load(id_))) == before
    [kept] = gradings(id_)
    assert kept.events
    asyncio.run(_erased(id_))
    assert gradings(id_) == []


def test_a_grading_of_a_file_that_is_only_named_like_an_interview_is_not_kept(
    folder: Path,
) -> None:
    id_ = brought(folder, "mixed")
    (folder / "wrong.jsonl.gz").rename(folder / f"{id_}.jsonl.gz")
    found = viva("replay", folder / f"{id_}.jsonl.gz", "--kind", "regrade", "--keep")
    assert found.exit_code == 1
    assert "another interview has that id" in found.stderr
    assert gradings(id_) == []


def gradings(id_: str) -> list[Kept]:
    async def look() -> list[Kept]:
        async with opened_database() as database:
            return await Gradings(database).of(id_)

    return asyncio.run(look())


async def _erased(id_: str) -> None:
    async with opened_database() as database:
        await Erasing(database).interview(OPERATED, id_)


async def test_a_grading_of_nobody_is_not_kept() -> None:
    async with opened_database() as database:
        with pytest.raises(NotFound, match="no interview 'nobody'"):
            await Gradings(database).keep(
                "nobody", Grading(label="x", kit_version="v", examiner="local")
            )


def test_a_shared_transcript_has_no_names_and_its_quotes_stand(folder: Path) -> None:
    found = Blocking(["Ada Lovelace"]).transcript(read(folder / "wrong.jsonl.gz"))
    text = " ".join(event.model_dump_json() for event in found.events)
    assert "Ada" not in text
    assert "Lovelace" not in text
    assert "ada@example.org" not in text
    heard = [event.text for event in found.events if isinstance(event, Heard)]
    assert any(BLOCK in each for each in heard)
    for row in marks_of(found):
        assert not row.words or any(row.words in each for each in heard)
    write(found, folder / "shared.jsonl.gz")
    assert viva("replay", folder / "shared.jsonl.gz", "--kind", "regrade").exit_code == 0


NAMES = st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F), min_size=3, max_size=9)


@given(name=NAMES, before=st.text(max_size=20), after=st.text(max_size=20))
def test_blocking_keeps_every_other_character_in_its_place(
    name: str, before: str, after: str
) -> None:
    said = f"{before} {name} {after}"
    blocked = Blocking([name]).text(said)
    assert len(blocked) == len(said)
    assert all(new in (old, BLOCK) for old, new in zip(said, blocked, strict=True))
    assert f" {name} " not in blocked


@pytest.mark.parametrize(
    "text",
    ["ada@example.org", "+49 170 1234567", "(555) 123-4567", "https://x.org/a?b", "github.com/ada"],
)
def test_addresses_and_numbers_are_blocked(text: str) -> None:
    assert Blocking().text(f"Ask {text} please") == f"Ask {BLOCK * len(text)} please"


@pytest.mark.parametrize("text", ["500,000,000 rows", "2024-05-01 10:00", "v1.2.3", "@cache"])
def test_what_belongs_to_the_work_stays(text: str) -> None:
    assert Blocking(["Will May"]).text(f"it will take {text}") == f"it will take {text}"


def test_a_kit_whose_order_yaml_does_not_keep_is_written_as_json(tmp_path: Path) -> None:
    kit = parse_kit(KIT_TEXT, "bulk.yaml")
    assert write_kit(kit, tmp_path).suffix == ".yaml"
    turned = kit.changed(atoms=tuple(reversed(kit.atoms)))
    path = write_kit(turned, tmp_path)
    assert path.suffix == ".json"
    assert unpacked_kit(path, turned.name, turned.version) == turned


@pytest.mark.parametrize(
    "text",
    [
        "JOSE GARCIA",
        "Jose\u0301 Garci\u0301a",
        "José García",
        r"Jos\u00e9 Garc\u00eda",
        "García-O\u2019Brien",
        "R-7731",
    ],
)
def test_a_name_is_blocked_however_it_is_spelled(text: str) -> None:
    blocked = Blocking(["José García-O'Brien", "R-7731"]).text(f"I am {text}, hello")
    assert set(blocked.removeprefix("I am ").removesuffix(", hello")) <= {BLOCK, " "}


@pytest.mark.parametrize(
    "text", ["+49\u00a0151\u00a02345678", "1-800-555-0199", "4915112345678", "ada.github.io"]
)
def test_numbers_and_hosts_are_blocked_however_they_are_set(text: str) -> None:
    assert Blocking().text(f"Ask {text} please") == f"Ask {BLOCK * len(text)} please"


def test_names_that_are_not_known_here_are_told_to_stay(folder: Path, tmp_path: Path) -> None:
    found = viva("export", folder / "mixed.jsonl.gz", "--share", "--out", tmp_path / "out")
    assert found.exit_code == 0
    assert "names in it stay" in found.stderr


@pytest.mark.parametrize("case", ["bytes", "name", "forged", "deep"])
def test_a_kit_beside_that_is_another_is_told_and_never_taken(folder: Path, case: str) -> None:
    [path] = (folder / "kits").iterdir()
    kit = parse_kit(path.read_text("utf-8"), path.name)
    packed = path.with_suffix(".json")
    if case == "bytes":
        path.write_bytes(b"\xff\xfe")
    elif case == "name":
        path.write_text(path.read_text("utf-8").replace("name: bulk", "name: ../bulk"), "utf-8")
    elif case == "forged":
        path.unlink()
        packed.write_text(kit.changed(title="Another").model_dump_json(), "utf-8")
    else:
        path.unlink()
        packed.write_text("[" * 100_000, "utf-8")
    found = viva("import", folder / "mixed.jsonl.gz")
    assert found.exit_code == 1
    assert "Traceback" not in found.output
    assert found.stderr.startswith("mixed: ")


def test_a_log_that_does_not_fit_its_kit_does_not_come_in(folder: Path) -> None:
    original = read(folder / "mixed.jsonl.gz")
    told_of = next(event.question for event in original.events if isinstance(event, Opened))
    lines = gzip.decompress((folder / "mixed.jsonl.gz").read_bytes()).decode()
    path = folder / "odd.jsonl"
    path.write_text(lines.replace(f'"{told_of}"', '"question-none"'), "utf-8")
    found = viva("import", path)
    assert found.exit_code == 1
    assert "does not fit its kit" in found.stderr
