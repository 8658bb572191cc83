"""People from a spreadsheet: what was understood of it, line by line, before anybody is invited."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr

from api.hiring.invite import NewInvite, check
from api.hiring.invites import MOST_AT_ONCE
from knowledge.errors import BadInput

MOST_CSV = 2 * 2**20
"""Bytes."""

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_BY_NAME = {
    "name": "name fullname candidate candidatename applicant applicantname person nom nombre nome"
    " naam navn namn bewerber",
    "first": "firstname givenname forename vorname prenom voornaam fornavn",
    "last": "lastname surname familyname nachname nomdefamille apellido apellidos achternaam",
    "email": "email emailaddress mail mailaddress emailadresse adresseemail courriel correo"
    " correoelectronico epost emailaddresses",
    "reference": "reference ref id candidateid applicantid candidatenumber applicantnumber number"
    " externalid candidatereference ownreference referenz bewerbernummer",
    "time": "extratime extratimefactor timefactor additionaltime moretime extra zusatzzeit",
}
COLUMNS = {word: column for column, words in _BY_NAME.items() for word in words.split()}
_FACTOR = re.compile(r"[x×*+]?\s*([0-9]{1,3}(?:[.,][0-9]{1,4})?)\s*(%?)")
_NONE = {"", "no", "none", "n", "-", "0", "false"}


@dataclass(frozen=True)
class Line:
    """A person on one line of the file, counted from 1; `wrong` says what keeps them from being
    invited."""

    number: int
    wish: NewInvite
    wrong: str | None = None


@dataclass(frozen=True)
class People:
    """What was understood of a file."""

    lines: tuple[Line, ...]
    columns: tuple[tuple[str, str], ...]
    """Each column as it is called there, and what it was taken for; empty: left aside."""
    separator: str
    """In words."""
    notes: tuple[str, ...]

    @property
    def wrong(self) -> list[Line]:
        """The lines that nobody can be invited by."""
        return [line for line in self.lines if line.wrong]

    @property
    def wishes(self) -> list[NewInvite]:
        """Those of all lines."""
        return [line.wish for line in self.lines]


def read_people(file: bytes) -> People:
    """Understand a table of people: columns in any order, with commas, semicolons or tabs.

    Raises:
        BadInput: it is no such table; lines that cannot be used are told in the result.
    """
    text, notes = _decoded(file)
    separator, rows = _table(text)
    if not rows:
        raise BadInput("There is nobody in that list.", "Give a line for each person.")
    _, head = rows[0]
    taken, told = _columns(head)
    if taken:
        rows = rows[1:]
    else:
        taken, told = _guessed(head)
        notes.append("No line of column names was found, so the columns were guessed.")
    if not rows:
        raise BadInput("There is nobody below the column names.", "Give a line for each person.")
    if len(rows) > MOST_AT_ONCE:
        raise BadInput(
            f"{len(rows):,} people are more than can be invited at once.",
            f"Give at most {MOST_AT_ONCE:,} in a file.",
        )
    lines = [_line(number, cells, taken) for number, cells in rows]
    return People(
        _once(lines), tuple(zip(head, told, strict=True)), SEPARATORS[separator], tuple(notes)
    )


def _decoded(file: bytes) -> tuple[str, list[str]]:
    if len(file) > MOST_CSV:
        raise BadInput(f"The list is larger than {MOST_CSV:,} bytes.", "Split it.")
    if file.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadInput(
            "That is an Excel workbook and not a CSV file.",
            "In Excel, choose Save As and then CSV UTF-8, and give that file.",
        )
    wide = file.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = file.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        old = encoding == "cp1252"
        return text, ["Read as Windows-1252: look at letters with accents."] if old else []
    raise BadInput("The list cannot be read as text.", "Save it as CSV in UTF-8.")


def _table(text: str) -> tuple[str, list[tuple[int, list[str]]]]:
    """The separator by which most columns are known, and the lines that hold anything."""
    said = re.match(r"sep=([,;\t|])\r?\n", text, re.IGNORECASE)
    if said:
        return said[1], _rows(text[said.end() :], said[1], 2)

    def known(separator: str) -> tuple[int, int]:
        first = next(csv.reader(io.StringIO(text.lstrip()), delimiter=separator), [])
        return len({_column(cell) for cell in first} - {""}), len(first)

    try:
        best = max(SEPARATORS, key=known)
    except csv.Error as error:
        raise _unreadable(1, error) from error
    return best, _rows(text, best, 1)


def _rows(text: str, separator: str, first: int) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, number = [], first
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((number, [tidy(cell) for cell in cells]))
            number = first + reader.line_num
    except csv.Error as error:
        raise _unreadable(number, error) from error
    return rows


def _unreadable(number: int, error: csv.Error) -> BadInput:
    return BadInput(
        f"From line {number:,} on the list cannot be read: {error}.",
        "Look for a quote that is opened and not closed.",
    )


def tidy(text: str) -> str:
    """The text on one line, without signs that nobody sees but that turn what follows around."""
    shown = "".join(" " if c in "\t\r\n" else c for c in text if _is_shown(c) or c in "\t\r\n")
    return " ".join(unicodedata.normalize("NFC", shown).split())


def _is_shown(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs"} or character in "\u200c\u200d"


def _column(cell: str) -> str:
    plain = unicodedata.normalize("NFKD", cell.casefold())
    return COLUMNS.get("".join(c for c in plain if c.isalnum() and c.isascii()), "")


def _columns(head: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each known column stands, and what each was taken for; nothing where none is known."""
    told = [_column(cell) for cell in head]
    taken: dict[str, int] = {}
    for place, column in enumerate(told):
        if not column:
            continue
        if column in taken:
            raise BadInput(
                f"Both {head[taken[column]]!r} and {head[place]!r} look like the {column}.",
                "Rename or remove one of the two columns.",
            )
        taken[column] = place
    return taken, told


def _guessed(first: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    addresses = [place for place, cell in enumerate(first) if "@" in cell]
    if not addresses:
        raise BadInput(
            "The columns of the list are not known.",
            "Name them in its first line: name, email, reference, extra time.",
        )
    others = [place for place in range(len(first)) if place != addresses[0]]
    taken = {"email": addresses[0], **dict(zip(("name", "reference"), others, strict=False))}
    places = {place: column for column, place in taken.items()}
    return taken, [places.get(place, "") for place in range(len(first))]


def _line(number: int, cells: Sequence[str], taken: Mapping[str, int]) -> Line:
    def cell(column: str) -> str:
        place = taken.get(column, len(cells))
        return cells[place] if place < len(cells) else ""

    spoken, email = parseaddr(cell("email")) if "<" in cell("email") else ("", cell("email"))
    name = cell("name") or f"{cell('first')} {cell('last')}".strip() or spoken
    wish = NewInvite(name=name, email=email, reference=cell("reference"))
    try:
        if not (name or email or wish.reference):
            raise BadInput("There is neither a name nor an address.", "Give one.")
        wish = replace(wish, extra_time=factor(cell("time")))
        check(wish)
    except BadInput as error:
        return Line(number, wish, f"{error.message} {error.remedy}")
    return Line(number, wish)


def factor(said: str) -> float:
    """Extra time as a factor, of `1.5`, `1,5`, `x1.5`, `50 %`, `+50%`, `no` or nothing.

    Raises:
        BadInput: it is none of these.
    """
    if (plain := said.strip().casefold()) in _NONE:
        return 1.0
    number = _FACTOR.fullmatch(plain)
    if number is None or (number[2] and float(number[1].replace(",", ".")) >= 100):
        raise BadInput(f"{said[:40]!r} is no extra time.", "Say 1.5, or 50 %, for half as much.")
    value = float(number[1].replace(",", "."))
    return 1 + value / 100 if number[2] else value


def _once(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The same lines, with those told that name somebody an earlier one has."""
    first: dict[str, int] = {}
    told = []
    for line in lines:
        key = line.wish.key
        if key and line.wrong is None and key in first:
            line = replace(line, wrong=f"The same person is on line {first[key]:,}.")
        if key:
            first.setdefault(key, line.number)
        told.append(line)
    return tuple(told)


def canonical(wishes: Sequence[NewInvite]) -> str:
    """The people as a CSV that `read_people` reads again as they are; for our own forms alone."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("name", "email", "reference", "extra time"))
    writer.writerows((w.name, w.email, w.reference, f"{w.extra_time:g}") for w in wishes)
    return out.getvalue()
