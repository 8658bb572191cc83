"""The lines of a transcript's file, read one at a time, so that no file can fill the memory."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from knowledge.errors import BadInput, NotFound

LONGEST_LINE = 4_000_000
LONGEST_FILE = 256_000_000
"""Bytes, uncompressed: far more than the longest interview with a model comes to."""
MOST_LINES = 200_000
GZIP = b"\x1f\x8b"


def lines_of(path: Path) -> Iterator[Any]:
    """What each line of the file says, as JSON has it; empty lines say nothing.

    Raises:
        NotFound: there is no such file.
        BadInput: it cannot be read, or a line is no JSON; the line is named.
    """
    try:
        with path.open("rb") as held:
            yield from _read(path.name, held)
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", "Look at its name again.") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder.", "Name the files in it.") from None
    except gzip.BadGzipFile:
        raise BadInput(
            f"{path.name} is named .gz and is not compressed.", "Compress it, or rename it."
        ) from None
    except EOFError:
        raise BadInput(
            f"{path.name} is cut off: its compressed end is missing.", "Copy or export it anew."
        ) from None
    except (OSError, zlib.error) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadInput(f"{path.name} cannot be read: {why}.", "Copy it anew.") from None


def _read(name: str, held: IO[bytes]) -> Iterator[Any]:
    packed = held.read(len(GZIP)) == GZIP
    held.seek(0)
    if packed and not name.endswith(".gz"):
        raise BadInput(f"{name} is compressed.", "Name it .jsonl.gz.")
    if not name.endswith(".gz"):
        yield from _parsed(name, held)
        return
    with gzip.GzipFile(fileobj=held) as text:
        yield from _parsed(name, text)


def _parsed(name: str, text: IO[bytes] | gzip.GzipFile) -> Iterator[Any]:
    number = size = 0
    while line := text.readline(LONGEST_LINE + 1):
        number, size = number + 1, size + len(line)
        if len(line) > LONGEST_LINE or size > LONGEST_FILE or number > MOST_LINES:
            raise BadInput(
                f"{name}, line {number}: longer than any transcript is.", "Look at what it holds."
            )
        if line.strip():
            yield _json(f"{name}, line {number}", line)


def _json(where: str, line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError:
        raise BadInput(f"{where}: not text in UTF-8.", "Export it anew.") from None
    except (ValueError, RecursionError):
        cut = not line.endswith(b"\n") and line.startswith(b"{")
        what = "the line is cut off" if cut else "the line is no JSON object"
        raise BadInput(f"{where}: {what}.", "Copy or export the file anew.") from None


def _refuse(constant: str) -> NoReturn:
    """NaN and Infinity, which Python reads and JSON does not have."""
    raise ValueError(constant)
