"""Secrets that are given out: 256 bits each, kept as a hash and shown once."""

import hashlib
import hmac
import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_token(prefix: str = "") -> str:
    """A secret, with a prefix that tells what it is for."""
    return prefix + secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """SHA-256 in hexadecimal: a token is random, so that it needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_id() -> str:
    """An id for a row, 10 letters; it is a name and no secret."""
    return "".join(secrets.choice(LETTERS) for _ in range(10))


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are one; it takes as long for any two."""
    return hmac.compare_digest(given.encode(), wanted.encode())
