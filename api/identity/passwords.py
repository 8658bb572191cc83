"""Passwords: what can be one, and their argon2 hashes, made by a few threads of their own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from knowledge.errors import BadInput

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
FEWEST_LETTERS = 5
AT_ONCE = 2
"""A hash takes 64 MiB of memory; more people than this wait, and nobody else has to."""


def check_password(password: str) -> None:
    """Refuse what is easily guessed, or no password at all.

    Raises:
        BadInput: it cannot be one.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(
            f"The password has {len(password)} characters.",
            f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD}; a sentence is easy to keep in mind.",
        )
    if len(set(password)) < FEWEST_LETTERS:
        raise BadInput(
            "The password repeats a few characters.",
            f"Use at least {FEWEST_LETTERS} different ones.",
        )


async def hash_of(password: str) -> str:
    """The argon2 hash to keep.

    Raises:
        BadInput: it cannot be a password.
    """
    check_password(password)
    return await asyncio.get_running_loop().run_in_executor(_threads(), _hasher().hash, password)


async def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password of this hash; as slow where there is none."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads(), _fits, password[: LONGEST_PASSWORD + 1], kept)


def _fits(password: str, kept: str | None) -> bool:
    nobodys = _nobodys()  # made for everybody's first try, so that its time tells nothing
    right = _hasher().verify(password, kept or nobodys)
    return right and kept is not None


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, "passwords")


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody's password")
