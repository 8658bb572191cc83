"""Documents into typed atoms, by their structure.

blocks -> titles of scraped pages put back -> walked from top to bottom with what the headings
and labels above say -> atoms. The words that are recognised stand in `vocabulary`.
"""

from collections.abc import Iterable

from knowledge.atoms import Atom, Frozen
from knowledge.blocks import Block, scan
from knowledge.parser.builder import Builder, Skipped
from knowledge.parser.languages import spoken_in
from knowledge.parser.meaning import Likeness, meanings, phrases, tells, unknown
from knowledge.parser.names import speaks_of
from knowledge.parser.outline import Walker
from knowledge.parser.scraped import with_structure
from knowledge.parser.titles import Title, titles
from knowledge.parser.valence import toned
from knowledge.parser.wording import MEANT, Meaning
from knowledge.reading import Received

__all__ = ["Likeness", "Parsed", "Skipped", "parse", "texts_to_embed"]


class Parsed(Frozen):
    """What came out of one document: atoms, the lines that became none, and remarks."""

    document: str
    atoms: tuple[Atom, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]


def texts_to_embed(documents: Iterable[Received], embedder: Likeness) -> list[str]:
    """What `parse` asks the embedder for, so that it can be given from where vectors are kept."""
    if not tells(embedder):
        return []
    found: list[str] = []
    for received in documents:
        with spoken_in(received.text) as main:
            listed = unknown(titles(scan(received.text))) if main == "en" else []
            found += [title.text for title in listed]
    return [*phrases(), *found]


def parse(
    received: Received,
    *,
    company: str | None = None,
    taken: set[str] | None = None,
    embedder: Likeness | None = None,
) -> Parsed:
    """The atoms of a document, in its order.

    `company` is what it speaks of where it names none; `taken` holds the ids of other documents
    and gains those of this one. With an `embedder` titles that no word list knows count as what
    they mean, where a document is mostly in English.
    """
    taken = taken if taken is not None else set()
    with spoken_in(received.text) as main:
        scanned = list(scan(received.text))
        in_english = embedder if main == "en" else None
        token = MEANT.set(_meant(list(titles(scanned)), in_english))
        try:
            return _atoms(received, scanned, company, taken)
        finally:
            MEANT.reset(token)


def _meant(listed: list[Title], likeness: Likeness | None) -> dict[str, Meaning]:
    """What the titles mean that no word list knows: by their tone, then by what they are like."""
    by_tone = toned(listed)
    rest = [title for title in unknown(listed) if title.text.casefold() not in by_tone]
    alike = meanings(rest, likeness) if likeness else {}
    return alike | {name: meaning for name, meaning in by_tone.items() if meaning}


def _atoms(
    received: Received, scanned: list[Block], company: str | None, taken: set[str]
) -> Parsed:
    blocks = with_structure(scanned)
    about = speaks_of(blocks, company)
    builder = Builder(received, about, taken)
    Walker(builder, blocks).walk()
    builder.sweep(blocks)
    return Parsed(
        document=received.document,
        atoms=builder.in_order(),
        skipped=tuple(builder.skipped[line] for line in sorted(builder.skipped)),
        notes=(*received.notes, *builder.notes),
    )
