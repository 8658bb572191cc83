"""What the tests of this folder share."""

from collections.abc import Callable
from pathlib import Path

KIT_TEXT = """
viva: 1
name: bulk
atoms:
- competency: Modelling
  has:
  - question: Orders change for thirty days. How do you keep last week's report right?
    id: history
    at: mid
    has:
    - point: The old version of every row stays beside the new version.
      id: versions
    - point: Two columns say from when until when a version was valid.
      id: validity
    - follow_up: Somebody asks for the total as it was in May. What do you run?
      id: may
- competency: Streaming
  has:
  - question: Events arrive out of order. When do you close a window?
    id: window
    at: mid
    has:
    - point: A watermark says how late an event may still be counted.
      id: watermark
"""


def replaced_kit(folder: Path, change: Callable[[str], str]) -> Path:
    """The folder's kit as a file of its own, with something changed."""
    [kit] = (folder / "kits").iterdir()
    path = folder.parent / "other.yaml"
    path.write_text(change(kit.read_text("utf-8")), "utf-8")
    return path
