"""Files of a results folder, read as far as they can be read."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup

APART = {"before", "parts", "transcripts", "kits"}
"""Folders within results that hold nothing to be shown by itself."""
Row = dict[str, Any]
_no_heading = re.compile(r"<th[^>]*></th>")


@dataclass
class Results:
    """One folder of results; what could not be read is kept in `unread`."""

    folder: Path
    unread: list[str] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether the file is there."""
        return (self.folder / name).is_file()

    def rows(self, name: str) -> list[Row]:
        """The rows of a Parquet file; none where there is no such file."""
        import pyarrow.parquet as pq
        from pyarrow import ArrowException

        if not self.has(name):
            return []
        try:
            found: list[Row] = pq.ParquetFile(self.folder / name).read().to_pylist()
        except (OSError, ValueError, OverflowError, ArrowException) as error:
            return self._lost(name, error)
        return found

    def lines(self, name: str) -> list[Row]:
        """The objects of a file with one a line."""
        if not self.has(name):
            return []
        try:
            text = (self.folder / name).read_bytes()
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (OSError, ValueError, RecursionError) as error:
            return self._lost(name, error)
        return [each for each in found if isinstance(each, dict)]

    def json(self, name: str) -> Any:
        """What a JSON file says; None where it is not there or says nothing."""
        if not self.has(name):
            return None
        try:
            return json.loads((self.folder / name).read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            self._lost(name, error)
            return None

    def run(self) -> Row:
        """What was asked for."""
        told = self.json("run.json")
        return told if isinstance(told, dict) else {}

    def _lost(self, name: str, error: Exception) -> list[Row]:
        reason = str(error).partition("\n")[0]
        self.unread.append(f"{self.folder.name}/{name} cannot be read: {reason}")
        return []


def results_in(folder: Path) -> Iterator[Results]:
    """The folder itself, then those within it, by name."""
    yield Results(folder)
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in APART:
            yield Results(path)


def as_html(markdown: str) -> Markup:
    """Markdown as HTML without raw HTML, links or pictures; headings begin at the third level."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("js-default").disable(["image", "link", "autolink", "linkify"])
    tokens = reader.parse(markdown)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    html = reader.renderer.render(tokens, reader.options, {})
    return Markup(_no_heading.sub("<td></td>", html))
