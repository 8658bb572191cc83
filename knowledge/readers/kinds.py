"""What a file is, by its content; its name only where two kinds look alike."""

import io
import re
import zipfile
from pathlib import PurePath
from typing import Literal

from knowledge.errors import BadInput
from knowledge.reading import Format

Kind = Format | Literal["zip"]

SAVE_AS_TEXT = "Save it as PDF, Word, Markdown or plain text and try again."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PARTS: dict[str, Kind] = {
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "xl/workbook.xml": "xlsx",
}
"""What a packed Office file holds by which it is known."""

MOST_UNPACKED = 300 * 2**20
"""Bytes of an Office file's parts."""

PAGE = re.compile(
    r"\s*+(<\?xml[^>]*>\s*+)?(?>(<!--.*?-->\s*+)*)<(!doctype\s+html|html|head|body)\b", re.I | re.S
)
ARCHIVED_PAGE = re.compile(rb"\A[\w-]+: .*?^Content-Type: multipart/related", re.I | re.M | re.S)
PAGE_ENDINGS = (".html", ".htm", ".xhtml", ".mht", ".mhtml")
TAG = re.compile(rb"<\0?[a-zA-Z!/]")


def kind_of(data: bytes, name: str) -> Kind:
    """What this content is; whatever is nothing else is text.

    Raises:
        BadInput: it is an Office file that is encrypted or of an old kind, or a broken archive.
    """
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(data, name)
    if data.startswith(OLE):
        raise _office(data, name)
    ending = PurePath(name).suffix.lower()
    if PAGE.match(data[:4096].lstrip(b"\xef\xbb\xbf").decode("latin-1")):
        return "html"
    if ARCHIVED_PAGE.search(data[:2000]) or (ending in PAGE_ENDINGS and TAG.search(data)):
        return "html"
    looks_so = data.lstrip()[:1] in (b"{", b"[")
    if ending in (".json", ".jsonl", ".ndjson") or (looks_so and _is_json(data)):
        return "json"
    return "csv" if ending in (".csv", ".tsv") else "text"


def _packed(data: bytes, name: str) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            held = set(archive.namelist())
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BadInput(f"{name} is broken: it ends too soon.", "Get a whole copy of it.") from error
    kind: Kind = next((kind for part, kind in PARTS.items() if part in held), "zip")
    if kind != "zip" and size > MOST_UNPACKED:
        raise BadInput(f"{name} is far larger than it looks.", SAVE_AS_TEXT)
    return kind


def _office(data: bytes, name: str) -> BadInput:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return BadInput(f"{name} is encrypted.", "Save it without a password and try again.")
    return BadInput(f"{name} is an Office file of an old kind.", SAVE_AS_TEXT)


def _is_json(data: bytes) -> bool:
    import json

    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
