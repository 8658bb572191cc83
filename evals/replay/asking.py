"""What a replay is asked for: which of the three kinds, and under what."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from agent.model.prompts import Prompt, Purpose
from agent.policy import Policy
from api.opened import opened_database
from evals.replay.packing import Item, Packed, packed
from evals.replay.prompts import read_prompts
from evals.replay.sources import Kits
from evals.replay.tasks import Kind, Task, ready_with
from evals.replay.transcript import Transcript
from knowledge.atoms import Kit
from knowledge.embedder import Embedder, FloatArray
from knowledge.errors import BadInput
from knowledge.vectors import vectors_for


@dataclass(frozen=True)
class Asked:
    """Under what transcripts are replayed; what is None stays as it was in each.

    `kit` is NAME, NAME@VERSION or a kit's file, `prompts` a folder, `policy` a file of numbers,
    `embedder` as in VIVA_EMBEDDER.
    """

    kind: Kind | None = None
    kit: str | None = None
    examiner: str | None = None
    prompts: Path | None = None
    policy: Path | None = None
    embedder: str | None = None
    kits: Kits = field(default_factory=Kits, compare=False)
    used: dict[str, Packed] = field(default_factory=dict, compare=False)
    """Kits of the items made so far, by version."""

    def check(self) -> None:
        """Look at all that was given before anything is begun.

        Raises:
            BadInput, NotFound: something is not there, cannot be used, or does not go together.
        """
        odd = [n for n in ("kit", "examiner", "prompts", "policy") if getattr(self, n) is not None]
        if self.kind == "verify" and odd:
            raise BadInput(
                "To verify is to play an interview as it was.", f"Leave out --{', --'.join(odd)}."
            )
        if self.chosen == "counterfactual" and (marking := {"examiner", "prompts"} & set(odd)):
            raise BadInput(
                "A counterfactual changes what is asked by, not who marks.",
                f"Leave out --{', --'.join(sorted(marking))}, or say --kind regrade.",
            )
        if self.prompts and self.examiner == "local":
            raise BadInput("The local examiner has no prompts.", "Leave out one of the two.")
        self.settings  # noqa: B018 (reads whatever was named)
        self._policy_over(Policy())

    @property
    def chosen(self) -> Kind:
        """The kind asked for, or the one that fits what differs."""
        if self.kind:
            return self.kind
        if self.policy:
            return "counterfactual"
        return "regrade" if self.kit or self.examiner or self.prompts else "verify"

    @cached_property
    def task(self) -> Task:
        """What every worker is told."""
        examiner = self.examiner or ("model" if self.prompts else None)
        texts = {purpose: prompt.text for purpose, prompt in self._prompts.items()}
        return Task(self.chosen, examiner, texts, self.embedder)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """All that results depend on, by name; those of equal settings can stand together."""
        from api.settings import Settings

        may_ask = self.task.kind == "regrade" and self.task.examiner != "local"
        return {
            "kind": self.chosen,
            "kit": f"{self._kit.name}@{self._kit.version}" if self._kit else "each its own",
            "examiner": self.task.examiner or "each its own",
            "model": Settings().model if may_ask else None,
            "prompts": {name: prompt.hash for name, prompt in self._prompts.items()},
            "policy": _hash(self.policy) if self.policy else "each its own",
            "embedder": ready_with(self.embedder).embedder.identity,
            "viva": version("viva"),
        }

    def item(self, transcript: Transcript) -> Item:
        """A transcript packed with what it is to be replayed under.

        Raises:
            NotFound: the kit that it was held on is gone.
        """
        then = self.kits.of(transcript)
        now = self._kit or then
        for kit in (then, now):
            self._pack(kit)
        return packed(transcript, then, now, self._policy_over(_own(transcript)))

    def _pack(self, kit: Kit) -> None:
        """Its vectors are kept in the database, so that they are made once."""
        if kit.version not in self.used:
            texts = [atom.text for atom in kit.atoms]
            vectors = asyncio.run(_vectors(ready_with(self.embedder).embedder, texts))
            self.used[kit.version] = Packed.of(kit, vectors)

    @cached_property
    def _kit(self) -> Kit | None:
        if self.kit is None:
            return None
        path = Path(self.kit)
        if path.suffix in {".yaml", ".yml"}:
            from knowledge.kit_yaml import load_kit

            return load_kit(path)
        name, _, wanted = self.kit.partition("@")
        return self.kits.get(name, wanted or None)

    @cached_property
    def _prompts(self) -> dict[Purpose, Prompt]:
        return read_prompts(self.prompts) if self.prompts else {}

    def _policy_over(self, own: Policy) -> Policy | None:
        if self.policy is None:
            return None
        from evals.replay.policy_file import read_policy

        return read_policy(self.policy, own)


async def _vectors(embedder: Embedder, texts: Sequence[str]) -> FloatArray:
    async with opened_database() as database:
        return await vectors_for(database, embedder, texts)


def _own(transcript: Transcript) -> Policy:
    return Policy.model_validate(transcript.header.policy)


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.", "Look at its name.") from None
