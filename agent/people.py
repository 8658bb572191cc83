"""Wishes for a person, or for other conditions: never an answer, always for people to see."""

import re

MOST_WORDS = 40
"""A longer message is an answer, whatever else it says."""

_wish = (
    r"^\W*(?:(?:hi|hello|hey|sorry|please|so|ok(?:ay)?|well|no|thanks)[\s,.!]+){0,3}"
    r"(?:(?:can|could|may|might|would) i(?: please| also| rather)?\b|is it possible\b|is there\b"
    r"|(?:can|could|would) (?:you|someone|somebody)(?: please)?\b|let me\b|please\b"
    r"|i(?:'d| would)(?: really| much)? (?:like|love|rather|prefer)\b"
    r"|i(?: really| do)? (?:want|need|prefer|wish|ask|request|have)\b|i(?:'m| am)\b"
    r"|(?:talk|speak|chat)(?:ing)? (?:to|with)\b"
    r"|(?:a )?(?:real |human )(?:person|being|interviewer)\b)"
)
_person = (
    r"\b(?:human(?: being)?s?|(?:real|live|actual) (?:person|people|interviewer)"
    r"|(?:talk|speak|chat|write|interviewed|be asked|passed on|handed over|transferred)"
    r"(?: \w+)? (?:to|with|by) (?:a |an |some |any )?"
    r"(?:person|people|somebody|someone|recruiter|hr))\b"
)
_conditions = (
    r"\b(?:accommodations?|reasonable adjustments?|dyslexi\w+|dyslexic|disabilit\w+|disabled|adhd"
    r"|autis\w+|visual(?:ly)? impair\w+|hearing impair\w+|screen reader"
    r"|(?:more|extra|additional) time (?:because|as|since|due|for (?:my|medical|health)))\b"
)
WISH = re.compile(_wish + r"[^.?!\n]{0,120}?(?:" + _person + "|" + _conditions + ")", re.IGNORECASE)
_end = re.compile(r"(?<=[.?!\n])\s+")


def asks_for_people(message: str) -> bool:
    """Whether a short message asks to deal with a person, or for more time or other conditions."""
    text = message.replace("’", "'")
    if len(text.split()) > MOST_WORDS:
        return False
    return any(WISH.search(sentence) for sentence in _end.split(text))
