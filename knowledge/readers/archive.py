"""Archives: each file in one, unpacked in memory and never beyond what a person would send."""

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from knowledge.errors import BadInput
from knowledge.readers import LARGEST, is_hidden, shown
from knowledge.readers.kinds import kind_of

MOST_FILES = 2_000
MOST_UNPACKED = 200 * 2**20
"""Bytes of all files of one archive; counted while they are unpacked, whatever they claim."""

PACK_AGAIN = "Pack the files again, or send them as they are."


def unpacked(data: bytes, name: str) -> Iterator[tuple[str, bytes | BadInput]]:
    """The files of a ZIP by the path they have in it, or what is wrong with one of them.

    Raises:
        BadInput: the archive is broken, or holds too much.
    """
    with _opened(data, name) as archive:
        files = [each for each in archive.infolist() if not each.filename.endswith(("/", "\\"))]
        members = [each for each in files if not _is_hidden(each)]
        if len(members) > MOST_FILES:
            raise BadInput(
                f"{name} holds {len(members):,} files.", f"Send at most {MOST_FILES:,} at a time."
            )
        if not members:
            raise BadInput(f"{name} holds no files.", "Pack the documents and send it again.")
        left = MOST_UNPACKED
        for member in members:
            path = shown(f"{name}/{member.filename}")
            try:
                content = _content(archive, member, path, left)
            except BadInput as error:
                yield path, error
                continue
            left -= len(content)
            if left < 0:
                raise BadInput(
                    f"{name} has more than {MOST_UNPACKED // 2**20} MB when it is unpacked.",
                    "Send it in several parts.",
                )
            yield path, content


def _opened(data: bytes, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BadInput(f"{name} is broken.", "Get a whole copy of it.") from error


def _is_hidden(member: zipfile.ZipInfo) -> bool:
    """What a file system keeps for itself."""
    return any(map(is_hidden, _way(member).parts))


def _way(member: zipfile.ZipInfo) -> PurePosixPath:
    """Its path, also where it was packed on Windows."""
    return PurePosixPath(member.filename.replace("\\", "/"))


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: str, left: int) -> bytes:
    """A file's bytes, at most one more than may be.

    Raises:
        BadInput: it is none that is read.
    """
    way = _way(member)
    if not way.parts:
        raise BadInput(f"{path} has no name.", PACK_AGAIN)
    if way.is_absolute() or ".." in way.parts or ":" in way.parts[0]:
        raise BadInput(f"{path} points outside of the archive.", PACK_AGAIN)
    if stat.S_ISLNK(member.external_attr >> 16):
        raise BadInput(f"{path} is a link and no file.", PACK_AGAIN)
    if member.flag_bits & 1:
        raise BadInput(f"{path} is encrypted.", "Pack it without a password.")
    try:
        with archive.open(member) as file:
            content = file.read(min(LARGEST, left) + 1)
    except Exception as error:  # zlib, bz2 and lzma each have their own for broken data
        raise BadInput(f"{path} is broken.", PACK_AGAIN) from error
    if len(content) > LARGEST:
        raise BadInput(f"{path} is larger than 20 MB.", "Split it into smaller files.")
    if kind_of(content, path) == "zip":
        raise BadInput(f"{path} is an archive within an archive.", "Unpack it first.")
    return content
