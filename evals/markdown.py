"""Tables as Markdown, the form in which every measurement here is printed."""

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; floats get three digits, and a bar in a cell is escaped."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(_cell(value) for value in line)} |" for line in lines)


def share(part: int, whole: int) -> str:
    """A count of a count, in words: `19 of 20`."""
    return f"{part} of {whole}"


def counted(number: int, thing: str) -> str:
    """A number of things in words: `1 interview`, `2 interviews`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _cell(value: object) -> str:
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")
