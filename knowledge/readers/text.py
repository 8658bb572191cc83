"""Text as it is received: bytes in any encoding in, repaired text out.

Lines are counted as a person's editor counts them (`\\n`, `\\r\\n` and `\\r` end a line and nothing
else does), and no repair adds or removes one, so that every atom can name the line it came from.
"""

import re

import ftfy
from ftfy import bad_codecs

from knowledge.errors import BadInput
from knowledge.reading import NOTHING_IN_IT, Received

SAVE_AS_TEXT = "Save the document as Markdown or plain text and try again."
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
NOT_TEXT = (b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"\x1f\x8b")
KIT = re.compile(r"(?:\s*(?:#.*)?\n|---\s*\n)*viva:\s*\d")
ONLY_ENCODING = ftfy.TextFixerConfig(unescape_html=False, fix_c1_controls=False)
bad_codecs.ok()


def _mac_roman(first: int, last: int) -> str:
    return f"[{re.escape(bytes(range(first, last + 1)).decode('mac_roman'))}]"


# Multi-byte UTF-8 as Mac Roman shows it. Typographic marks, arrows and emoji are no accident:
# their first byte looks like a low quotation mark or Apple's own sign.
TAIL = _mac_roman(0x80, 0xBF)
SURE_MAC_ROMAN = re.compile(
    f"{_mac_roman(0xE2, 0xE2)}{TAIL}{{2}}|{_mac_roman(0xF0, 0xF0)}{TAIL}{{3}}"
)
MAC_ROMAN = re.compile(
    f"{SURE_MAC_ROMAN.pattern}|{_mac_roman(0xE1, 0xEF)}{TAIL}{{2}}|{_mac_roman(0xC2, 0xDF)}{TAIL}"
)


def read(data: bytes, name: str) -> Received:
    """Read a text file, undoing what broken encodings did to it.

    Raises:
        BadInput: it is empty or no text.
    """
    repairs: list[str] = []
    text = decoded(data, name, repairs)
    if KIT.match(text) and "\natoms:" in text:
        raise BadInput(f"{name} is a kit of Viva.", "Load it with `viva kit load`.")
    lines = re.split(r"\r\n|\r|\n", text)
    mended = _mended(lines)
    changed = sum(old != new for old, new in zip(lines, mended, strict=True))
    if changed:
        noun = "line" if changed == 1 else "lines"
        repairs.append(
            f"Repaired {changed} {noun} whose characters had been decoded in the wrong encoding."
        )
    return Received(document=name, text="\n".join(mended), repairs=tuple(repairs))


def decoded(data: bytes, name: str, repairs: list[str]) -> str:
    """The text of these bytes, as it stands; what had to be assumed is told in `repairs`.

    Raises:
        BadInput: it is empty or no text.
    """
    if data.startswith(PICTURES):
        raise BadInput(f"{name} is a picture.", "Have its text recognised and give that.")
    if data.startswith(NOT_TEXT):
        raise BadInput(f"{name} is not a text file.", SAVE_AS_TEXT)
    encoding = _wide_encoding(data)
    try:
        text = data.decode(encoding) if encoding else _decoded_by_line(data, repairs)
    except UnicodeDecodeError:
        raise BadInput(f"{name} is not a text file.", SAVE_AS_TEXT) from None
    text = text.removeprefix("\ufeff")
    if encoding and encoding.startswith("utf-16"):
        repairs.append("Read as UTF-16.")
    if _is_binary(text):
        raise BadInput(f"{name} is not a text file.", SAVE_AS_TEXT)
    if not text.strip():
        raise BadInput(f"{name} is empty.", NOTHING_IN_IT)
    return text


def _wide_encoding(data: bytes) -> str | None:
    """UTF-32 or UTF-16, told by its mark or, for plain English, by where the NULs stand."""
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd, half = data[::2].count(0), data[1::2].count(0), len(data) // 2
    if half and len(data) % 2 == 0 and max(even, odd) > 0.7 * half and not min(even, odd):
        return "utf-16-le" if odd else "utf-16-be"
    return None


def _decoded_by_line(data: bytes, repairs: list[str]) -> str:
    """UTF-8, and line by line Windows-1252 where it is not."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    lines = [_decoded_line(line) for line in re.split(rb"(\r\n|\r|\n)", data)]
    foreign = sum(not is_utf8 for _, is_utf8 in lines)
    repairs.append(f"Read {foreign} lines that are not UTF-8 as Windows-1252.")
    return "".join(text for text, _ in lines)


def _decoded_line(line: bytes) -> tuple[str, bool]:
    try:
        return line.decode("utf-8"), True
    except UnicodeDecodeError:
        return line.decode("sloppy-windows-1252"), False


def _is_binary(text: str) -> bool:
    controls = len(re.findall(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", text))
    return "\0" in text or controls > len(text) / 200


def _mended(lines: list[str]) -> list[str]:
    """Lines with characters restored that were decoded in the wrong encoding.

    ftfy knows most damage. It is unsure of Mac Roman, where a lone line says little, so a
    file that shows one sure sign of it is undone run by run instead.
    """
    if any(SURE_MAC_ROMAN.search(line) for line in lines):
        return [MAC_ROMAN.sub(_as_utf8, line) for line in lines]
    return [line if line.isascii() else ftfy.fix_encoding(line, ONLY_ENCODING) for line in lines]


def _as_utf8(run: re.Match[str]) -> str:
    try:
        return run.group().encode("mac_roman").decode("utf-8")
    except UnicodeDecodeError:
        return run.group()
