"""Words around an authored question: one concrete thing acknowledged, or nothing."""

import re

from agent.examiner import Brief
from agent.hearing import sentences

FORMS = ("You mentioned {}.", "I noted {}.", "You brought up {}.")
MOST_WORDS = 70

_phrase = re.compile(
    r"\b(?P<owner>a|an|the|our|my) (?P<what>(?:[a-z][\w-]{2,} ){1,2}(?P<head>[a-z][\w-]{2,}))"
    r"(?=[\s,.;:!?)]|$)"
)
_own_doing = re.compile(r"\b(?:i|we)\b", re.IGNORECASE)
"""Before the phrase: what somebody did is worth a word, what merely occurs is not."""
HEADS = frozenset(
    "table view key job query pipeline partition log index file batch schema model event window "
    "queue topic cluster dashboard report alert runbook test check plan transaction timestamp "
    "version column row snapshot warehouse bucket lake stream consumer producer offset task dag "
    "schedule dependency contract service team customer metric threshold database server api "
    "endpoint cache lock retry backfill migration release deployment rollback incident review "
    "checklist script notebook library framework tool budget cost latency interface component "
    "function module class package container image node user account policy role permission "
    "token secret vault repository branch commit ticket sprint roadmap stakeholder meeting "
    "experiment feature dataset label baseline benchmark prototype design wireframe survey "
    "interview persona segment funnel campaign forecast invoice ledger process step".split()
)
"""Nouns a phrase may end in: without a parser, anything else is too likely to be half a clause."""

_plain = frozenset(
    "first second last next same other whole best better worst right wrong main only one few "
    "many more most least such every each any some".split()
)
_verbal = re.compile(
    r"(?:ly|ed)$|^(?:would|could|should|will|can|may|might|must|have|has|had|been|does|did|was|"
    r"were|gets?|goes|runs?|needs?|wants?|takes?|makes?|comes?|uses?|sees?|keeps?|holds?|and|or|"
    r"but|that|which|with|from|into|than|then|between|after|before|for|the|this|not)$"
)


def acknowledge(heard: str, used: tuple[str, ...], question: str) -> str:
    """One thing the candidate said, in their words; empty where nothing fits, never twice."""
    spoken = {word.casefold() for word in re.findall(r"\w+", question)}
    for span in sentences(heard):
        for match in _phrase.finditer(span.text):
            thing = _as_heard(match)
            if not _own_doing.search(span.text[: match.start()]):
                continue
            if _worth_saying(match, spoken) and not _said_before(thing, used):
                return FORMS[len(used) % len(FORMS)].format(thing)
    return ""


def _as_heard(match: re.Match[str]) -> str:
    owner = {"my": "your", "our": "your"}.get(match["owner"], match["owner"])
    return f"{owner} {match['what']}"


def _worth_saying(match: re.Match[str], spoken: set[str]) -> bool:
    if match["head"].removesuffix("s") not in HEADS:
        return False
    words = match["what"].casefold().split()
    return (
        not any(word in _plain or _verbal.search(word) for word in words)
        and not set(words) <= spoken
    )


def _said_before(thing: str, used: tuple[str, ...]) -> bool:
    core = thing.split(" ", 1)[1].casefold()
    return any(core in earlier.casefold() for earlier in used)


def compose(brief: Brief) -> list[str]:
    """The sentences of one message: acknowledgement, bridge and the question."""
    parts = []
    if brief.heard and brief.purpose == "follow_up":
        parts.append(acknowledge(brief.heard, brief.acknowledged, brief.ask))
    if brief.bridge:
        parts.append(brief.bridge)
    kept = [part for part in parts if part]
    while kept and len(" ".join([*kept, brief.ask]).split()) > MOST_WORDS:
        kept.pop(0)
    return [*kept, brief.ask]
