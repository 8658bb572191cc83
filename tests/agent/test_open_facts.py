"""Candidates are told what a team wrote of itself, and nothing of what it wrote for its panel."""

from agent.open_facts import is_open
from knowledge.atoms import Atom, Kit
from knowledge.kit_yaml import parse_kit
from knowledge.parser import parse
from knowledge.reading import Received

GUIDE = """# Aquarist

We keep four thousand animals in sixty tanks at the harbour.

The panel meets at nine in the small kitchen.

## Questions

### How do you notice that a filter is blocked?

Answer: The flow at the outlet drops first.

Hint with the speaker's notes, slide five, think of the venom.

## About us

The aquarium was built by the town in 1974 and has been free on Mondays since.
"""


def facts(kit: Kit, words: str) -> list[Atom]:
    return [a for a in kit.of("fact", "advice", "point", "reference") if words in a.text]


def test_of_a_document_with_questions_only_what_stands_before_them_is_open() -> None:
    kit = Kit(name="k", atoms=parse(Received(document="guide.md", text=GUIDE)).atoms)
    (ours,) = facts(kit, "four thousand animals")
    assert is_open(ours, kit)
    assert not any(is_open(fact, kit) for fact in facts(kit, "panel meets"))
    assert not any(is_open(fact, kit) for fact in facts(kit, "think of the venom"))
    left = Atom(id="x", kind="fact", text="Heat breaks it down.", source=ours.source)
    later = ours.source.model_copy(update={"line": 99}) if ours.source else None
    assert is_open(left, kit)
    assert not is_open(left.model_copy(update={"source": later}), kit)


def test_a_section_about_the_company_is_open_wherever_it_stands() -> None:
    atoms = parse(Received(document="guide.md", text=GUIDE)).atoms
    topic = Atom(id="t", kind="topic", text="About us")
    (built,) = [a for a in atoms if "built by the town" in a.text]
    kit = Kit(name="k", atoms=(*atoms, topic))
    assert is_open(built.model_copy(update={"kind": "fact", "parent": "t"}), kit)
    other = Kit(name="k", atoms=(*atoms, topic.model_copy(update={"text": "Filters"})))
    assert not is_open(built.model_copy(update={"kind": "fact", "parent": "t"}), other)


def test_what_a_person_wrote_into_a_kit_is_open_and_what_answers_a_question_too() -> None:
    kit = parse_kit(
        "viva: 1\natoms:\n- question: What do you check?\n- fact: We work in shifts.\n"
        "- candidate_question: Who decides?\n  has:\n  - fact: The head of the station decides.\n",
        "kit.yaml",
    )
    assert all(is_open(fact, kit) for fact in kit.of("fact"))
