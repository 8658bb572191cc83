"""Whether a sentence says outright that its speaker has never used what it names.

Read for a report that other people see, so what is not plain is left: "never in production",
"never for that", "in that project I never did", what others say, and what is quoted.
"""

import re

_softly = r"(?:(?:actually|really|honestly|personally|ever|even|myself|yet) )*"
_used = r"(?:used|touched|tried|run|seen|written|worked (?:with|on|in)) "
_never = (
    rf"i have {_softly}(?:never|not) {_softly}{_used}|i've {_softly}(?:never|not) {_softly}{_used}"
    rf"|i haven't {_softly}{_used}|i (?:don't|do not) {_softly}know "
    r"|i have (?:no|zero) (?:\w+ )?(?:experience|knowledge) (?:with|of|in) "
)
_opening = (
    r"^\W*(?:(?:sorry|well|but|and|no|ok|okay|honestly|actually|to be honest|in fact|i admit)\W+)*"
)
_listed_before = r"(?:[\w.+#/-]+,? (?:(?:or|nor) )?){0,3}?"
_says_never = re.compile(f"{_opening}(?:{_never}){_listed_before}$", re.IGNORECASE)
_listed_after = r"(?:,? (?:or|nor) [\w.+#/-]+|, [\w.+#/-]+(?=,? (?:or|nor) )){0,3}"
_to_the_end = re.compile(
    _listed_after + r"(?: (?:myself|personally|at all|yet|so far|before|to be honest|really))*"
    r" ?(?:[.!;)]|$)",
    re.IGNORECASE,
)
_turned_round = re.compile(
    r",? (?:i have|i've) (?:never|not) (?:used|touched|tried|run|seen|worked with)"
    r"(?: (?:at all|myself|yet|before))? ?(?:[.!;)]|$)",
    re.IGNORECASE,
)
_quoting = re.compile(r"[\"“”«»]")
_scoped = re.compile(
    r"\W*(?:in|at|on|for|with|during|there|back then|when|while|as|before|after|until|if)\b",
    re.IGNORECASE,
)
_but = re.compile(r",? but ", re.IGNORECASE)


def plain(sentence: str) -> str:
    """The sentence as `denies` reads it, with its offsets."""
    return " ".join(sentence.replace("’", "'").split())


def denies(sentence: str, start: int, end: int) -> bool:
    """Whether the plain sentence denies all use of what it names from `start` to `end`."""
    if _quoting.search(sentence) or sentence.endswith("?") or _scoped.match(sentence):
        return False
    ahead, behind = sentence[:start], sentence[end:]
    if not ahead.strip(" -*"):
        return bool(_turned_round.match(behind))
    last = _but.split(ahead)[-1]
    return bool(_says_never.match(last) and _to_the_end.match(behind))
