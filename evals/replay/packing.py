"""Transcripts and kits packed to be sent: a worker needs neither files nor a database."""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from agent.policy import Policy
from evals.replay.transcript import Transcript, text_of, transcript_of
from knowledge.atoms import Kit
from knowledge.embedder import FloatArray


@dataclass(frozen=True)
class Item:
    """One transcript, packed."""

    id: str
    lines: bytes
    kit_then: str
    kit_now: str
    """Versions."""
    policy: dict[str, Any] | None = None
    """None: the transcript's own."""

    @property
    def key(self) -> str:
        """What it is told by: its name and its content."""
        return hashlib.sha256(self.id.encode() + b"\0" + self.lines).hexdigest()[:24]

    @property
    def transcript(self) -> Transcript:
        """The transcript, unpacked."""
        lines = gzip.decompress(self.lines).splitlines()
        return transcript_of(self.id, map(json.loads, lines))


@dataclass(frozen=True)
class Packed:
    """A kit and the vectors of its atoms, so that no worker has to make them again."""

    version: str
    body: bytes
    rows: bytes
    """float32, [atoms, dim]."""

    @classmethod
    def of(cls, kit: Kit, vectors: FloatArray) -> "Packed":
        """The kit packed; `vectors` is [atoms, dim], in the atoms' order."""
        body = gzip.compress(kit.model_dump_json().encode(), mtime=0)
        return cls(kit.version, body, vectors.astype("<f4").tobytes())

    @property
    def kit(self) -> Kit:
        """The kit, unpacked once in each process."""
        return _unpacked(self.version, self.body)

    @property
    def vectors(self) -> FloatArray:
        """[atoms, dim] float32."""
        rows = np.frombuffer(self.rows, dtype="<f4").astype(np.float32)
        return rows.reshape(len(self.kit.atoms), -1)


@lru_cache(maxsize=32)
def _unpacked(version: str, body: bytes) -> Kit:
    kit = Kit.model_validate_json(gzip.decompress(body))
    kit.__dict__["version"] = version  # it stays, though a reason in it was erased since
    return kit


@dataclass(frozen=True)
class Chunk:
    """Transcripts that are worked on together, and the kits they need, by version."""

    items: tuple[Item, ...]
    kits: Mapping[str, Packed]

    def kit(self, version: str) -> Kit:
        """One of its kits."""
        return self.kits[version].kit

    def alone(self) -> "list[Chunk]":
        """Each of its transcripts by itself."""
        return [replace(self, items=(item,)) for item in self.items]


def packed(transcript: Transcript, kit_then: Kit, kit_now: Kit, policy: Policy | None) -> Item:
    """A transcript ready to be sent."""
    lines = _lines(transcript)
    given = policy.model_dump(mode="json") if policy else None
    return Item(transcript.id, lines, kit_then.version, kit_now.version, given)


def is_of(item_key: str, transcript: Transcript) -> bool:
    """Whether an item with this key was packed from this very log."""
    return Item(transcript.id, _lines(transcript), "", "").key == item_key


def _lines(transcript: Transcript) -> bytes:
    return gzip.compress(text_of(transcript.events).encode(), compresslevel=3, mtime=0)


def chunk_of(items: Sequence[Item], kits: Mapping[str, Packed]) -> Chunk:
    """A chunk with the kits of its items."""
    wanted = {version for item in items for version in (item.kit_then, item.kit_now)}
    return Chunk(tuple(items), {version: kits[version] for version in wanted})
