"""Which technologies a message names, and whether the candidate claims to have used them.

A claim is the candidate's own use, past or present; "we" counts. "Never used Kafka", "my
colleague ran it" and "I would use it" are none.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable

from agent.events import Mention, Quote
from agent.local.technologies import Named, named
from knowledge.atoms import Atom

REACH = 200
"""Characters on either side of a name that can take its claim away."""

_not_own = re.compile(
    r"\b(?:never|not(?!\s(?:only|just))|no(?!\s(?:doubt|problem))|without|haven'?t|hadn'?t|"
    r"didn'?t|don'?t|"
    r"doesn'?t|isn'?t|wasn'?t|aren'?t|couldn'?t|neither|nor|zero|little|"
    r"(?:want(?:ed)?|like|love|hop(?:e|ing)|plan(?:ning)?|going|eager|keen) to (?:learn|try|use|"
    r"pick|explore|study|get)|"
    r"would (?:like|love) to|hope to|(?:currently|now|still|just) learning|learning|start(?:ed|"
    r"ing) to learn|"
    r"heard (?:of|about)|hear about|read (?:\w+ )?about|know (?:of|about)|unfamiliar|new to|"
    r"lack(?:s|ing)?|"
    r"course (?:on|in|about)|tutorials? (?:on|for|about)|seen? (?:a |the )?(?:demo|talk)|"
    r"consider(?:ed|ing)|thought (?:about|of)|look(?:ed|ing) (?:at|into)|reject(?:ed|ing)|"
    r"decided against|ruled out|"
    r"ask(?:ed|s)? (?:me |us )?(?:if|whether|about)|wish|"
    r"(?:i|we|you|one|they|he|she|people|it) (?:would|could|should|might|may)|(?:i|we|you)'d|"
    r"(?:you|one|people) (?:can|use|need)|if (?:i|we|you) (?:had|were|used|use|have)|suppose|"
    r"imagine|let(?:'s| us) say)\b",
    re.IGNORECASE,
)
_not_this = re.compile(
    r"\b(?:instead of|rather than|compared (?:with|to)|in contrast to|unlike|as opposed to|than|"
    r"over|"
    r"similar to|alternatives? to|versus|vs\.?|replac(?:ing|e) (?:for|of)|against|equivalent of)"
    r"\s(?:\w+\s(?:and|or)\s)?(?:\w+\s)?$",
    re.IGNORECASE,
)
_not_after = re.compile(
    r"\b(?:never|not (?:yet|used|tried|touched|my|really|so much)|(?:haven|didn|hadn|don|couldn|"
    r"wasn)'?t|"
    r"(?:is|are|was) (?:new|unfamiliar|foreign) to|only (?:saw|seen|read|heard|know)|"
    r"(?:was|were) (?:considered|rejected|ruled out)|no(?:t any)? experience|in a demo|"
    r"from (?:talks|articles|books|blogs))\b",
    re.IGNORECASE,
)
_person = (
    r"(?:colleagues?|co-?workers?|team ?mates?|friends?|brother|sister|wife|husband|boss|manager|"
    r"lead|"
    r"teams?|people|compan(?:y|ies)|vendors?|clients?|customers?|consultants?|department|guys|"
    r"others|"
    r"contractors?|suppliers?|dbas?|admins?|architects?|seniors?|someone|somebody)"
)
_others = re.compile(
    rf"\b(?:(?:my|a|an|another|other|the|their|some|our)\s(?:[\w-]+\s){{0,2}}{_person}|they|he|"
    rf"she|someone|"
    r"somebody|others?)(?:\s(?:that|which|who|also|only|mainly|just|still|once|had|has|have|was|"
    r"were|is|are|always|then)){0,3}\s"
    r"(?:use[sd]?|using|ran|runs?|running|handle[sd]?|handling|owned?|owns|manage[sd]?|"
    r"maintain(?:s|ed)?|"
    r"work(?:s|ed)? (?:on|with)|did|does|says?|said|sets? up|built|builds|looks? after|took|takes|"
    r"prefer(?:s|red)?|"
    r"love[sd]?|like[sd]?|knew|knows|wrote|writes|introduced|chose|picked|wanted|wants|"
    r"suggested)\b",
    re.IGNORECASE,
)
_our_team = re.compile(r"\b(?:our|my) (?:\w+ )?team\b", re.IGNORECASE)
_self = re.compile(r"\b(?:i|we|i'?ve|i'?m|my (?:own|job|work)|mine)\b", re.IGNORECASE)
_clauses = re.compile(
    r"(?<=[.!?;\n])\s+|\n|(?<!\s),?\s+(?:but|though|although|however|whereas|while|except|so|"
    r"because)\s+"
    r"|,\s+(?=(?:never|not|no|i|we|my|the|our|they|he|she|before|after|instead|at|it|otherwise|"
    r"then|now|with)\b)"
    r"|(?<!\s)\s+and\s+(?=(?:i|we|have|used|use|never|not|ran|did|built|now|then)\b)"
    r"|\s-\s",
    re.IGNORECASE,
)


def mentions(message: str, technologies: Iterable[Atom]) -> tuple[Mention, ...]:
    """Every technology named, once each; a claim anywhere in the message makes it claimed.

    One of `technologies` is given by the kit's name and atom, any other without an atom.
    """
    text = message.replace("’", "'").replace("‘", "'")
    cuts = [0, *(cut.end() for cut in _clauses.finditer(text)), len(text)]
    found: dict[str, Mention] = {}
    for name in named(message, technologies):
        known = found.get(name.technology.casefold())
        if known is None or not known.claimed:
            claimed = _claimed(name, text, cuts)
            if known is None or claimed:
                found[name.technology.casefold()] = _mention(name, message, claimed)
    return tuple(sorted(found.values(), key=lambda mention: mention.quote.start))


def _mention(name: Named, message: str, claimed: bool) -> Mention:
    quote = Quote(text=message[name.start : name.end], start=name.start, end=name.end)
    return Mention(technology=name.technology, atom=name.atom, claimed=claimed, quote=quote)


def _claimed(name: Named, text: str, cuts: list[int]) -> bool:
    at = bisect_right(cuts, name.start)
    start, end = cuts[at - 1], cuts[min(at, len(cuts) - 1)]
    ahead = text[max(start, name.start - REACH) : name.start]
    behind = text[name.end : min(end, name.end + REACH)]
    if behind.rstrip().endswith("?") or _not_own.search(ahead) or _not_this.search(ahead):
        return False
    return not _not_after.search(behind) and not _of_others(ahead, behind)


def _of_others(ahead: str, behind: str) -> bool:
    """Somebody else uses it, and the candidate does not come into it."""
    if _our_team.search(ahead):
        return False
    return bool(_others.search(ahead)) and not _self.search(_others.sub("", ahead) + behind)
