"""Documents into a kit that is kept: read, parsed, joined, embedded and saved as one."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pydantic import Field

from knowledge.atoms import About, Atom, Frozen, Join, Kit
from knowledge.database import Database
from knowledge.embedder import Embedder, FloatArray
from knowledge.errors import BadInput, VivaError
from knowledge.joining import bare_name, join_subjects, subjects
from knowledge.kit_tree import tree_order
from knowledge.library import OWN, Library, check_name
from knowledge.parser import Parsed, Skipped, parse, texts_to_embed
from knowledge.readers.batch import readings
from knowledge.reading import Format, Received
from knowledge.repeats import without_repeats
from knowledge.vectors import Progress, ensure_vectors, vectors_for

MOST_NAMED = 8
"""Places that a remark names."""


class FileOutcome(Frozen):
    """What came out of one file: atoms by kind, or the error that kept it out."""

    document: str
    format: Format | None = None
    atoms: dict[str, int] = Field(default_factory=dict)
    repairs: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    error: str | None = None

    @property
    def facts(self) -> int:
        """How many passages fit no kind and stay for retrieval only."""
        return self.atoms.get("fact", 0)


class JoinOutcome(Frozen):
    """A join in words: `members` are names with their documents."""

    name: str
    members: tuple[str, ...]
    likeness: float | None


class Outcome(Frozen):
    """What an ingestion did."""

    kit: str
    version: str
    files: tuple[FileOutcome, ...]
    joins: tuple[JoinOutcome, ...]
    repeats: tuple[str, ...] = ()
    """Questions that stood twice in other words and are kept once, with where they stand."""
    atoms: int
    embedded: int
    seconds: float


async def ingest(
    paths: Sequence[Path],
    name: str,
    *,
    company: str | None = None,
    shelf: str = OWN,
    database: Database,
    embedder: Embedder,
    progress: Progress | None = None,
) -> Outcome:
    """Make a kit of these files and folders and keep it as the current one of its name.

    `company` is the kit's, and that of each document that names none. Of several files a bad
    one is told in the outcome and left out. Vectors are stored first, then the kit at once, so
    that a failure leaves no half of it.

    Raises:
        BadInput: no file can be used, or the name cannot be; nothing was changed.
    """
    began = time.perf_counter()
    check_name(name)
    documents = await asyncio.to_thread(readings, paths, progress)
    titles = await _titles(database, embedder, documents)
    outcomes, atoms = _parse(documents, company, titles, progress)
    named = subjects(atoms)
    names = [bare_name(atom.text) for atom in named]
    texts = [*(atom.text for atom in atoms), *names]
    embedded = await ensure_vectors(database, embedder, texts, progress)
    joins = join_subjects(named, await vectors_for(database, embedder, names))
    rows = await vectors_for(database, embedder, [atom.text for atom in atoms])
    atoms = tree_order(without_repeats(atoms, rows))
    repeats = tuple(_twice(atom) for atom in atoms if atom.also and atom.kind == "question")
    about = About(company=company)
    made = Kit(name=name, title=title_of(atoms), about=about, atoms=atoms, joins=joins)
    kit = await Library(database, shelf).renew(made)
    return Outcome(
        kit=name,
        version=kit.version,
        files=tuple(outcomes),
        joins=tuple(_in_words(join, kit) for join in joins),
        repeats=repeats,
        atoms=len(atoms),
        embedded=embedded,
        seconds=round(time.perf_counter() - began, 3),
    )


def _twice(atom: Atom) -> str:
    places = [each.told for each in ((atom.source,) if atom.source else ()) + atom.also]
    return f"{atom.text} ({'; '.join(places)})"


def title_of(atoms: Sequence[Atom]) -> str | None:
    """The role that the documents speak of, as the first names it; none where they differ."""
    named = [atom.about.role for atom in atoms if atom.about.role]
    return named[0] if len({role.casefold() for role in named}) == 1 else None


class Known(NamedTuple):
    """The vectors of titles as they are kept, in the embedder's place."""

    identity: str
    vectors: dict[str, FloatArray]

    def embed(self, texts: Sequence[str]) -> FloatArray:
        return np.stack([self.vectors[text] for text in texts])


async def _titles(
    database: Database, embedder: Embedder, documents: dict[str, Received | VivaError]
) -> Known:
    """The vectors by which titles are understood, kept so that none is made twice."""
    readable = [each for each in documents.values() if isinstance(each, Received)]
    texts = texts_to_embed(readable, embedder)
    rows = await vectors_for(database, embedder, texts) if texts else ()
    return Known(embedder.identity, dict(zip(texts, rows, strict=True)))


def _parse(
    documents: dict[str, Received | VivaError],
    company: str | None,
    titles: Known,
    progress: Progress | None,
) -> tuple[list[FileOutcome], tuple[Atom, ...]]:
    outcomes: list[FileOutcome] = []
    atoms: list[Atom] = []
    taken: set[str] = set()
    for number, (name, received) in enumerate(documents.items(), 1):
        if isinstance(received, VivaError):
            told = f"{received.message} {received.remedy}"
            outcomes.append(FileOutcome(document=name, error=told))
        else:
            parsed = parse(received, company=company, taken=taken, embedder=titles)
            outcomes.append(_outcome(parsed, received))
            atoms += parsed.atoms
        if progress:
            progress("Understanding", number, len(documents))
    if not atoms:
        raise BadInput(
            _nothing(outcomes), "Give documents with text: PDF, Word, HTML, Markdown, tables."
        )
    return outcomes, tree_order(_each_technology_once(atoms))


def _nothing(outcomes: list[FileOutcome]) -> str:
    errors = " ".join(outcome.error for outcome in outcomes if outcome.error)
    return f"None of the {len(outcomes)} files can be used. {errors}".strip()


def _unasked(atoms: Sequence[Atom]) -> Iterator[str]:
    """A remark where passages that end as questions do were not taken for any."""
    left = [
        a for a in atoms if a.kind in ("fact", "advice") and a.text.rstrip(' "”)').endswith("?")
    ]
    if left:
        where = ", ".join(dict.fromkeys(a.source.at for a in left[:MOST_NAMED] if a.source))
        more = " and elsewhere" if len(left) > MOST_NAMED else ""
        noun = "passage ends" if len(left) == 1 else "passages end"
        yield f"{len(left)} {noun} in a question mark and became no question: {where}{more}."


def _outcome(parsed: Parsed, received: Received) -> FileOutcome:
    return FileOutcome(
        document=parsed.document,
        format=received.format,
        atoms=dict(Counter(atom.kind for atom in parsed.atoms).most_common()),
        repairs=received.repairs,
        skipped=parsed.skipped,
        notes=(*parsed.notes, *_unasked(parsed.atoms)),
    )


def _each_technology_once(atoms: list[Atom]) -> list[Atom]:
    """A technology that several documents name stands once; what belongs to it moves there."""
    first: dict[str, str] = {}
    same: dict[str, str] = {}
    for atom in atoms:
        if atom.kind == "technology" and atom.parent is None:
            name = " ".join(atom.text.casefold().split())
            same[atom.id] = first.setdefault(name, atom.id)
    return [
        atom.model_copy(update={"parent": same.get(atom.parent, atom.parent)})
        if atom.parent in same
        else atom
        for atom in atoms
        if same.get(atom.id, atom.id) == atom.id
    ]


def _in_words(join: Join, kit: Kit) -> JoinOutcome:
    members = [kit.by_id[member] for member in join.members]
    return JoinOutcome(
        name=join.name,
        members=tuple(f"{a.text} ({a.source.document if a.source else kit.name})" for a in members),
        likeness=join.likeness,
    )
