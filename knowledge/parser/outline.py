"""A document from top to bottom: headings, labels and questions open what follows them."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from itertools import takewhile

from knowledge.atoms import Kind, Level
from knowledge.blocks import Block
from knowledge.parser import asking, content, follow_ups, ladders, rubrics, sections, tables
from knowledge.parser.answers import sentences
from knowledge.parser.builder import WORD
from knowledge.parser.directing import is_remark
from knowledge.parser.frames import (
    ASKING,
    INFORMATIONAL,
    SOFT,
    Frame,
    marker_kind,
    number_of,
    soft_depth,
)
from knowledge.parser.headings import QUESTION_NUMBER
from knowledge.parser.ladders import LEADING_TAG, LEVEL_LABEL
from knowledge.parser.layout import SIGNS
from knowledge.parser.names import about_ones_own
from knowledge.parser.reader import BOLD_THEN_ANSWER, NEAR, Reader, form_of, form_of_line, is_bold
from knowledge.parser.speech import poses, quoted_question
from knowledge.parser.vocabulary import ANNOUNCED, FURNITURE, ONE_OF, Purpose
from knowledge.parser.wording import (
    Lead,
    bare,
    dotted_lead,
    is_question,
    label_purpose,
    level_in,
    plain,
    title,
    title_purpose,
    untagged,
)

# Labels that end an answer; any other label is part of it.
BREAKS_ANSWER: frozenset[Purpose] = frozenset(
    {
        "red", "green", "positive", "negative", "covers", "hint", "follow_up", "answer", "question",
        "exceeds", "meets", "below", "scale", "why_ask", "tags", "about_topic", "minutes", "level",
    }
)  # fmt: skip
OF_A_QUESTION: frozenset[Purpose] = frozenset(
    {"answer", "hint", "follow_up", "tags", "about_topic"}
)
ONLY_WITHIN: frozenset[Purpose] = frozenset(
    {"rule", "minutes", "detail", "format", "level", "exceeds", "meets", "below", "why_ask"}
)
COMPARES = re.compile(r"→|->|=>|\bvs\b")
COMPETENCY_PARTS: frozenset[Purpose | None] = frozenset({"competency_questions", "attitudes"})
QUESTION_MARKER = re.compile(r"^\W*q(uestion)?\s*\#?\d*\s*[:.)]", re.I)
TELL_ME = re.compile(r"(describe|tell|walk|give|explain|share|talk)\b", re.I)
VALUES: frozenset[Purpose | None] = frozenset({"requirement", "discipline", "level", "detail"})
NOTE = re.compile(r"^(an?|the)\s|\s*\([^()]*\)$|,\s.*$", re.I)  # what a label says beside its name
LOWEST = 6


class Walker(Reader):
    """Reads the blocks of one document and gives its atoms to the builder."""

    def walk(self) -> None:
        """Read every block."""
        while self.at < len(self.blocks):
            block = self.blocks[self.at]
            self.at += 1
            self.take(block)
        self.close(0.1)

    def take(self, block: Block) -> None:
        """Read one block, and those that belong to it."""
        if block.kind == "front":
            self.b.skip(block, "Front matter: whom the document speaks of.")
        elif block.kind == "rule":
            self.close(SOFT)
            self.b.skip(block, "A ruled line.")
        elif block.line in self.contents:
            self.b.skip(block, "A table of contents.")
        elif self.says_nothing(block):
            return
        elif block.kind == "heading":
            self.open_heading(block) if block.level else self.open_title_label(block)
        elif self.is_furniture(block):
            return
        elif block.kind == "table":
            self.read_table(block)
        else:
            follow_ups.leave_follow_up(self, block)
            self.take_line(block)

    def take_line(self, block: Block) -> None:
        """Read a line or an item, by the first thing that it opens."""
        if block.marker in SIGNS:
            self.leave_list(block, label=True)
            rubrics.signed(self, block)
        elif not any(opens(block) for opens in self.openings):
            self.leave_list(block)
            content.read(self, block)

    @cached_property
    def openings(self) -> tuple[Callable[[Block], bool], ...]:
        """What a line may open, the first that fits."""
        return (
            partial(ladders.open_scenario, self),
            partial(ladders.open_rung, self),
            partial(ladders.open_path, self),
            partial(ladders.open_named, self),
            partial(follow_ups.open_condition, self),
            partial(follow_ups.open_reference, self),
            self.open_label,
            partial(follow_ups.open_part, self),
            partial(follow_ups.open_follow_up, self),
            partial(follow_ups.remark, self),
            self.open_title,
            self.open_question,
        )

    # Headings

    def open_heading(self, block: Block) -> None:
        """A heading: a question, a part of an answer, or a section."""
        self.close(block.level)
        outer = self.frame
        if self.is_heading_question(block):
            self.ask(block, bare(block.text), block.level)
            return
        said, purpose = title(block.text), title_purpose(block.text)
        if outer.question and not outer.exercise and purpose not in BREAKS_ANSWER:
            self.keep_in_answer(block)
        elif outer.question and not outer.exercise and purpose == "answer":
            self.push(outer.inside(block.level, purpose=purpose, label=said, answer=[]))
        else:
            sections.open_section(self, block, said, purpose)

    def is_heading_question(self, block: Block) -> bool:
        outer = self.frame
        if outer.purpose in INFORMATIONAL and not outer.question:
            return False
        if "?" not in block.text and sections.is_document_title(self, block):
            return False
        if is_question(block.text) and self.asked_among_others(block):
            expected = outer.purpose in ASKING and "?" in block.text
            if not expected and title_purpose(block.text) in INFORMATIONAL:
                return False
            number = re.match(r"\s*\W*\d", block.text)
            return not (outer.question and outer.numbered and not number)
        if block.level != outer.question_level or title_purpose(block.text) is not None:
            return False
        numbered = outer.numbered and bool(re.match(r"\W*\d", block.text))
        return numbered or bool(COMPARES.search(block.text))

    def keep_in_answer(self, block: Block) -> None:
        if self.frame.answer is not None:
            self.frame.answer.append(block)

    # Labels

    def open_title_label(self, block: Block) -> None:
        """A line underlined, or a page's short line: a label unless it is part of an answer."""
        purpose = label_purpose(block.text)
        if purpose and (self.frame.answer is None or purpose in BREAKS_ANSWER):
            self.b.skip(block, "A label: it says what the lines below it are.")
            self.label(block, Lead(title(block.text), "", False), purpose)
        elif self.frame.answer is not None:
            self.keep_in_answer(block)
        elif not self.open_question(replace(block, kind="paragraph")):
            self.open_heading(replace(block, level=6))

    def open_label(self, block: Block) -> bool:
        """A line that begins with a known label, such as "Red flags: ..."."""
        if block.kind not in ("paragraph", "item"):
            return False
        said = self.leads(block) or self.page_lead(block)
        purpose = self.purpose_of(said) if said else None
        if not said or not purpose or not self.accepts(purpose, said):
            return False
        self.leave_list(block, label=purpose != "question")
        if purpose == "question" and not self.frame.exercise:
            self.ask(block, bare(said.rest), soft_depth(block.column), level_in(said.label))
            return True
        self.label(block, said, "exercise" if purpose == "question" else purpose)
        if said.rest and not rubrics.one_of(self, block, said):
            for text in rubrics.statements(self.frame.purpose, said.rest):
                part = replace(block, kind="paragraph", text=text, part=True)
                if not follow_ups.open_follow_up(self, part):
                    content.read(self, part)
            if block.kind == "paragraph" and self.frame.purpose in content.ONE_LINE:
                self.close(self.frame.depth)
        elif not said.rest:
            self.b.skip(block, "A label: it says what the lines below it are.")
        return True

    def purpose_of(self, said: Lead) -> Purpose | None:
        if LEVEL_LABEL.fullmatch(said.label):
            return "level"
        return label_purpose(said.label) or label_purpose(NOTE.sub("", said.label))

    def open_title(self, block: Block) -> bool:
        """A line in bold over a list of questions, such as a technology's name."""
        if self.names_questions_below(block):
            self.open_topic(block)
            return True
        if block.kind != "paragraph" or not is_bold(block) or is_question(block.text):
            return False
        names = self.frame.purpose == "areas" or self.asks(self.at)
        if not self.over_a_list(block) or not names:
            return False
        self.open_heading(replace(block, kind="heading", level=LOWEST))
        return True

    def open_topic(self, block: Block) -> None:
        """The name of a group of questions, as an item over them."""
        self.close(LOWEST)
        said = title(block.text)
        topic = self.frame.inside(LOWEST, purpose="questions", title=said, topic=said)
        self.push(topic._replace(line=block.line))

    def names_questions_below(self, block: Block) -> bool:
        """Whether an item is no question, but all that stand further in below it are."""
        if block.kind != "item" or block.column or poses(block.text):
            return False
        self.leave_list(block)
        if self.frame.question or self.frame.purpose not in (None, "questions"):
            return False
        column = self.blocks[self.at].column if self.at < len(self.blocks) else 0
        ahead = self.blocks[self.at : self.at + 2 * NEAR]
        inner = list(takewhile(lambda b: b.kind == "item" and b.column > block.column, ahead))
        asked = [b for b in inner if b.column == column]
        return bool(asked) and all(poses(b.text) for b in asked)

    def page_lead(self, block: Block) -> Lead | None:
        return dotted_lead(block.text) if self.frame.exercise else None

    def accepts(self, purpose: Purpose, said: Lead) -> bool:
        """Whether a label of this purpose means anything here."""
        frame = self.frame
        if purpose == "question":
            return bool(said.rest) and frame.purpose not in INFORMATIONAL
        if frame.answer is not None:
            return purpose in BREAKS_ANSWER
        if purpose in OF_A_QUESTION:
            return bool(frame.rubric) and frame.rubric != (frame.exercise and frame.exercise.id)
        if purpose == "level" and LEVEL_LABEL.fullmatch(said.label):
            return frame.purpose not in INFORMATIONAL
        if purpose in ONLY_WITHIN:
            return bool(frame.question or frame.exercise or frame.competency)
        if purpose in INFORMATIONAL or purpose in ("detail", "contents"):
            return not said.rest and frame.purpose not in INFORMATIONAL
        return frame.purpose not in INFORMATIONAL

    def label(self, block: Block, said: Lead, purpose: Purpose) -> None:
        """What stands below a label, up to the next one."""
        depth = soft_depth(block.column, label=True)
        if purpose == "answer" and follow_ups.is_due(self):
            depth = self.frame.depth + 0.1
        self.close(SOFT if purpose in ("requirement", "discipline") else depth)
        answer: list[Block] | None = [] if purpose == "answer" else None
        column = block.column if block.kind == "item" else block.column - 1
        self.push(
            self.frame.inside(
                depth,
                purpose=purpose,
                label=said.label,
                question=self.frame.rubric if purpose in OF_A_QUESTION else self.frame.question,
                answer=answer,
                column=column,
                marker=marker_kind(block),
            )
        )

    # Questions

    def open_question(self, block: Block) -> bool:
        """A question as an item or a line of its own, where questions are expected."""
        if block.kind not in ("item", "paragraph"):
            return False
        asked = quoted_question(block.text) or block.text
        if block.kind == "item":
            self.leave_list(block)
        elif form_of(block) and poses(asked) and not self.next_to_label(block):
            self.leave_question(block)
        elif self.ends_a_label(block):
            self.close(self.frame.depth)
        frame = self.frame
        numbered = QUESTION_MARKER.match(plain(block.text))
        formal = bool(form_of(block)) or block.numbered
        asks = poses(asked) if formal else is_question(block.text)
        asks = asks or follow_ups.has_parts(self, block)
        asks = asks or (frame.purpose in ASKING and bool(QUESTION_NUMBER.match(plain(block.text))))
        if is_remark(block):
            return False
        if not (numbered or self.expects_question(block, frame)) or not asks:
            return False
        inline = None if is_bold(block) else BOLD_THEN_ANSWER.match(block.text)
        if inline and is_question(inline[1]) and not is_question(inline[2]):
            self.ask(block, bare(inline[1]), soft_depth(block.column))
            content.read(self, replace(block, kind="paragraph", text=inline[2], part=True))
        else:
            self.ask(block, bare(asked), soft_depth(block.column))
        return True

    def ends_a_label(self, block: Block) -> bool:
        """Whether a page goes on from what a job requires to what it asks."""
        frame = self.frame
        page = any(each.purpose in COMPETENCY_PARTS for each in self.stack)
        asks = "?" in block.text or bool(TELL_ME.match(block.text))
        return page and frame.purpose in VALUES and frame.depth >= SOFT and asks

    def expects_question(self, block: Block, frame: Frame) -> bool:
        if frame.purpose not in ASKING or (frame.exercise and frame.purpose != "questions"):
            return False
        if frame.asked == "candidate_question" and not frame.marker and block.kind == "paragraph":
            return sentences(plain(block.text))[0].endswith("?")
        if frame.answer is None:
            return frame.question is None or block.kind == "paragraph" or frame.depth < SOFT
        form = bool(form_of(block))
        beside = frame.depth >= SOFT and frame.column == block.column
        if block.kind == "paragraph" and beside and not frame.marker and frame.form == "line":
            return form or form_of_line(block) == "line"
        return beside and (form if block.kind == "paragraph" else bool(frame.marker))

    def ask(self, block: Block, text: str, depth: float, level: Level | None = None) -> None:
        """A question atom, and the frame in which its answer stands."""
        self.close(depth)
        frame = self.frame
        if depth < SOFT:
            self.amend(question_level=depth, numbered=bool(re.match(r"\W*\d", block.text)))
        if frame.project or frame.kind == "project":
            text = about_ones_own(text, frame.project)
        stated, text = self.level_of(text)
        level = level or stated
        asked: Kind = "question"
        if frame.purpose == "ask":
            asked = "candidate_question"
        elif frame.purpose == "money":
            asked = "money"
        told = ""
        if asked == "candidate_question":
            text, told = follow_ups.apart(text)
        identity = asking.add_question(self, block, text, asked, level)
        if frame.announced:
            frame.announced.counted += 1
        if (number := number_of(block)) is not None:
            self.by_number.setdefault(number, identity)
        self.push(
            self.frame.inside(
                depth,
                question=identity,
                exercise=None,
                asked=asked,
                level=level or frame.level,
                answer=[],
                label=None,
                column=block.column,
                marker=marker_kind(block),
                number=number_of(block),
                numbered=bool(re.match(r"\W*\d", block.text)),
                form=form_of(block) or form_of_line(block),
            )
        )
        if told and self.frame.answer is not None:
            self.frame.answer.append(replace(block, text=told, part=True))

    def level_of(self, text: str) -> tuple[Level | None, str]:
        """A level in brackets before or after a question, and the question without it."""
        if (before := LEADING_TAG.match(text)) and (level := level_in(before[1])):
            return level, before[2]
        shorter = untagged(text)
        level = level_in(text[len(shorter) :]) if shorter != text else None
        return (level, shorter) if level else (None, text)

    # The rest

    def says_nothing(self, block: Block) -> bool:
        """Skip what has no word in it, such as an empty check-box, unless an answer keeps it."""
        if block.rows or WORD.search(plain(block.text)):
            return False
        self.keep_in_answer(block)
        self.b.skip(block, "Nothing to read.")
        return True

    def is_furniture(self, block: Block) -> bool:
        """Skip what a page shows and nobody reads, counting what it announces."""
        text = plain(block.text)
        if found := ONE_OF.match(text):
            self.close(SOFT)
            if not self.frame.announced or self.frame.announced.total != int(found[2]):
                self.announce(int(found[2]), self.frame.title or "parts")
            if self.frame.announced:
                self.frame.announced.shown += 1
            self.b.skip(block, "Page furniture.")
        elif (found := ANNOUNCED.match(text)) and block.kind == "paragraph":
            self.announce(int(found[1]), found[2])
            self.b.skip(block, "A count of what follows.")
        elif FURNITURE.match(text) or self.frame.purpose == "furniture":
            self.b.skip(block, "Page furniture or a farewell.")
        elif self.frame.exercise and "·" in text and title(text.split("·")[-1]) == self.frame.title:
            self.b.skip(block, "Says again what the heading said.")
        else:
            return False
        return True

    def read_table(self, block: Block) -> None:
        if self.frame.answer is not None and self.frame.question and not self.frame.ladder:
            self.keep_in_answer(block)
        else:
            tables.read(self, block)
