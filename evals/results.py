"""Rows as Parquet files: each row of a dataclass, with the versions of what it came from.

A field is one column; a field of the row's `Versions` is one that begins with `version_`. Files
are read by pandas, DuckDB or anything else that knows Parquet.
"""

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Literal,
    Protocol,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import TypeAdapter, ValidationError

from evals.marks import Versions
from knowledge.errors import BadInput, NotFound

if TYPE_CHECKING:
    import pyarrow as pa

PREFIX = "version_"


class Row(Protocol):
    """A dataclass of bool, int, float, str, Literal, tuple of str, or one of these or None."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


Kind = TypeVar("Kind", bound=Row)


def write_rows(
    path: Path, rows: Iterable[Row], versions: Versions | Mapping[str, Versions]
) -> None:
    """Write rows of one kind, whole or not at all; none make an empty file.

    Args:
        versions: what all rows came from, or by transcript (the rows' `transcript`).

    Raises:
        KeyError: the versions of a row's transcript are not given.
        TypeError: a field is of no kind that a column can have, or the rows are of several.
    """
    import pyarrow.parquet as pq

    table = _table(list(rows), versions)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    pq.write_table(table, part)
    part.replace(path)


def read_rows(path: Path, kind: type[Kind]) -> list[Kind]:
    """The rows of a file, in their order.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no Parquet file, not whole, or holds rows of another kind.
    """
    wanted = [field.name for field in fields(kind)]
    return _as(path, list[kind], _lines(path, wanted, kind))  # type: ignore[valid-type]


def read_versions(path: Path) -> list[Versions]:
    """What each row of a file came from, in the rows' order.

    Raises:
        NotFound, BadInput: as for `read_rows`.
    """
    wanted = [PREFIX + field.name for field in fields(Versions)]
    lines = _lines(path, wanted, Versions)
    bare = [{name.removeprefix(PREFIX): line[name] for name in line} for line in lines]
    return _as(path, list[Versions], bare)


def _table(rows: Sequence[Row], versions: Versions | Mapping[str, Versions]) -> "pa.Table":
    import pyarrow as pa

    if len(kinds := {type(row) for row in rows}) > 1:
        raise TypeError(f"Rows of several kinds: {sorted(kind.__name__ for kind in kinds)}.")
    columns = [(name, _arrow(hint)) for kind in kinds for name, hint in _hints(kind)]
    columns += [(PREFIX + name, _arrow(hint)) for name, hint in _hints(Versions)]
    lines = [asdict(row) | _prefixed(_of(row, versions)) for row in rows]
    return pa.Table.from_pylist(lines, schema=pa.schema(columns))


def _of(row: Row, versions: Versions | Mapping[str, Versions]) -> Versions:
    return versions if isinstance(versions, Versions) else versions[cast("Any", row).transcript]


def _prefixed(versions: Versions) -> dict[str, Any]:
    return {PREFIX + name: value for name, value in asdict(versions).items()}


def _hints(kind: type[Row]) -> list[tuple[str, Any]]:
    hints = get_type_hints(kind)
    return [(field.name, hints[field.name]) for field in fields(kind)]


def _arrow(hint: Any) -> "pa.DataType":
    """The type of a field's column; every column may hold nothing."""
    import pyarrow as pa

    plain = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}
    if hint in plain:
        return plain[hint]
    origin, of = get_origin(hint), get_args(hint)
    if origin is Literal and all(isinstance(value, str) for value in of):
        return pa.string()
    if origin in (Union, types.UnionType):
        kinds = {_arrow(each) for each in of if each is not type(None)}
        if len(kinds) == 1:
            return kinds.pop()
    if origin is tuple and of == (str, ...):
        return pa.list_(pa.string())
    raise TypeError(f"No column can hold {hint}.")


def _lines(path: Path, wanted: Sequence[str], kind: type[Row]) -> list[dict[str, Any]]:
    """The file's rows with the wanted columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        if file.metadata.num_rows and (lacking := set(wanted) - set(file.schema_arrow.names)):
            raise BadInput(
                f"{path.name} holds no {kind.__name__}s: it lacks {', '.join(sorted(lacking))}.",
                "Give the file of that name from a results folder of this Viva.",
            )
        lines: list[dict[str, Any]] = file.read(list(wanted)).to_pylist()
        return lines
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", "Name a results folder (`--out`).") from None
    except (OSError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise BadInput(
            f"{path.name} is no whole Parquet file: {reason}.", "Run what wrote it again."
        ) from None


def _as(path: Path, kind: type[list[Kind]], lines: list[dict[str, Any]]) -> list[Kind]:
    try:
        return TypeAdapter(kind).validate_python(lines)
    except ValidationError as error:
        first = error.errors()[0]
        where = " ".join(str(part) for part in first["loc"])
        raise BadInput(
            f"{path.name} cannot be used: row {where}: {first['msg']}.", "Run what wrote it again."
        ) from None
