"""Words that turn a statement round when one takes the place of the other."""

import re

_antonyms = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("before first beforehand earlier", "after afterwards later last"),
        ("begins beginning starts start", "ends end"),
        (
            "more increases increase raises grows rises higher",
            "less fewer reduces decreases lowers lower shrinks falls decrease reduce",
        ),
        ("faster quicker", "slower"),
        ("cheaper", "dearer costlier"),
        ("larger bigger", "smaller"),
        ("always", "never seldom"),
        ("all every everyone everybody", "none nobody"),
        ("oldest", "newest latest"),
        ("same", "different another"),
        ("synchronous synchronously", "asynchronous asynchronously"),
        ("unique", "duplicate twice repeated"),
        ("allowed permitted granted", "denied forbidden refused"),
        ("private", "public"),
        ("unchanged untouched immutable", "changed overwritten altered modified mutable"),
        ("inside internal", "outside external"),
        ("encrypted hashed hashes", "plain plaintext"),
        ("better", "worse"),
        ("stronger", "weaker"),
        ("open", "closed"),
        ("safe", "unsafe dangerous"),
        ("minimum least", "maximum most"),
        ("left", "right"),
        ("manual manually", "automatic automatically automated"),
    )
)
_numbers = re.compile(r"\b(?:\d+(?:[.,]\d+)?|one|two|three|four|five|six|seven|eight|nine|ten)\b")


def opposites(statement: str, sentence: str) -> int:
    """How many pairs of opposites stand one in each; a text with both of a pair takes no side."""
    one, other = _words(statement), _words(sentence)
    return sum(
        bool(one & left and other & right and not one & right and not other & left)
        or bool(one & right and other & left and not one & left and not other & right)
        for left, right in _antonyms
    )


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.lower()))


def other_number(statement: str, sentence: str) -> bool:
    """Both give numbers, and none is the same."""
    one, other = set(_numbers.findall(statement.lower())), set(_numbers.findall(sentence.lower()))
    return bool(one and other) and not one & other
