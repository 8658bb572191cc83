"""Interviews on small kits: real graph, real syllabus, real index; only the clock is ours."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from held import KIT, Held, Hold

from agent.events import Mode
from agent.examiner import Examiner
from agent.planning import Plan
from agent.policy import Policy
from agent.scripted import ScriptedExaminer
from knowledge.atoms import Kit
from knowledge.database import Database
from knowledge.embedder import WordHash
from knowledge.index import KitIndex, open_index
from knowledge.kit_yaml import load_kit, parse_kit


@pytest.fixture(scope="session")
def shipped() -> Kit:
    """The kit that ships."""
    kits = Path(__file__).parents[2] / "knowledge" / "kits"
    return load_kit(kits / "data-engineer.yaml")


@pytest.fixture
def hold(database: Database, light: WordHash) -> Hold:
    """Opens an interview: `await hold(examiner, mode=..., core=...)`."""

    async def open_one(
        examiner: Examiner | None = None,
        *,
        kit: str | Kit = KIT,
        mode: Mode = "practice",
        minutes: float = 45,
        core: int = 2,
        seed: int = 1,
        policy: Policy | None = None,
        planned: Plan | None = None,
        seen: Mapping[str, Sequence[str]] | None = None,
    ) -> Held:
        parsed = kit if isinstance(kit, Kit) else parse_kit(kit, "kit.yaml")
        index: KitIndex = await open_index(database, light, parsed)
        held = Held(
            examiner or ScriptedExaminer(),
            index,
            light,
            mode=mode,
            minutes=minutes,
            core=core,
            seed=seed,
            policy=policy or Policy(),
            planned=planned,
            seen=seen,
        )
        await held.open()
        return held

    return open_one
