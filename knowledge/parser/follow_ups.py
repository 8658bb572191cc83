"""What is asked after a question: follow-ups, with answers and conditions of their own."""

import re
from dataclasses import replace
from itertools import takewhile

from knowledge.atoms import Kind
from knowledge.blocks import Block
from knowledge.parser import passages
from knowledge.parser.answers import sentences
from knowledge.parser.frames import marker_kind, number_of, soft_depth
from knowledge.parser.headings import QUESTION_NUMBER
from knowledge.parser.reader import Reader, form_of
from knowledge.parser.speech import poses, quoted_question
from knowledge.parser.wording import bare, plain, slot

CONDITION = re.compile(
    r"^(if|when|whenever|once|should|in case)\b(?P<case>[^:?!]{3,160}?)"
    r"(,|:|\s[-–—→]|\s?->|;)\s*(?P<then>\S.*)$",
    re.I | re.S,
)
ASKING = re.compile(
    r"^(then\s+)?(ask|probe|go on with|follow up with)\b[^\"“:?]{0,30}?:?\s+(?P<what>\S.*)$",
    re.I | re.S,
)
STUCK = re.compile(
    r"\b(stuck|lost|silent|quiet|blank|unsure|struggl\w*|hesitat\w*|need\w*|fail\w*|miss\w*|nothing|no|not|never"
    r"|cannot|\w+n['’]t|help|time)\b",
    re.I,
)
OF_THE_CANDIDATE = re.compile(
    r"\b(they|he|she|candidates?|applicants?|answers?|somebody|someone)\b", re.I
)
BY_NUMBER = re.compile(
    r"^(?:(?:for|to|on|with|in)\s+)?(?:number|no\.?|nr\.?|question|q)\s*#?(\d{1,3})\s*[:–—-]\s*(\S.*)$",
    re.I | re.S,
)
WITHIN = 0.75  # a follow-up is within the label that announces it


def open_follow_up(reader: Reader, block: Block) -> bool:
    """A question below "Follow-ups": what stands further in below it, or next to it, answers it."""
    frame = reader.frame
    if frame.purpose != "follow_up" or not frame.question:
        return False
    if block.kind not in ("item", "paragraph") or not poses(block.text):
        return False
    if QUESTION_NUMBER.match(plain(block.text)):
        return False
    reader.leave_list(block)
    frame = reader.frame
    if frame.purpose != "follow_up" or frame.asked == "follow_up":
        return False
    if stands_apart(reader, block) and form_of(block) == question_form(reader):
        return False
    text, told = apart(quoted_question(block.text) or bare(block.text))
    if slot(block.text):
        return False
    parent = frame.question
    identity = reader.b.add("follow_up", text, block, parent, question=parent, topic=frame.topic)
    if block.kind == "item":
        reader.amend(listed=True)
    reader.push(
        frame.inside(
            soft_depth(block.column) + WITHIN, question=identity, asked="follow_up", answer=[],
            column=block.column, marker=marker_kind(block), last=block.end,
        )
    )  # fmt: skip
    if told and reader.frame.answer is not None:
        reader.frame.answer.append(replace(block, text=told, part=True))
    return True


def open_part(reader: Reader, block: Block) -> bool:
    """ "a) And then?" below "1. What do you do?": a list of another kind, and all of it asks."""
    frame = reader.frame
    beside = frame.column == block.column and frame.marker == marker_kind(block)
    if frame.asked == "follow_up" and beside and poses(block.text):
        reader.close(frame.depth)
        frame = reader.frame
    if block.kind != "item" or frame.asked != "question" or not frame.question:
        return False
    if frame.answer or frame.answer is None:
        return False
    listed = frame.marker and (block.column > frame.column or is_lettered(block, frame.number))
    if not listed or not all(map(poses, parts_of(reader, block))) or slot(block.text):
        return False
    identity = reader.b.add(
        "follow_up", bare(block.text), block, frame.question,
        question=frame.question, topic=frame.topic,
    )  # fmt: skip
    reader.push(
        frame.inside(
            soft_depth(block.column) + WITHIN, question=identity, asked="follow_up", answer=[],
            column=block.column, marker=marker_kind(block), last=block.end,
        )
    )  # fmt: skip
    return True


def open_reference(reader: Reader, block: Block) -> bool:
    """ "For number 2: ..." away from its question, where a title says what it is."""
    found = BY_NUMBER.match(plain(block.text)) if block.kind in ("item", "paragraph") else None
    question = reader.by_number.get(int(found[1])) if found else None
    if not found or not question or reader.frame.purpose not in ("hint", "follow_up"):
        return False
    kind: Kind = "hint" if reader.frame.purpose == "hint" else "follow_up"
    topic = reader.b.atoms[question].topic
    reader.b.add(kind, found[2], block, question, question=question, topic=topic)
    return True


def is_lettered(block: Block, number: int | None) -> bool:
    """Whether an item counts in letters below one that counts in numbers."""
    return number is not None and bool(re.match(r"\(?[a-z]{1,4}[.)]", block.marker))


def parts_of(reader: Reader, block: Block) -> list[str]:
    """The items of the list that a block is of, from it on."""
    ahead = reader.blocks[reader.at : reader.at + 12]
    same = takewhile(lambda b: b.kind == "item" and b.column >= block.column, ahead)
    own = (
        b.text for b in same if b.column == block.column and marker_kind(b) == marker_kind(block)
    )
    return [block.text, *own]


def has_parts(reader: Reader, block: Block) -> bool:
    """Whether the items right below a numbered one are another list, and ask."""
    below = reader.blocks[reader.at] if reader.at < len(reader.blocks) else None
    if not below or below.kind != "item" or not block.numbered:
        return False
    inner = below.column > block.column or is_lettered(below, number_of(block))
    return inner and marker_kind(below) != marker_kind(block) and poses(below.text)


def apart(text: str) -> tuple[str, str]:
    """A follow-up and what is said after it, from "What if nobody comes? They wait."."""
    said = sentences(text)
    last = max((n for n, each in enumerate(said) if each.endswith("?")), default=len(said) - 1)
    return " ".join(said[: last + 1]), " ".join(said[last + 1 :])


def is_due(reader: Reader) -> bool:
    """Whether an answer that comes now is the follow-up's, the question having its own."""
    frame = reader.frame
    if frame.asked != "follow_up" or frame.answer or not frame.question:
        return False
    return reader.b.atoms[frame.question].parent in reader.b.answered


def remark(reader: Reader, block: Block) -> bool:
    """What is said about follow-ups after they were listed."""
    frame = reader.frame
    if frame.purpose != "follow_up" or not frame.listed or not stands_apart(reader, block):
        return False
    if poses(block.text):
        return False
    reader.close(frame.depth)
    passages.whole(reader, block, "fact")
    return True


def stands_apart(reader: Reader, block: Block) -> bool:
    """Whether a line is no part of the list or label above it."""
    return block.kind == "paragraph" and not block.part and not reader.next_to_label(block)


def question_form(reader: Reader) -> str:
    """The form of the question that is being followed up; none where it has no form of its own."""
    asked = (frame.form for frame in reversed(reader.stack) if frame.form)
    return next(asked, "none")


def leave_follow_up(reader: Reader, block: Block) -> None:
    """A follow-up's answer ends with what stands no further in, unless it is the very next line."""
    frame = reader.frame
    if frame.asked != "follow_up" or frame.answer is None:
        return
    further_in = block.column > frame.column
    next_to = block.kind != "item" and not frame.marker and block.line <= frame.last + 1
    if not further_in and not next_to:
        reader.close(frame.depth)


def open_condition(reader: Reader, block: Block) -> bool:
    """ "If they mention caching: ask how it is emptied." is a rule, with its question below it.

    The question is the rule's own and not the outer question's, so that nobody is asked it
    whose answer did not call for it.
    """
    found = CONDITION.match(plain(block.text)) if block.kind in ("item", "paragraph") else None
    if not found or reader.frame.asked in ("money", "candidate_question"):
        return False
    asking = ASKING.match(found["then"])
    asked = asking["what"] if asking else found["then"]
    direct = quoted_question(asked) or (bare(asked) if "?" in asked and poses(asked) else None)
    theirs = OF_THE_CANDIDATE.search(found["case"]) and not STUCK.search(found["case"])
    if not asking and not (direct and theirs):
        return False
    reader.leave_list(block)
    frame = reader.frame
    parent = passages.frame_parent(reader)
    rule = reader.b.add(
        "rule", plain(block.text), block, parent, question=frame.rubric, topic=frame.topic
    )
    if direct and not slot(asked):
        text = direct[:1].upper() + direct[1:]
        reader.b.add("follow_up", text, block, rule, question=frame.rubric, topic=frame.topic)
    return True
