"""Whatever a document is made of, it is read: in bounded time, without error or loss."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.blocks import scan
from knowledge.parser.builder import Builder
from knowledge.parser.names import speaks_of
from knowledge.parser.outline import Walker
from knowledge.parser.scraped import with_structure
from knowledge.reading import Received

SLOWEST = 2.0  # seconds; usual are hundredths

MARKS = """\
# ¦## ¦### ¦###### ¦- ¦  - ¦    - ¦* ¦+ ¦- [ ] ¦- [x] ¦[+] ¦[-] ¦✅ ¦❌ ¦1. ¦2) ¦a) ¦Q1. ¦(b) ¦\
> ¦```¦~~~¦---¦===¦***¦___¦**¦__¦`¦| ¦|---¦|:--¦--:¦Q: ¦A: ¦**Q:** ¦**A:** ¦Question: ¦\
Answer: ¦Hint: ¦Tags: ¦Level: ¦Topic: ¦Follow-up: ¦Red flags: ¦Green flags: ¦Time: ¦Score: ¦\
Junior: ¦Senior: ¦(Senior) ¦[TBD]¦**[TBD]**¦[…](link)¦[a](b)¦![x](y)¦ – ¦ — ¦-> ¦… ¦•¦·¦: ¦; ¦\
, ¦. ¦? ¦! ¦" ¦“ ¦” ¦' ¦( ¦) ¦[ ¦] ¦1 = ¦2 = ¦0¦42¦3 - ¦1 of 3¦12 questions¦\t¦\u00a0¦🙂¦é¦日本語¦\
_¦|¦| | |¦|---|---|"""
WORDS = """\
Interview guide¦SQL¦Kafka¦What is an index?¦Explain MVCC.¦Why?¦It speeds up reads.¦\
Money questions¦Red flags¦Scoring¦Questions to ask¦Competencies¦Key areas¦Overview¦Schedule¦\
Warm-up¦Résumé review¦Coding exercise¦Case study¦Junior¦Senior¦Exceeds¦Meets¦Below¦\
What to look for¦Common mistakes¦Sample answer¦Skills progression¦Good luck¦45 minutes¦Level¦\
Question¦Expected answer¦Criterion¦Rule¦Why this role is hard¦I built it myself¦for example¦\
such as A, B or C¦About us¦Table of contents¦They may ask¦Role: Data Engineer¦\
Company: Northwind¦Beginner¦Competency: Care¦Tips¦must not lie¦front: matter"""
fragments = st.sampled_from(MARKS.split("¦")) | st.sampled_from(WORDS.split("¦"))
lines = st.lists(fragments, max_size=5).map("".join)
tables = st.tuples(
    st.lists(fragments, min_size=1, max_size=4), st.lists(st.lists(fragments, max_size=5))
).map(lambda t: "\n".join([row(t[0]), "|---" * len(t[0]) + "|", *map(row, t[1])]))
documents = st.lists(lines | tables, min_size=1, max_size=14).map("\n".join)


def row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def read(text: str) -> Builder:
    blocks = with_structure(scan(text))
    builder = Builder(Received(document="guide.md", text=text), speaks_of(blocks, None), set())
    Walker(builder, blocks).walk()
    builder.sweep(blocks)
    return builder


@given(documents)
def test_any_document_becomes_atoms_whose_links_hold_and_loses_no_line(text: str) -> None:
    built = read(text)
    atoms = built.in_order()
    ids = [atom.id for atom in atoms]
    links = {link for atom in atoms for link in (atom.parent, atom.question) if link is not None}
    told = {number for number, line in enumerate(built.lines, 1) if line.strip()}
    assert len(set(ids)) == len(ids)
    assert links <= set(ids)
    assert told <= built.covered | built.skipped.keys()


@pytest.mark.parametrize(
    "text",
    [
        "- [ ] ",
        "- What is an index?\n- [ ] \n- [x] ",
        "# Questions\n\n1. […](link)\n2. **[TBD]**",
        "**Q:** |\n**A:** —",
        "## …\n\n- What is an index?\n  - –\n",
        "| Question | Answer |\n|---|---|\n| — | — |\n| | Yes |",
        "| Topic | Junior | Senior |\n|---|---|---|\n| | Reads | Writes |",
    ],
)
def test_lines_with_nothing_to_say_are_skipped_or_read(text: str) -> None:
    built = read(text)
    assert all(re.search(r"\w", atom.text) for atom in built.atoms.values())


ANSWER = "# SQL\n\n## What is an index?\n\n{}.\n\nUses {}:\n- {} for it"
TABLE = "| Score | Minutes |\n|---|---|\n| {} | {} min |\n\n> {}\n\n{} questions"
HOSTILE = [
    *" []()*_-|\"'`~#>:.?!,;=+\t\u00a0“0a",
    "**",
    "- ",
    "> ",
    "[a](",
    "(a)",
    "a: ",
    "1. ",
    "| ",
    "* *",
    "[ ] ",
    "\n",
    ">\n",
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize(
    "around", ["{}", "What is {} an index?", "- **Q:** {}", "Hint: x{}x", "# {}", ANSWER, TABLE]
)
def test_a_hostile_line_is_read_in_bounded_time(around: str, piece: str) -> None:
    began = time.monotonic()
    read(around.replace("{}", piece * (20_000 // len(piece))))
    assert time.monotonic() - began < SLOWEST


def test_deep_nesting_is_read_in_bounded_time() -> None:
    began = time.monotonic()
    read("\n".join(f"{' ' * depth}- What is an index of {depth}?" for depth in range(2_000)))
    assert time.monotonic() - began < SLOWEST
