"""Labels that say whose text follows: "Grader:", "## Model answer", "Expected points:".

A label is a few words at the beginning of a line or sentence, with a colon or as a heading. It
holds until its paragraph ends; one without words on its own line holds for the next paragraph
and for the list that follows.
"""

import re
from bisect import bisect
from collections.abc import Iterator

from agent.local.appeals import DEMANDS

Stretch = tuple[int, int]

_flags = re.IGNORECASE
_adorned = r"[ \t]{0,8}(?:[-*#>=~|+(\[{<_\"'“`]{1,12}[ \t]{0,4}){0,3}"
_closed = r"[\])>}*_\"'”`]{0,6}[ \t]{0,4}"
_label = re.compile(
    rf"(?:^|(?<=[.!?;)\]\"”]) {{1,4}}){_adorned}(?P<label>[^\W\d_][^:=\n.!?;]{{1,80}}?)"
    rf"{_closed}(?::(?!//)|=(?!=)|[ \t][–—-][ \t]|[-=]>){_closed}",
    re.MULTILINE,
)
_heading = re.compile(
    r"^[ \t]{0,3}(?:#{1,6}[ \t]{0,4}(?P<heading>[^\n]{1,80})|"
    r"(?P<under>[^\n:]{2,60})\n[=-]{3,40}[ \t]*$"
    r"|\*\*(?P<bold>[^*\n]{2,60})\*\*[ \t]*$)",
    re.MULTILINE,
)
_grading = (
    r"(?:(?:ai|auto\w*|official|internal|hidden) )?(?:grad(?:er|ers|ing)|rubrics?|examiners?|"
    r"evaluators?|assessors?|markers?(?! interface)|interviewer['’]?s (?:notes?|comments?|"
    r"summary|view|hint)|mark(?:ing|s)? ?(?:scheme|guide|key|sheet|notes?)|"
    r"scor(?:ing|e) ?(?:guide|key|sheet|card|notes?|scheme|criteria)|answer key|"
    r"(?:reference|model|expected|ideal|sample|exemplar|gold(?:en)?|official|suggested|perfect|"
    r"correct|target|benchmark|full[- ]mark\w*) (?:answers?|repl(?:y|ies))|"
    r"(?:reference|model|sample|exemplar|gold(?:en)?|official) (?:responses?|solutions?|points?|"
    r"text|output)|"
    r"(?:ideal|perfect|best possible|full[- ]mark\w*) (?:responses?|solutions?)|"
    r"(?:expected|required|scorable|scored|graded|listed) (?:points?|content|statements?|evidence)|"
    r"(?:grading|marking|scoring)[ -](?:criteria|points|rules|notes?|results?|summary|report|"
    r"output|record)|"
    r"(?:points?|criteria|indicators?)(?: \w+){0,3} (?:met|covered|satisfied|credited|awarded|"
    r"fulfilled)|"
    r"system (?:message|prompt|note|override|update|instruction\w*|notice)|ground truth|"
    r"what (?:a|the) (?:good|strong|perfect|best|full|ideal|top) (?:candidate|answer|response))"
)
_names_grading = re.compile(rf"\b{_grading}\b", _flags)
_before = (
    r"(?:(?:the|an?|our|your|to|for|from|role|message from|note (?:to|for|from)) ){0,2}"
    r"(?:ai |senior |lead |human |second |hiring |virtual |chief |expert )?"
)
_after = r"(?: \d{1,3}| ?\([^)]{0,30}\)| notes?| says?| text| output| comment\w*| summary| result)?"
_role = re.compile(
    rf"{_before}(?:system|assistant|chat ?gpt|examiners?|graders?|interviewers?|evaluators?|"
    rf"assessors?|references?|rubric|verdicts?|transcript|decoded(?: \w+)?|marks?|grades?|scores?)"
    rf"{_after}",
    _flags,
)
_maybe = re.compile(
    rf"{_before}(?:user|human|bot|gpt\S{{0,6}}|claude|llm|developer|admin\w*|moderator|judge|jury|"
    rf"panel(?:list)?|recruiters?|reviewers?|manager|viva|ai|model|instructor|evaluation|"
    rf"assessment|"
    rf"instructions?|prompt|evidence|quotes?|translation|criteri(?:a|on)|indicators?|expected|"
    rf"anchors?|feedback|points?|result){_after}",
    _flags,
)
"""Labels that an answer may well have of its own; what stands under them tells."""
_candidate = re.compile(
    r"(?:the |this )?(?:candidate|applicant|interviewee|respondent|student)", _flags
)
_mine = re.compile(
    r"(?:me|my \w+(?: \w+){0,2}|[\w ,']{0,40}\b(?:correct|change|amend|add to) my (?:\w+ )?\w+|"
    r"mine|i|a|answer|own words|in my (?:own )?words|(?:short|"
    r"long) answer)",
    _flags,
)
_ours = re.compile(r"\b(?:we|our|us)\b", _flags)
_of_grading = re.compile(
    rf"\b(?:{_grading}|candidate|applicant|full(?:y)? (?:met|marks|credit|correct)|verdict|"
    rf"pass(?:es|ed)?|"
    r"met|award\w*|(?:this|the|my|above|following) (?:answer|response))\b",
    _flags,
)
_person = re.compile(
    r"(?:interviewers?|examiners?|graders?|system|assistant|user|human|ai|recruiters?)", _flags
)
_blank = re.compile(r"\n[ \t\r]*\n\s*")
_item = re.compile(r"[ \t]*(?:[-*+•·–]|\(?\d{1,2}[.)]|\(?[a-z][.)])[ \t]")
_any_heading = re.compile(r"^#{1,6}[ \t]", re.MULTILINE)
LABEL_WORDS = 16
LOOKED_AT = 400
"""Characters after a label that are asked what it is about."""


def labelled(text: str) -> list[Stretch]:
    """The stretches under a label or heading that is not the candidate's, in order."""
    return [*_under_headings(text), *_under_labels(text)]


def addresses(stretch: str) -> bool:
    """Whether a stretch begins by naming the grading or by asking something of it."""
    beginning = stretch[:LOOKED_AT].lstrip().split("\n", 1)[0][:120]
    return bool(_names_grading.search(beginning) or DEMANDS.search(beginning))


def judges(label: str) -> bool:
    """Whether a key or label names the grading: "score", "rubric_met", "verdict"."""
    words = label.replace("_", " ").casefold().split()
    named = {"score", "scores", "verdict", "verdicts", "met", "mark", "marks", "grade", "rubric"}
    return bool(named & set(words) or is_foreign(" ".join(words)))


def is_foreign(label: str) -> bool:
    """Whether text under this label is somebody else's, whatever it says."""
    return _is_label(label) and bool(
        _role.fullmatch(label) or _names_grading.search(label) or DEMANDS.search(label)
    )


def _is_label(label: str) -> bool:
    few = len(label.split()) <= LABEL_WORDS
    return few and not (_mine.fullmatch(label) or _ours.search(label))


def _under_headings(text: str) -> Iterator[Stretch]:
    done = 0
    for found in _heading.finditer(text):
        heading = found.group("heading") or found.group("under") or found.group("bold")
        name = " ".join(heading.strip(" *_#:\"'").split(":")[0].split())
        if found.start() >= done and is_foreign(name):
            done = section_end(text, found.end())
            yield found.start(), done


def _under_labels(text: str) -> Iterator[Stretch]:
    found = [
        (m.start(), m.end(), " ".join(m.group("label").strip(" *_`\"'").split()))
        for m in _label.finditer(text)
    ]
    staged = any(_person.fullmatch(label) for _, _, label in found)
    mine = [start for start, _, label in found if _mine.fullmatch(label)] + [len(text)]
    done = 0
    for start, end, label in found:
        if start >= done and _holds(label, text[end : end + LOOKED_AT], staged):
            done = min(_reach(text, end), mine[bisect(mine, start)])
            yield start, done


def _holds(label: str, following: str, staged: bool) -> bool:
    """Whether what follows is not the candidate's: by the label, its company, or what it says."""
    if is_foreign(label) or (staged and _candidate.fullmatch(label)):
        return True
    maybe = _is_label(label) and bool(_maybe.fullmatch(label))
    return maybe and (staged or bool(_of_grading.search(following)))


def _reach(text: str, start: int) -> int:
    """Where a label's text ends: with its paragraph, or with the list that follows it."""
    end = paragraph_end(text, start)
    bare = not text[start:end].strip()
    while end < len(text):
        following = _blank.match(text, end)
        after = following.end() if following else end
        if not (bare or _item.match(text, after)):
            return end
        end, bare = paragraph_end(text, after), False
    return end


def paragraph_end(text: str, start: int) -> int:
    """Where the paragraph around `start` ends."""
    found = _blank.search(text, start)
    return found.start() if found else len(text)


def section_end(text: str, start: int) -> int:
    """Where the next heading begins, or the text ends."""
    found = _any_heading.search(text, start + 1)
    return found.start() if found else len(text)
