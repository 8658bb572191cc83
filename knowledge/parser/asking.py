"""Questions as atoms: of which kind, about which topic or technology."""

import re

from knowledge.atoms import Kind, Level
from knowledge.blocks import Block
from knowledge.parser.answers import discussed, sentences
from knowledge.parser.reader import Reader
from knowledge.parser.wording import bare, is_question, lead, question_kind, slot

CANDIDATE_MIGHT = re.compile(
    r"^(the )?candidates?\b[^.]*\b(might|may|could|should|can) (also )?\w+", re.I
)


def add_question(reader: Reader, block: Block, text: str, asked: Kind, level: Level | None) -> str:
    """A question of the kind its section holds, under its topic."""
    frame = reader.frame
    if word := slot(block.text):
        return template(reader, block, text, word)
    if asked == "candidate_question":
        return reader.b.add(asked, text, block, topic=frame.topic)
    if asked == "money":
        text = money_asked(text) or text
        named = lead(text)
        name = named.label if named and is_question(named.rest) else technology_of(text)
        text = bare(named.rest) if named and is_question(named.rest) else text
        technology = frame.technology or (reader.b.add("technology", name, block) if name else None)
        return reader.b.add(
            "money", text, block, technology, topic=name or frame.topic, level=level
        )
    parent = frame.exercise.id if frame.exercise else frame.competency
    kind = question_kind(text, frame.kind)
    topic_name = section_topic(reader)
    return reader.b.add(
        "question",
        text,
        block,
        parent,
        question_kind=kind,
        topic=topic_name,
        level=level or frame.level,
    )


def template(reader: Reader, block: Block, text: str, word: str) -> str:
    """A question with a word left open, which nobody can be asked as it stands."""
    reader.b.notes.append(
        f"Line {block.line} is a template: put a word in for {word}, and it is asked."
    )
    return reader.b.add("advice", text, block, reader.frame.question, topic=reader.frame.topic)


def open_technology(reader: Reader, block: Block) -> None:
    """A technology whose money questions stand below its name; brackets hold other names."""
    found = re.match(r"^([^()]+?)\s*\(([^()]+)\)$", reader.frame.title)
    name = found[1] if found else reader.frame.title
    aliases = tuple(re.split(r",\s*|\s*/\s*", found[2])) if found else ()
    identity = reader.b.add("technology", name, block, aliases=aliases, topic=name)
    reader.amend(technology=identity, topic=name)


def section_topic(reader: Reader) -> str | None:
    """The topic of the section at hand, an atom of its own from its first question on."""
    frame = reader.frame
    if frame.topic and not frame.competency and not frame.exercise and frame.kind != "opening":
        reader.b.add("topic", frame.topic, frame.line or 1, frame.area, topic=frame.topic)
    return frame.topic


def money_asked(text: str) -> str | None:
    """The question in "We may ask, 'what is ...?'", or in "Kafka: what is ...?"."""
    said = re.search(r"\bask,?:?\s+[\"“']([^\"”]+\?)[\"”']", text)
    return said[1] if said else None


def money_points(reader: Reader, block: Block, text: str) -> None:
    """What a candidate might say to a money question: one of it is enough."""
    frame = reader.frame
    first, *others = sentences(text)
    for said in discussed(first):
        reader.b.add(
            "point",
            said,
            block,
            frame.question,
            question=frame.question,
            role="any_of",
            group="one-of-1",
        )
    if others:
        reader.b.add("advice", " ".join(others), block, frame.question, question=frame.question)


def technology_of(text: str) -> str | None:
    """The technology that a money question is about, by its label, heading or last name."""
    names = re.findall(r"(?<![.?!] )(?<!^)\b(?:[A-Z][\w+#.]*[\w+#](?: [A-Z][\w+#]+)*|C\+\+)", text)
    return names[-1] if names else None
