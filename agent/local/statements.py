"""Whose statement a sentence is, and whether it says or denies: what likeness cannot see."""

import re

_negated = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|without|neither|nor|cannot|hardly|rarely|avoid\w*|"
    r"refuse\w*|stop(?:ped)? (?:doing|using)|instead of|rather than|lack(?:s|ing)?|missing|fail(?:s|ed)? to|"
    r"poor|ignor\w+|skip\w*|against)\b|n['’]t\b",
    re.IGNORECASE,
)
_past = re.compile(
    r"\b(?:used to|back then|in the past|years ago|at my (?:old|previous|last|former)|previously|"
    r"formerly|when i (?:started|was)|i once|last (?:year|job)|was taught|had been|no longer|anymore)\b",
    re.IGNORECASE,
)
_others = re.compile(
    r"\b(?:my|our|the|some|many|most|other|a) (?:\w+ )?(?:colleagues?|co-?workers?|manager|boss|lead|"
    r"predecessors?|vendors?|consultants?|contractors?|teams|people|engineers|folks|juniors?|interns?|book|article)\b"
    r"|\b(?:they|he|she|someone|somebody|people)\b",
    re.IGNORECASE,
)
_supposed = re.compile(
    r"\b(?:if|would|could|might|suppose|imagine|hypothetically|let'?s say|unless|in theory|"
    r"one (?:could|might))\b|\b\w+['’]d\b",
    re.IGNORECASE,
)
_quoted = re.compile(r"[\"“][^\"”]{8,}[\"”]")
MAIN_WORDS = 3
_self = re.compile(r"\b(?:i|we|my|our|me|us)\b|\bi['’]", re.IGNORECASE)


def negated(text: str) -> bool:
    """Whether the sentence denies, refuses or misses something."""
    return bool(_negated.search(text))


def agrees_in_sign(statement: str, sentence: str) -> bool:
    """Both deny or neither does: "we never edit by hand" is not "edits by hand".

    A statement's sign is that of its beginning: "removes duplicates without asking why" says
    that something is done.
    """
    beginning = " ".join(statement.split()[:MAIN_WORDS])
    return negated(beginning) == negated(sentence)


def own_and_present(sentence: str) -> bool:
    """The candidate's own practice or knowledge, now: the only thing a red flag may stand on."""
    plain = _quoted.sub(" ", sentence)
    if sentence.rstrip().endswith("?") or not _self.search(plain):
        return False
    return not (_past.search(plain) or _others.search(plain) or _supposed.search(plain))


def own(sentence: str) -> bool:
    """The candidate speaks of what they do, did or would do, not of what others do."""
    plain = _quoted.sub(" ", sentence)
    if sentence.rstrip().endswith("?"):
        return False
    return bool(_self.search(plain)) or not _others.search(plain)
