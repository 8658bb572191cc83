"""Packed Office files: their parts as XML, whatever program wrote them.

The parts are read one by one and only where they are needed: a broken link to a picture, a macro
or another part that nothing reads breaks nothing. Files of the strict kind of the standard are
read as the usual kind. A part with a document type is refused, since no Office program writes one
and entities need it.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lxml import etree

from knowledge.errors import BadInput

Element = etree._Element

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SLIDE = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
LARGEST_PART = 100 * 2**20
SAVE_AGAIN = "Open it, save it again and send that, or send it as PDF."
SEND_TEXT = "Give a copy with text in it, or the text itself."


class Package:
    """The parts of an Office file, by their paths."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.name = name
        self._archive = archive
        self._held = {each.filename.lower(): each for each in archive.infolist()}
        self._links: dict[str, list[tuple[str, str, str]]] = {}

    def main(self, root: str, usual: str) -> tuple[str, Element]:
        """The path and the root of the part that all others hang on; `root` is its tag."""
        path = next(iter(self.related("", "officeDocument")), usual)
        found = self.xml(path)
        if found is None or found.tag != root:
            path, found = usual, self.xml(usual)
        if found is None:
            raise BadInput(f"{self.name} is broken: its main part is missing.", SAVE_AGAIN)
        if found.tag != root:
            raise BadInput(f"{self.name} is not what its parts are named.", SAVE_AGAIN)
        return path, found

    def xml(self, path: str) -> Element | None:
        """The root of a part, or None where the file does not hold it."""
        held = self._held.get(path.lower())
        if held is None:
            return None
        if held.flag_bits & 1:
            raise BadInput(f"{self.name} is encrypted.", "Save it without a password.")
        with self._archive.open(held) as file:
            content = file.read(LARGEST_PART + 1)
        if len(content) > LARGEST_PART:
            raise BadInput(f"{self.name} is too large when unpacked.", "Split it.")
        return self._parsed(STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content))

    def related(self, path: str, kind: str) -> list[str]:
        """The paths of what a part links to as this kind, such as `footnotes`."""
        return [target for _, each, target in self._linked(path) if each == kind]

    def linked(self, path: str, identity: str | None) -> str | None:
        """The path of the part behind one link."""
        return next((target for each, _, target in self._linked(path) if each == identity), None)

    def _parsed(self, content: bytes) -> Element:
        refused = BadInput(
            f"{self.name} declares XML entities, as no Office program does.", SAVE_AGAIN
        )
        if b"<!DOCTYPE" in content:
            raise refused
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
        )
        root = etree.fromstring(content, parser)
        if root.getroottree().docinfo.internalDTD is not None:  # in another encoding
            raise refused
        return root

    def _linked(self, path: str) -> list[tuple[str, str, str]]:
        if path not in self._links:
            folder, file = posixpath.split(path)
            root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
            self._links[path] = [
                (
                    each.get("Id", ""),
                    each.get("Type", "").rpartition("/")[2],
                    posixpath.normpath(posixpath.join("/", folder, each.get("Target", "")))[1:],
                )
                for each in (() if root is None else root)
                if each.get("TargetMode") != "External"
            ]
        return self._links[path]


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Package]:
    """An Office file; whatever is wrong with it, also later while it is read, is a BadInput."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield Package(archive, name)
    except (BadInput, MemoryError):
        raise
    except RecursionError:
        raise BadInput(f"{name} is nested too deep to be read.", SAVE_AGAIN) from None
    except Exception as error:  # zipfile, zlib and lxml have many, and none of them says more
        raise BadInput(f"{name} is broken and cannot be read.", SAVE_AGAIN) from error


def number(value: str | None, default: int = 0) -> int:
    """A whole number as Office files write it; `default` for anything else."""
    return int(value) if value and re.fullmatch(r"-?[0-9]{1,9}", value) else default


def unwrapped(
    parent: Element, through: frozenset[str], hides: Callable[[Element], bool]
) -> Iterator[Element]:
    """The children of an element; of those `through` which one looks, the children instead.

    Of what is written twice for old and new programs only the new is given.
    """
    for child in parent:
        if not isinstance(child.tag, str) or hides(child):
            continue
        if child.tag == f"{COMPATIBLE}AlternateContent":
            chosen = child.find(f"{COMPATIBLE}Choice")
            chosen = child.find(f"{COMPATIBLE}Fallback") if chosen is None else chosen
            if chosen is not None:
                yield from unwrapped(chosen, through, hides)
        elif child.tag in through:
            yield from unwrapped(child, through, hides)
        else:
            yield child


def diagram(package: Package, path: str, drawn: Element) -> list[str]:
    """The texts of a diagram (SmartArt) that is drawn in this part."""
    links = next(drawn.iter(f"{DIAGRAM}relIds"), None)
    target = None if links is None else package.linked(path, links.get(f"{LINK}dm"))
    root = package.xml(target) if target else None
    if root is None:
        return []
    points = root.iter(f"{DIAGRAM}t")
    texts = ("".join(t.text or "" for t in point.iter(f"{DRAWN}t")) for point in points)
    return [text for text in texts if text.strip()]


def counted(number: int, noun: str) -> str:
    """`1 picture`, `3 pictures`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
