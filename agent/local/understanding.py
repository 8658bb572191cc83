"""What a message wants, read by rules, and where those know nothing by likeness.

The message is taken apart into clauses, each put plainly: chat spelling written out, courtesies
left out. Clauses that ask, decline or steer are set aside, and what is left decides whether
there is an answer in it. So "sorry, I got cut off - I would use a queue" answers, and "no idea,
next" skips.
"""

import re
from collections.abc import Iterator, Sequence

from agent.events import Intent
from agent.hearing import seen
from agent.local.cues import (
    ABROAD,
    DENIED,
    ENGLISH,
    FILLER,
    FINE,
    NERVES,
    NOT_GOOD_AT,
    REPORTED,
    WHOLE,
    WITHIN,
)
from agent.local.plain import plain, respelled
from agent.local.prototypes import nearest
from agent.local.steering import steering, without
from agent.state import OpenKind
from knowledge.parser.meaning import Likeness

ANSWER_WORDS = 4
"""Words outside of asking and declining from which a message counts as an answer."""
LITTLE = 6
LONG = 15
TYPED = 10
"""Words of a clause in which slips of the finger are mended."""
SHORT_MESSAGE = 12
"""Words of a message up to which it is read by what it means, where no cue knows it."""
SHORT_CLAUSE = 16
LONG_CLAUSE = 40
ENDS = 12
"""Clauses at either end of a message in which wishes are looked for; the middle of a long one
is told, not asked."""

_alike = str.maketrans("’‘`“”…–—", "'''\"\".--")
_fence = re.compile(r"```")
_clause_ends = re.compile(r"(?<=[.!?;])\s+|\.{2,}|(?<=[.!?])(?=[A-Z])|\s-+\s|\n+")
_parts = re.compile(r",\s+|\s(?=(?:but|and|can|could) )|\s-\s", re.IGNORECASE)
_quoted = re.compile(r'"[^"\n]{1,200}"')
_question = re.compile(
    r"^(?:what|who|when|where|why|how|which|is|are|does|do|did|will|would|can|could|should|may|am)\b"
)


_primary: tuple[Intent, ...] = (
    "abuse",
    "distress",
    "stop",
    "pause",
    "amend",
    "skip",
    "hint",
    "clarify",
    "dont_know",
    "candidate_question",
    "technical_problem",
    "steering",
    "off_topic",
)
_beside_an_answer: tuple[Intent, ...] = (
    "steering",
    "dont_know",
    "distress",
    "technical_problem",
    "candidate_question",
    "hint",
)


def in_english(message: str) -> bool:
    """Whether the local examiner can read it: it knows English alone."""
    letters = [char for char in message if char.isalpha()]
    if len(letters) < 24:
        return True
    latin = sum(char < "\u0250" for char in letters)
    if latin < len(letters) / 2:
        return False
    foreign = len(ABROAD.findall(message))
    return foreign < 3 or foreign <= len(ENGLISH.findall(message))


def intents(message: str, kind: OpenKind, likeness: Likeness | None = None) -> tuple[Intent, ...]:
    """What a message wants, primary first; `kind` is the question it came on.

    With an embedder, a short message that no cue knows is read by what it means.
    """
    return intents_of([(message, kind)], likeness)[0]


def intents_of(
    messages: Sequence[tuple[str, OpenKind]], likeness: Likeness | None = None
) -> list[tuple[Intent, ...]]:
    """The same for a batch, in its order; what has to be embedded is embedded together."""
    read = [_by_cues(message, kind) for message, kind in messages]
    if likeness is None:
        return read
    unclear = [i for i, each in enumerate(messages) if read[i] == ("answer",) and _is_short(*each)]
    wishes = nearest([messages[i][0] for i in unclear], likeness)
    for i, wish in zip(unclear, wishes, strict=True):
        read[i] = ("answer",) if wish == "distress" and _is_well(messages[i][0]) else (wish,)
    return read


def _is_short(message: str, kind: OpenKind) -> bool:
    words = len(message[:400].split())
    return kind in {"core", "follow_up", "find_out"} and 1 < words <= SHORT_MESSAGE


def _is_well(message: str) -> bool:
    """Fine, or only not good at something: likeness does not tell them from distress."""
    said = message.translate(_alike).casefold()
    return bool(FINE.search(_fine_words(said)) or NOT_GOOD_AT.search(plain(message)))


def _fine_words(said: str) -> str:
    """Without points and contractions; `plain` leaves out "okay" as a courtesy."""
    return " ".join(re.findall(r"[a-z]+", said.replace("i'm", "i am").replace("'s", " is")))


def _by_cues(message: str, kind: OpenKind) -> tuple[Intent, ...]:
    steers = steering(message)
    text = seen(without(message, steers)).text.translate(_alike).strip()
    found: set[Intent] = {"steering"} if steers else set()
    left = asked = 0
    for clause in _clauses(text):
        wants, words = _read(clause, left)
        found |= wants
        if not wants and _is_question(clause):
            asked += words
        else:
            left += words
    if asked and left < ANSWER_WORDS and not found:
        found.add("clarify")
    return _ranked(text, found, left, kind)


def _clauses(text: str) -> Iterator[str]:
    """The clauses of a message; of a long one only its ends are taken apart."""
    told = _fence.split(text)
    for code in told[1::2]:
        yield "code " * min(len(code.split()), LONG)
    clauses = [clause for part in told[::2] for clause in _clause_ends.split(part) if clause]
    if len(clauses) > 2 * ENDS:
        yield " ".join(clauses[ENDS:-ENDS])
        clauses = clauses[:ENDS] + clauses[-ENDS:]
    yield from clauses


def _read(clause: str, left: int) -> tuple[set[Intent], int]:
    """What a clause wants, and how many of its words are left for an answer."""
    said = plain(_quoted.sub(" ", clause[: 12 * LONG_CLAUSE]))
    words = len(said.split())
    if words > LONG_CLAUSE:
        return set(), words
    wants = _wants(said, clause, left)
    parts = [part for part in _parts.split(clause) if part]
    apart, rest = _read_parts(parts, left) if len(parts) > 1 else (wants, 0 if wants else words)
    if wants and words <= SHORT_CLAUSE:
        return wants | apart, 0
    return apart, 0 if not apart and FILLER.match(clause) else rest


def _read_parts(parts: list[str], left: int) -> tuple[set[Intent], int]:
    wants: set[Intent] = set()
    words = 0
    for part in parts:
        said = plain(_quoted.sub(" ", part))
        found = _wants(said, part, left + words)
        wants |= found
        words += 0 if found or FILLER.match(part) else len(said.split())
    return wants, words


def _wants(said: str, clause: str, left: int) -> set[Intent]:
    found: set[Intent] = set()
    words = len(said.split())
    if 0 < words <= SHORT_CLAUSE:
        found = _whole(said) or (_whole(respelled(said)) if words <= TYPED else set())
    if not said and "?" in clause:
        found.add("clarify")
    for intent, cue in WITHIN:
        match = cue.search(said)
        if match and not REPORTED.search(said[: match.start()]):
            found.add(intent)
    if left >= ANSWER_WORDS:
        found.discard("amend")
    return found


def _whole(said: str) -> set[Intent]:
    found = {intent for intent, cue in WHOLE if cue.fullmatch(said)}
    if "hint" in found and DENIED.search(said):
        found.remove("hint")
    for narrow, wide in _narrower:
        if narrow in found:
            found.discard(wide)
    return found


_narrower: tuple[tuple[Intent, Intent], ...] = (
    ("candidate_question", "clarify"),
    ("off_topic", "clarify"),
    ("off_topic", "candidate_question"),
    ("skip", "dont_know"),
    ("hint", "dont_know"),
    ("clarify", "dont_know"),
)
"""Where two cues fit the same clause, the first says what is meant."""


def _questions(text: str) -> bool:
    return "?" in text or bool(_question.match(plain(text[:400])))


def _is_question(clause: str) -> bool:
    return clause.rstrip().endswith("?") and bool(_question.match(plain(clause)))


def _ranked(text: str, found: set[Intent], left: int, kind: OpenKind) -> tuple[Intent, ...]:
    if (
        kind == "candidate_questions"
        and (
            "?" in text
            or left >= ANSWER_WORDS
            or "clarify" in found
            or _question.match(plain(text))
        )
        and not found & {"stop", "pause", "abuse", "distress"}
    ):
        return ("candidate_question", *_among(found, "steering"))
    if "skip" in found:
        found.discard("dont_know")
    if "amend" in found:
        found.discard("pause")
    if kind in {"warm_up", "money"}:
        found.discard("off_topic")
    substance = left >= ANSWER_WORDS or (left > 0 and not found)
    ranked = _among(found, *_primary)
    if not substance:
        return ranked or ("answer",)
    if "distress" in found and _only_nervous(text):
        found.discard("distress")
    if (found & {"abuse", "distress"} and left < LONG) or _asks_only(text, found, left):
        return ranked
    if "amend" in found:
        return ("amend", *_among(found - {"amend"}, *_primary))
    return ("answer", *_among(found, *_beside_an_answer))


def _only_nervous(text: str) -> bool:
    """Whether nerves are all there is to it, which is no distress beside an answer."""
    said = plain(text)
    cue = dict(WITHIN)["distress"]
    return bool(cue.search(said)) and not cue.search(NERVES.sub(" ", said))


def _among(found: set[Intent], *order: Intent) -> tuple[Intent, ...]:
    return tuple(intent for intent in order if intent in found)


def _asks_only(text: str, found: set[Intent], left: int) -> bool:
    """A message that ends in asking something back, with little else, is no answer."""
    asks = bool(found & {"clarify", "candidate_question", "hint", "pause"})
    return asks and text.endswith("?") and left < LITTLE
