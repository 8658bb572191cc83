"""Plain answers to the interviewer's own yes-or-no questions."""

import re

_small = (
    r"(?:[\s,.!-]+(?:please|thanks|thank|you|so|very|much|for|your|time|that|that'?s|was|is|it|all|"
    r"good|fine|from|me|my|side|more|else|further|questions?|at|the|moment|now|today|here|really|"
    r"nothing|not|no|yes|i|i'?m|am|have|do(?:n'?t)?|let'?s|we|can|go|on|continue|keep|going|sure|"
    r"end|stop|finish|interview|this|right|ok(?:ay)?|great|bye)){0,12}\W{0,4}$"
)
"""What may follow a yes or a no that is nothing more than that."""
AGREEMENT = re.compile(
    r"^\W{0,4}(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please do|correct|right|i am sure|i'm sure)\b"
    + _small,
    re.I,
)
REFUSAL = re.compile(
    r"^\W{0,4}(?:no|nope|nothing|none|not really|that'?s (?:all|it)|all good|i'?m good|nah|n/?a)\b"
    + _small,
    re.I,
)
FAREWELL = re.compile(
    r"\b(?:thank(?:s| you)|bye|have a (?:nice|good) \w+|good ?bye)\b[^?]{0,40}$", re.I
)
BACK = re.compile(r"\b(?:back|resume|continue|go on|ready|here)\b", re.IGNORECASE)

MACHINE = re.compile(
    r"\b(?:are you|is this|am i talking to)\b[\w ,]{0,25}"
    r"\b(?:ai|bot|machine|human|person|robot|real)\b"
    r"|\bwho (?:reads?|decides?|sees?|will (?:read|decide|see))\b",
    re.IGNORECASE,
)


def agrees(message: str) -> bool:
    """A plain yes."""
    return bool(AGREEMENT.match(message.strip()))


def declines(message: str) -> bool:
    """A plain no, or nothing to add."""
    text = message.strip()
    return bool(REFUSAL.match(text)) or (bool(FAREWELL.search(text)) and "?" not in text)


def is_back(message: str) -> bool:
    """A few words that only say the break is over."""
    text = message.strip()
    return len(text.split()) <= 4 and (agrees(text) or bool(BACK.search(text)))


def asks_about_the_machine(message: str) -> bool:
    """Whether they ask who is talking to them, or who reads and decides."""
    return bool(MACHINE.search(message))
