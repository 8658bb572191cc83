"""PDF files, read from how their pages look: what a person would see, in the order they read it."""

from collections import Counter
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from knowledge.errors import BadInput
from knowledge.readers.pdf.aligned import unruled
from knowledge.readers.pdf.bands import banded
from knowledge.readers.pdf.body import Body, body_of, same, without_running
from knowledge.readers.pdf.boxes import boxes_of
from knowledge.readers.pdf.flow import Flow
from knowledge.readers.pdf.lines import Line, Placed, in_order, joined_rows, rows_of
from knowledge.readers.pdf.page import Sheet, sheet
from knowledge.readers.pdf.spelling import Spelling
from knowledge.readers.pdf.tables import Table, ruled
from knowledge.reading import NOTHING_IN_IT, Received, Written

MOST_PAGES = 1000
END_WITHIN = 2048
ASIDE = 100.0
"""Points to the right at which lines are of another column."""
WHOLE_COPY = "Get a whole copy of it, or print it to PDF again."


def read(data: bytes, name: str) -> Received:
    """Read a PDF; every line's place is its page, counted from 1 as a viewer counts.

    Raises:
        BadInput: it is encrypted, broken, empty, of too many pages, or holds only pictures.
    """
    document = _opened(data, name)
    try:
        sheets, broken = _sheets(document, name)
        return _written(sheets, broken, _outline(document), name)
    finally:
        document.close()


def _opened(data: bytes, name: str) -> Any:
    try:
        document = pdfium.PdfDocument(data[max(data.find(b"%PDF-"), 0) :])
        pages = len(document)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            remedy = "Save it without a password and try again."
            raise BadInput(f"{name} is encrypted: it needs a password.", remedy) from error
        raise BadInput(f"{name} is broken: it cannot be opened as PDF.", WHOLE_COPY) from error
    wrong = None
    if b"%%EOF" not in data[-END_WITHIN:]:
        wrong = BadInput(f"{name} is broken: it ends too soon.", WHOLE_COPY)
    elif not pages:
        wrong = BadInput(f"{name} has no pages.", NOTHING_IN_IT)
    elif pages > MOST_PAGES:
        wrong = BadInput(
            f"{name} has more than {MOST_PAGES} pages.", "Split it into smaller files."
        )
    if wrong:
        document.close()
        raise wrong
    return document


def _sheets(document: Any, name: str) -> tuple[list[Sheet], list[int]]:
    sheets, broken = [], []
    for number in range(1, len(document) + 1):
        try:
            page = document[number - 1]
            try:
                sheets.append(sheet(page, number))
            finally:
                page.close()
        except pdfium.PdfiumError:
            broken.append(number)
    if not sheets:
        raise BadInput(f"{name} is broken: none of its pages can be read.", WHOLE_COPY)
    _refuse_empty(sheets, name)
    return sheets, broken


def _refuse_empty(sheets: list[Sheet], name: str) -> None:
    if any(each.words or each.aside for each in sheets):
        return
    if any(each.pictured for each in sheets):
        remedy = "Have its text recognised (OCR), or give the document it was printed from."
        raise BadInput(f"{name} holds only pictures of text (scanned).", remedy)
    if any(each.hidden for each in sheets):
        raise BadInput(f"{name} holds no text that a person can see.", NOTHING_IN_IT)
    raise BadInput(f"{name} holds no text.", NOTHING_IN_IT)


def _outline(document: Any) -> dict[tuple[int, str], int]:
    """The bookmarks' depths by page and title."""
    told: dict[tuple[int, str], int] = {}
    try:
        for mark in document.get_toc(max_depth=6):
            dest = mark.get_dest()
            page = dest.get_index() if dest else None
            if page is not None and (title := same(mark.get_title() or "")):
                told.setdefault((page + 1, title), mark.level)
    except (pdfium.PdfiumError, ValueError, UnicodeDecodeError):
        return {}
    return told


def _written(
    sheets: list[Sheet], broken: list[int], outline: dict[tuple[int, str], int], name: str
) -> Received:
    spelling = Spelling(word.text for each in sheets for word in each.words)
    pages = [_page(each, spelling) for each in sheets]
    repeated = without_running(pages, [each.height for each in sheets])
    columns = [[joined_rows(column) for column in in_order(page)] for page in pages]
    lines = [
        line for page in columns for column in page for line in column if isinstance(line, Line)
    ]
    body = body_of(lines, outline)
    written = Written(name, "pdf")
    written.notes += _notes(sheets, broken, repeated)
    flow = Flow(written, body, spelling)
    repeated_aside = _repeated_aside(sheets)
    for each, page in zip(sheets, columns, strict=True):
        _flow_page(flow, each, page, body)
        for text in each.aside:
            if text not in repeated_aside:
                flow.take_aside(text, f"page {each.number}")
    flow.end()
    return written.received()


def _page(sheet: Sheet, spelling: Spelling) -> list[Placed]:
    """What stands on a page from the top down: tables, and parts of lines."""
    tables, words = ruled(sheet, spelling)
    under, words = banded(sheet, words, spelling)
    more, lines = unruled(rows_of(words, sheet.number), sheet, spelling)
    placed: list[Placed] = [*tables, *under, *more, *lines]
    return sorted(placed, key=lambda each: (each.box.top, each.box.x0))


def _flow_page(flow: Flow, sheet: Sheet, columns: list[list[Placed]], body: Body) -> None:
    boxes = boxes_of(sheet, columns, body)
    lefts = [min(each.box.x0 for each in column) for column in columns]
    for column, left in zip(columns, lefts, strict=True):
        flow.column = left - lefts[0] if left > lefts[0] + ASIDE else 0.0
        for each in column:
            if isinstance(each, Table):
                flow.take_table(each)
            elif isinstance(each, Line):
                flow.take(each, boxes.get(id(each)))


def _repeated_aside(sheets: list[Sheet]) -> set[str]:
    """What stands slantwise or sideways on several pages, such as DRAFT."""
    seen = Counter(text for each in sheets for text in set(each.aside))
    return {text for text, times in seen.items() if times > 1}


def _notes(sheets: list[Sheet], broken: list[int], repeated: bool) -> list[str]:
    told = [
        ([each.number for each in sheets if each.pictured], "Only pictures: not read on {}."),
        (
            [each.number for each in sheets if each.recognised],
            "Scanned: read as a machine recognised it, perhaps with errors, on {}.",
        ),
        ([each.number for each in sheets if each.hidden], "Left out text that nobody sees on {}."),
        (
            [each.number for each in sheets if each.unnamed],
            "Left out letters that the file draws without naming them on {}.",
        ),
        (broken, "Broken: not read on {}."),
    ]
    notes = [text.format(_told(numbers)) for numbers, text in told if numbers]
    if repeated:
        notes.append("Left out what stands at the top or foot of every page.")
    return notes


def _told(numbers: list[int]) -> str:
    """Numbers of pages, runs of them as one."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0]}–{run[-1]}" if len(run) > 2 else " and ".join(map(str, run)) for run in runs]
    text = ", ".join(parts)
    return f"page {text}" if len(numbers) == 1 else f"pages {text}"
