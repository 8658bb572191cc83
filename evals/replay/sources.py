"""Where transcripts and their kits are found: files, folders, and the database by id."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from api.opened import opened_database
from evals.replay.kit_files import unpacked_kit
from evals.replay.transcript import SUFFIXES, Transcript, read, transcript_of
from knowledge.atoms import Kit
from knowledge.errors import BadInput, NotFound, VivaError
from knowledge.kit_yaml import parse_kit, read_kit_text
from knowledge.library import Library

BESIDE = "kits"
"""The folder beside transcripts that holds their kits."""
LONGEST_NAME = 255
"""Bytes that a file's name may have."""


@dataclass(frozen=True)
class Unread:
    """A transcript that could not be used; the others go on."""

    id: str
    why: str
    remedy: str


def named(names: Iterable[str]) -> list[str | Path]:
    """Files and ids of what was asked for; of a folder, its transcripts in order.

    Raises:
        NotFound: a folder holds none.
    """
    found: list[str | Path] = []
    for name in names:
        path = Path(name)
        if path.is_dir():
            within = sorted(p for p in path.iterdir() if p.name.endswith(SUFFIXES))
            if not within:
                raise NotFound(f"{name} holds no transcripts.", f"They end in {SUFFIXES}.")
            found += within
        else:
            found.append(path if path.exists() or path.name.endswith(SUFFIXES) else name)
    return found


def load(source: str | Path) -> Transcript:
    """The transcript of a file, or of an interview of this database.

    Raises:
        NotFound: it is not there.
        BadInput: it is no transcript.
    """
    return read(source) if isinstance(source, Path) else asyncio.run(_stored(source))


async def _stored(interview: str) -> Transcript:
    from api.store import Store

    async with opened_database() as database:
        events = await Store(database).events(interview)
    return transcript_of(interview, (event.as_json() for event in events))


def all_of(names: Iterable[str]) -> Iterator[Transcript | Unread]:
    """Each transcript, or why it cannot be used."""
    for source in named(names):
        try:
            yield load(source)
        except VivaError as error:
            id_ = source.name if isinstance(source, Path) else source
            yield Unread(id_, error.message, error.remedy)


class Kits:
    """Kits by name and version: beside a transcript, among those that ship, in the database."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str | None], Kit] = {}

    def of(self, transcript: Transcript) -> Kit:
        """The kit that an interview was held on.

        Raises:
            NotFound: it is gone; the remedy says where it would be looked for.
        """
        header = transcript.header
        return self.get(header.kit, header.kit_version, transcript.folder)

    def get(self, name: str, version: str | None = None, beside: Path | None = None) -> Kit:
        """A kit at a version, or the current one.

        Raises:
            NotFound: there is none.
        """
        if (name, version) not in self._found:
            kit = _beside(beside, name, version) or self._shipped.get((name, version))
            self._found[name, version] = kit or asyncio.run(_kept(name, version))
        return self._found[name, version]

    @cached_property
    def _shipped(self) -> dict[tuple[str, str | None], Kit]:
        from knowledge.library import shipped_kits

        return {(kit.name, kit.version): kit for kit in shipped_kits()}


def _beside(folder: Path | None, name: str, version: str | None) -> Kit | None:
    file = f"{name}@{version}.yaml"
    path = folder / BESIDE / file if folder else None
    if path is None or version is None or Path(file).name != file:
        return None
    if len(file.encode()) > LONGEST_NAME:
        return None
    if not path.is_file():
        return unpacked_kit(path.with_suffix(".json"), name, version)
    kit = parse_kit(read_kit_text(path), path.name)
    if (kit.name, kit.version) != (name, version):
        raise BadInput(
            f"{BESIDE}/{file} is another version, or another kit ({kit.name}@{kit.version}).",
            "Put the kit there that the interview was held on; `viva kit show` prints it.",
        )
    return kit


async def _kept(name: str, version: str | None) -> Kit:
    async with opened_database() as database:
        try:
            return await Library(database).get(name, version)
        except NotFound:
            wanted = f"{name}@{version}" if version else name
            raise NotFound(
                f"The kit {wanted} is gone.",
                f"Put it beside the transcript as {BESIDE}/{wanted}.yaml, or load it with `viva "
                "ingest`; re-grading under another kit needs it too, to read what was asked.",
            ) from None


def path_of(name: str) -> Path:
    """A folder of this room's own data."""
    return Path(str(files("evals").joinpath(name)))
