"""Wishes for a person, or for other conditions: never an answer, always for people to see."""

import re

MOST_WORDS = 40
"""A longer message is an answer, whatever else it says."""

_first = r"^\W*(?:(?:hi|hello|hey|sorry|please|so|ok(?:ay)?|well|no|thanks)[\s,.!]+){0,3}"
_wish = (
    r"(?:(?:can|could|may|might) i(?: please| also| rather)?|is it possible to|let me|please"
    r"|i(?:'d| would)(?: really| much)? (?:like|love|rather|prefer)(?: to)?"
    r"|i(?: really| do)? (?:want|need|prefer|wish|ask|request)(?: to| for)?"
    r"|(?:can|could|would) (?:you|someone|somebody)(?: please)?) "
)
_somebody = r"(?:a |an |some |any |the )?(?:real |actual |live |human )?"
_end = r"(?=\W*$|\W*(?:[,.;!?]|instead|please|rather|now|here|from|of the team|because|about this))"
_person = rf"{_somebody}(?:person|people|somebody|someone|human(?: being)?|recruiter|hr){_end}"
_speaks = r"(?:talk|speak|chat|write|be interviewed|be asked|be passed on)(?:ing)?(?: \w+)? "
_own = (
    r"(?:dyslexi\w+|disabilit\w+|disabled|adhd|autis\w+|impairments?"
    r"|(?:visually|hearing) impaired)\b"
)
_conditions = (
    r"(?:an? |some |any )?(?:reasonable )?(?:accommodations?|adjustments?)"
    r"(?=\W*$|\W*(?:[,.;!?]|because|please|as i|since|for my))"
    r"|(?:some |a bit )?(?:more|extra|additional) time (?:because|as i|since|due to|for my)\b"
)
WISH = re.compile(
    rf"{_first}(?:"
    rf"(?:{_wish})?{_speaks}(?:to|with|by) {_person}"
    rf"|{_wish}(?:have |hand (?:this|it|me) over to |to )?{_somebody}"
    rf"(?:human(?: being| interviewer| person)?|(?:real|live|actual) (?:person|interviewer)){_end}"
    rf"|{_wish}(?:{_conditions})"
    rf"|i(?:'m| am) (?:\w+ ){{0,2}}{_own}|i have (?:\w+ ){{0,3}}{_own}"
    rf"|{_wish}hand this over to {_person}"
    r")",
    re.IGNORECASE,
)
_sentences = re.compile(r"(?<=[.?!\n])\s+")


def asks_for_people(message: str) -> bool:
    """Whether a short message asks to deal with a person, or for more time or other conditions."""
    text = message.replace("’", "'")
    if len(text.split()) > MOST_WORDS:
        return False
    return any(WISH.search(sentence) for sentence in _sentences.split(text))
