"""Whether a text tells interviewers what to do: orders, and what binds those who take part.

An order begins with a verb. A rule that is no order names somebody or something of the interview
and binds it: "A probe is repeated once at most."
"""

import re

from knowledge.blocks import Block
from knowledge.parser.answers import sentences
from knowledge.parser.languages import matches
from knowledge.parser.vocabulary import EXHORTATION
from knowledge.parser.wording import lead, plain

VERB = r"""(?:ask|let|keep|leave|write|read|copy|duplicate|give|stay|start|begin|stop|use|
    tell|take|make|be|stick|remember|note|allow|say|
    answer|offer|wait|introduce|score|mention|put|turn|switch|print|decide|check|bring|show|open|close|book|
    compare|thank|invite|agree|call|hold|mark|record|submit|fill|end|finish|follow|pick|choose|press|listen|watch|avoid|
    try|treat|pay|swap|share|prepare|confirm|accept|send|speak|talk|sit|hand|return|rate|discuss|explain|play|
    interrupt|repeat|probe|reject|refer|report|save|greet|welcome|warn|remind|offer|praise|coach|
    soften|raise|sell|help|ignore|skip|count|quote|cite|add|double-check|focus|cover|apologi[sz]e|respect)"""
ORDER = re.compile(
    rf"""^["“]?(?:(?:then|first|also|and|please|always|only|instead)[,\s]+)*
    (?:(?:do\snot|don['’]t|never|not)\s+(?:\w+ly\s+)?\w+\s|{VERB}\s(?!of\b|is\b|are\b|was\b|by\b|and\b))""",
    re.I | re.X,
)
CONDITIONAL = re.compile(
    r"^(?:if|when|once|unless|before|after|where)\b[^,:?]{3,90}[,:]\s+(\S.*)$", re.I
)
TAKES_PART = re.compile(
    r"""^(?:["“'][^"”']+["”']|(?:\w+\s){0,4}?(?:candidates?|applicants?|interviewers?|panel|chair|reviewers?|assessors?
    |members?|questions?|probes?|prompts?|follow-ups?|answers?|scores?|notes?|stor(?:y|ies)|adjustments?|breaks?
    |interviews?|reviews?|trial|guide|score|file|everyone|everybody|nobody|no\sone|anyone|you|both|phones?))\b""",
    re.I | re.X,
)
BINDS = re.compile(
    r"""\b(?:must|may(?:\snot)?|cannot|can\sbe|should(?:\snot)?|shall|needs?|ha(?:s|ve)\sto|at\s(?:most|least)|word\sfor\sword
    |(?:is|are)\s(?:never\s|not\s|only\s|always\s)?(?:asked|repeated|allowed|paid|given|told|read|scored|written|recorded
    |permitted|used|kept|shared|shown|stopped|disclosable|counted|discussed|forbidden|required)
    |alone|without\s\w+ing|before\s(?:any|reading|talking|the)|never|neither|in\sthe\sorder)\b""",
    re.I | re.X,
)
TURNS_TO = re.compile(
    r"^(?:please )?(?:see|ask|tell|call|ring|write to|email|mail|contact|look at|check|ping)"
    r"\s(?!(?:me|us) )",
    re.I,
)
MOST_WORDS = 40


def orders(sentence: str) -> bool:
    """Whether a sentence begins with what is to be done, be it after a condition."""
    if sentence.endswith("?") or len(sentence.split()) < 3:
        return False
    conditional = CONDITIONAL.match(sentence)
    said = conditional[1] if conditional else sentence
    return bool(ORDER.match(said) or EXHORTATION.match(said) or matches("exhorts", said))


def binds(sentence: str) -> bool:
    """Whether a sentence says what somebody of the interview must or may do."""
    taking_part = TAKES_PART.match(sentence)
    return bool(taking_part and BINDS.search(sentence)) and not sentence.endswith("?")


def is_remark(block: Block) -> bool:
    """Whether a line asks only to say what to do: "Something unclear? Ask the front desk." """
    said = sentences(plain(block.text))
    ends = len(said) == 2 and said[0].endswith("?") and bool(TURNS_TO.match(said[1]))
    return block.kind == "paragraph" and ends and not re.search(r"\byou\b", said[0], re.I)


def directs(text: str) -> bool:
    """Whether a text begins with an order or with what binds somebody, or mostly holds such."""
    said = sentences(plain(text))
    if lead(text) and not orders(said[0]):
        return False
    directing = [orders(each) or binds(each) for each in said]
    mostly = directing[0] or sum(directing) * 2 > len(said)
    return len(text.split()) <= MOST_WORDS * len(said) and mostly
