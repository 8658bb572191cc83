"""Files, folders and archives into readings, each document once; a bad one spoils no other."""

import os
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import chain, count
from pathlib import Path

from knowledge.errors import BadInput, VivaError
from knowledge.readers import bytes_of, is_hidden, read, shown
from knowledge.readers.apart import Apart
from knowledge.readers.archive import unpacked
from knowledge.readers.kinds import kind_of
from knowledge.reading import Received
from knowledge.vectors import Progress


def readings(
    paths: Sequence[Path], progress: Progress | None = None
) -> dict[str, Received | VivaError]:
    """Each document in these files, folders and archives, or why it cannot be read.

    They are named by the shortest end of their path that tells them apart, those of an archive by
    their path in it. An archive that is refused is one entry, beside what was read of it before.

    Raises:
        BadInput: there is no file, or but one document, and it cannot be read.
        NotFound: there is but one file, and it is not there.
    """
    files = _expand(paths)
    documents: dict[str, Received | VivaError] = {}
    with Apart() as apart:
        for number, (name, path) in enumerate(files.items(), 1):
            try:
                for inside, data in _documents(bytes_of(path), name):
                    each = _free(inside, documents)
                    documents[each] = _read(apart, data, each)
            except VivaError as refused:
                documents[_free(name, documents)] = refused
            if progress:
                progress("Reading", number, len(files))
    first = next(iter(documents.values()))
    if len(documents) == 1 and isinstance(first, VivaError):
        raise first
    return documents


def _documents(data: bytes, name: str) -> Iterator[tuple[str, bytes | BadInput]]:
    """A file, or the files in it where it is an archive."""
    if kind_of(data, name) == "zip":
        yield from unpacked(data, name)
    else:
        yield name, data


def _read(apart: Apart, data: bytes | BadInput, name: str) -> Received | VivaError:
    if isinstance(data, BadInput):
        return data
    try:
        return read(data, name) if kind_of(data, name) == "text" else apart.read(data, name)
    except BadInput as error:
        return error


def _expand(paths: Sequence[Path]) -> dict[str, Path]:
    """Every file once, under the shortest end of its path that tells it from the others."""
    files: dict[Path, None] = {}
    for path in paths:
        for file in _within(path) if os.path.isdir(path) else [path]:  # never raises
            files[file.absolute()] = None
    if not files:
        raise BadInput(
            f"There is no file in {', '.join(map(str, paths))}.", "Name files or a folder of them."
        )
    return {_end(file, depth): file for file, depth in _told_apart(list(files)).items()}


def _within(folder: Path) -> list[Path]:
    """What a folder holds: files, and the folders that are not looked into, links among them."""
    found: list[Path] = []
    refused: list[OSError] = []
    for at, folders, files in os.walk(folder, onerror=refused.append):
        folders[:] = [each for each in folders if not is_hidden(each)]
        links = [each for each in folders if Path(at, each).is_symlink()]
        found += [Path(at, each) for each in (*files, *links) if not is_hidden(each)]
    return sorted([*found, *(Path(error.filename) for error in refused)])


def _free(name: str, taken: Container[str]) -> str:
    """A name that can be shown on one line, and with a number where it is taken."""
    told = shown(name)
    names = chain([told], (f"{told} ({number})" for number in count(2)))
    return next(each for each in names if each not in taken)


def _told_apart(files: list[Path]) -> dict[Path, int]:
    """How many parts of its path, from the end, tell each file from the others."""
    depths = dict.fromkeys(files, 0)
    while files:
        for file in files:
            depths[file] += 1
        ends = Counter(_end(file, depths[file]) for file in files)
        files = [file for file in files if ends[_end(file, depths[file])] > 1]
    return depths


def _end(file: Path, depth: int) -> str:
    return "/".join(file.parts[-depth:]) if depth < len(file.parts) else str(file)
