"""Prompts of one's own, from a folder: `examine.md`, `phrase.md`, or both."""

from pathlib import Path
from string import Template

from agent.model.prompts import HELD, Prompt, Purpose, load
from knowledge.errors import BadInput

MEND = "Begin from those that ship, in agent/model/prompts/."


def read_prompts(folder: Path) -> dict[Purpose, Prompt]:
    """The prompts of a folder; one that is not there stays the one that ships.

    Raises:
        BadInput: the folder has none of them, or one has other slots than the one that ships.
    """
    found = {purpose: folder / f"{purpose}.md" for purpose in HELD}
    there = {purpose: path for purpose, path in found.items() if path.is_file()}
    if not there:
        names = " or ".join(path.name for path in found.values())
        raise BadInput(f"The folder {folder} holds no {names}.", MEND)
    return {purpose: _read(purpose, path) for purpose, path in there.items()}


def _read(purpose: Purpose, path: Path) -> Prompt:
    try:
        prompt = Prompt(purpose, path.read_bytes().decode("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{path} cannot be read as text in UTF-8.", MEND) from None
    wanted, has = _slots(load(purpose)), _slots(prompt)
    if has is None:
        raise BadInput(f"{path}: no line of three dashes parts system from user.", MEND)
    if odd := (wanted or set()) ^ has:
        listed = ", ".join(f"${name}" for name in sorted(odd))
        raise BadInput(f"{path}: missing or unknown after the line of dashes: {listed}.", MEND)
    return prompt


def _slots(prompt: Prompt) -> set[str] | None:
    """The slots of the user's part; None where there is no such part."""
    _, line, user = prompt.text.partition("\n---\n")
    template = Template(user)
    if not line:
        return None
    return set(template.get_identifiers()) if template.is_valid() else {"$"}
