"""Documents made to harm whoever reads them, and what our own patterns and pages would let in."""

import io
import re
import time
import zipfile
import zlib
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
import pytest_asyncio
from room import Room, furnished

import api

one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """One room for all of them."""
    async with furnished(tmp_path_factory.mktemp("documents") / "viva") as made:
        yield made


def bombs() -> dict[str, bytes]:
    """A few kilobytes that would be gigabytes, for whoever unpacks them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * (50 * 2**20))
    flate = zlib.compress(zlib.compress(b"\0" * (50 * 2**20)))
    head = b"%PDF-1.7\n1 0 obj\n<</Filter [/FlateDecode /FlateDecode] /Length "
    pdf = head + str(len(flate)).encode() + b">>stream\n" + flate + b"\nendstream\nendobj\n"
    return {
        "bomb.zip": packed.getvalue(),
        "bomb.docx": packed.getvalue(),
        "bomb.pdf": pdf,
        "renamed.md": packed.getvalue(),
        "pdf.txt": pdf,
    }


@one_loop
async def test_bombs_are_refused_by_name_and_never_unpacked(room: Room) -> None:
    files = [("files", each) for each in bombs().items()]
    began = time.monotonic()
    answer = await room.clients["recruiter"].post("/api/kits/bombs/documents", files=files)
    assert answer.status_code == 422, answer.text
    assert time.monotonic() - began < 60
    assert "root:" not in answer.text
    assert "bomb.zip" in answer.text
    assert (await room.clients["recruiter"].get("/api/kits/bombs")).status_code == 404


def entities() -> dict[str, bytes]:
    """XML that unfolds, and XML that wants a file of this machine."""
    inner = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    outside = "<!ENTITY e SYSTEM 'file:///etc/passwd'>"
    return {
        f"{name}.xml": f"<?xml version='1.0'?><!DOCTYPE x [{text}]><x>&{last};</x>".encode()
        for name, text, last in (("laughs", inner, "l9"), ("outside", outside, "e"))
    }


@one_loop
async def test_xml_is_text_whose_entities_nobody_unfolds(room: Room) -> None:
    recruiter = room.clients["recruiter"]
    files = [("files", each) for each in entities().items()]
    answer = await recruiter.post("/api/kits/entities/documents", files=files)
    assert answer.status_code in {201, 422}, answer.text
    assert len(answer.content) < 20_000
    whole = (await recruiter.get("/api/library/entities")).text
    assert "root:" not in answer.text + whole
    assert "lol" * 20 not in whole


SEARCHED = {"api.hiring.safe_csv._FORMULA", "api.hiring.safe_csv._CONTROL"}
"""Patterns that are looked for anywhere in a text; the others have to fit from its beginning."""


def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern that a module for teams, candidates and their pages keeps."""
    found = {}
    for part in ("hiring", "identity", "pages", "web"):
        for module in walk_packages([str(Path(api.__file__).parent / part)], f"api.{part}."):
            for held, value in vars(import_module(module.name)).items():
                if isinstance(value, re.Pattern):
                    found[f"{module.name}.{held}"] = value
    return found


def test_no_pattern_takes_long_over_any_text() -> None:
    size = 10_000
    texts = [one * size for one in " a=;'\"<{-\n\t0@"]
    texts += [two * (size // 2) for two in ("a ", "; ", "'=", "{a", "a@", ". ", "\n ", "a,")]
    texts += [f"{text}!" for text in texts]
    found = patterns()
    assert found.keys() >= SEARCHED
    for name, pattern in found.items():
        tried = [pattern.search] if name in SEARCHED else [pattern.match, pattern.fullmatch]
        began = time.process_time()
        for text in texts:
            for each in tried:
                each(text)
        assert time.process_time() - began < 5.0, name


def test_the_shipped_pages_load_nothing_from_elsewhere() -> None:
    folder = Path(api.__file__).parent / "pages"
    for file in (*folder.glob("templates/*.html"), *folder.glob("static/*")):
        text = file.read_text("utf-8")
        outside = re.findall(
            r"""(?:src|href|url\(|from|import)\s*=?\s*["'(]\s*(https?:)?//""", text
        )
        assert not outside, file.name
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", text), file.name
        assert not re.search(r"\s(?:on[a-z]+|style)=[\"']", text), file.name
        assert "innerHTML" not in text, file.name
