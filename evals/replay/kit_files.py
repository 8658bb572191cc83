"""A kit's version as a file beside transcripts: YAML, or JSON where YAML would be another."""

from pathlib import Path

from pydantic import ValidationError

from api.hiring.reasons import OURS
from knowledge.atoms import Kit
from knowledge.errors import BadInput
from knowledge.kit_yaml import dump_kit, parse_kit, read_kit_text


def write_kit(kit: Kit, folder: Path) -> Path:
    """Write `NAME@VERSION.yaml`, or `.json`: YAML keeps an order of its own among atoms."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kit.name}@{kit.version}.yaml"
    text = dump_kit(kit)
    if not _is_same(text, path.name, kit):
        path, text = path.with_suffix(".json"), kit.model_dump_json()
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, "utf-8")
    part.replace(path)
    return path


def _is_same(text: str, name: str, kit: Kit) -> bool:
    try:
        return parse_kit(text, name).version == kit.version
    except BadInput:
        return False


def unpacked_kit(path: Path, name: str, version: str) -> Kit | None:
    """The kit of a JSON file, where there is one.

    Raises:
        BadInput: it holds no kit, or another one.
    """
    if not path.is_file():
        return None
    try:
        kit = Kit.model_validate_json(read_kit_text(path))
    except ValidationError:
        raise BadInput(f"{path.name} holds no kit.", "Export it anew.") from None
    reworded = any(atom.withdrawn == OURS for atom in kit.atoms)
    if kit.name != name or not (reworded or kit.version == version):
        raise BadInput(
            f"{path.name} is another version, or another kit ({kit.name}@{kit.version}).",
            "Export it anew.",
        )
    kit.__dict__["version"] = version  # it stays, though a reason in it was erased since
    return kit
