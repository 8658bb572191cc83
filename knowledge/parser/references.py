"""What a person answered, whole: as a reference with its points, or as one person's story."""

from collections.abc import Sequence

from knowledge.atoms import Kind
from knowledge.blocks import Block, Cell
from knowledge.parser.answers import Points, is_personal
from knowledge.parser.builder import Builder
from knowledge.parser.frames import Frame
from knowledge.parser.wording import label_purpose, plain


def write_answer(builder: Builder, frame: Frame) -> None:
    """The atoms of one answer: the text as it stands, and what can be scored in it."""
    blocks = frame.answer or []
    if not frame.question or not blocks:
        return
    builder.answered.add(frame.question)
    if frame.asked == "candidate_question":
        told: Kind = "advice" if label_purpose(frame.label or "") == "why_ask" else "fact"
        builder.add(told, joined(blocks), blocks[0], frame.question, **_shared(frame))
        for block in blocks[1:]:
            builder.cover(block)
        return
    asked = builder.atoms[frame.question].text
    hint = bool(frame.label and "hint" in frame.label.lower())
    shared = _shared(frame)
    kind: Kind = "sample_answer" if not hint and is_personal(asked, blocks) else "reference"
    text = verbatim(builder.lines, blocks)
    identity = builder.add(kind, text, blocks[0], frame.question, **shared)
    for block in blocks[1:]:
        builder.cover(block)
    if kind == "reference":
        for point in Points().of(blocks):
            rest = {**shared, "role": point.role, "group": point.group}
            at = Cell("", point.line, blocks[0].cell)
            builder.add("point", point.text, at, identity, **rest)


def _shared(frame: Frame) -> dict[str, str | None]:
    return {"question": frame.question, "topic": frame.topic, "level": frame.level}


def verbatim(lines: Sequence[str], blocks: Sequence[Block]) -> str:
    """The lines of some blocks as they stand, without the label before the first."""
    first, *others = blocks
    texts = [first.text if first.part else _lines(lines, first)]
    for before, block in zip(blocks, others, strict=False):
        gap = "\n\n" if block.line > before.end + 1 else "\n"
        texts.append(gap + (block.text if block.part else _lines(lines, block)))
    return _dedented("".join(texts)).strip("\n")


def joined(blocks: Sequence[Block]) -> str:
    """Some blocks as one text: paragraphs apart, items beneath what they belong to."""
    text = plain(blocks[0].text)
    for block in blocks[1:]:
        text += f"\n- {plain(block.text)}" if block.kind == "item" else f"\n\n{plain(block.text)}"
    return text


def _lines(lines: Sequence[str], block: Block) -> str:
    return "\n".join(line.rstrip() for line in lines[block.line - 1 : block.end])


def _dedented(text: str) -> str:
    rows = text.split("\n")
    later = [len(row) - len(row.lstrip()) for row in rows[1:] if row.strip()]
    first = len(rows[0]) - len(rows[0].lstrip())
    margin = min(later, default=0) if first == 0 else min([first, *later])
    return "\n".join([rows[0].lstrip(), *(row[margin:] for row in rows[1:])])
