"""Answers into what can be scored.

An answer is either a reference, from which points are taken, or one person's own story, from
which nothing is. A point is a statement that another answer could make too: instructions to
the candidate, labels, code and results of one's own work are none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.atoms import Role
from knowledge.blocks import Block
from knowledge.parser.answer_vocabulary import (
    EXAMPLE_LABEL,
    GENERIC_LABEL,
    INSTRUCTION,
    LEAD_VERB,
    OPEN_LIST_LABEL,
)
from knowledge.parser.languages import language_of, matches, unbroken
from knowledge.parser.wording import lead, plain

FIRST_PERSON = re.compile(  # found by its first letter: many times as fast as by a word's edge
    r"(?:I(?<!\wI)|My(?<!\wMy)|my(?<!\wmy)|mine(?<!\wmine)|myself(?<!\wmyself))\b(?!/)"
)
OWN_HISTORY = re.compile(
    r"""\b(have\syou|did\syou|are\syou|do\syou\s(have|use)|you\s(built|worked|solved|led|designed|faced|dealt|had|
    used|made|did)|you['’]ve|your\s(own|background|experience|career|role|journey|team|project|proudest|biggest))\b""",
    re.I | re.X,
)
GENERAL = re.compile(
    r"\b(is|are|can|should|must|will|means|allows?|lets?|helps?|reduces?|improves?|explain|discuss|mention)\b",
    re.I,
)
OF_OTHERS = re.compile(
    r"^(\w+ly\s)?[A-Za-z-]{2,}[^s\W]s\s\w"
)  # "Asks why", said of whoever answers
OUTCOME = re.compile(r"^(this|it|these|that|which|the result)\s(\w+ed|cut|made|led|saved)\b", re.I)
SENTENCE_END = re.compile(  # looks back from a space, which is found quickly
    r"\s(?:(?<=[.!?]\s)|(?<=[.!?][\"”’)]\s))"
    r"(?<!\be\.g\.\s)(?<!\bi\.e\.\s)(?<!\bvs\.\s)(?<!\betc\.\s)(?<!\bSr\.\s)(?<!\bDr\.\s)"
    r"\s*(?=[\"“„«(¿¡`]?[A-ZÀ-ÖØ-Þ0-9¿`_])|\.(?<=[a-z)]\.)(?=[A-Z][a-z]*[’' ])"
)
CODE = re.compile(
    r"^(SELECT\s.*|FROM\s\w+\W*|WHERE\s\w+\s*[=<>(].*|INSERT INTO\s.*"
    r"|import\s\w+|def\s.*:|.*;|[\w.]+\(.*\))$"
)
ADJECTIVE = re.compile(
    r"\b(small|large|big|clear|simple|fast|slow|high|low|robust|strong|clean)$", re.I
)
EXAMPLES = re.compile(
    r"\s*\((?:e\.\s?g\.|for example|for instance|such as|like|i\.e\.)[,:]?\s*"
    r"([^()]*(?:\([^()]*\)[^()]*)*)\)",
    re.I,
)
NAMES = re.compile(r"\s*\(([A-Z`][^(),]*(?:(?:, (?:and |or )?)[A-Z`][^(),]*)+)\)")
SMALL_WORD = re.compile(r"[a-z]+\b(?![_(./])")
NO_STATEMENT = re.compile(r"(here (are|is)\b|yes\b.{0,3}$|no\b.{0,3}$|or none\b)", re.I)
WORD = re.compile(r"\w")
SUBJECT = re.compile(
    r"\b(is|are|was|were|can|could|will|would|should|must|may|might|has|have|had|does|do|it|they|you|we|lets?)\b"
)
ONE_OF_THESE = re.compile(
    r"\b(one|any|either)( one)? of (these|the following|them)\b|^any( one)? of\b", re.I
)
EITHER = re.compile(r"^((?:\S+\s){0,2})([A-Z`]\S*) or ([A-Z`]\S*)$")
LIKE = re.compile(r"^(.{3,60}?\b(?:like|including))\s+(.+\bor\b.+)$", re.I)


@dataclass(frozen=True)
class Point:
    """One scorable statement, before it is an atom."""

    text: str
    line: int
    role: Role = "core"
    group: str | None = None


def is_personal(question: str, blocks: Sequence[Block]) -> bool:
    """Whether an answer is one person's own story rather than a reference.

    It is when it says "I" or "my", and when a question about somebody's own history is answered
    by a tale or a list of names without one general statement.
    """
    text = "\n".join(plain(block.text) for block in blocks)
    own_words = re.sub(r"[\"“„«][^\"“”„«»]*[\"”“»]", "", text)
    if FIRST_PERSON.search(own_words) or matches("own", own_words):
        return True
    items = [plain(block.text) for block in blocks if block.kind == "item"]
    of_others = sum(bool(OF_OTHERS.match(each)) for each in items)
    if of_others * 2 > len(items):
        return False
    return bool(OWN_HISTORY.search(question)) and not GENERAL.search(text)


class Points:
    """Takes the points out of the blocks of one reference."""

    def __init__(self) -> None:
        self.groups = 0
        self.label = ""
        self.role: Role = "core"
        self.group: str | None = None

    def of(self, blocks: Sequence[Block]) -> list[Point]:
        """The points of a reference, each once, in its order."""
        points: dict[str, Point] = {}
        for at, block in enumerate(blocks):
            following = blocks[at + 1] if at + 1 < len(blocks) else None
            for point in self.of_block(block, bool(following and following.kind == "item")):
                points.setdefault(point.text.lower(), point)
        return list(points.values())

    def of_block(self, block: Block, before_list: bool) -> Iterator[Point]:
        """The points of one block; `before_list` when items follow it."""
        if block.kind in ("code", "table", "rule"):
            return
        text = plain(block.text)
        if block.kind == "heading":
            self.under(text)
        elif block.kind != "item" and text.endswith(":"):
            yield from self.introduced(text, block, before_list)
        elif block.kind == "item":
            yield from self.of_item(text, block)
        else:
            self.under("")
            for sentence in sentences(text):
                yield from self.of_sentence(sentence, block.line)

    def under(self, label: str) -> None:
        """What follows stands under this label, until the next one."""
        label = re.sub(r"^\d[\d.]*\s+", "", label).strip(": ")
        self.role, self.group = "core", None
        if EXAMPLE_LABEL.match(label):
            self.role = "example"
        elif OPEN_LIST_LABEL.match(label) or ONE_OF_THESE.search(label):
            self.role, self.group = "any_of", self.new_group()
        empty = (
            ONE_OF_THESE.search(label)
            or GENERIC_LABEL.match(label)
            or INSTRUCTION.match(label)
            or self.role == "example"
        )
        self.label = "" if empty else label.rstrip("? ")

    def introduced(self, text: str, block: Block, before_list: bool) -> Iterator[Point]:
        """A line that leads to a list: a label, or a statement with examples to come."""
        if not text.endswith(":"):
            self.under("")
            yield Point(_capital(text.rstrip(".")), block.line)
            return
        *before, last = sentences(text)
        for sentence in before:
            yield from self.of_sentence(sentence, block.line)
        such = re.match(r"^(.{20,}?),?\s+(such as|like|for example):$", last)
        self.under("examples" if such else last)
        if such:
            yield Point(_capital(such[1]), block.line)
        elif not before_list:
            self.label = ""

    def of_item(self, text: str, block: Block) -> Iterator[Point]:
        """An item is one statement; under a label it is said with the label."""
        text = re.sub(r"^-\s+", "", text).strip().rstrip(".")
        head = lead(text)
        if not _says_something(text) or INSTRUCTION.match(text):
            return
        if text.endswith(":"):
            yield from self.introduced(re.sub(r"\s(like|including):$", ".", text), block, True)
            return
        if head and EXAMPLE_LABEL.match(head.label) and head.rest:
            yield Point(_capital(head.rest), block.line, "example")
            return
        with_label = bool(self.label) and len(text.split()) < 9
        said = f"{self.label}: {text}" if with_label else _capital(text)
        core, examples = _without_examples(said)
        yield Point(core, block.line, self.role, self.group)
        yield from (Point(each, block.line, "example") for each in examples)

    def of_sentence(self, sentence: str, line: int) -> Iterator[Point]:
        """A statement, or the parts of an enumeration."""
        if INSTRUCTION.match(sentence) or not _says_something(sentence) or sentence.endswith("?"):
            return
        head = lead(sentence)
        if head and ONE_OF_THESE.search(head.label) and len(ways := listed(head.rest)) > 1:
            yield from self.any_of(ways, line)
            return
        for clause in _split(sentence.rstrip("."), ";"):
            said = LEAD_VERB.sub("", clause)
            said = _without_generic_label(said)
            yield from self.of_clause(said, line, introduced=said != clause)

    def of_clause(self, clause: str, line: int, introduced: bool) -> Iterator[Point]:
        if alternatives := _alternatives(clause):
            yield from self.any_of(alternatives, line)
            return
        parts = _parts(clause, introduced)
        if len(parts) > 1 and re.search(r",\s+or\s+[^,()]+$", clause):
            yield from self.any_of([_without_examples(part)[0] for part in parts], line)
            return
        for part in parts:
            core, examples = _without_examples(part)
            alternatives = _alternatives(core) or _either(core)
            if alternatives:
                yield from self.any_of(alternatives, line)
            elif core:
                yield Point(_capital(core), line)
            yield from (Point(_capital(each), line, "example") for each in examples)

    def any_of(self, texts: Sequence[str], line: int) -> Iterator[Point]:
        group = self.new_group()
        yield from (Point(_capital(text), line, "any_of", group) for text in texts if text)

    def new_group(self) -> str:
        self.groups += 1
        return f"one-of-{self.groups}"


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    flat = re.sub(r"\s*\n\s*", " ", text) if "\n" in text else text
    return unbroken(each.strip() for each in SENTENCE_END.split(flat) if each and each.strip())


def listed(text: str) -> list[str]:
    """The things that a text lists, from "a, b or c"."""
    parts = _split(text.rstrip(". "), ",")
    if not parts:
        return []
    *first, last = parts
    return [*first, *re.split(r"\s+or\s+", re.sub(r"^(or|and)\s+", "", last))]


def discussed(text: str) -> list[str]:
    """What a candidate might say, from "might discuss A, or they may discuss B and C"."""
    said = re.sub(r"\((maybe|perhaps|possibly)\??\)\s*", "", text, flags=re.I).rstrip(". ")
    said = re.sub(r"^.*?\b(discuss|mention|say|talk about|answer|cover)\s+", "", said, count=1)
    chunks = re.split(
        r",?\s+(?:or|and)\s+(?:(?:they|he|she)\s+(?:may|might|could|can)\s+\w+\s+)?|,\s+", said
    )
    return [_capital(re.sub(r"^how\s+(?=the\b|it\b|they\b)", "", each)) for each in chunks if each]


def _says_something(text: str) -> bool:
    if CODE.match(text) or OUTCOME.match(text) or FIRST_PERSON.search(text):
        return False
    return not NO_STATEMENT.match(text) and bool(WORD.search(text))


def _without_generic_label(text: str) -> str:
    head = lead(text)
    return head.rest if head and head.rest and GENERIC_LABEL.match(head.label) else text


def _parts(clause: str, introduced: bool) -> list[str]:
    """The parts of an enumeration of short phrases, else the clause alone."""
    if language_of(clause) != "en":
        return [clause]
    split = _without_lone_adjectives(_split(clause, ","))
    one_of_all = len(split) > 2 and re.match(r"^and\s.*\b(of|for|in|to)\b", split[-1])
    if one_of_all and not introduced and any(" " not in part for part in split[1:-1]):
        return [clause]
    parts = [re.sub(r"^(and|or)\s+", "", part) for part in split]
    if len(parts) == 2 and " and " in parts[1] and introduced:
        parts = [parts[0], *re.split(r"\s+and\s+", parts[1], maxsplit=1)][:3]
    lengths = [len(re.sub(r"\([^()]*\)", "", part).split()) for part in parts]
    outside = re.sub(r"\([^()]*\)", "", clause)
    subject = SUBJECT.search(outside) and not introduced
    if len(parts) < 2 or subject or ": " in outside or max(lengths) > 9:
        return [clause]
    return parts if len(parts) > 2 or max(lengths) < 7 else [clause]


def _without_lone_adjectives(parts: list[str]) -> list[str]:
    """A "small, quiet room" is one thing."""
    joined: list[str] = []
    for part in parts:
        if joined and ADJECTIVE.search(joined[-1]):
            joined[-1] += f", {part}"
        else:
            joined.append(part)
    return joined


def _split(text: str, mark: str) -> list[str]:
    """Text at a mark, but never inside parentheses, quotes or code."""
    if mark not in text:
        return [text.strip()] if text.strip() else []
    guarded = re.sub(
        r"\([^()]*(?:\([^()]*\)[^()]*)*\)|`[^`]*`|\"[^\"]*\"|“[^“”]*”",
        lambda inner: inner.group().replace(mark, "\0"),
        text,
    )
    return [part.replace("\0", mark).strip() for part in guarded.split(mark) if part.strip()]


def _alternatives(text: str) -> list[str]:
    """ "Tools like A, B, or C" is three ways to say it."""
    small = text.lower()
    found = LIKE.match(text) if "like" in small or "including" in small else None
    if not found or SUBJECT.search(text):
        return []
    head, rest = found[1], found[2]
    texts = []
    for chunk in _split(rest, ","):
        own = re.match(r"^or\s+((?:an?\s+|custom\s+|your\s+).+)$", chunk)
        names = [own[1]] if own else re.split(r"\s+or\s+", re.sub(r"^or\s+", "", chunk))
        texts += [name if own else f"{head} {name}" for name in names]
    return texts if len(texts) > 1 else []


def _either(text: str) -> list[str]:
    """ "using `A` or `B`" is two ways to say it, when both are names."""
    found = EITHER.match(text) if " or " in text else None
    return [found[1] + found[2], found[1] + found[3]] if found else []


def _without_examples(text: str) -> tuple[str, list[str]]:
    """A statement without the examples it gives in parentheses, and these."""
    examples: list[str] = []
    if "(" not in text:
        return text.strip(), examples
    for pattern in (EXAMPLES, NAMES):
        for found in pattern.findall(text):
            listed = re.sub(r",?\s*\betc\.?$", "", found)
            names = [re.sub(r"^(or|and)\s+", "", each) for each in _split(listed, ",")]
            examples += [re.sub(r"\.$", "", name) for name in names if name != "etc."]
        text = pattern.sub("", text)
    return text.strip(), examples


def _capital(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] if SMALL_WORD.match(text) else text
