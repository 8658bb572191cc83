"""Documents into typed atoms, by their structure.

blocks -> titles of scraped pages put back -> walked from top to bottom with what the headings
and labels above say -> atoms. The words that are recognised stand in `vocabulary`.
"""

from knowledge.atoms import Atom, Frozen
from knowledge.blocks import scan
from knowledge.parser.builder import Builder, Skipped
from knowledge.parser.names import speaks_of
from knowledge.parser.outline import Walker
from knowledge.parser.scraped import with_structure
from knowledge.reading import Received

__all__ = ["Parsed", "Skipped", "parse"]


class Parsed(Frozen):
    """What came out of one document: atoms, the lines that became none, and remarks."""

    document: str
    atoms: tuple[Atom, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]


def parse(
    received: Received, *, company: str | None = None, taken: set[str] | None = None
) -> Parsed:
    """The atoms of a document, in its order.

    `company` wins over what the document says; `taken` holds the ids of other documents and
    gains those of this one.
    """
    lines = received.text.split("\n")
    blocks = with_structure(scan(received.text))
    about = speaks_of(blocks, company)
    builder = Builder(received.document, lines, about, taken if taken is not None else set())
    Walker(builder, blocks).walk()
    builder.sweep(blocks)
    return Parsed(
        document=received.document,
        atoms=builder.in_order(),
        skipped=tuple(builder.skipped[line] for line in sorted(builder.skipped)),
        notes=tuple(builder.notes),
    )
