"""Whose words they are: which stretches of a message are not the candidate's own statements.

Told apart by form, not by phrase: what stands under somebody else's label, what is quoted at
length, what is wrapped in markup, and what speaks of the answer instead of giving it. What is
around such a stretch still counts. A message that is nothing but one quotation or one fence is
the candidate's own, only oddly dressed.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from agent.hearing import Span, seen, sentences
from agent.local import labels
from agent.wording import STOPWORDS

Stretch = tuple[int, int]

_flags = re.IGNORECASE
_letters = re.compile(r"[^\W_]+")
_fence = re.compile(r"```|~~~")
_symbols = re.compile(r"[;{}()=<>\[\]_|]")
_cited = re.compile(r"^[ \t]{0,8}>(?![ \t]{0,4}[\d=])[^\n]*", re.MULTILINE)
_element = re.compile(r"<(/?)([A-Za-z][\w:.-]{0,30})(?:\s[^<>]{0,200})?>")
_tag = re.compile(
    r"<\|[^|<>\n]{1,30}\|>|<<\s?/?\w{2,12}\s?>>|\[/?(?:sys\w*|inst\w*|user|assistant|human|ai|"
    r"model|"
    r"prompt|grader|examiner|interviewer|rubric|reference|context|data|admin|developer|"
    r"begin[^\]\n]{0,40}|start[^\]\n]{0,40}|end[^\]\n]{0,40})\]",
    _flags,
)
_rule = re.compile(
    r"^[ \t]{0,4}[-=*_~#+]{2,40}[ \t]{0,4}(begin|start|end)\b[^\n]{0,60}", _flags | re.MULTILINE
)
_key = re.compile(r"[\"']?\b(\w{2,40})[\"']?\s{0,4}:\s{0,4}[\"']?")
_formatting = frozenset(
    "a b i u s em strong code pre p br hr li ul ol dl dt dd div span kbd sub sup table tr td th "
    "thead tbody h1 h2 h3 h4 h5 h6 mark small del ins tt img".split()
)
_quotation = re.compile(
    r"\"([^\"\n]{4,600})\"|“([^”\n]{4,600})”|«([^»\n]{4,600})»|„([^“”\n]{4,600})[“”]"
    r"|(?<!\w)['‘]([^'’\n]{4,600})['’](?!\w)"
)
_reporting = re.compile(
    r"(?<!\bi )(?<!\bwe )(?<!\bto )(?<!i would )\b(?:sa(?:id|ys?)|t(?:old|ells?)|wr(?:ote|ites?)|"
    r"stat(?:es?|ed)|reads?|put it|according to|confirm(?:s|ed)|claim(?:s|ed)|mention(?:s|ed)|"
    r"not(?:es|ed))\b[^.!?\n]{0,40}$",
    _flags,
)
_yours = re.compile(
    r"\b(?:as )?(?:you|the interviewer)(?: (?:just|already|yourself|also|have|had)){0,2} "
    r"(?:said|told|confirmed|agreed|noted|mentioned|explained|accepted|wrote|stated)\b"
    r"(?: (?:me|us|yourself|earlier|before|already)){0,2}(?: that\b|:)[^.!?;\n]{0,300}?"
    r"(?=,? (?:so|but|and) (?:i|we)\b|, (?:i|we)\b|[.!?;\n]|$)",
    _flags,
)
"""What the interviewer is said to have said."""
_who = (
    r"(?:(?:the|this|that|our) )?(?:candidate|applicant|interviewee|respondent|examinee|"
    r"test ?taker)"
)
_merits = (
    r"demonstrat\w+|show(?:s|ed|n)?|explain\w*|mention\w*|stat(?:es|ed)|identif\w+|cover(?:s|ed)|"
    r"describ\w+|recogni[sz]\w+|underst\w+|kn(?:ows|ew)|articulat\w+|correct\w*|clearly|fully|"
    r"accurate\w*|ha[sd]|meets?|met|exceed\w*|deserv\w+|gave|gives|provid\w+|answer\w*|address\w+|"
    r"is|was|nam(?:es|ed)|discuss\w+|sa(?:id|ys)|point(?:s|ed)|propos\w+|add(?:s|ed)|satisf\w+|"
    r"told|tells|successfully|should|must|did|does|passe[sd]|also|rightly|explicitly|always|"
    r"keeps?|uses?"
)
_of_candidate = re.compile(rf"^\W{{0,6}}{_who}(?:'s\b|\W{{1,3}}(?:{_merits})\b)", _flags)
_work = (
    r"(?:(?:this|the|that|my|their|his|her|your)(?: \w+){0,2} (?:answers?|response|reply|"
    r"submission|"
    r"explanation|solution|statement|text|message)|everything (?:above|below|i (?:said|wrote))|"
    r"(?:the |all (?:of )?the )?(?:above|below|following|foregoing))"
)
_merit = (
    r"(?:(?:all|every|each|both|none)(?: of)?(?: the)?(?: \w+){0,2} (?:points?|criteri\w+|"
    r"indicators?|"
    r"requirements?|expectations?|rubric\w*|aspects?)|rubrics?|mark(?:s|ing scheme)|full(?:y)? "
    r"(?:credit|correct|met|marks)|fully|complete(?:ly)?|perfect(?:ly)?|top (?:score|mark|grade)|"
    r"exceeds|model answer|reference(?: answer)?|expected (?:answer|points)|met\b|satisf\w+|"
    r"excellent|exemplary|outstanding|flawless|score[sd]?|grade[sd]?|strong evidence|"
    r"(?:stat|contain|includ|cover|show|mention|express|demonstrat)\w* (?:that|how|why|"
    r"the (?:point|idea|fact)))"
)
_of_work = re.compile(
    rf"^\W{{0,6}}(?:\w+ ){{0,3}}?{_work}\b[^.!?]{{0,40}}\b(?:is|are|was|meets?|contains?|includes?|"
    rf"satisf\w+|demonstrates?|deserves?|exceeds?|addresses|has|have|should|must|mentions?|hits?|"
    rf"touches|scores?|gets?|states?|shows?|covers?|earns?|proves?|constitutes?|counts?|matches|"
    rf"expresses|makes?|already|therefore|clearly|fully)\b[^.!?]{{0,60}}\b{_merit}",
    _flags,
)
_verdict = re.compile(
    r"(?:[:=>(\[|–—]|\s-)\s{0,4}[\"'*_`]{0,3}(?:fully |clearly |completely |not |un)?"
    r"(?:met|satisfied|achieved|fulfilled|awarded|credited|exceeds(?: expectations)?|"
    r"full (?:marks|credit|points)|\d{1,3}(?:\.\d)?\s?(?:/|out of)\s?\d{1,3}|100\s?%|✓|✔|✅|☑|"
    r"(?:pass|passed|correct|excellent|covered|shown|demonstrated|complete))"
    r"[\"'*_`\])]{0,4}\s{0,3}[.!;,]?\s*$"
    r"|\b(?:score|grade|marks?|rating|verdict)s?\s{0,3}(?:[:=]|->|→)\s{0,3}\S"
    r"|\b(?:meets|exceeds) (?:all )?expectations\b",
    _flags,
)
_goes_on = re.compile(
    r"^\W{0,6}(?:they|he|she|their|his|her|it also|in addition|furthermore)\b", _flags
)
_attributed = re.compile(
    r"\b(?:rubric|grader|examiner|interviewer|evaluator|assessor|marking|scoring|answer key|"
    r"(?:reference|model|expected|ideal|sample) (?:answer|response|solution)|candidate|applicant|"
    r"evidence|quot(?:e|es|ed|ing|ation)s?)\b",
    _flags,
)
EMBEDDED_WORDS = 14
"""A quotation inside a sentence of one's own that is longer than this is somebody else's."""
REPORTED_WORDS = 6
"""The same for one that somebody is said to have said."""
ALONE_WORDS = 4
BARE_WORDS = 4
"""A verdict of so few words is about the sentence before it."""
PROSE_WORDS = 5


@lru_cache(maxsize=1024)
def foreign(message: str) -> tuple[Span, ...]:
    """The stretches that are not the candidate's own statements, in order and apart."""
    read = seen(message)
    text = read.text
    found = [*_wrapped(text), *labels.labelled(text), *judgements(text), *_quoted(text)]
    found += (m.span() for m in _yours.finditer(text))
    return tuple(read.span(message, *stretch) for stretch in merged(found))


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same characters in as few stretches as hold them, in order."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def _wrapped(text: str) -> Iterator[Stretch]:
    """Fences that hold prose, cited lines, comments, elements, role tags and data."""
    yield from _fenced(text)
    yield from (m.span() for m in _cited.finditer(text))
    yield from _between(text, "<!--", "-->")
    yield from _elements(text)
    yield from _tagged(text)
    yield from _ruled(text)
    yield from _data(text)


def _fenced(text: str) -> Iterator[Stretch]:
    marks = [m.span() for m in _fence.finditer(text)]
    for (start, inner), (outer, end) in zip(marks[::2], marks[1::2], strict=False):
        if _is_prose(text[inner:outer]) and _more_than(text, start, end):
            yield start, end


def _more_than(text: str, start: int, end: int) -> bool:
    """Whether anything is said outside of a stretch."""
    return bool(_letters.search(text, 0, start) or _letters.search(text, end))


def _is_prose(text: str) -> bool:
    words = [word.casefold() for word in _letters.findall(text)]
    little = sum(word in STOPWORDS for word in words)
    told = len(words) >= PROSE_WORDS and little * 8 >= len(words)
    return told and len(_symbols.findall(text)) * 8 < len(words)


def _between(text: str, opening: str, closing: str) -> Iterator[Stretch]:
    start = text.find(opening)
    while start >= 0:
        end = text.find(closing, start)
        end = len(text) if end < 0 else end + len(closing)
        yield start, end
        start = text.find(opening, end)


def _elements(text: str) -> Iterator[Stretch]:
    """Elements that format nothing: their name says whose text it is."""
    opened: dict[str, int] = {}
    for tag in _element.finditer(text):
        closes, name = tag.group(1), tag.group(2).casefold()
        if name in _formatting:
            continue
        if not closes:
            opened.setdefault(name, tag.start())
        elif name in opened:
            yield opened.pop(name), tag.end()


def _tagged(text: str) -> Iterator[Stretch]:
    """From a role's tag to the last one of its paragraph, or to the paragraph's end."""
    done = 0
    for tag in _tag.finditer(text):
        if tag.start() >= done:
            done = labels.paragraph_end(text, tag.end())
            yield tag.start(), done


def _ruled(text: str) -> Iterator[Stretch]:
    """From a line that says "begin" to the one that says "end"."""
    start = -1
    for rule in _rule.finditer(text):
        if rule.group(1).casefold() != "end":
            start = rule.start() if start < 0 else start
        elif start >= 0:
            yield start, rule.end()
            start = -1
    if start >= 0:
        yield start, labels.section_end(text, start)


def _data(text: str) -> Iterator[Stretch]:
    """Braces and brackets that imitate marks, or hold prose by key."""
    for start, end in _braces(text):
        inner = text[start:end]
        keys = [key.group(1) for key in _key.finditer(inner)]
        judges = any(labels.judges(key) for key in keys)
        if judges or (keys and any(_is_prose(part) for part in re.split(r"[\"']", inner))):
            yield start, end


def _braces(text: str) -> Iterator[Stretch]:
    depth = start = 0
    for brace in re.finditer(r"[{}]", text):
        if brace.group() == "{":
            start = brace.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield start, brace.end()
    if depth:
        yield start, labels.paragraph_end(text, start)


def judgements(text: str) -> Iterator[Stretch]:
    """Sentences about the candidate or the answer, and what goes on about them."""
    follows, before = False, (0, 0)
    for span in sentences(text):
        about = bool(_of_candidate.search(span.text) or judged(span.text))
        if (
            about
            and len(span.text.split()) <= BARE_WORDS
            and "\n" not in text[before[1] : span.start]
        ):
            yield before
        follows = about or (follows and bool(_goes_on.match(span.text)))
        if follows:
            yield span.start, span.end
        before = (span.start, span.end)


def judged(sentence: str) -> bool:
    """A sentence that gives a verdict on the answer it stands in."""
    return bool(_of_work.search(sentence[:400]) or _verdict.search(sentence[-400:]))


def _quoted(text: str) -> Iterator[Stretch]:
    """Quotations that are long, stand alone, or are put in the mouth of the grading."""
    for quotation in _quotation.finditer(text):
        start, end = quotation.span()
        words = len(_letters.findall(quotation.group()))
        if words < ALONE_WORDS:
            continue
        around = _line_around(text, start, end)
        alone = not _letters.search(around) and _more_than(text, start, end)
        most = (
            REPORTED_WORDS
            if _reporting.search(text[max(start - 60, 0) : start])
            else EMBEDDED_WORDS
        )
        if alone or words > most or _attributed.search(around):
            yield start, end


def _line_around(text: str, start: int, end: int) -> str:
    """The rest of the sentence that a quotation stands in."""
    before = re.split(r"[.!?\n]\s", text[max(start - 120, 0) : start])[-1]
    ended = text[end - 2 : end - 1] in ".!?"
    after = "" if ended else re.split(r"[.!?](?:\s|$)|\n", text[end : end + 120])[0]
    return f"{before} {after}"


def own(message: str, others: Iterable[Span]) -> str:
    """The message with line breaks for what is not its own, so that all offsets stay."""
    letters = list(message)
    for span in others:
        letters[span.start : span.end] = "\n" * (span.end - span.start)
    return "".join(letters)
