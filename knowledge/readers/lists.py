"""Lists of questions as programs keep them: JSON in any naming, one value or one on each line."""

import re
from collections.abc import Iterator, Sequence

from knowledge.errors import BadInput
from knowledge.parser.wording import is_question, label_purpose, level_in
from knowledge.readers.json_lines import Node, nodes
from knowledge.readers.json_tidy import tidy
from knowledge.readers.text import decoded
from knowledge.reading import Received, Written

NO_WORDS = "Give a list of questions, or plain text."
LOAD = "Load it with `viva kit load`."
WRAPPERS = frozenset(
    "data items results records entries rows content payload list children nodes value".split()
)
UNSAID = re.compile(
    r"^(_.*|(.*_)?(id|uuid|guid|slug|url|href|created|updated|modified"
    r"|generated|exported|imported|archived|retired)(_at|_on|_by|_reason)?)$"
)
TITLES = ("title", "name", "label", "heading", "topic", "category", "competency", "section", "area")
ASKS = ("text", "title", "body", "name", "stem", "content", "heading")
OPTIONS = frozenset({"options", "choices", "alternatives", "distractors", "incorrect_answers"})
KNOWN = {
    "expected": "Answer",
    "ideal": "Answer",
    "model": "Answer",
    "sample": "Answer",
    "correct": "Answer",
    "correct_answer": "Answer",
    "reference": "Answer",
    "positive": "Positive indicators",
    "positives": "Positive indicators",
    "negative": "Negative indicators",
    "negatives": "Negative indicators",
    "followup": "Follow-up",
    "followups": "Follow-ups",
}
"""Names that only programs use, as people write them."""

FIRST = frozenset({"tags", "about_topic", "minutes"})
"""What is said of a question before its answer."""

SUBJECTS = frozenset({"category", "attribute", "competency", "quality"})
TYPES = frozenset({"type", "kind", "question type", "question kind"})
LASTS = re.compile(r"(duration|length)( (in )?min(ute)?s)?|minutes|time ?box", re.I)

WIDEST_RECORD = 12


def read(data: bytes, name: str) -> Received:
    """Read a JSON file.

    Raises:
        BadInput: it is broken, nested too deeply, a kit, or holds no words.
    """
    repairs: list[str] = []
    top = nodes(decoded(data, name, repairs), name)
    if is_kit(top):
        raise BadInput(f"{name} is a kit of Viva.", LOAD)
    if not _has_words(top):
        raise BadInput(f"{name} holds no words to read.", NO_WORDS)
    put_away = tidy(top)
    written = Written(name, "json")
    written.repairs += repairs
    if put_away:
        written.notes.append(f"Left out {put_away} entries that are used no more.")
    writer = Writer(written)
    writer.write(top, 1)
    if writer.choices:
        written.notes.append(f"Left out the options to choose from of {writer.choices} questions.")
    return written.received()


def is_kit(top: Node) -> bool:
    """Whether this is a kit, which is loaded and not read."""
    held = dict(top.pairs())
    return "atoms" in held and held["atoms"].is_list and ("name" in held or "viva" in held)


def _has_words(top: Node) -> bool:
    """Whether any value, or a name that asks something, is in words."""
    due = [top]
    while due:
        node = due.pop()
        if (node.is_word and re.search(r"[^\W\d_]", node.text)) or any(
            is_question(name) for name in node.names or ()
        ):
            return True
        due += node.items
    return False


class Writer:
    """Writes values by their shape: questions, lists, records, and names with what they hold."""

    def __init__(self, written: Written) -> None:
        self.written = written
        self.choices = 0

    def write(self, node: Node, level: int) -> None:
        """Anything, with headings from this level on."""
        if node.is_object:
            self.object(node, level)
        elif node.is_list:
            self.list(node, level)
        elif node.is_word:
            self.written.paragraph(node.text, at(node))

    def object(self, node: Node, level: int) -> None:
        """A question, a map of questions to answers, or names with what they hold."""
        if question_of(node):
            self.entries([node], level)
            return
        titled = title_of(node)
        if titled:
            lasts = _lasting(node)
            minutes = f" ({lasts.text} min)" if lasts else ""
            self.written.heading(titled[1].text + minutes, level, at(titled[1]))
        for name, held in _scalars_first(node):
            if titled and (held is titled[1] or held is lasts):
                continue
            if is_question(words(name)) or is_question(name):
                self.written.heading(name, level + bool(titled), at(held))
                self.part("answer", held)
            elif held.is_scalar or holds_values(held) or _of_labels(held):
                self.part(name, held)
            else:
                below = level + bool(titled)
                if name.lower() not in WRAPPERS:
                    self.written.heading(words(name), below, at(held))
                    below += 1
                self.write(held, below)

    def list(self, node: Node, level: int) -> None:
        objects = [item for item in node.items if item.is_object]
        if any(map(question_of, objects)):
            self.entries(node.items, level)
        elif objects and len(objects) == len(node.items) and _is_record(objects):
            self.records(objects)
        elif node.items and all(item.is_list for item in node.items) and _is_flat(node.items):
            width = max(len(row.items) for row in node.items)
            rows = [[""] * width, *([cell.text for cell in row.items] for row in node.items)]
            places = [[""], *([at(cell) for cell in row.items] or [""] for row in node.items)]
            self.written.table(rows, places)
        else:
            for item in node.items:
                if item.is_scalar and item.text:
                    self.written.item(item.text, place=at(item))
                elif not item.is_scalar:
                    self.write(item, level)

    def records(self, objects: Sequence[Node]) -> None:
        """Objects of the same few values, as the rows of a table."""
        names = list(dict.fromkeys(n for each in objects for n in each.names or () if said(n)))
        held = [dict(each.pairs()) for each in objects]
        rows = [[_value(each.get(name)) for name in names] for each in held]
        places = [
            [at(each.get(name, node)) for name in names]
            for each, node in zip(held, objects, strict=True)
        ]
        header = [words(name) for name in names]
        self.written.table([header, *rows], [[at(objects[0])] * len(names), *places])

    # Questions

    def entries(self, found: Sequence[Node], level: int) -> None:
        """Questions with what belongs to each: all as headings, or all with their label."""
        asked = [question_of(node) for node in found]
        headed = all(is_question(each[1].text) for each in asked if each)
        for node, each in zip(found, asked, strict=True):
            if each is None:
                self.write(node, level)
                continue
            text, place = " ".join(each[1].text.split()), at(each[1])
            if headed:
                self.written.heading(text, level, place)
            else:
                self.written.paragraph(f"**Question:** {text}", place)
            self.parts(node, each)

    def parts(self, node: Node, asked: tuple[str, Node]) -> None:
        """What an object tells of its question; its level and topic first."""
        held = [pair for pair in node.pairs() if pair[1] is not asked[1]]
        if inner := next((v for n, v in held if n == asked[0] and v.is_object), None):
            held = [pair for pair in held if pair[1] is not inner]
            held += [pair for pair in inner.pairs() if pair[1] is not asked[1]]
        options = next((value for name, value in held if name.lower() in OPTIONS), None)
        if options:
            self.choices += 1
            held = [(n, _chosen(v, options)) for n, v in held if v is not options]
        if not any(purpose_of(name) == "about_topic" for name, _ in held):
            held = [("topic" if n.lower() in SUBJECTS else n, v) for n, v in held]
        held = [("tags" if words(n).lower() in TYPES else n, v) for n, v in held]
        for name, value in sorted(held, key=lambda each: purpose_of(each[0]) not in FIRST):
            self.part(name, value)

    def part(self, name: str, node: Node) -> None:
        """A name with its value: on one line, or as a list below it."""
        if not said(name) or not (node.items or node.text):
            return
        label = words(name)
        if node.is_scalar:
            self.scalar(label, node)
        elif node.is_object and (_of_labels(node) or question_of(node) is None is title_of(node)):
            self.labels(label, node)
        elif purpose_of(name) in FIRST and all(item.is_scalar for item in node.items):
            self.written.paragraph(f"**{label}:** {_value(node)}", at(node))
        else:
            self.written.paragraph(f"**{label}:**", at(node))
            self.items([node] if node.is_object else node.items, 0)

    def scalar(self, label: str, node: Node) -> None:
        lines = [line for line in node.text.split("\n") if line.strip()]
        if node.text in ("true", "false") and not node.is_word:
            return
        for number, line in enumerate(lines):
            self.written.paragraph(f"**{label}:** {line}" if number == 0 else line, at(node))

    def labels(self, label: str, node: Node) -> None:
        """What an object tells under several labels: good and bad, or one for each level."""
        if not _of_labels(node):
            self.written.paragraph(f"**{label}:**", at(node))
            self.items([node], 0)
            return
        for name, value in node.pairs():
            self.part(name, value)

    def items(self, found: Sequence[Node], depth: int) -> None:
        """Values as items; what an object tells of its question or title stands below it."""
        for node in found:
            if node.is_scalar:
                if node.text:
                    self.written.item(" ".join(node.text.split()), depth, place=at(node))
            elif node.is_list:
                self.items(node.items, depth + 1)
            else:
                self.object_item(node, depth)

    def object_item(self, node: Node, depth: int) -> None:
        first = question_of(node) or title_of(node)
        if first:
            self.written.item(" ".join(first[1].text.split()), depth, place=at(first[1]))
        below = depth + bool(first)
        for name, value in node.pairs():
            if not said(name) or (first and value is first[1]) or not (value.text or value.items):
                continue
            if value.is_scalar or holds_values(value):
                plain = first and (purpose_of(name) == "answer" or name.lower() in ASKS)
                text = _value(value) if plain else f"{words(name)}: {_value(value)}"
                self.written.item(text, below, place=at(value))
            else:
                self.written.item(f"{words(name)}:", below, place=at(value))
                self.items([value] if value.is_object else value.items, below + 1)


def at(node: Node) -> str:
    """Where a value stands."""
    return f"line {node.line}"


def words(name: str) -> str:
    """A name as a person would write it: "modelAnswer" is "Model answer"."""
    if known := KNOWN.get(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()):
        return known
    apart = re.sub(r"[_\-.]+|(?<=[a-z\d])(?=[A-Z])", " ", name).strip()
    text = apart if " " in name.strip() else apart.lower()
    return text[:1].upper() + text[1:]


def purpose_of(name: str) -> str | None:
    """What a name announces as a label."""
    return label_purpose(words(name))


def said(name: str) -> bool:
    """Whether a name holds something for people."""
    return not UNSAID.match(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())


def question_of(node: Node) -> tuple[str, Node] | None:
    """The question that an object is about, with the name it goes by."""
    pairs = node.pairs()
    for name, value in pairs:
        if purpose_of(name) == "question":
            if value.is_word and value.text.strip():
                return name, value
            if value.is_object and (inner := _worded(value)):
                return name, inner
    for name, value in pairs:
        if name.lower() in ASKS and value.is_word and is_question(value.text):
            return name, value
    return None


def _worded(node: Node) -> Node | None:
    held = [value for name, value in node.pairs() if name.lower() in ASKS and value.is_word]
    return held[0] if held else None


def title_of(node: Node) -> tuple[str, Node] | None:
    """What an object is called."""
    held = {name.lower(): (name, value) for name, value in node.pairs()}
    return next(
        (held[t] for t in TITLES if t in held and held[t][1].is_word and held[t][1].text), None
    )


def _lasting(node: Node) -> Node | None:
    """The number of minutes that what an object tells of takes."""
    held = [value for name, value in node.pairs() if LASTS.fullmatch(words(name))]
    return next((value for value in held if value.text.isdigit()), None)


def holds_values(node: Node) -> bool:
    """Whether a list holds only short values, which may stand on one line."""
    return (
        node.is_list
        and all(item.is_scalar for item in node.items)
        and all(len(item.text.split()) < 4 and not is_question(item.text) for item in node.items)
    )


def _of_labels(node: Node) -> bool:
    names = node.names or []
    return bool(names) and all(label_purpose(words(n)) or level_in(words(n)) for n in names)


def _is_record(objects: Sequence[Node]) -> bool:
    """Whether objects hold the same few values and nothing within them."""
    names = {name for each in objects for name in each.names or ()}
    held = [value for each in objects for value in each.items]
    return len(names) <= WIDEST_RECORD and all(v.is_scalar or holds_values(v) for v in held)


def _is_flat(rows: Sequence[Node]) -> bool:
    return all(cell.is_scalar for row in rows for cell in row.items)


def _value(node: Node | None) -> str:
    if node is None:
        return ""
    return (
        ", ".join(item.text for item in node.items) if node.items else " ".join(node.text.split())
    )


def _chosen(value: Node, options: Node) -> Node:
    """The option that a number names, from 0."""
    if value.is_scalar and not value.is_word and value.text.isdigit():
        number = int(value.text)
        if number < len(options.items) and options.items[number].is_word:
            return options.items[number]
    return value


def _scalars_first(node: Node) -> Iterator[tuple[str, Node]]:
    yield from (pair for pair in node.pairs() if pair[1].is_scalar)
    yield from (pair for pair in node.pairs() if not pair[1].is_scalar)
