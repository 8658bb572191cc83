"""Which technologies a message names, and whether the candidate claims to have used them.

"Never used Kafka" is no claim; "go" and "spark" are also words.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from agent.events import Mention, Quote
from knowledge.atoms import Atom

EVERYDAY = frozenset(
    "go spark beam rust swift hive glue dash flow storm pig r c express spring react chef "
    "puppet salt delta ice iceberg ray prefect dagger make sam ant bash shell excel access word "
    "power lambda presto druid ranger atlas segment ruby scheme julia elm dart basic next angular "
    "ember gin echo fiber rocket helm argo flux vault consul nomad mode hex superset fetch stitch "
    "hop camel kettle step functions".split()
)
"""Names that are also words: these need a capital or a technical neighbourhood to count."""

_not_yet = re.compile(
    r"\b(?:never|not|no|n't|n’t|without|haven'?t|hadn'?t|didn'?t|don'?t|doesn'?t|isn'?t|wasn'?t|"
    r"neither|nor|zero|little|want(?:ed)? to (?:learn|try|use)|would (?:like|love) to|hope to|"
    r"plan(?:ning)? to (?:learn|try|use)|heard (?:of|about)|read about|only know of|unfamiliar|"
    r"new to|instead of|rather than|lacks?)\b",
    re.IGNORECASE,
)
_others = re.compile(
    r"\b(?:my|a|another|other|our|the) (?:\w+ )?(?:colleagues?|co-?workers?|team ?mates?|friends?|"
    r"boss|manager|teams?|people|companies|company)\b[\w ,]{0,25}\b"
    r"(?:use[sd]?|using|ran|runs?|handle[sd]?|owned?|owns|work(?:s|ed)? (?:on|with)|did|does)\b",
    re.IGNORECASE,
)
_self = re.compile(r"\b(?:i|we|i'?ve|i'?m|my|mine)\b", re.IGNORECASE)
_clauses = re.compile(
    r"(?<=[.!?;\n])\s+|(?<!\s),?\s+(?:but|though|although|however|whereas|while|except)\s+|,\s+(?=(?:never|not|no)\b)",
    re.IGNORECASE,
)
_technical = re.compile(
    r"\b(?:in|with|using|use[sd]?|on|via|and|or|learn(?:ed|t)?|wr(?:ote|ite|iting|itten)|"
    r"program(?:med|ming)?|code[d]?|coding|built|build|ran|run|know|like|,)\s*$",
    re.IGNORECASE,
)


MOST_LOOKS = 12
"""Times a name is looked at in one message before it is taken as said."""


def mentions(message: str, technologies: Iterable[Atom]) -> tuple[Mention, ...]:
    """Every technology named, once each; a claim anywhere in the message makes it claimed."""
    found: dict[str, Mention] = {}
    for technology in technologies:
        for mention in islice(_mentions_of(technology, message), MOST_LOOKS):
            known = found.get(technology.id)
            if known is None or mention.claimed:
                found[technology.id] = mention
            if mention.claimed:
                break
    return tuple(sorted(found.values(), key=lambda mention: mention.quote.start))


def _mentions_of(technology: Atom, message: str) -> Iterator[Mention]:
    for name in (technology.text, *technology.aliases):
        for match in re.finditer(_as_pattern(name), message, re.IGNORECASE):
            if name.casefold() in EVERYDAY and not _is_name(match, message):
                continue
            yield Mention(
                technology=technology.text,
                atom=technology.id,
                claimed=_claimed(match, message),
                quote=Quote(text=match.group(), start=match.start(), end=match.end()),
            )


def _as_pattern(name: str) -> str:
    words = r"[\s-]*".join(re.escape(word) for word in re.split(r"[\s-]+", name))
    return rf"(?<![\w#+]){words}(?![\w#+]|\.\w)"


def _is_name(match: re.Match[str], message: str) -> bool:
    """Whether an everyday word is meant as a name here."""
    word = match.group()
    before = message[: match.start()]
    opens_sentence = not before.strip() or before.rstrip()[-1] in ".!?\n"
    if word[0].isupper() and not opens_sentence:
        return True
    after = message[match.end() :].lstrip()
    if word[0].isupper() and re.match(r"(?:and|or|&) [A-Z]\w", after):
        return True
    listed = before.rstrip().endswith((",", "/", "(", ":")) or after[:1] in {",", "/", ")"}
    alone = not before.strip() and not after.strip(" .!")
    return listed or alone or (bool(_technical.search(before)) and not _runs_on(after, word))


def _runs_on(after: str, word: str) -> bool:
    """ "go to", "make it", "spark a": the word goes on as a verb."""
    following = re.match(
        r"(?:to|it|a|an|the|up|on|into|off|through|for|back|sure|ahead|that|this)\b", after, re.I
    )
    return bool(following) and word.islower()


def _claimed(match: re.Match[str], message: str) -> bool:
    start, end = _clause_around(match, message)
    clause = message[start:end]
    ahead = message[start : match.start()]
    behind = message[match.end() : end]
    if _not_yet.search(ahead) or re.search(r"\b(?:never|not (?:yet|used|my))\b", behind, re.I):
        return False
    return not (_others.search(clause) and not _self.search(_others.sub("", clause)))


def _clause_around(match: re.Match[str], message: str) -> tuple[int, int]:
    start, end = 0, len(message)
    for cut in _clauses.finditer(message):
        if cut.end() <= match.start():
            start = cut.end()
        elif cut.start() >= match.end():
            return start, cut.start()
    return start, end
