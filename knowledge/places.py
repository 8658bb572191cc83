"""Places in a YAML file, so that whatever is wrong there can be named by line and path."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

import yaml

from knowledge.errors import BadInput

DEEPEST = 80  # an atom is two levels of YAML
NULL = "tag:yaml.org,2002:null"
BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def compose(text: str, document: str) -> "Place":
    """The top of a YAML document.

    Raises:
        BadInput: it is no YAML, empty, nested too deeply, or uses anchors and aliases.
    """
    try:
        _check(text, document)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise BadInput(
            f"{document}{line} is not YAML: {error.problem}.",
            "Mend that line; text with a colon or a leading quote goes between quotes.",
        ) from error
    except yaml.YAMLError as error:
        raise BadInput(f"{document} is not YAML text: {error}.", "Give a YAML file.") from error
    if node is None:
        raise BadInput(f"{document} is empty.", "Write at least `name:` and `atoms:`.")
    return Place(node, document, "")


def _check(text: str, document: str) -> None:
    """Refuse what would exhaust memory or the stack, before any tree is built."""
    depth = line = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else line
        if depth > DEEPEST:
            raise BadInput(
                f"{document}, line {line}: nested more than {DEEPEST} deep.",
                "Check the indentation of that line.",
            )
        if isinstance(event, yaml.AliasEvent):
            raise BadInput(
                f"{document}, line {line}: aliases (*name) are not used in kits.",
                "Write the text out, or put text that begins with * between quotes.",
            )


@dataclass(frozen=True)
class Place:
    """A YAML node, and how to name it to a person: document, line and path."""

    node: yaml.Node
    document: str
    path: str

    @property
    def line(self) -> int:
        """1-based."""
        return int(self.node.start_mark.line) + 1

    def fail(self, problem: str, remedy: str) -> NoReturn:
        """Raise BadInput naming this place."""
        at = f" at `{self.path}`" if self.path else ""
        raise BadInput(f"{self.document}, line {self.line}{at}: {problem}.", remedy)

    def is_null(self) -> bool:
        """Whether nothing is written here, or `null`."""
        return self.node.tag == NULL

    def entries(self) -> dict[str, "Place"]:
        """The values of a mapping by key, in the order written; each key once."""
        if not isinstance(self.node, yaml.MappingNode):
            self.fail("`key: value` lines are expected here", "See docs/kit-format.md.")
        found: dict[str, Place] = {}
        for key_node, value in self.node.value:
            key = Place(key_node, self.document, self.path).text()
            path = f"{self.path}.{key}" if self.path else key
            if key in found:
                Place(key_node, self.document, path).fail("the key stands twice", "Remove one.")
            found[key] = Place(value, self.document, path)
        return found

    def items(self) -> Iterator["Place"]:
        """The members of a list; none if it is null."""
        if self.is_null():
            return
        if not isinstance(self.node, yaml.SequenceNode):
            self.fail("a list is expected here", "Begin each entry with `- `.")
        for number, node in enumerate(self.node.value):
            yield Place(node, self.document, f"{self.path}[{number}]")

    def text(self) -> str:
        """What is written here, as text."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.fail("text is expected here", "Write one text, between quotes if need be.")
        return str(self.node.value)

    def optional(self) -> str | None:
        """Text, or None for null."""
        return None if self.is_null() else self.text()

    def choice(self, name: str, allowed: Sequence[str]) -> str | None:
        """One of these words, or None for null."""
        value = self.optional()
        if value is not None and value not in allowed:
            self.fail(f"`{value}` is no {name}", suggestion(value, allowed))
        return value

    def number(self) -> float | None:
        """A positive number, or None for null."""
        value = self.optional()
        try:
            number = None if value is None else float(value)
        except ValueError:
            number = 0.0
        if number is not None and not 0 < number < float("inf"):
            self.fail(f"`{value}` is no positive number", "Write a number such as 15.")
        return number

    def boolean(self) -> bool:
        """Yes or no; null is no."""
        value = (self.optional() or "false").lower()
        if value not in BOOLEANS:
            self.fail(f"`{value}` is neither true nor false", "Write true or false.")
        return BOOLEANS[value]


def suggestion(value: str, allowed: Sequence[str]) -> str:
    """A remedy: the nearest allowed word if one is near, and all of them."""
    near = difflib.get_close_matches(value, allowed, n=1)
    meant = f"Did you mean `{near[0]}`? " if near else ""
    return f"{meant}Known are: {', '.join(allowed)}."
