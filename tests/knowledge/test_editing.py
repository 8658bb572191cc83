from pathlib import Path

import pytest

from knowledge.atoms import Kit
from knowledge.editing import (
    Outdated,
    Wording,
    Wrong,
    changes,
    check_untouched,
    extended,
    put_back,
    reworded,
    withdrawn,
    wording,
)
from knowledge.errors import NotFound
from knowledge.kit_yaml import dump_kit, parse_kit

SMALL = Path(__file__).parents[1] / "api" / "service" / "small.yaml"


@pytest.fixture
def kit() -> Kit:
    return parse_kit(SMALL.read_text(), "small.yaml")


def id_of(kit: Kit, beginning: str) -> str:
    [found] = [atom.id for atom in kit.atoms if atom.text.startswith(beginning)]
    return found


def test_an_edited_kit_reads_back_from_its_yaml_as_the_same(kit: Kit) -> None:
    point = id_of(kit, "The old version")
    edited = reworded(kit, point, wording("point", {"text": "Both versions stay.", "role": "core"}))
    new = wording("question", {"text": "Why?"})
    edited, _ = extended(edited, id_of(kit, "Modelling"), "question", new)
    edited = withdrawn(edited, id_of(kit, "Edits rows"), "Nobody does.")
    assert parse_kit(dump_kit(edited), "x.yaml") == edited
    assert len({kit.version, edited.version}) == 2


def test_an_edit_keeps_id_place_and_source(kit: Kit) -> None:
    point = id_of(kit, "The old version")
    after = reworded(kit, point, wording("point", {"text": "Both stay.", "role": "example"}))
    before, now = kit.by_id[point], after.by_id[point]
    assert (now.source, now.parent, now.question) == (before.source, before.parent, before.question)
    assert (now.text, now.role) == ("Both stay.", "example")


def test_a_subject_that_is_renamed_takes_what_is_filed_under_it_along(kit: Kit) -> None:
    subject = id_of(kit, "Modelling")
    after = reworded(kit, subject, wording("competency", {"text": "Data models"}))
    assert {atom.topic for atom in after.atoms} == {"Data models", "Streaming", None}


def test_a_new_point_counts_where_it_was_added(kit: Kit) -> None:
    question = id_of(kit, "A consumer dies")
    new = wording("point", {"text": "Work is written down before the offset.", "role": "core"})
    after, made = extended(kit, question, "point", new)
    assert made in after.came_with(question, "point")
    assert (made.topic, made.role, made.source) == ("Streaming", "core", None)


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        ("point", {"text": " ", "role": "core"}, "text"),
        ("point", {"text": "x" * 5_000, "role": "core"}, "text"),
        ("point", {"text": "a\0b", "role": "core"}, "text"),
        ("point", {"text": "a"}, "role"),
        ("point", {"text": "a", "role": "extra"}, "role"),
        ("point", {"text": "a", "role": "any_of"}, "group"),
        ("point", {"text": "a", "role": "core", "group": "g"}, "group"),
        ("point", {"text": "a", "role": "core", "critical": True}, "critical"),
        ("question", {"text": "a", "level": "expert"}, "level"),
        ("question", {"text": "a", "polarity": "negative"}, "polarity"),
        ("flag", {"text": "a"}, "polarity"),
    ],
)
def test_what_cannot_be_is_refused_and_the_field_named(
    kind: str, given: dict[str, object], field: str
) -> None:
    with pytest.raises(Wrong) as refused:
        wording(kind, given)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert refused.value.message.startswith(f"{field}: ")


def test_nothing_goes_where_it_does_not_belong(kit: Kit) -> None:
    with pytest.raises(Wrong, match="a hint does not go there"):
        extended(kit, id_of(kit, "Edits rows"), "hint", wording("hint", {"text": "Think."}))
    with pytest.raises(NotFound):
        extended(kit, "no-such", "point", wording("point", {"text": "a", "role": "core"}))


def test_what_is_withdrawn_takes_along_what_belongs_to_it_until_it_is_put_back(kit: Kit) -> None:
    question = id_of(kit, "A consumer dies")
    gone = withdrawn(kit, question, " Asked by everyone. ")
    assert gone.by_id[question].withdrawn == "Asked by everyone."
    assert id_of(kit, "Another consumer reads") in gone.withdrawn
    assert put_back(gone, question) == kit
    with pytest.raises(Wrong, match="reason"):
        withdrawn(kit, question, "  ")


def test_only_a_change_of_the_same_thing_or_above_it_is_a_conflict(kit: Kit) -> None:
    question, point = id_of(kit, "A consumer dies"), id_of(kit, "Another consumer reads")
    other = id_of(kit, "Events arrive")
    now = reworded(kit, question, wording("question", {"text": "It dies. What now?"}))
    check_untouched(kit, now, other)
    for touched in (question, point):
        with pytest.raises(Outdated) as conflict:
            check_untouched(kit, now, touched)
        assert conflict.value.now is now


def test_changes_say_what_became_of_each_thing(kit: Kit) -> None:
    point, flag = id_of(kit, "Another consumer reads"), id_of(kit, "Edits rows")
    after = withdrawn(kit, flag, "No.")
    after = reworded(after, point, wording("point", {"text": "Read again.", "role": "core"}))
    after, _ = extended(after, None, "fact", wording("fact", {"text": "We meet on Mondays."}))
    told = {(each.what, each.kind): each for each in changes(kit, after)}
    assert set(told) == {("withdrawn", "flag"), ("changed", "point"), ("added", "fact")}
    assert told["changed", "point"].before == kit.by_id[point].text
    assert [each.what for each in changes(after, kit)].count("removed") == 1
    assert changes(kit, kit) == ()


def test_what_an_atom_says_can_be_said_again(kit: Kit) -> None:
    for atom in kit.atoms:
        if atom.kind in {"point", "flag", "question", "indicator", "hint"}:
            said = {name: getattr(atom, name) for name in Wording.model_fields}
            assert wording(atom.kind, said) == Wording.model_validate(said)
