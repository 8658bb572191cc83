"""A folder of results that grows: what is finished is kept, and a second run does the rest."""

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from evals.replay.outcomes import Outcome
from knowledge.errors import BadInput

ASKED, PARTS = "run.json", "parts"
LARGEST = 256_000_000
"""Bytes of a part, unpacked; what is longer was not written here."""
_outcome = TypeAdapter(Outcome)


class Parts:
    """Outcomes of one run, or of several with the same settings, each in a file of its own."""

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        """Begin, or go on.

        Raises:
            BadInput: the folder holds something else, or results of other settings.
        """
        self.folder, self._settings = folder, dict(settings)
        if folder.exists():
            self._check()
        try:
            (folder / PARTS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(
                f"{folder} cannot be written: {error.strerror}.", "Give another folder to --out."
            ) from None
        self.tell(finished=False)

    def _check(self) -> None:
        asked = self.folder / ASKED
        another = "Give another folder to --out, or take this one away."
        if not self.folder.is_dir() or (any(self.folder.iterdir()) and not asked.is_file()):
            raise BadInput(f"{self.folder} holds something else than results.", another)
        if not asked.is_file():
            return
        try:
            before = dict(json.loads(asked.read_text("utf-8"))["settings"])
        except (ValueError, KeyError, TypeError, OSError, RecursionError):
            raise BadInput(f"{asked} is not a run's.", another) from None
        odd = [n for n in {**before, **self._settings} if before.get(n) != self._settings.get(n)]
        if odd:
            raise BadInput(
                f"{self.folder} holds results of other settings ({', '.join(sorted(odd))}).",
                another,
            )

    def tell(self, **counts: Any) -> None:
        """Write what was asked, and how far it has come."""
        told = json.dumps({"settings": self._settings, **counts}, indent=2, ensure_ascii=False)
        write_whole(self.folder / ASKED, f"{told}\n".encode())

    def found(self, key: str) -> Outcome | None:
        """What came of a transcript before, where it is finished and can be read."""
        try:
            with gzip.open(self._path(key)) as packed:
                found = _outcome.validate_json(packed.read(LARGEST))
        except (OSError, EOFError, ValidationError, zlib.error):
            return None
        return found if found.key == key else None

    def keep(self, outcome: Outcome) -> None:
        """Keep an outcome that need not be tried again."""
        if outcome.is_whole:
            body = gzip.compress(_outcome.dump_json(outcome), compresslevel=3, mtime=0)
            write_whole(self._path(outcome.key), body)

    def _path(self, key: str) -> Path:
        return self.folder / PARTS / f"{key}.json.gz"


def write_whole(path: Path, body: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(body)
    part.replace(path)


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Write one JSON object a line, whole or not at all."""
    text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    write_whole(path, text.encode())
