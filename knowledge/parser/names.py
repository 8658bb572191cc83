"""Whom a document speaks of: the company, the role, and one person's own project."""

import re
from collections.abc import Sequence

from knowledge.atoms import About
from knowledge.blocks import Block
from knowledge.parser.languages import SPOKEN
from knowledge.parser.roles import GENDERS, JOB, RANK, named_in
from knowledge.parser.wording import bare, is_question, lead, plain

MODIFIERS = frozenset(
    """senior sr sr. junior jr jr. lead staff principal mid mid-level associate head chief
    ml ai data software machine learning analytics backend back-end frontend front-end full stack
    full-stack platform cloud devops site reliability product security qa test quality mobile ios
    android web business intelligence bi applied research deep network systems solutions big
    infrastructure database engineering program project technical python java go rust c++ customer
    marketing sales revenue operations ops genai llm""".split()
)
ROLE = rf"((?:[A-Z][\w+.-]*\s+){{0,5}}{JOB}|(?:[A-Z][\w+.-]*\s+){{1,5}}(?:{RANK}))"
COMPANY = r"([A-Z][\w&-]*(?:\.\w+)?(?: [A-Z][\w&-]*)?)"


def _begun(*words: str) -> str:
    """A pattern of one of the words, found by first letters: far quicker than by a word's edge."""
    return "|".join(rf"{word}(?<!\w{word})" for word in words).join(("(?:", ")"))


ROLE_PATTERNS = (
    re.compile(
        rf"{_begun('for', 'as', 'hiring')}\s+(?:a|an|the|our)\s+{ROLE}"
        r"\s+(?:position|role|job|interview)"
    ),
    re.compile(rf"^(?:Role|Position|Job title|Title)\s*:\s*{ROLE}", re.M),
    re.compile(rf"{_begun('interviewing', 'hiring')}\s+(?:for\s+)?(?:a|an|the)\s+{ROLE}"),
    re.compile(rf"{_begun('a', 'an', 'the', 'our')}\s+{ROLE}\s+(?:position|role)\b"),
)
COMPANY_PATTERNS = (
    re.compile(r"^Company\s*:\s*([^\n.,]{2,40})", re.M),
    re.compile(rf"{JOB}\s+(?:position|role|job|interviews?)\s+(?:at|with)\s+{COMPANY}"),
    re.compile(rf"{JOB}\s+at\s+{COMPANY}"),
)
COMMON = frozenset(
    """data pipeline project platform system app application service website api dashboard etl elt
    warehouse lake ml model work portfolio own company team experience role""".split()
)
ROLE_KEY = "role|position|job|job title|vacancy|post|role title|open role|hiring for"
COMPANY_KEY = "company|employer|organi[sz]ation"
TOP = 12  # blocks in which a document says whom it is about
MOST_WORDS, LONGEST = 8, 120  # of a role in words, of a title in characters
FILE_NAME = r"`?[\w./-]+\.(?:md|py|txt|pdf|docx|ipynb|sql|ya?ml|json|csv)`?"


def speaks_of(blocks: list[Block], company: str | None) -> About:
    """The company and role that a document names; `company` where it names none."""
    texts = [plain(block.text) for block in blocks]
    everything = "\n".join(texts)
    title = _title(blocks)
    told = named_in(title)
    role = stated(blocks, _key("role", ROLE_KEY)) or labelled(blocks, "role", ROLE_KEY)
    named = stated(blocks, _key("company", COMPANY_KEY)) or labelled(blocks, "company", COMPANY_KEY)
    named = named or told.company or _first(COMPANY_PATTERNS, everything)
    if not role and told.role:
        before, role = _apart(told.role, everything)
        named = named or before
    role = role or _first(ROLE_PATTERNS, everything)
    return About(company=named or company, role=role)


def labelled(blocks: Sequence[Block], which: str, key: str) -> str | None:
    """What a line at the top of a document says after a label: "Role: Warehouse Lead"."""
    wanted = re.compile(_key(which, key), re.I)
    for block in blocks[:TOP]:
        if is_question(block.text):
            return None
        pairs = [(row[0].text, row[1].text) for row in block.rows if len(row) == 2]
        said = lead(block.text) if not block.rows else None
        for label, value in [*pairs, *([(said.label, said.rest)] if said else [])]:
            text = re.split(r"\s+(?=[\w ]{2,20}:\s)|\s*\(", GENDERS.sub("", plain(value)))[0]
            text = text.strip(" .")
            short = 0 < len(text.split()) <= MOST_WORDS and not text.startswith("You ")
            if short and wanted.fullmatch(plain(label).strip(": ")):
                return text
    return None


def _key(which: str, key: str) -> str:
    """The words for a role or a company, in the languages of the document."""
    return "|".join([key, *(getattr(language, which).pattern for language in SPOKEN.get())])


def _title(blocks: Sequence[Block]) -> str:
    """The line that names a document: its first heading of the highest level, or its first line."""
    first = next((block for block in blocks if block.kind == "heading" and block.level == 1), None)
    top = next((block for block in blocks if block.kind != "front"), None)
    for block in (top, first):
        if block and len(block.text) < LONGEST and named_in(bare(block.text)).role:
            return bare(block.text)
    return bare(first.text) if first and len(first.text) < LONGEST else ""


def _apart(role: str, text: str) -> tuple[str | None, str]:
    """The company's name before a role, if the document speaks of it, and the role without it."""
    words = role.split()
    for size in (2, 1):
        before = " ".join(words[:size])
        proper = len(words) > size and not {w.lower() for w in words[:size]} & MODIFIERS
        if proper and _is_company(before, text):
            return before, " ".join(words[size:])
    return None, role


def stated(blocks: Sequence[Block], key: str) -> str | None:
    """What a document's front matter gives for a key."""
    front = next((block.text for block in blocks if block.kind == "front"), "")
    found = re.search(rf"^(?:{key})[ \t]*:[ \t]*(\S.*)$", front, re.I | re.M)
    return found[1].strip("\"' ") if found else None


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str | None:
    for pattern in patterns:
        if found := pattern.search(text):
            return found[1].strip().rstrip(".")
    return None


def _is_company(name: str, text: str) -> bool:
    """Whether a document speaks of a name as one does of a company."""
    if not re.fullmatch(r"[A-Z][\w&.-]*(?:\s[A-Z][\w&.-]*)?", name):
        return False
    spoken_of = re.findall(
        rf"\b(?i:at|about|with|join|like)\s+{re.escape(name)}\b|\b{re.escape(name)}['’]s", text
    )
    return len(spoken_of) > 1


def project_name(title: str) -> str | None:
    """The proper name in "Your ATLAS Data Platform", of a project that is one person's own."""
    found = re.search(r"\b[Yy]our ((?:[A-Z][\w&*.-]*\s?)+)", title)
    words = found[1].split() if found else []
    proper = [word for word in words if word.lower().strip("s") not in COMMON]
    return " ".join(proper) if proper and len(proper) < len(words) else None


def about_ones_own(text: str, name: str | None) -> str:
    """A question about somebody's project, asked about the candidate's own."""
    text = re.sub(rf"\s*\([^()]*{FILE_NAME}[^()]*\)", "", text)
    text = re.sub(rf",\s[^,.?]*?{FILE_NAME}[^?]*?(?=[?]|\.$|\.\s|$)", "", text)
    if name:
        text = re.sub(rf"\b[Tt]he ((?:\w+ ){{0,2}}){re.escape(name)}\b", r"your \1", text)
        text = re.sub(rf"\b{re.escape(name)}\s+", "", text)
        text = re.sub(rf"\b{re.escape(name)}\b", "your project", text)
    text = re.sub(r"\b(?:this|the) (?=(?:data )?(?:project|pipeline)\b)", "your ", text)
    return re.sub(r"\s{2,}", " ", text).strip()
