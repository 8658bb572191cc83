"""What programs keep beside the words: markup in texts, keys for names, and entries put away."""

import html
import re
from collections.abc import Iterator

from knowledge.readers.json_lines import Node

MARKED_UP = re.compile(r"\s*<(p|div|ul|ol|span|h[1-6])\b[^>]*>.*</\1>\s*", re.I | re.S)
LINE_ENDS = re.compile(r"<br\s*/?>|</(p|div|li|h[1-6])>", re.I)
TAG = re.compile(r"</?[a-z][^>]*>", re.I)
PUT_AWAY = frozenset("archived retired deprecated withdrawn deleted disabled inactive".split())
IN_USE = frozenset("active enabled".split())
KEYS = ("key", "code", "slug", "id", "ref")
NAMES = ("name", "title", "label")
REFERRING = frozenset(
    "attribute competency skill topic category area section theme quality".split()
)


def tidy(top: Node) -> int:
    """Say names for keys, take markup out of texts and put-away entries out of lists; how many."""
    left = 0
    for node in [*_all(top)]:
        if node.is_list:
            kept = [item for item in node.items if not _is_put_away(item)]
            left += len(node.items) - len(kept)
            node.items = kept
        elif node.is_word and MARKED_UP.fullmatch(node.text):
            node.text = _unmarked(node.text)
    named = _names_by_key(top)
    for node in _all(top):
        for name, value in node.pairs():
            if name.lower() in REFERRING and value.is_word:
                value.text = named.get(value.text) or value.text
    return left


def _all(top: Node) -> Iterator[Node]:
    due = [top]
    while due:
        node = due.pop()
        yield node
        due += node.items


def _is_put_away(node: Node) -> bool:
    """Whether an entry says of itself that it is used no more."""
    for name, value in node.pairs():
        said, text = name.lower().removeprefix("is_"), value.text.lower()
        if text == "true" and said in PUT_AWAY:
            return True
        if text == "false" and said in IN_USE:
            return True
        if said in ("status", "state") and text in PUT_AWAY:
            return True
    return False


def _unmarked(text: str) -> str:
    lines = TAG.sub("", LINE_ENDS.sub("\n", text)).split("\n")
    return html.unescape("\n".join(line.strip() for line in lines if line.strip()))


def _names_by_key(top: Node) -> dict[str, str]:
    """What is called by each key, where one thing is."""
    found: dict[str, set[str]] = {}
    for node in _all(top):
        held = {name.lower(): value.text for name, value in node.pairs() if value.is_word}
        name = next((held[each] for each in NAMES if held.get(each)), "")
        for key in KEYS if name else ():
            if held.get(key):
                found.setdefault(held[key], set()).add(name)
    return {key: names.pop() for key, names in found.items() if len(names) == 1}
