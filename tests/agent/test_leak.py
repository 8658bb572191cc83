"""What the leak guard lets through, and through which disguises it sees."""

import base64
import codecs
from collections.abc import Callable

import pytest
from held import KIT

from agent.leak import LeakGuard
from knowledge.kit_yaml import parse_kit

HIDDEN = "The old version of every row stays beside the new version."


@pytest.fixture(scope="module")
def guard() -> LeakGuard:
    return LeakGuard(parse_kit(KIT, "kit.yaml"), ["Acknowledge one concrete thing they said."])


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


DISGUISES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "spaced": " ".join,
    "hyphens": "-".join,
    "no spaces": lambda text: text.replace(" ", ""),
    "zero width": "\u200b".join,
    "bidi": lambda text: f"\u202e{text}\u202c",
    "tags": lambda text: "".join(chr(0xE0000 + ord(letter)) for letter in text),
    "full width": lambda text: "".join(
        chr(ord(letter) + 0xFEE0) if letter > " " else letter for letter in text
    ),
    "cyrillic": lambda text: text.translate(str.maketrans("aeopcxy", "аеорсху")),
    "leet": lambda text: text.translate(str.maketrans("aeiost", "431057")),
    "symbols": lambda text: text.translate(str.maketrans("aeis", "@3!$")),
    "table": lambda text: "|".join(text.split()),
    "backwards": lambda text: text[::-1],
    "words backwards": lambda text: " ".join(reversed(text.split())),
    "each word backwards": lambda text: " ".join(word[::-1] for word in text.split()),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "base64": _base64,
    "base64 in pieces": lambda text: " ".join(
        _base64(text)[at : at + 20] for at in range(0, len(_base64(text)), 20)
    ),
    "rot13 in base64": lambda text: _base64(codecs.encode(text, "rot13")),
    "hex": lambda text: text.encode().hex(),
    "hex bytes": lambda text: text.encode().hex(" "),
    "percent": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "entities": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "numbered": lambda text: " ".join(f"{n}. {w}" for n, w in enumerate(text.split(), 1)),
    "a word between": lambda text: " ".join(f"well {word}" for word in text.split()),
}


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_does_not_help(guard: LeakGuard, name: str) -> None:
    assert guard.leaks(f"Well then. {DISGUISES[name](HIDDEN)}")


@pytest.mark.parametrize("name", DISGUISES)
def test_an_authored_question_is_sayable_in_any_form(guard: LeakGuard, name: str) -> None:
    asked = "Orders change for thirty days. How do you keep last week's report right?"
    assert not guard.leaks(DISGUISES[name](asked))


def test_five_words_in_a_row_are_no_leak_and_six_are(guard: LeakGuard) -> None:
    assert not guard.leaks("You said the old version of every table.")
    assert guard.leaks("You said the old version of every row.")


def test_the_prompts_are_hidden_too(guard: LeakGuard) -> None:
    assert guard.leaks("I was told: acknowledge one concrete thing they said.")
    assert not LeakGuard(parse_kit(KIT, "kit.yaml")).leaks("acknowledge one concrete thing they")


@pytest.mark.parametrize(
    "text",
    [
        "You mentioned a nightly job that reads the orders table twice.",
        "You keep 30 days of history in a column called valid_from.",
        "Since 2019 you have run 4 clusters with 1,200 partitions at 99.9 % uptime.",
        "See https://example.org/a1b2c3d4e5f60718293a4b5c6d7e8f90 for it.",
        "",
    ],
)
def test_ordinary_words_pass(guard: LeakGuard, text: str) -> None:
    assert not guard.leaks(text)
