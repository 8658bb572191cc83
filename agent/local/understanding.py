"""What a message wants, read by rules.

The message is taken apart into clauses; clauses that ask, decline or steer are set aside, and
what is left decides whether there is an answer in it. So "sorry, I got cut off - I would use a
queue" answers, and "no idea, next" skips.
"""

import re

from agent.events import Intent
from agent.local.cues import ABROAD, CUES, ENGLISH, FILLER, SMALL_TALK
from agent.state import OpenKind

_clause_ends = re.compile(
    r"(?<=[.!?;\n])\s+|(?<!\s)\s+[-–—]+\s+|\n+"
    r"|,\s+(?=(?:but|next|skip|let'?s|let|can|could|please)\b)"
    r"|,\s+(?=i(?:'ve| have)? (?:never|do(?:n'?t| not))\b)",
    re.IGNORECASE,
)
_word = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
LONG = 25
LITTLE = 10
ANSWER_WORDS = 4
"""Words outside of asking and declining from which a message counts as an answer."""


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


def intents(message: str, kind: OpenKind) -> tuple[Intent, ...]:
    """What a message wants, primary first; `kind` is the question it came on."""
    text = message.strip()
    clauses = [clause.strip() for clause in _clause_ends.split(text) if clause and clause.strip()]
    found: set[Intent] = set()
    left = 0
    for clause in clauses:
        cues = _cues(clause)
        found |= cues
        if not cues and not FILLER.match(clause):
            left += len(_word.findall(clause))
        elif cues == {"steering"}:
            left += _said_about_it(clause)
    if "steering" in _cues(text):
        found.add("steering")
    return _ranked(text, found, left, kind)


def _cues(clause: str) -> set[Intent]:
    return {intent for intent, cue in CUES if cue.search(clause)}


def _said_about_it(clause: str) -> int:
    """Words that lead up to steering: "injection is when a text says ..." talks about it."""
    start = next(
        found.start() for i, cue in CUES if i == "steering" and (found := cue.search(clause))
    )
    return len(_word.findall(clause[:start]))


def _ranked(text: str, found: set[Intent], left: int, kind: OpenKind) -> tuple[Intent, ...]:
    if (
        kind == "candidate_questions"
        and ("?" in text or left >= ANSWER_WORDS)
        and not found & {"stop", "pause", "abuse", "distress"}
    ):
        return ("candidate_question", *_among(found, "steering"))
    if "dont_know" in found and "skip" in found:
        found.discard("dont_know")
    substance = left >= ANSWER_WORDS or (left > 0 and not found)
    if not found and SMALL_TALK.search(text) and kind not in {"warm_up", "money"}:
        return ("off_topic",)
    ranked = _among(found, *_primary)
    if not substance:
        return ranked or ("answer",)
    if (found & {"abuse", "distress"} and left < LONG) or _asks_only(text, found, left):
        return ranked
    if "amend" in found:
        return ("amend", *_among(found - {"amend"}, *_primary))
    return ("answer", *_among(found, *_beside_an_answer))


def _among(found: set[Intent], *order: Intent) -> tuple[Intent, ...]:
    return tuple(intent for intent in order if intent in found)


def _asks_only(text: str, found: set[Intent], left: int) -> bool:
    """A message that ends in asking something back, with little else, is no answer."""
    asks = bool(found & {"clarify", "candidate_question", "hint", "pause"})
    return asks and text.endswith("?") and left < LITTLE
