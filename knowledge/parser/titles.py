"""The lines of a document that may be titles or labels, and what stands below each."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from knowledge.blocks import Block
from knowledge.parser.layout import INLINE_LABEL
from knowledge.parser.vocabulary import FURNITURE
from knowledge.parser.wording import PROMPTS, Lead, bare, is_question, lead, plain, title

Place = Literal["section", "label"]
Shape = Literal["questions", "orders", "statements", "topics", "times", "prose", "lines", "table"]

MOST_WORDS = 10
NEAR = 8  # blocks below a title that tell what it holds
ORDER = re.compile(
    r"""^(do\snot|don['’]t|never|always|please|avoid|ask|let|keep|leave|write|give|stay|start|stop|use|tell|take|
    make|be|stick|remember|note|allow|read|say|answer|offer|wait|explain|introduce|score|mention|point|if\s(the|they)|
    only|no\s|all\s)\b""",
    re.I | re.X,
)
STATEMENT = re.compile(
    r"""^["“]?((?:\w+ly|never|always|only|often)\s)?(cannot|can|could|would|will|has|have|had|is|are|was|were|does|did|
    may|might|should|[\w-]{2,}(?<!s)s|\w{2,}sses)\b(?!\s?[,:&/])""",
    re.I | re.X,
)
FAULT = re.compile(
    r"""\b(cannot|can['’]t|not|no|never|nothing|none|without|only|too|lacks?|fails?|ignores?|blames?|avoids?|refuses?|
    dismiss\w*|struggles?|confus\w*|guess\w*|vague\w*|claims?|jumps?|forgets?|misses|mistakes?|overlooks?|relies|
    hides?|bluff\w*|complain\w*|unable|unclear|gives\sup|interrupts?|defensive\w*)\b""",
    re.I | re.X,
)
SIGN = re.compile(r"^\[.\]\s*")
BINDING = re.compile(r"^(the|an?|you|no|we)\b.*\b(must|cannot|may)\b", re.I)
NO_TITLE = re.compile(
    r"^((?i:stage|phase|round|step|part)\s+\d|\d+\s+of\s+\d|\S*[a-z][A-Z]\S*[a-z][A-Z])"
)
TIME = re.compile(r"\b\d+\s*['’]?\s*(min(ute)?s?|h|hours?|sec(ond)?s?)\b|\b\d{1,2}:\d{2}\b", re.I)


class Title(NamedTuple):
    """A line that may be one: in its plain form, where it stands, what it holds.

    `asked` says that a question came before; `faults` is how likely one of the statements
    below is to name a fault, by those that do.
    """

    text: str
    place: Place | None
    asked: bool = False
    holds: Shape | None = None
    faults: float | None = None


def titles(blocks: Sequence[Block]) -> Iterator[Title]:
    """Every line of the blocks that may be a title or a label, in their order."""
    labels = [label(blocks, at) for at in range(len(blocks))]
    repeated = Counter(said.label.casefold() for said in labels if said)
    repeated.update(said.label.casefold() for block in blocks for said in within(block))
    asked = False
    names_document = next((block for block in blocks if block.kind != "front"), None)
    for at, (block, said) in enumerate(zip(blocks, labels, strict=True)):
        if block is names_document:
            continue
        if block.kind == "table":
            yield from (Title(title(cell.text), "label") for cell in block.rows[0])
        elif said and (repeated[said.label.casefold()] > 1 or not said.rest):
            often = repeated[said.label.casefold()] > 1
            yield Title(title(said.label), place(block, often), asked, *held(blocks, at, said.rest))
        asked = asked or is_question(block.text)
        yield from beside(block)


def within(block: Block) -> Iterator[Lead]:
    """The labels within a line that began with one."""
    if block.kind in ("item", "paragraph") and block.text.count(":") > 1 and lead(block.text):
        yield from filter(None, map(lead, INLINE_LABEL.split(block.text)[1:]))


def beside(block: Block) -> Iterator[Title]:
    """The labels that follow a question on its own line."""
    if block.kind in ("item", "paragraph") and ":" in block.text:
        first, *others = INLINE_LABEL.split(block.text)
        for said in filter(None, map(lead, others if is_question(first) or lead(first) else ())):
            yield Title(title(said.label), "label", True)


def place(block: Block, often: bool) -> Place | None:
    """Where a title stands, if that can be told: what is said often labels parts of something."""
    if often or block.kind == "item":
        return "label"
    return "section" if block.level else None


def held(blocks: Sequence[Block], at: int, rest: str) -> tuple[Shape | None, float | None]:
    """What a title holds, and how much of that are faults; `rest` is what its line goes on with.

    Paragraphs tell less than items do: any of them may begin as a statement does.
    """
    below = list(_below(blocks, at))
    items = [bare(b.text) for b in below if b.kind == "item"]
    if not rest and below and below[0].kind == "table":
        return "table", None
    if rest or not items:
        shape = shape_of([rest] if rest else [b.text for b in below])
        return (shape if shape in (None, "questions", "times", "prose") else "lines"), None
    shape = shape_of(items)
    faulty = sum(bool(FAULT.search(plain(text))) for text in items)
    return shape, (faulty + 1) / (len(items) + 2) if shape == "statements" else None


def label(blocks: Sequence[Block], at: int) -> Lead | None:
    """What a line says before a colon or in bold, or the line itself if it stands over others."""
    block = blocks[at]
    if block.kind not in ("paragraph", "item", "heading"):
        return None
    said = lead(block.text) if block.kind != "heading" else None
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    if not said and below and (below.column > block.column or block.kind != "item"):
        said = Lead(plain(block.text), "", False)
    return said if said and may_be_title(said.label) else None


def may_be_title(text: str) -> bool:
    """Whether a line is no sentence, prompt or page furniture."""
    sentence = text.endswith((".", "!", "?", ";", ",")) or PROMPTS.match(bare(text))
    other = sentence or FURNITURE.match(text) or NO_TITLE.match(text)
    return not other and text[:1].isupper() and len(text.split()) <= MOST_WORDS


def _below(blocks: Sequence[Block], at: int) -> Iterator[Block]:
    """The blocks that a title holds; headings further in are passed over."""
    block, first = blocks[at], blocks[min(at + 1, len(blocks) - 1)]
    for below in blocks[at + 1 : at + 1 + NEAR]:
        if below.kind == "heading" and (block.kind != "heading" or below.level <= block.level):
            return
        if block.kind == "item" and below.column <= block.column:
            return
        if block.kind == "paragraph" and below.kind != first.kind:
            return
        if below.kind != "heading":
            yield below


def shape_of(texts: Sequence[str]) -> Shape | None:
    """What most of these texts are."""
    shapes = Counter(_shape(SIGN.sub("", plain(text))) for text in texts)
    return shapes.most_common(1)[0][0] if shapes else None


def _shape(text: str) -> Shape:
    words = len(text.split())
    if is_question(text) and text.rstrip('"”').endswith("?"):
        return "questions"
    if TIME.search(text) and words < 12:
        return "times"
    if ORDER.match(text) or (BINDING.search(text) and words < 15):
        return "orders"
    if STATEMENT.match(text) and 2 < words < 30:
        return "statements"
    return "prose" if words > 10 or (text.endswith(".") and words > 5) else "topics"
