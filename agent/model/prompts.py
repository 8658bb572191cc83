"""Prompts: one Markdown file each, the system's words, a line of three dashes, the user's.

The system's words have no slots, so that a provider can keep them cached; the user's have
`$name` slots. What people wrote goes between fences that carry a nonce.
"""

import hashlib
import secrets
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from string import Template
from typing import Literal

Purpose = Literal["examine", "phrase", "propose", "draft"]
HELD: tuple[Purpose, ...] = ("examine", "phrase")
"""Those that take part in an interview; the others work on kits."""
Messages = tuple[tuple[str, str], ...]
"""Pairs of role (`system`, `human`, `ai`) and text."""


@dataclass(frozen=True)
class Filled:
    """A prompt that is ready to be sent."""

    purpose: Purpose
    hash: str
    messages: Messages


@dataclass(frozen=True)
class Prompt:
    """A prompt's text with its slots open."""

    purpose: Purpose
    text: str

    @cached_property
    def hash(self) -> str:
        """Twelve hex digits of the SHA-256 of the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def fill(self, **slots: str) -> Filled:
        """The prompt with its slots filled; what is put in is never read for slots itself.

        Raises:
            ValueError: a slot is missing, or there is none of a name given.
        """
        system, user = self.text.split("\n---\n", 1)
        template = Template(user.strip())
        if odd := set(template.get_identifiers()) ^ set(slots):
            raise ValueError(f"The prompt {self.purpose} and its slots differ in {sorted(odd)}.")
        messages = (("system", system.strip()), ("human", template.substitute(slots)))
        return Filled(self.purpose, self.hash, messages)


def load(purpose: Purpose) -> Prompt:
    """The prompt that ships under this name."""
    file = files("agent.model") / "prompts" / f"{purpose}.md"
    return Prompt(purpose, file.read_text(encoding="utf-8"))


def prompt_texts() -> tuple[str, ...]:
    """The text of every prompt of an interview, for the leak guard: none is read out."""
    return tuple(load(purpose).text for purpose in HELD)


def nonce(*texts: str) -> str:
    """Sixteen hex digits that occur in none of the texts, whatever their case."""
    together = "\n".join(texts).casefold()
    while (drawn := secrets.token_hex(8)) in together:
        continue
    return drawn
