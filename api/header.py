"""The first event of a transcript: all that is needed to read or replay what follows."""

from importlib.metadata import version
from typing import Any, cast

from agent.deps import Deps
from agent.events import Header, Mode
from api.records import Interview
from knowledge.atoms import Level

PACKAGES = ("langgraph", "chromadb", "sentence-transformers", "torch", "numpy", "pydantic")


def header(stored: Interview, deps: Deps) -> dict[str, Any]:
    """The header of an interview about to be opened, JSON-native."""
    room = deps.room
    return Header(
        viva=version("viva"),
        kit=stored.kit,
        kit_version=stored.kit_version,
        role=room.syllabus.role,
        company=room.syllabus.kit.about.company,
        level=cast("Level", stored.level),
        mode=cast("Mode", stored.mode),
        minutes=stored.options["minutes"],
        reserve=stored.options["reserve"],
        questions=stored.options["core"],
        subjects=tuple(stored.options["subjects"]),
        form=tuple(stored.options.get("form", ())),
        drill=stored.options.get("drill", False),
        seen=stored.options.get("seen", {}),
        examiner=room.examiner.name,
        embedder=room.embedder.identity,
        model=getattr(room.examiner, "model", None),
        prompts=getattr(room.examiner, "prompts", {}),
        seed=stored.seed,
        policy=room.policy.model_dump(),
        packages={package: version(package) for package in PACKAGES},
    ).model_dump(mode="json")
