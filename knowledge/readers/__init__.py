"""Files of any kind into readings: what a file is, is decided by its content.

One module for each kind, each with `read(data, name)`, which gives a `Received` or raises BadInput
with one clear sentence and its remedy. Nothing here is trusted: see `apart` for the process in
which files that are no text are read.
"""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from knowledge.errors import BadInput, NotFound
from knowledge.readers.kinds import kind_of
from knowledge.reading import Format, Received

MODULES: dict[Format, str] = {
    "text": "text",
    "html": "html",
    "pdf": "pdf",
    "docx": "word",
    "pptx": "slides",
    "csv": "sheets",
    "xlsx": "sheets",
    "json": "lists",
}

SUFFIXES = (
    *(".md", ".markdown", ".txt", ".html", ".htm", ".pdf", ".docx", ".pptx"),
    *(".xlsx", ".csv", ".tsv", ".json", ".zip"),
)
"""The endings that these files mostly have; what a file is, they do not decide."""

READ = "Markdown, plain text, HTML, PDF, Word, PowerPoint, spreadsheets, JSON, or a ZIP of these"

LARGEST = 20 * 1024 * 1024
"""Bytes of one file, packed or not."""

JOINERS = "\u200c\u200d"
"""Of letters, in some scripts; all else that cannot be seen has no place in a name."""


def read_document(path: Path) -> Received:
    """Read a file of any kind but an archive.

    Raises NotFound for a missing file and BadInput for a folder, a file that is empty, encrypted,
    broken, of more than 20 MB or of no kind that is read.
    """
    return read(bytes_of(path), path.name)


def read(data: bytes, name: str) -> Received:
    """The same for a file's content; `name` is told in errors and sources.

    Raises:
        BadInput: the content is none that can be read.
    """
    kind = kind_of(data, name)
    if kind == "zip":
        raise BadInput(f"{name} is an archive.", "Give it to `viva ingest`, or unpack it.")
    return _reader(kind)(data, name)


def _reader(kind: Format) -> Callable[[bytes, str], Received]:
    """What reads files of this kind; its library is loaded with the first of them."""
    module = import_module(f"knowledge.readers.{MODULES[kind]}")
    reader: Callable[[bytes, str], Received] = module.read
    return reader


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is what a system keeps for itself."""
    kept = name.casefold() in ("thumbs.db", "desktop.ini", "__macosx")
    return kept or name.startswith("~$") or (name.startswith(".") and name not in (".", ".."))


def shown(name: str) -> str:
    """A file's name as it can be shown: on one line, and read as it stands."""
    return "".join(c if c.isprintable() or c in JOINERS else "\ufffd" for c in name)


def bytes_of(path: Path) -> bytes:
    """A file's content.

    Raises:
        NotFound: there is none.
        BadInput: it is a folder, a pipe, a device or too large, or the system refuses it.
    """
    try:
        if path.is_dir():
            raise _folder(path)
        if path.exists() and not path.is_file():
            raise BadInput(
                f"{shown(path.name)} is a pipe or a device and no file.", "Save what it gives."
            )
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise NotFound(f"There is no file {shown(str(path))}.", "Check the path.") from None
    except OSError as error:
        reason = error.strerror or "the system refused"
        raise BadInput(
            f"{shown(path.name)} cannot be read: {reason}.", "Check the path and its permissions."
        ) from error
    if len(data) > LARGEST:
        raise BadInput(f"{shown(path.name)} is larger than 20 MB.", "Split it into smaller files.")
    return data


def _folder(path: Path) -> BadInput:
    if not os.access(path, os.R_OK | os.X_OK):
        return BadInput(
            f"{shown(path.name)} is a folder that may not be opened.", "Check its permissions."
        )
    link = "a link to " if path.is_symlink() else ""
    return BadInput(
        f"{shown(path.name or str(path))} is {link}a folder.", "Name it, or the files inside it."
    )
