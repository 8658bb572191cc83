"""Whom a document speaks of: the company, the role, and one person's own project."""

import re
from collections.abc import Sequence

from knowledge.atoms import About
from knowledge.blocks import Block
from knowledge.parser.wording import bare, plain

MODIFIERS = frozenset(
    """senior sr sr. junior jr jr. lead staff principal mid mid-level associate head chief
    ml ai data software machine learning analytics backend back-end frontend front-end full stack
    full-stack platform cloud devops site reliability product security qa test quality mobile ios
    android web business intelligence bi applied research deep network systems solutions big
    infrastructure database engineering program project technical python java go rust c++ customer
    marketing sales revenue operations ops genai llm""".split()
)
JOBS = """Engineer Scientist Analyst Developer Architect Manager Designer Administrator Consultant
    Specialist Researcher""".split()
JOB = f"(?:{'|'.join(JOBS)})"
ROLE = rf"((?:[A-Z][\w+.-]*\s+){{0,5}}{JOB})"
COMPANY = r"([A-Z][\w&-]*(?:\.\w+)?(?: [A-Z][\w&-]*)?)"
ROLE_PATTERNS = (
    re.compile(
        rf"\b(?:for|as|hiring)\s+(?:a|an|the|our)\s+{ROLE}\s+(?:position|role|job|interview)"
    ),
    re.compile(rf"^(?:Role|Position|Job title|Title)\s*:\s*{ROLE}", re.M),
    re.compile(rf"\b(?:interviewing|hiring)\s+(?:for\s+)?(?:a|an|the)\s+{ROLE}"),
    re.compile(rf"\b(?:a|an|the|our)\s+{ROLE}\s+(?:position|role)\b"),
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
FILE_NAME = r"`?[\w./-]+\.(?:md|py|txt|pdf|docx|ipynb|sql|ya?ml|json|csv)`?"


def speaks_of(blocks: list[Block], company: str | None) -> About:
    """The company and role that a document names; `company` where it names none."""
    texts = [plain(block.text) for block in blocks]
    everything = "\n".join(texts)
    title = bare(blocks[0].text) if blocks else ""
    role = stated(blocks, "role|position|job|job title")
    role = role or _first(ROLE_PATTERNS, everything) or _role_in_title(title)
    named = stated(blocks, "company|employer|organi[sz]ation")
    named = named or _first(COMPANY_PATTERNS, everything) or _company_in_title(title, everything)
    return About(company=named or company, role=role)


def stated(blocks: Sequence[Block], key: str) -> str | None:
    """What a document's front matter gives for a key."""
    front = next((block.text for block in blocks if block.kind == "front"), "")
    found = re.search(rf"^(?:{key}):[ \t]*(\S.*)$", front, re.I | re.M)
    return found[1].strip("\"' ") if found else None


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str | None:
    for pattern in patterns:
        if found := pattern.search(text):
            return found[1].strip().rstrip(".")
    return None


def _split_title(title: str) -> tuple[str, str]:
    """The words before a role in a title, and the role."""
    found = re.search(rf"\b{ROLE}\b", title)
    if not found:
        return "", ""
    words = found[1].split()
    start = len(words) - 1
    while start and words[start - 1].lower() in MODIFIERS:
        start -= 1
    before = title[: found.start()] + " ".join(words[:start])
    return before.strip(" -–—:·|"), " ".join(words[start:])


def _role_in_title(title: str) -> str | None:
    return _split_title(title)[1] or None


def _company_in_title(title: str, text: str) -> str | None:
    """A name before the role in the title, if the document goes on to speak of it."""
    before = _split_title(title)[0]
    if not re.fullmatch(r"[A-Z][\w&.-]*(?:\s[A-Z][\w&.-]*)?", before):
        return None
    spoken_of = re.findall(
        rf"\b(?:at|about|with|join|like)\s+{re.escape(before)}\b|{re.escape(before)}['’]s",
        text,
        re.I,
    )
    return before if len(spoken_of) > 1 else None


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
