"""Documents from strangers: read in a process of their own, with limits, and never in ours."""

import asyncio
import json
import os
import resource
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from api.hiring.tables import LOCAL
from api.settings import Settings
from knowledge.errors import BadInput, StorageFailed
from knowledge.ingest import Outcome
from knowledge.library import check_name

MOST_FILES = 40
MOST_BYTES = 10 * 2**20
"""Of all files of one upload."""

MOST_SECONDS = 300
MOST_MEMORY = 12 * 2**30
"""Address space, of which PyTorch takes much and uses little."""

LONGEST_FILE_NAME = 200
"""Bytes; a file system takes 255."""

AT_ONCE = 2
"""Uploads read at the same time by this process; more wait their turn."""

_seats = asyncio.Semaphore(AT_ONCE)


async def ingest_apart(
    settings: Settings,
    name: str,
    files: Sequence[tuple[str, bytes]],
    company: str | None = None,
    workspace: str = LOCAL,
) -> Outcome:
    """Make a kit of these files, given as name and content, as `viva ingest` does.

    Raises:
        BadInput: the files are too many, too large or take too long to read, or none can be used.
        StorageFailed: the database cannot be reached or written.
    """
    check_name(name)
    _check_size(files)
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        paths = [_written(Path(folder), number, *file) for number, file in enumerate(files)]
        options = [
            "--name",
            name,
            "--shelf",
            workspace,
            "--json",
            *(["--company", company] if company else []),
        ]
        async with _seats:
            status, out, err = await _child(settings, ["ingest", *options, "--", *paths])
    if status == 0:
        return Outcome.model_validate(json.loads(out))
    _refuse(status, err)
    raise AssertionError


def _check_size(files: Sequence[tuple[str, bytes]]) -> None:
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


async def _child(settings: Settings, arguments: list[str]) -> tuple[int, str, str]:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api.uploads", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(settings),
    )
    try:
        out, err = await asyncio.wait_for(child.communicate(), MOST_SECONDS)
    except TimeoutError:
        return -1, "", ""
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return child.returncode or 0, out.decode(), err.decode(errors="replace")


def _environment(settings: Settings) -> dict[str, str]:
    """The same database and embedder, and no secret that reading a document has no use for."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("VIVA_", "OPENAI_"))}
    given = {
        "VIVA_HOME": str(settings.home),
        "VIVA_EMBEDDER": settings.embedder,
        "VIVA_DATABASE_URL": settings.database_url,
    }
    return kept | {name: value for name, value in given.items() if value}


def _refuse(status: int, err: str) -> None:
    lines = err.strip().splitlines()
    if status == 2 and lines:
        raise BadInput(lines[-1], "Send Markdown or plain text.")
    if status == 1 and lines and "Traceback" not in err:
        raise StorageFailed(lines[-1], "Try again in a moment.")
    raise BadInput(
        "These documents could not be read within the limits of time and memory.",
        "Send them in smaller parts, as Markdown or plain text.",
    )


def main() -> None:
    """The child: bounded, then the same command line as anybody's."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    from api.cli import main as command

    command()


if __name__ == "__main__":
    main()
