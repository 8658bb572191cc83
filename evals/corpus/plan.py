"""What the corpus holds: one entry a transcript, in the order of `corpus.yaml`."""

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import ValidationError

from agent.events import Mode
from knowledge.atoms import Frozen, Level
from knowledge.errors import BadInput, NotFound

FOLDER = Path(__file__).parent.parent / "transcripts"
MARKS = FOLDER / "marks.csv"
TEXTS = Path(__file__).parent


class Entry(Frozen):
    """One interview to be held."""

    name: str
    what: str
    """What it is in the corpus for."""
    who: str
    """One of `evals/candidates/people.yaml` by level and manner, or of `written.yaml`."""
    twist: str | None = None
    """Of `twists.yaml`: what they do beside answering."""
    kit: str = "data-engineer"
    mode: Mode = "practice"
    level: Level = "mid"
    minutes: float | None = None
    questions: int | None = None
    subjects: tuple[str, ...] = ()
    seed: int = 0
    drill: str | None = None
    again: str | None = None
    """How the question that is put again begins."""
    after: str | None = None
    """The entry whose interview this one goes on from."""
    examiner: Literal["local", "model"] = "local"

    @property
    def path(self) -> Path:
        """Where its transcript lies in the corpus."""
        return FOLDER / f"{self.name}.jsonl.gz"


def entries() -> list[Entry]:
    """All of them.

    Raises:
        BadInput: an entry does not fit, or two have one name.
    """
    listed = yaml.safe_load((FOLDER / "corpus.yaml").read_text("utf-8"))
    try:
        found = [Entry.model_validate(each) for each in listed]
    except ValidationError as error:
        raise BadInput(f"corpus.yaml: {error}", "Mend the entry.") from None
    names = [entry.name for entry in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BadInput(f"corpus.yaml has {', '.join(sorted(twice))} twice.", "Rename one.")
    return found


def chosen(names: list[str]) -> list[Entry]:
    """The entries of these names, or all.

    Raises:
        NotFound: there is none of that name.
    """
    by_name = {entry.name: entry for entry in entries()}
    if unknown := [name for name in names if name not in by_name]:
        raise NotFound(
            f"The corpus has no {', '.join(unknown)}.", f"Its entries stand in {FOLDER.name}/."
        )
    return [by_name[name] for name in names] or list(by_name.values())


def texts(name: str) -> Any:
    """A file of the messages that are sent."""
    return yaml.safe_load((TEXTS / f"{name}.yaml").read_text("utf-8"))
