"""JSON whose every value knows the line it begins on."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.errors import BadInput

DEEPEST = 60
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
EXPECTED = {
    "Expecting value": "a value is expected here",
    "Expecting property name enclosed in double quotes": "a name in double quotes is expected here",
    "Expecting ':' delimiter": "a colon is expected here",
    "Expecting ',' delimiter": "a comma or a closing bracket is expected here",
    "Unterminated string starting at": "the text that begins here is never closed",
    "Invalid control character at": "a text goes on over the end of the line",
    "Extra data": "nothing more is expected here",
    "Illegal trailing comma before end of object": "the last comma is one too many",
    "Illegal trailing comma before end of array": "the last comma is one too many",
}
MEND = "Mend that line, or send the questions as plain text."


@dataclass
class Node:
    """A value and its line: a text, or what a list or an object holds.

    Numbers are texts as they are written; `null` is empty. `names` are an object's, one for each
    of `items`; a list has none.
    """

    line: int
    text: str = ""
    is_word: bool = False  # a string, rather than a number, true or false
    items: list["Node"] = field(default_factory=list)
    names: list[str] | None = None
    is_list: bool = False

    @property
    def is_scalar(self) -> bool:
        return not self.is_list and self.names is None

    @property
    def is_object(self) -> bool:
        return self.names is not None

    def pairs(self) -> list[tuple[str, "Node"]]:
        """An object's names and values; none of anything else."""
        return list(zip(self.names or (), self.items, strict=False))


def nodes(text: str, name: str) -> Node:
    """The value of a JSON text; one value on each line counts as a list of them.

    Raises:
        BadInput: it is no JSON, or nested too deeply.
    """
    try:
        json.loads(text)
        return _built(text, 1, name)
    except json.JSONDecodeError as error:
        rows = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(rows) > 1 and all(_is_json(line) for _, line in rows):
            return Node(1, items=[_built(row, n, name) for n, row in rows], is_list=True)
        expected = EXPECTED.get(error.msg, error.msg.lower())
        raise BadInput(f"{name}, line {error.lineno}: {expected}.", MEND) from error
    except RecursionError as error:
        raise _too_deep(name, 1) from error


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _too_deep(name: str, line: int) -> BadInput:
    return BadInput(f"{name}, line {line}: nested more than {DEEPEST} deep.", MEND)


def _built(text: str, first: int, name: str) -> Node:
    """The tree of a text that is known to be JSON."""
    top = Node(first, is_list=True)
    open_, due = [top], list[str | None]([None])
    for token, line in _tokens(text, first):
        holder = open_[-1]
        if token in "}]":
            open_.pop()
            due.pop()
        elif token in ",:":
            continue
        elif holder.names is not None and due[-1] is None:
            due[-1] = json.loads(token)
        else:
            node = _node(token, line)
            holder.items.append(node)
            if holder.names is not None:
                holder.names.append(due[-1] or "")
                due[-1] = None
            if token in "{[":
                open_.append(node)
                due.append(None)
                if len(open_) > DEEPEST:
                    raise _too_deep(name, line)
    return top.items[0]


def _node(token: str, line: int) -> Node:
    if token == "{":
        return Node(line, names=[])
    if token == "[":
        return Node(line, is_list=True)
    if token.startswith('"'):
        text = json.loads(token).encode(errors="replace").decode()
        return Node(line, text, is_word=True)
    return Node(line, "" if token == "null" else token)


def _tokens(text: str, first: int) -> Iterator[tuple[str, int]]:
    line, end = first, 0
    for found in TOKEN.finditer(text):
        line += text.count("\n", end, found.start())
        end = found.start()
        yield found[0], line
