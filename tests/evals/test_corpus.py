"""The corpus: what lies there is what its plan says, it plays again, and its marks fit."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from agent.events import Mark, Marked
from agent.syllabus import Syllabus
from evals.corpus.making import make, told
from evals.corpus.plan import FOLDER, MARKS, chosen, entries
from evals.corpus.sheet import sheet, to_mark
from evals.marks import questions_of
from evals.replay.playing import Ready
from evals.replay.sources import Kits
from evals.replay.transcript import Transcript, read
from evals.replay.verify import verify
from knowledge.embedder import MiniLM
from knowledge.errors import NotFound

SAMPLE = ("drill-junior-terse", "course-is-gone", "model-screen")
COLUMNS = ["transcript", "question", "atom", "verdict", "words", "by", "role", "at"]


@pytest.fixture(scope="module")
def corpus() -> dict[str, Transcript]:
    return {entry.name: read(entry.path) for entry in entries()}


@pytest.fixture(scope="module")
def kits() -> Kits:
    return Kits()


def _marks() -> list[dict[str, str]]:
    if not MARKS.exists():
        return []
    with MARKS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_entry_has_a_transcript_and_each_transcript_an_entry() -> None:
    lie = {path.name.removesuffix(".jsonl.gz") for path in FOLDER.glob("*.jsonl*")}
    assert lie == {entry.name for entry in entries()}
    assert len(lie) >= 60


def test_the_corpus_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 2_500_000


def test_transcripts_vary_in_kit_mode_level_length_examiner_and_end(
    corpus: dict[str, Transcript],
) -> None:
    headers = [transcript.header for transcript in corpus.values()]
    assert len({header.kit for header in headers}) >= 2
    assert {header.mode for header in headers} == {"practice", "screen"}
    assert {header.level for header in headers} >= {"junior", "mid", "senior", "principal"}
    assert {header.examiner for header in headers} == {"local", "model"}
    assert max(h.minutes for h in headers) >= 3 * min(h.minutes for h in headers)
    ends = {e.reason for t in corpus.values() for e in t.events if e.type == "ended"}
    assert ends >= {"complete", "candidate", "expired", "end_of_input", "conduct"}
    assert all(transcript.is_over for transcript in corpus.values())


def test_transcripts_hold_pauses_absence_additions_hints_and_skips(
    corpus: dict[str, Transcript],
) -> None:
    types = Counter(event.type for transcript in corpus.values() for event in transcript.events)
    assert all(types[each] for each in ("paused", "resumed", "away", "added", "asked", "consented"))
    pressed = {e.action for t in corpus.values() for e in t.events if e.type == "heard"}
    assert pressed >= {"hint", "skip", "pause", "resume", "clarify", "amend", "end"}
    seen = {e.kind for t in corpus.values() for e in t.events if e.type == "observed"}
    assert seen >= {"steering", "abuse", "distress"}


def test_every_kit_lies_beside_and_knows_every_question(
    corpus: dict[str, Transcript], kits: Kits
) -> None:
    for transcript in corpus.values():
        header = transcript.header
        assert (FOLDER / "kits" / f"{header.kit}@{header.kit_version}.yaml").is_file()
        known = kits.of(transcript).by_id
        assert {row.question for row in questions_of(transcript)} <= set(known)


def test_every_reference_mark_is_of_something_that_was_asked(
    corpus: dict[str, Transcript], kits: Kits
) -> None:
    syllabi = dict[str, Syllabus]()
    for mark in _marks():
        assert list(mark) == COLUMNS
        transcript = corpus[mark["transcript"]]
        kit = kits.of(transcript)
        syllabus = syllabi.setdefault(kit.version, Syllabus(kit))
        assert mark["question"] in {row.question for row in questions_of(transcript)}
        assert mark["atom"] in {atom.id for atom in to_mark(syllabus, mark["question"])}
        assert mark["verdict"] in {"met", "not_met", "contradicted", "abstained"}
        assert mark["role"] in {"author", "adjudicated"}


def test_a_sheet_is_the_same_whatever_the_machine_marked(
    corpus: dict[str, Transcript], kits: Kits
) -> None:
    transcript = corpus["screen-mid-story"]
    kit = kits.of(transcript)
    turned = [
        event.model_copy(update={"marks": tuple(map(_turned, event.marks)), "score": 0.0})
        if isinstance(event, Marked)
        else event
        for event in transcript.events
    ]
    plain = sheet(transcript, kit)
    assert sheet(Transcript(transcript.id, tuple(turned), transcript.folder), kit) == plain
    answers = [e.text for e in transcript.events if e.type == "heard" and e.stage == "probes"]
    assert answers
    assert all(answer in plain for answer in answers)


def _turned(mark: Mark) -> Mark:
    verdict = "not_met" if mark.verdict == "met" else "met"
    return mark.model_copy(update={"verdict": verdict, "probability": 1.0, "quote": None})


def test_an_entry_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFound, match="nobody-at-all"):
        chosen(["nobody-at-all"])


async def _differing(transcripts: list[Transcript], kits: Kits, minilm: MiniLM) -> list[object]:
    ready = Ready(minilm)
    found = [await verify(each, kits.of(each), ready) for each in transcripts]
    return [each for each in found if not each.same]


def _read(names: tuple[str, ...]) -> list[Transcript]:
    return [read(Path(entry.path)) for entry in chosen(list(names))]


async def test_a_sample_plays_again_to_the_event(kits: Kits, minilm: MiniLM) -> None:
    assert await _differing(_read(SAMPLE), kits, minilm) == []


@pytest.mark.long
async def test_the_whole_corpus_plays_again_to_the_event(kits: Kits, minilm: MiniLM) -> None:
    assert await _differing(_read(()), kits, minilm) == []


@pytest.mark.long
async def test_the_corpus_is_what_its_plan_makes(minilm: MiniLM) -> None:
    other = [
        entry.name
        async for entry, made in make(entries(), minilm)
        if told(made) != told(read(entry.path))
    ]
    assert other == []
