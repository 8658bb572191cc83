"""Kits merged: everything once, under its own id, and errors that name their place."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.atoms import About, Atom, Join, Kind, Kit, Link
from knowledge.database import Database
from knowledge.errors import BadInput, NotFound
from knowledge.kit_tree import SUBJECTS
from knowledge.kit_yaml import dump_kit, load_kit, parse_kit
from knowledge.library import Library
from knowledge.merging import merge, part

ROLE = """\
name: nurse
about: {role: Ward nurse}
atoms:
- format: Questions
  minutes: 30
- competency: Medication
  has:
  - indicator: Checks the wristband before giving anything.
    polarity: positive
  - question: A dose on the chart looks too high. What do you do?
    id: q
    has:
    - point: Asks whoever prescribed it.
      id: p
- competency: Handover
  has:
  - question: What belongs into a handover?
- technology: Infusion pump
  aliases: [pump]
- advice: Bring a case of your own.
"""
HOUSE = """\
name: hospital
about: {company: Lakeside}
atoms:
- format: Talk
  minutes: 15
- competency: Medication
  has:
  - indicator: Checks the wristband before giving anything.
    polarity: positive
  - question: Who may give opioids here?
    id: q
    has:
    - point: Two nurses together.
      id: x
    - indicator: Signs the book.
      polarity: positive
      id: i
- technology: pump
  aliases: [perfusor]
  has:
  - money: What does an alarm for air in the line ask you to do?
- candidate_question: How large is a ward?
  has:
  - fact: Twenty-four beds.
joins:
- name: Medicines
  members: [c]
links:
- {question: q, competency: c}
"""


def house() -> Kit:
    return parse_kit(HOUSE.replace("- competency: Medication", M, 1), "hospital.yaml")


M = "- competency: Medication\n  id: c"


def role() -> Kit:
    return parse_kit(ROLE, "nurse.yaml")


def texts(kit: Kit, *kinds: str) -> list[str]:
    return [atom.text for atom in kit.atoms if atom.kind in kinds]


def test_a_competency_and_a_technology_of_both_stand_once_with_what_both_say() -> None:
    made = merge(role(), house(), "ward")
    assert (made.name, made.about) == ("ward", About(company="Lakeside", role="Ward nurse"))
    assert texts(made, "competency") == ["Medication", "Handover"]
    (medication,) = (a for a in made.atoms if a.text == "Medication")
    assert [a.text for a in made.children(medication.id)] == [
        "Checks the wristband before giving anything.",
        "A dose on the chart looks too high. What do you do?",
        "Who may give opioids here?",
    ]
    (pump,) = made.of("technology")
    assert (pump.text, pump.aliases) == ("Infusion pump", ("pump", "perfusor"))
    assert len(made.children(pump.id, "money")) == 1


def test_ids_stay_unique_and_links_follow() -> None:
    made = merge(role(), house())
    assert len(made.by_id) == len(made.atoms)
    assert made.by_id["q"].text.startswith("A dose")
    point, indicator = made.by_id["x"], made.by_id["i"]
    assert made.by_id[point.question or ""].text == "Who may give opioids here?"
    assert point.question == point.parent == indicator.question
    (medication,) = (a for a in made.atoms if a.text == "Medication")
    assert made.links == (Link(question=point.question or "", competency=medication.id),)
    assert made.joins == (Join(name="Medicines", members=(medication.id,)),)


def test_the_first_format_is_the_whole_s_and_about_stays_with_each_atom() -> None:
    made = merge(role(), house())
    assert texts(made, "format") == ["Questions"]
    assert texts(merge(house(), role()), "format") == ["Talk"]
    fact = next(made.of("fact"))
    assert (fact.about.company, fact.about.role) == ("Lakeside", None)


def test_facts_of_two_companies_are_two_facts() -> None:
    one, other = (
        parse_kit(f"about: {{company: {c}}}\natoms:\n- fact: We are ten.", "k.yaml") for c in "AB"
    )
    assert texts(merge(one, other), "fact") == ["We are ten.", "We are ten."]


def test_technologies_that_share_only_an_alias_are_two() -> None:
    one = parse_kit("atoms:\n- technology: Elasticsearch\n  aliases: [ES]", "a.yaml")
    other = parse_kit("atoms:\n- technology: Event Store\n  aliases: [ES]", "b.yaml")
    assert len(texts(merge(one, other), "technology")) == 2


def test_a_part_is_what_is_named_with_all_below_it() -> None:
    some = part(house(), ["medicines", "PUMP"])
    assert texts(some, "competency", "technology", "money", "fact") == [
        "Medication",
        "pump",
        "What does an alarm for air in the line ask you to do?",
    ]
    with pytest.raises(NotFound, match="no competency or technology 'Medicaton'") as wrong:
        part(house(), ["Medicaton"])
    assert "Did you mean `Medication`?" in wrong.value.remedy


def test_a_file_merges_a_file_beside_it_and_is_stored_whole(tmp_path: Path) -> None:
    (tmp_path / "hospital.yaml").write_text(house_text())
    (tmp_path / "ward.yaml").write_text(
        "name: ward\nmerge:\n- kit: hospital\n  only: [Medication]\natoms:\n- fact: Ours.\n"
    )
    kit = load_kit(tmp_path / "ward.yaml")
    assert texts(kit, "fact", "competency", "technology") == ["Ours.", "Medication"]
    whole = dump_kit(kit)
    assert "merge" not in whole
    assert parse_kit(whole, "ward.yaml").version == kit.version


def house_text() -> str:
    return dump_kit(house())


def test_kits_that_are_known_come_before_files(tmp_path: Path) -> None:
    (tmp_path / "hospital.yaml").write_text("atoms:\n- fact: From the file.")
    (tmp_path / "ward.yaml").write_text("merge:\n- kit: hospital")
    assert texts(load_kit(tmp_path / "ward.yaml"), "fact") == ["From the file."]
    known = parse_kit("atoms:\n- fact: Kept.", "hospital.yaml")
    assert texts(load_kit(tmp_path / "ward.yaml", {"hospital": known}), "fact") == ["Kept."]


@pytest.mark.parametrize(
    ("merging", "told"),
    [
        ("- kit: none-such", "kit.yaml, line 2 at `merge[0].kit`: there is no kit `none-such`"),
        ("- kit: kit", "line 2 at `merge[0].kit`: there is no kit `kit`"),
        ("- kit: data-engineer\n  only: [Cooking]", "line 3 at `merge[0].only[0]`: .*'Cooking'"),
        ("- only: [SQL]", "line 2 at `merge[0]`: the kit to merge is not named"),
        ("- kit: data-engineer\n  but: x", "the key `but` is not known here"),
    ],
)
def test_a_merge_that_cannot_be_is_one_error_with_its_place(
    tmp_path: Path, merging: str, told: str
) -> None:
    file = tmp_path / "kit.yaml"
    file.write_text(f"merge:\n{merging}\n")
    with pytest.raises(BadInput, match=told.replace("[0]", r"\[0\]")):
        load_kit(file)


async def test_shipped_kits_that_merge_are_kept_whole(database: Database) -> None:
    library = Library(database)
    await library.ensure_shipped()
    ml, base = await library.get("ml-data-engineer"), await library.get("data-engineer")
    shared = set(texts(ml, "competency")) & set(texts(base, "competency"))
    assert shared
    assert set(texts(ml, "competency")) - set(texts(base, "competency"))


named: tuple[Kind, ...] = ("competency", "topic", "technology", "question", "indicator", "fact")
kinds = st.sampled_from(named)
few = st.sampled_from(["a", "b", "c"])


@st.composite
def kits(draw: st.DrawFn) -> Kit:
    """Small kits in which much is called the same, so that much has to be matched."""
    atoms: list[Atom] = []
    for number in range(draw(st.integers(0, 7))):
        above = draw(st.none() | st.sampled_from(atoms)) if atoms else None
        asked = draw(st.none() | st.sampled_from(atoms)) if atoms else None
        kind, text = draw(kinds), draw(few)
        atoms.append(
            Atom(
                id=f"{draw(few)}{number}",
                kind=kind,
                text=text,
                topic=text if kind in SUBJECTS else draw(st.none() | few),
                parent=above.id if above and kind != "technology" else None,
                question=asked and asked.id,
                about=About(company=draw(st.none() | few)),
                aliases=tuple(draw(st.lists(few, max_size=2, unique=True))),
            )
        )
    kit = Kit(name=draw(few), atoms=tuple(atoms))
    members = draw(st.lists(st.sampled_from(atoms), max_size=3)) if atoms else []
    join = Join(name="j", members=tuple(a.id for a in members)) if members else None
    return merge(kit, Kit(name="none")).model_copy(update={"joins": (join,) if join else ()})


@settings(max_examples=60)
@given(kits())
def test_a_kit_merged_with_itself_is_itself(kit: Kit) -> None:
    assert merge(kit, kit) == kit


@settings(max_examples=60)
@given(kits(), kits())
def test_merging_the_same_again_changes_nothing(one: Kit, other: Kit) -> None:
    made = merge(one, other)
    assert merge(made, other) == made
    assert len(made.by_id) == len(made.atoms)


@settings(max_examples=60)
@given(kits(), kits())
def test_a_merged_kit_is_the_same_after_writing_and_reading(one: Kit, other: Kit) -> None:
    made = merge(one, other)
    assert parse_kit(dump_kit(made), "kit.yaml").version == made.version
