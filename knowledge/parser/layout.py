"""Documents laid out otherwise, put into the shape that is read.

Titles in capitals become headings, labels within a line get a place of their own, and bullets
that say plus or minus say so in one way.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from knowledge.atoms import Polarity
from knowledge.blocks import Block
from knowledge.parser.speech import poses, spoken
from knowledge.parser.vocabulary import FURNITURE, Purpose
from knowledge.parser.wording import is_question, label_purpose, lead, plain

SIGNS: dict[str, Polarity] = {
    **dict.fromkeys(("[+]", "(+)", "✓", "✔", "✅", "➕", "👍"), "positive"),
    **dict.fromkeys(("[-]", "(-)", "[–]", "✗", "✘", "❌", "➖", "👎"), "negative"),
}
# What a line may go on to say of the question that it began with.
BESIDE: frozenset[Purpose] = frozenset(
    {
        "covers", "hint", "follow_up", "answer", "positive", "negative", "red", "green", "level",
        "exceeds", "meets", "below", "tags",
    }
)  # fmt: skip
INLINE_LABEL = re.compile(
    r"(?<=[.?!;)\"”*_])\s+(?=[*_]{0,2}[A-ZÀ-Þ][A-Za-zÀ-ÿ'’ -]{0,28}"
    r"(?::[*_]{0,2}|[*_]{1,2}:)(?:\s|$))"
)
ONE_LINE_SCALE = re.compile(r"^\d\s*=\s.*\s\d\s*=\s")
BOX = re.compile(r"^\[[ xX]?\]\s+")
FEWEST_CAPITALS = 3


def laid_out(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, in the shape that is read; front matter, which is no part of it, comes last."""
    front = [block for block in blocks if block.kind == "front"]
    body = spoken([block for block in blocks if block.kind != "front"])
    pieces = [piece for block in body for piece in apart(block)]
    return [*with_capitals(with_signs(pieces)), *front]


def apart(block: Block) -> Iterator[Block]:
    """A line's question and each label that follows it, as blocks of their own."""
    texts = _labelled(block.text) if block.kind in ("item", "paragraph") else [block.text]
    text = BOX.sub("", texts[0]) if block.kind == "item" else texts[0]
    alone = text == block.text and len(texts) == 1
    yield block if alone else replace(block, text=text, part=block.part or len(texts) > 1)
    for each in texts[1:]:
        yield replace(
            block, kind="paragraph", text=each, column=block.column + 1, marker="", part=True
        )


def _labelled(text: str) -> list[str]:
    if ONE_LINE_SCALE.match(text):
        return re.split(r"[,;.]?\s+(?=\d\s*=\s)", text)
    if ":" not in text:
        return [text]
    first, *others = INLINE_LABEL.split(text)
    texts = [first]
    for each in others:
        if _follows_up(each) or (_is_label(each) and (is_question(first) or _is_label(first))):
            texts.append(each)
        else:
            texts[-1] += f" {each}"
    return texts


def _is_label(text: str) -> bool:
    said = lead(text)
    return bool(said and label_purpose(said.label) in BESIDE)


def _follows_up(text: str) -> bool:
    """Whether a part of an answer is a follow-up: it says so, and asks."""
    said = lead(text)
    return bool(said and poses(said.rest) and label_purpose(said.label) == "follow_up")


def with_signs(blocks: Sequence[Block]) -> list[Block]:
    """Bullets that are plus here and minus there, in one list, speak for and against."""
    done: list[Block] = []
    for _, run in groupby(blocks, key=lambda b: b.column if b.kind == "item" else -1):
        items = list(run)
        if {"+", "-"} <= {item.marker for item in items}:
            items = [replace(b, marker=f"[{b.marker}]") if b.marker in "+-" else b for b in items]
        done += items
    return done


def with_capitals(blocks: list[Block]) -> list[Block]:
    """A text whose titles are in capitals, with these as headings below its first line."""
    if not blocks or any(block.kind == "heading" for block in blocks):
        return blocks
    titles = {at for at, block in enumerate(blocks) if _in_capitals(block)}
    stand_over = [at for at in titles if at + 1 < len(blocks) and at + 1 not in titles]
    if len(stand_over) < FEWEST_CAPITALS:
        return blocks
    done = [
        replace(block, kind="heading", text=block.text.rstrip(":"), level=2)
        if at in titles
        else block
        for at, block in enumerate(blocks)
    ]
    if blocks[0].kind == "paragraph" and not blocks[0].text.endswith("."):
        done[0] = replace(blocks[0], kind="heading", level=1)
    return done


def _in_capitals(block: Block) -> bool:
    text = re.sub(r"\s*\([^()]*\)", "", plain(block.text))
    return (
        block.kind == "paragraph"
        and text.isupper()
        and len(text) > 3
        and len(text.split()) < 9
        and text[-1] not in ".!;,"
        and not FURNITURE.match(text)
    )
