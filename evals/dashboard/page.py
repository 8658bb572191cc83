"""The page: all sections of a results folder in one file."""

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

from evals.dashboard import agreed, conducted, replayed
from evals.dashboard.blocks import Section, Table
from evals.dashboard.reading import Results, Row, results_in
from knowledge.errors import BadInput, NotFound

PARTS: tuple[Callable[[Results], Iterator[Section]], ...] = (
    replayed.replay,
    agreed.agreement,
    conducted.gate,
    conducted.scorecard,
    conducted.simulation,
    agreed.fairness,
    conducted.suites,
)
_number = re.compile(r"[+-]?[\d,.]+(?:e[+-]?\d+)?")
FIRST = ("verify", "regrade", "counterfactual", "agreement", "gate", "drift", "scorecard")


def dashboard(folder: Path) -> str:
    """The HTML of whatever results the folder holds, or the folders in it.

    Raises:
        NotFound: there is no such folder.
        BadInput: there is nothing in it that could be shown.
    """
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.", "Name what was given to --out.")
    sections, unread, told = list[Section](), list[str](), dict[str, Row]()
    for results in results_in(folder):
        sections += [section for part in PARTS for section in _safely(part, results)]
        told[results.folder.name] = results.run()
        unread += results.unread
    if not sections and not unread:
        raise BadInput(
            f"{folder} holds no results.", "Name a folder that --out of a command wrote."
        )
    sections.sort(key=lambda each: FIRST.index(each.id) if each.id in FIRST else len(FIRST))
    return _rendered(folder.resolve().name, _apart(sections), unread, told.get(folder.name, {}))


def write(folder: Path, path: Path) -> None:
    """Write the page, whole or not at all."""
    text = dashboard(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, "utf-8")
    part.replace(path)


def _safely(part: Callable[[Results], Iterator[Section]], results: Results) -> list[Section]:
    """Rows of another Viva may lack what is drawn; the other parts are shown all the same."""
    try:
        return list(part(results))
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, OSError) as error:
        results.unread.append(
            f"{results.folder.name}: {part.__name__} cannot be shown ({error!r}); "
            "run what wrote it again."
        )
        return []


def _apart(sections: list[Section]) -> list[Section]:
    """Sections of one id numbered, so that each can be linked to."""
    seen = dict[str, int]()
    found = []
    for each in sections:
        seen[each.id] = seen.get(each.id, 0) + 1
        id_ = each.id if seen[each.id] == 1 else f"{each.id}-{seen[each.id]}"
        found.append(Section(id_, each.title, each.intro, each.blocks))
    return found


def _rendered(name: str, sections: list[Section], unread: list[str], run: Row) -> str:
    from jinja2 import Environment, StrictUndefined

    room = files("evals") / "dashboard"
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(room.joinpath("page.html").read_text("utf-8"))
    style = room.joinpath("page.css").read_text("utf-8")
    found = run.get("problems", [])
    problems = [str(each) for each in found] if isinstance(found, list) else []
    return template.render(
        name=name,
        sections=sections,
        problems=[*problems, *unread],
        made=run.get("made", ""),
        style=style,
        numeric=_numeric,
    )


def _numeric(table: Table, column: int) -> bool:
    """Whether a column holds numbers alone, which are set flush right."""
    cells = [str(row[column]) for row in table.rows]
    return any(cells) and all(not cell or _number.fullmatch(cell) for cell in cells)
