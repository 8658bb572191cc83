"""What is said aloud: quoted questions, which are lines, and conversations, which ask nobody.

A quotation that is a whole line is said as it stands. Lines that speakers say in turn are an
excerpt of a conversation: what was asked there is not for the next candidate.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from knowledge.blocks import Block
from knowledge.parser.answers import sentences
from knowledge.parser.wording import bare, is_question, label_purpose, lead, quotation, untagged

PERSON = re.compile(
    r"[A-Z]{1,2}\.?|(the )?(interviewer|interviewee|candidate|applicant|recruiter|panel(l?ist)?"
    r"|manager|host|you|me|we|they|i)( \w{1,2})?",
    re.I,
)
OF_A_QUESTION = frozenset({"follow_up", "hint", "positive", "negative", "covers"})
SIDES = frozenset({"question", "answer"})
FEWEST_TURNS, MOST_WORDS = 3, 3


def poses(text: str) -> bool:
    """Whether a text asks something, be it only with its last sentence."""
    if is_question(text):
        return True
    last = sentences(untagged(bare(text)))[-1:]
    return any(map(is_question, last))


def quoted_question(text: str) -> str | None:
    """The question of a line that is one quotation, be it after a label, and nothing else."""
    said = lead(text) if text[:1] not in "\"“„«'‘" else None
    if said and (label_purpose(said.label) or PERSON.fullmatch(said.label)):
        return None
    inner = quotation(said.rest if said else text)
    return inner if inner and poses(inner) else None


def spoken(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with quoted questions as lines and every conversation as one quote."""
    lines = [line for block in blocks for line in quoted_lines(block)]
    done: list[Block] = []
    at = 0
    while at < len(lines):
        end = end_of_turns(lines, at)
        if is_conversation(lines[at:end]):
            text = "\n".join(line.text for line in lines[at:end])
            done.append(
                replace(lines[at], kind="quote", text=text, end=lines[end - 1].end, marker="")
            )
        else:
            done += lines[at:end]
        at = end
    return done


def quoted_lines(block: Block) -> Iterator[Block]:
    """A quote's questions as lines of their own; any other quote, and every other block, whole."""
    if block.kind != "quote":
        yield block
        return
    turns = [replace(block, kind="paragraph", text=line) for line in block.text.split("\n")]
    if all(map(says_what_it_is, turns)):
        yield from (
            replace(turn, line=block.line + n, end=block.line + n) for n, turn in enumerate(turns)
        )
        return
    parts = [] if is_conversation(turns) else list(paragraphs(block))
    if any(part.kind == "paragraph" for part in parts):
        yield from parts
    else:
        yield block


def says_what_it_is(line: Block) -> bool:
    """Whether a line is labelled as a part of a question, such as a hint."""
    said = lead(line.text)
    return bool(said and said.rest) and label_purpose(said.label if said else "") in OF_A_QUESTION


def paragraphs(quote: Block) -> Iterator[Block]:
    """A quote's paragraphs, those that ask as paragraphs marked with what marked the quote."""
    rows = quote.text.split("\n")
    starts = [
        n for n, row in enumerate(rows) if row.strip() and (n == 0 or not rows[n - 1].strip())
    ]
    for start, following in pairwise([*starts, len(rows)]):
        text = " ".join(row.strip() for row in rows[start:following]).strip()
        last = following == len(rows)
        end = quote.end if last else quote.line + following - 1
        asks = quoted_question(text) or (
            text.endswith("?") and not lead(text) and is_question(text)
        )
        kind, marker = ("paragraph", ">") if asks else ("quote", "")
        line = quote.line + start
        yield replace(quote, kind=kind, text=text, line=line, end=end, marker=marker)  # type: ignore[arg-type]


def end_of_turns(lines: Sequence[Block], start: int) -> int:
    """Where the lines end that begin with a speaker and stand as far apart as the first two."""
    at = start + 1
    if not speaker(lines[start]):
        return at
    while at < len(lines) and speaker(lines[at]):
        gap = lines[at].line - lines[at - 1].end
        if gap != lines[start + 1].line - lines[start].end:
            break
        at += 1
    return at


def is_conversation(turns: Sequence[Block]) -> bool:
    """Whether two people speak in turn here.

    They are told from questions with their answers by being people, or by what they ask: where
    one side always asks and the other never does, it is a list of questions.
    """
    names = [speaker(turn) for turn in turns]
    speakers = set(names)
    if len(turns) < 2 or None in speakers or len(speakers) != 2:
        return False
    if any(a == b for a, b in pairwise(names)):
        return False
    people = all(name and PERSON.fullmatch(name) for name in speakers)
    if {label_purpose(name) for name in speakers if name} & SIDES:
        return False
    return people if len(turns) < FEWEST_TURNS else people or not takes_sides(turns)


def takes_sides(turns: Sequence[Block]) -> bool:
    """Whether whoever speaks first asks every time."""
    return all(poses(said.rest) for turn in turns[::2] if (said := lead(turn.text)))


def speaker(block: Block) -> str | None:
    """Who might be speaking: the short name before a line's colon."""
    if block.kind not in ("paragraph", "item") or ":" not in block.text[:60]:
        return None
    said = lead(block.text)
    short = said and said.rest and len(said.label.split()) <= MOST_WORDS
    return said.label if said and short else None
