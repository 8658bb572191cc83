"""A kit of a trade that nothing was written for, beside the one that ships."""

from pathlib import Path

import pytest

from knowledge.atoms import Kit
from knowledge.kit_yaml import parse_kit
from knowledge.library import shipped_kits

KITCHEN = Path(__file__).with_name("kitchen.yaml")


@pytest.fixture(scope="session")
def kitchen() -> Kit:
    return parse_kit(KITCHEN.read_text("utf-8"), KITCHEN.name)


@pytest.fixture(scope="session")
def shipped_kit() -> Kit:
    return next(kit for kit in shipped_kits() if kit.name == "data-engineer")
