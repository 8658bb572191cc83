"""What is proposed waits, is accepted, rejected, and outlives the documents being read again."""

from pathlib import Path

import pytest
import yaml

from knowledge.atoms import Atom, Kit, Link, Source
from knowledge.completing import proposed_links, without_rubric
from knowledge.database import Database
from knowledge.editing import changes, put_back, reworded, wording
from knowledge.embedder import MiniLM, WordHash
from knowledge.errors import NotFound
from knowledge.index import open_index
from knowledge.ingest import ingest
from knowledge.kit_yaml import dump_kit, parse_kit
from knowledge.library import Library
from knowledge.proposals import accepted, link_id, proposals, rejected
from knowledge.search import search

PAIRS = yaml.safe_load((Path(__file__).parent / "completing.yaml").read_text("utf-8"))

KIT = parse_kit(
    """
viva: 1
name: small
atoms:
- competency: Owning it
  id: owning
  has:
  - indicator: Names what they did themselves.
    polarity: positive
- question: Tell me of a night when the pager went off.
  id: pager
- question: What does a lock cost?
  id: lock
  has:
  - reference: It costs waiting. It costs deadlocks.
    id: answer
    has:
    - point: It costs waiting.
      id: waiting
    - point: It costs sleep.
      id: sleep
      proposed: model desk
      span: costs sleep
      from: guide.pdf:12 (page 3)
  - hint: Think of two who want the same.
    id: two
    proposed: model desk
links:
- question: pager
  competency: owning
  likeness: 0.41
  proposed: likeness
""",
    "small.yaml",
)
[LINK] = [link_id(link) for link in KIT.links]


def test_a_kit_with_proposals_reads_back_from_its_yaml_as_the_same() -> None:
    for kit in (KIT, accepted(KIT, ["sleep"]), rejected(KIT, ["two", LINK])):
        assert parse_kit(dump_kit(kit), "small.yaml") == kit
    assert KIT.by_id["sleep"].source == Source(document="guide.pdf", line=12, place="page 3")


def test_a_proposal_tells_what_it_rests_on_and_who_proposes_it() -> None:
    link, point, hint = proposals(KIT)
    assert (link.id, link.what, link.above, link.likeness) == (LINK, "link", "Owning it", 0.41)
    assert (point.span, point.by) == ("costs sleep", "model desk")
    assert point.source
    assert point.source.told == "guide.pdf, page 3"
    assert (hint.above, hint.span) == ("What does a lock cost?", "Think of two who want the same.")


def test_what_is_accepted_is_used_and_says_who_had_proposed_it() -> None:
    kit = accepted(KIT, ["sleep", LINK])
    assert [a.id for a in kit.came_with("lock", "point")] == ["waiting", "sleep"]
    assert kit.by_id["sleep"].accepted == "model desk"
    assert kit.competencies == {"pager": "owning"}
    assert [each.id for each in proposals(kit)] == ["two"]
    assert [change.what for change in changes(KIT, kit)] == ["accepted"]


def test_what_is_rejected_stays_unused_and_takes_nothing_along() -> None:
    kit = rejected(KIT, ["sleep", LINK])
    assert [a.id for a in kit.children("answer")] == ["waiting"]
    assert [a.id for a in kit.of("reference")] == ["answer"]
    assert kit.competencies == {}
    assert [each.id for each in proposals(kit)] == ["two"]
    assert [change.what for change in changes(KIT, kit)] == ["rejected"]
    again = put_back(kit, "sleep")
    assert "sleep" in {each.id for each in proposals(again)}
    assert "sleep" in again.unused


def test_what_a_person_words_is_accepted() -> None:
    kit = reworded(KIT, "two", wording("hint", {"text": "Think of two at one door."}))
    assert [a.text for a in kit.children("lock", "hint")] == ["Think of two at one door."]
    assert kit.by_id["two"].accepted == "model desk"


@pytest.mark.parametrize("wrong", ["waiting", "no-such", "link-0000000000"])
def test_only_what_waits_is_accepted_or_rejected(wrong: str) -> None:
    for decide in (accepted, rejected):
        with pytest.raises(NotFound, match=wrong):
            decide(KIT, ["two", wrong])


async def test_search_finds_no_proposal(database: Database, light: WordHash) -> None:
    index = await open_index(database, light, KIT)
    found = await search(index, light, "It costs sleep.", k=20)
    assert "sleep" not in {hit.atom.id for hit in found}
    index = await open_index(database, light, accepted(KIT, ["sleep"]))
    assert (await search(index, light, "It costs sleep."))[0].atom.id == "sleep"


GUIDE = """\
# Ownership

### What do you do when the pager goes off?

### What is a lock?
- It keeps two writers apart.

The best ones say what they would do differently.
"""


async def test_reading_the_documents_again_keeps_what_was_decided(
    database: Database, light: WordHash, tmp_path: Path
) -> None:
    guide, library = tmp_path / "guide.md", Library(database)

    async def read(text: str) -> Kit:
        guide.write_text(text)
        await ingest([guide], "g", database=database, embedder=light)
        return await library.get("g")

    first = await read(GUIDE)
    pager, lock = (a.id for a in first.of("question"))
    source = Source(document="guide.md", line=8)
    made = [
        Atom(id="h1", kind="hint", text="Who is asleep?", parent=pager, question=pager),
        Atom(id="h2", kind="hint", text="Who writes?", parent=lock, question=lock),
        Atom(id="h3", kind="hint", text="Who reads?", parent=lock, question=lock),
        Atom(id="f1", kind="flag", text="Learns nothing.", polarity="negative", source=source),
    ]
    waiting = [atom.model_copy(update={"proposed": "model desk"}) for atom in made]
    link = Link(question=pager, competency=lock, proposed="likeness")
    kit = first.changed(atoms=(*first.atoms, *waiting), links=(link,))
    await library.save(rejected(accepted(kit, ["h1", "h2"]), ["h3", link_id(link)]))

    again = await read(GUIDE.replace("Ownership", "Owning"))
    assert [again.by_id[id_].accepted for id_ in ("h1", "h2")] == ["model desk"] * 2
    assert again.by_id["h3"].withdrawn == "rejected"
    assert [each.id for each in proposals(again)] == ["f1"]
    assert [each.withdrawn for each in again.links] == ["rejected"]

    gone = await read("# Other\n\n### What is a lock?\n- It keeps two writers apart.\n")
    assert "h1" not in gone.by_id
    assert gone.by_id["h2"].accepted
    assert gone.links == ()


def kit_of(told: dict[str, dict[str, list[str] | str]]) -> Kit:
    """Competencies with their indicators, and questions without a rubric."""
    atoms: list[Atom] = []
    for name, seen_by in told["competencies"].items():
        atoms.append(Atom(id=name, kind="competency", text=name))
        for text in seen_by:
            given = {"id": text, "text": text, "parent": name, "polarity": "positive"}
            atoms.append(Atom.model_validate({"kind": "indicator", **given}))
    asked = [Atom(id=text, kind="question", text=text) for text in told["questions"]]
    return Kit(name="told", atoms=(*atoms, *asked))


async def test_links_are_right_about_four_times_in_five_on_kits_not_seen(
    database: Database, minilm: MiniLM
) -> None:
    found = right = there = 0
    for told in PAIRS["held_out"]:
        links = await proposed_links(database, minilm, kit_of(told))
        found += len(links)
        right += sum(told["questions"][each.question] == each.competency for each in links)
        there += sum(competency is not None for competency in told["questions"].values())
    assert (found, right, there) == (19, 15, 20)


async def test_a_pair_that_was_decided_is_not_proposed_again(
    database: Database, minilm: MiniLM
) -> None:
    kit = kit_of(PAIRS["chosen_on"][0])
    links = await proposed_links(database, minilm, kit)
    whole = kit.changed(links=links)
    for decided in (whole, rejected(whole, [link_id(each) for each in links])):
        assert await proposed_links(database, minilm, decided) == ()
    left = {each.id for each in without_rubric(accepted(whole, [link_id(k) for k in links]))}
    assert left == {each.id for each in kit.of("question")} - {each.question for each in links}
