"""Where a message names technologies: the kit's, those of a list, and by form those of neither.

Names are looked up word by word, so that a long list costs no more than a short one.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from knowledge.atoms import Atom

Key = tuple[str, ...]
LONGEST = 4
"""Words of the longest name that is looked for."""


class Known(NamedTuple):
    """A name's technology; a `word` is also an ordinary word and has to look like a name."""

    technology: str
    atom: str | None
    word: bool


class Named(NamedTuple):
    """A technology where it stands in a message, in code points."""

    technology: str
    atom: str | None
    start: int
    end: int


class _Word(NamedTuple):
    text: str
    start: int
    end: int


_word = re.compile(r"(?<!\w)\.net\b|[^\W_]+|\++|#", re.IGNORECASE)
_code = re.compile(r"```[^`]*```|```[^`]*$")
_joint = re.compile(r"[.\-/]?|\s{0,8}&?\s{0,8}")
_beside = re.compile(r"\s{0,4}(?:,|/|&|\+|,?\s(?:and|or|with|plus|on|vs\.?))\s{0,4}", re.I)
_technical = re.compile(
    r"\b(?:in|with|using|use[sd]?|via|learn(?:ed|t|ing)?|wr(?:ote|ite|iting|itten)|apache|"
    r"program(?:med|ming)?|code[d]?|coding|ran|run|running|know|love|prefer|like|microsoft|tried|"
    r"touched|migrated to|moved to|deployed? to|go to|send to|posted? to|years of|"
    r"experience (?:in|of|with)|my|mainly|mostly)\s{1,4}$",
    re.IGNORECASE,
)
_thing = re.compile(
    r"\s(?:services?|code|developers?|programs?|jobs?|pipelines?|apps?|scripts?|backend|"
    r"microservices?|clusters?|dashboards?|sheets?|macros?|queries|operators?|streaming|tables|"
    r"operations|charts?|workflows?|topics?|files?|dags?|apis?|sdk|cli|daily|\d+(?:\.\d+)*)\b",
    re.IGNORECASE,
)
_own_name = re.compile(r"\b(?:name(?: is|['’]s)|call(?:s|ed)? me)\s{1,4}$", re.IGNORECASE)
"""What stands before a person's own name: some are a language's too."""
_does = re.compile(
    r"\b(?:i|we|you|they|he|she|it|who|to|would|can|could|will|must|should|may|might|not)\s+$",
    re.IGNORECASE,
)
"""What stands before an everyday word that is a verb here: "I make pipelines"."""
_runs_on = re.compile(
    r"\s{1,4}(?:to|it|a|an|the|up|on|into|off|through|back|sure|ahead|that|this|of|our|my|your|one|"
    r"control|rights|for\s(?:the|a|it))\b",
    re.IGNORECASE,
)
_called = re.compile(
    r"\b(?:tool|library|framework|database|product|package|platform|app|application|software|"
    r"system|language|program|engine|plugin|service|scheduler|warehouse)s?\s(?:(?:that\s(?:is|"
    r"was)|which\s(?:is|was)|we)\s)?"
    r"(?:called|named|known\sas)\s(?P<name>[^\W_][\w+#-]{1,30}(?:\.\w{1,10})?)",
    re.IGNORECASE,
)
_versioned = re.compile(
    r"\b[Vv]ersions?\s[\d.]{1,10}\sof\s(?P<name>[A-Z][\w+#-]{1,30})"
    r"|\b(?P<first>[A-Z][\w+#-]{1,30})\s(?:version|v\.?)\s?\d"
)
_camel = re.compile(
    r"(?:\b(?:use[sd]?|using|with|in|on|via|ran|run|tried|like|know|picked|chose|from|to|and|"
    r"or)\s|,\s)"
    r"(?P<name>[A-Z][a-z0-9]{1,15}(?:[A-Z][a-z0-9]{0,15}){1,3})(?![\w(.])"
)
_used = re.compile(
    r"\b(?:using|used?|tried|adopted|worked\swith|experience\s(?:with|"
    r"in))\s(?P<name>[A-Z][a-z]{2,20})"
    r"(?=\s(?:for|to|and|in|as|on|with|at|since|daily|because|before|which|jobs?)\b|[,.;]|\s*$)"
)
_shapes = (_called, _versioned, _camel, _used)
_code_name = re.compile(
    r"(?:Service|Controller|Factory|Manager|Handler|Exception|Error|Test|Repository|Request|"
    r"Response|Event|Id|Type|Key|Name|Table|Client|Value|List|Map|Set|Date|Time|Count)$|^(?:Mc|"
    r"Mac|De|Van|Le|La)[A-Z]"
)
ORDINARY = frozenset(
    "agile scrum kanban lean english french german spanish hindi tamil chinese latin google amazon "
    "microsoft apple facebook meta netflix uber ibm tcs infosys wipro accenture deloitte linkedin "
    "youtube whatsapp twitter paypal india london berlin paris europe america germany france china "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june "
    "july august september october november december there these those this that they then what "
    "stackoverflow wikipedia both many some several multiple various different such other another "
    "their our your his her its one two three phd ceo cto".split()
)
"""Words with a capital that name no technology: months, places, companies, ways of working."""


def key(name: str) -> Key:
    """The words of a name as they are looked up: "Node.js" and "node js" alike."""
    return tuple(match.group().casefold() for match in _word.finditer(name))


@lru_cache(maxsize=1)
def listed() -> dict[Key, Known]:
    """The list that ships, by the words of each name."""
    text = files(__package__).joinpath("technologies.txt").read_text("utf-8")
    found: dict[Key, Known] = {}
    for line in text.splitlines():
        names = [name.strip() for name in line.split("|") if not line.startswith("#")]
        for name in filter(None, names):
            known = Known(names[0].lstrip("~"), None, name.startswith("~"))
            found.setdefault(key(name), known)
    return found


@lru_cache(maxsize=4096)
def _keys(names: tuple[str, ...]) -> tuple[Key, ...]:
    return tuple(key(name) for name in names)


def named(message: str, technologies: Iterable[Atom]) -> list[Named]:
    """Every place a technology is named; the kit's own name and atom where it has one."""
    message = _code.sub(lambda block: " " * len(block.group()), message)
    words = [_Word(m.group().casefold(), m.start(), m.end()) for m in _word.finditer(message)]
    spoken = list(_spoken(message, words, _index(technologies)))
    sure = _sure(message, spoken)
    taken = {at for each in sure for at in range(each.start, each.end)}
    shaped = (name for name in _shaped(message) if name.start not in taken)
    named_so = (n for n in (*sure, *shaped) if not _own_name.search(message[: n.start][-20:]))
    return sorted(named_so, key=lambda each: each.start)


def _index(technologies: Iterable[Atom]) -> dict[Key, Known]:
    shipped = listed()
    own: dict[Key, Known] = {}
    for atom in technologies:
        for each in _keys((atom.text, *atom.aliases)):
            word = each in shipped and shipped[each].word
            own.setdefault(each, Known(atom.text, atom.id, word))
    return own


def _spoken(
    message: str, words: list[_Word], own: dict[Key, Known]
) -> Iterator[tuple[Known, int, int]]:
    """The longest known name at each place: what it is, and where it starts and ends."""
    shipped, at = listed(), 0
    while at < len(words):
        length, known = _longest(message, words[at : at + LONGEST], own, shipped)
        if known and _stands_alone(message, words[at].start, words[at + length - 1].end):
            yield known, words[at].start, words[at + length - 1].end
        at += max(length, 1)


def _longest(
    message: str, words: list[_Word], own: dict[Key, Known], shipped: dict[Key, Known]
) -> tuple[int, Known | None]:
    joined = 1
    while joined < len(words) and _joint.fullmatch(
        message, words[joined - 1].end, words[joined].start
    ):
        joined += 1
    for length in range(joined, 0, -1):
        looked_up = tuple(word.text for word in words[:length])
        known = own.get(looked_up) or shipped.get(looked_up)
        if known:
            return length, known
    bare = words[0].text.rstrip("0123456789")
    known = own.get((bare,)) or shipped.get((bare,)) if len(bare) > 3 else None
    return (1, known) if known and not known.word else (0, None)


def _stands_alone(message: str, start: int, end: int) -> bool:
    before, after = message[max(start - 1, 0) : start], message[end : end + 2]
    runs_on = after[:1] in {"_", "@", "#", "+"} and after[:1] != ""
    member = after[:1] == "." and after[1:].isalnum() and not after[1:].isupper()
    return before not in {"_", "@", "#"} and not runs_on and not member


def _sure(message: str, spoken: list[tuple[Known, int, int]]) -> list[Named]:
    """The names that are meant as names: by themselves, or beside one that is."""
    sure = [not known.word or _is_name(message, start, end) for known, start, end in spoken]
    for order in (range(1, len(spoken)), range(len(spoken) - 2, -1, -1)):
        for at in order:
            other = at - 1 if order.step > 0 else at + 1
            left, right = sorted((spoken[at][1:], spoken[other][1:]))
            sure[at] |= sure[other] and bool(_beside.fullmatch(message, left[1], right[0]))
    kept = (each for each, is_sure in zip(spoken, sure, strict=True) if is_sure)
    return [Named(known.technology, known.atom, start, end) for known, start, end in kept]


def _is_name(message: str, start: int, end: int) -> bool:
    """Whether an everyday word is meant as a name here."""
    before, after = message[max(start - 40, 0) : start], message[end : end + 24]
    capital, letter = message[start].isupper(), end - start == 1
    if not message[:start].strip() and not message[end:].strip(" .!\n"):
        return True
    if bool(_technical.search(before)) and (capital or not _runs_on.match(after)):
        return not letter or not re.match(r"\s?(?:&|and)\s?D\b", after)
    if letter:
        return False
    if not capital and _does.search(before):
        return False
    opens_sentence = not before.strip() or before.rstrip()[-1] in ".!?\n-*:"
    return (capital and not opens_sentence) or bool(_thing.match(after))


def _shaped(message: str) -> Iterator[Named]:
    """Names on nobody's list, where the words around them say that they are names."""
    for shape in _shapes:
        for match in shape.finditer(message):
            group = "first" if match.groupdict().get("first") else "name"
            name = match.group(group)
            if name.casefold() not in ORDINARY and not _code_name.search(name):
                yield Named(name, None, match.start(group), match.end(group))
