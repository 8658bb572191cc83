"""Follow-ups that a kit asks only where an answer calls for them: "If they mention caching: ...".

A condition is met where the answer holds nearly all its telling words. What is not said cannot be
told from what is said in other words, so a condition that denies something is left to people.
"""

import re

from agent.wording import stem, stems

MET = 2 / 3
"""Share of a condition's telling words that must be heard."""

_condition = re.compile(r"^\W*(?:if|when|whenever|once|should|in case)\b(.*?)[,:;–—-]", re.I | re.S)
_denied = re.compile(
    r"\b(?:no|not|never|nothing|without|only|cannot|fails?|forgets?|\w+n['’]t)\b", re.I
)
_talk = frozenset(
    stem(word)
    for word in (
        "they candidate candidates applicant person somebody someone answer answers answered "
        "mention mentions mentioned say says said talk talks talked bring brings brought come "
        "comes up name names named speak speaks tell tells told use uses used word words"
    ).split()
)


def called_for(rule: str, answer: str) -> bool:
    """Whether an answer meets the condition that a rule begins with."""
    found = _condition.match(rule)
    if not found or _denied.search(found[1]):
        return False
    wanted = stems(found[1]) - _talk
    return bool(wanted) and len(wanted & stems(answer)) >= MET * len(wanted)
