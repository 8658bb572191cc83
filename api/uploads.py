"""Documents from strangers: read in a process of their own, with limits, and never in ours."""

import asyncio
import json
import os
import sys
import tempfile
from asyncio import StreamReader
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from sqlalchemy.engine import make_url

from api.hiring.tables import LOCAL
from api.progress import PROGRESS_FILE
from api.sandbox import MOST_SECONDS
from api.settings import Settings, database_url
from knowledge.errors import BadInput, StorageFailed
from knowledge.ingest import Outcome
from knowledge.library import check_name

MOST_FILES = 40
MOST_BYTES = 10 * 2**20
"""Of all files of one upload."""

MOST_WRITTEN = 2**30
"""Bytes by which a file may grow while documents are read."""

MOST_TOLD = 32 * 2**20
"""Bytes that the child may say."""

LONGEST_FILE_NAME = 200
"""Bytes; a file system takes 255."""

AT_ONCE = 2
"""Uploads read at the same time by this process; more wait their turn."""

KEPT = {"PATH", "HOME", "LANG", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV"}
KEPT_FAMILIES = ("LC_", "PYTHON", "OMP_", "MKL_", "TORCH", "HF_", "TRANSFORMERS_", "TOKENIZERS_")
"""Names in the environment that reading a document has a use for; whatever else stands there may
be a secret."""

_seats = asyncio.Semaphore(AT_ONCE)


async def ingest_apart(
    settings: Settings,
    name: str,
    files: Sequence[tuple[str, bytes]],
    company: str | None = None,
    workspace: str = LOCAL,
    progress: Path | None = None,
) -> Outcome:
    """Make a kit of these files, given as name and content, as `viva ingest` does.

    What is being done is written to the file `progress` meanwhile, see `api.progress`.

    Raises:
        BadInput: the files are too many, too large or take too long to read, or none can be used.
        StorageFailed: the database cannot be reached or written.
    """
    check_name(name)
    check_size(files)
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        paths = [_written(Path(folder), number, *file) for number, file in enumerate(files)]
        options = [
            "--name",
            name,
            "--workspace",
            workspace,
            "--json",
            *(["--company", company] if company else []),
        ]
        async with _seats:
            arguments = ["ingest", *options, "--", *paths]
            status, out, err = await _child(settings, folder, arguments, progress)
    if status == 0:
        return Outcome.model_validate(json.loads(out))
    _refuse(status, err)
    raise AssertionError


def check_size(files: Sequence[tuple[str, bytes]]) -> None:
    """Refuse too many files, or too large ones.

    Raises:
        BadInput: they are.
    """
    if not files or len(files) > MOST_FILES:
        raise BadInput(
            f"{len(files)} files were sent.", f"Send at least one and at most {MOST_FILES}."
        )
    size = sum(len(content) for _, content in files)
    if size > MOST_BYTES:
        raise BadInput(
            f"The files have {size:,} bytes together.",
            f"Send at most {MOST_BYTES:,} bytes; leave out what does not help.",
        )


def _written(folder: Path, number: int, name: str, content: bytes) -> str:
    """Where a file was put: a folder of its own, under its last name and nothing else of it."""
    last = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(c for c in last if c.isprintable())
    short = printable.encode()[-LONGEST_FILE_NAME:].decode(errors="ignore")
    bare = short.lstrip(".") or "document"
    path = folder / str(number) / bare
    path.parent.mkdir()
    path.write_bytes(content)
    return str(path)


async def _child(
    settings: Settings, folder: str, arguments: list[str], progress: Path | None
) -> tuple[int, str, str]:
    """Its exit status and what it said; a status of -1 where it went past a limit."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api.sandbox", *_bounds(settings), *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(settings, folder, progress),
    )
    assert child.stdout
    assert child.stderr
    try:
        async with asyncio.timeout(MOST_SECONDS):
            out, err = await asyncio.gather(_read(child.stdout), _read(child.stderr))
            await child.wait()
    except (TimeoutError, _TooMuch):
        return -1, "", ""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return child.returncode or 0, out, err


class _TooMuch(Exception):
    """The child says more than anybody will read."""


async def _read(stream: StreamReader) -> str:
    text = bytearray()
    while piece := await stream.read(2**16):
        text += piece
        if len(text) > MOST_TOLD:
            raise _TooMuch
    return text.decode(errors="replace")


def _bounds(settings: Settings) -> list[str]:
    """How large a file may get, and whether a network is needed: only where the database is one."""
    url = make_url(database_url(settings))
    if not url.drivername.startswith("sqlite"):
        return [str(MOST_WRITTEN), "online"]
    file = Path(url.database or "")
    return [str(MOST_WRITTEN + (file.stat().st_size if file.is_file() else 0)), "offline"]


def _environment(settings: Settings, folder: str, progress: Path | None) -> dict[str, str]:
    """The same database and embedder, and nothing else that reading a document has no use for."""
    on_postgres = (settings.database_url or "").startswith("postgresql")
    families = (*KEPT_FAMILIES, "PG") if on_postgres else KEPT_FAMILIES
    kept = {k: v for k, v in os.environ.items() if k in KEPT or k.startswith(families)}
    given = {
        "TMPDIR": folder,
        "VIVA_HOME": str(settings.home),
        "VIVA_EMBEDDER": settings.embedder,
        "VIVA_DATABASE_URL": settings.database_url,
        PROGRESS_FILE: str(progress or ""),
    }
    return kept | {name: value for name, value in given.items() if value}


def _refuse(status: int, err: str) -> None:
    lines = err.strip().splitlines()
    if status == 2 and lines:
        raise BadInput(lines[-1], "Nothing was kept: send them again when that is mended.")
    if status == 1 and lines and "Traceback" not in err:
        raise StorageFailed(lines[-1], "Try again in a moment.")
    raise BadInput(
        "These documents could not be read within the limits of time and memory.",
        "Send them in smaller parts.",
    )
