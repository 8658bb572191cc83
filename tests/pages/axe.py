"""What axe finds on a page as it stands, at WCAG 2.2 AA."""

from collections.abc import Sequence
from typing import Any

import pytest

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


WAYS = (("dark", 1280), ("light", 1280), ("light", 360))
"""Colour scheme and width in pixels."""


def findings(page: Any, ways: Sequence[tuple[str, int]] = WAYS) -> list[str]:
    """What axe finds on the page as it stands: light and dark, wide and narrow."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python"
    ).Axe()
    found = []
    for scheme, width in ways:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 800})
        for violation in axe.run(page, options=OPTIONS).response["violations"]:
            where = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
            found.append(f"{scheme} {width}: {violation['id']}: {violation['help']}: {where}")
    return found
