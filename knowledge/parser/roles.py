"""The role and the company that a document's title names, in any habit of writing one.

"Interview guide: Office Coordinator", "Senior Nurse - structured interview (Ward 4)", "Hiring kit
for a Warehouse at Example GmbH": what says that this is a guide is set aside, and of what
is left the part that names a job is the role.
"""

import re
from typing import NamedTuple

from knowledge.parser.languages import SPOKEN

JOBS = """Engineer Scientist Analyst Developer Architect Manager Designer Administrator Consultant
    Specialist Researcher Nurse Lead Coordinator Assistant Director Supervisor
    Technician Teacher Driver Representative Clerk Accountant Controller Planner Buyer Recruiter
    Executive Advisor Adviser Mechanic Electrician Chef Cook Waiter Waitress Baker
    Barista Cashier Receptionist Secretary Paralegal Lawyer Counsel Solicitor Pharmacist Physician
    Doctor Surgeon Therapist Physiotherapist Midwife Carer Caregiver Librarian Editor Writer
    Journalist Copywriter Translator Tutor Lecturer Professor Instructor Trainer Coach Strategist
    Economist Statistician Auditor Bookkeeper Inspector Surveyor Welder Plumber Carpenter Machinist
    Picker Packer Porter Guard Steward Attendant Intern Trainee Apprentice Dispatcher
    Foreman Worker Programmer Tester Marketer Producer Handler Keeper Cleaner
    Gardener Caretaker Merchandiser Underwriter Banker Broker Trader Biologist Chemist Physicist
    Psychologist Dentist Veterinarian Practitioner Paramedic Fundraiser Concierge Housekeeper
    Headteacher Curator Captain Pilot Purser Seller Salesperson Scheduler
    """.split()
# Jobs only with a word before them: a lead is a lamp's, a master is a copy.
RANK = "Lead|Leader|Master|Owner|Partner|Principal|President|Associate|Agent|Officer|Operator"
JOB = f"(?:{'|'.join(JOBS)})"
HEAD_OF = r"(?:Head|Director|Chief|VP|Vice President|Manager|Officer|Team Lead)\s+(?:of|for)\s+"
WORD = r"[A-Z][\w+#/.’'-]*"
NAMED_JOB = re.compile(
    rf"\b((?:{HEAD_OF}{WORD}(?:(?:\s+(?:and|&))?\s+{WORD}){{0,3}})"
    rf"|(?:(?:{WORD},?\s+(?:(?:and|&|of)\s+)?){{1,5}}(?:{RANK})s?\b"
    rf"|(?:{WORD},?\s+(?:(?:and|&|of)\s+)?){{0,5}}{JOB}s?\b)(?!['’]s))"
    rf"(?=\s*$|\W*[,;(A-Z\d]|\s+(?:of|for|in|with|at|to|position|role|job)\b)"
)
GUIDE = re.compile(
    r"\b(?:(?:structured|semi-structured|technical|competency|first|second|final|remote|onsite"
    r"|phone|panel|hiring|job|recruit(?:ing|ment|er)|selection|interview(?:er|ing)?s?|screening"
    r"|assessment|question|candidate)[\s-]+)*"
    r"(?:guide|kit|pack|bank|book|playbook|handbook|script|plan|questions?|interviews?|scorecard"
    r"|rubric|manual|loop|process|panel|template|framework|matrix|q\s*&\s*a|screen|sheet|form"
    r"|debrief|stage|round|brief|overview|notes)\b(?:\s+(?:and|&)\s+\w+\b)?",
    re.I,
)
PLURAL = re.compile(rf"\b({JOB}|{RANK})s$")
TO = re.compile(r"^\s*(?:for|to|of|hiring|about|with|[-–—:|·])\s*(?:an?\s|the\s|our\s)?\s*", re.I)
PARTS = re.compile(r"\s+[-–—|·•/]\s+|[:|]\s+|\s*[()\[\]]\s*|\s+@\s+")
GENDERS = re.compile(
    r"\s*[(\[]?\b[mwfdhx](?:\s*[/|]\s*[mwfdhx*]){1,3}\b\*?[)\]]?|\s*\(all genders\)", re.I
)
LEGAL = re.compile(
    r"\b(?:GmbH|AG|KG|Ltd|Limited|Inc|LLC|plc|PLC|SA|S\.A\.|SARL|SAS|S\.L\.|SL|BV|B\.V\.|NV|Oy|AB|AS"
    r"|ApS|SpA|S\.p\.A\.|Srl|S\.r\.l\.|Lda|Co|Corp|Group|eG|SE|e\.V\.)(?=\W|$)\.?"
)
AT = re.compile(r"\s+(?:at|with|@)\s+(?=[A-Z])")
NO_COMPANY = re.compile(r"^(?:level|grade|band|senior|junior|mid|the|our|least|scale)\b", re.I)
MOST_WORDS = 8


class Named(NamedTuple):
    """What a title names; `before` is what stands before the role in its own part."""

    role: str | None = None
    company: str | None = None


def named_in(title: str) -> Named:
    """The role and the company that a title names."""
    marked = bool(GENDERS.search(title))
    text = GENDERS.sub("", title).strip()
    text, company = _at(text)
    parts = [part.strip(" ,.") for part in PARTS.split(text) if part.strip(" ,.")]
    if company is None:
        company = next((part for part in parts if LEGAL.search(part) and not _job(part)), None)
    for part in parts:
        if part != company and (role := _role(part, guide=len(parts) > 1, marked=marked)):
            return Named(role, company)
    return Named(None, company if len(parts) > 1 else None)


def _at(text: str) -> tuple[str, str | None]:
    """A title without the company that it says the job is at, and this."""
    words = "|".join(language.at.pattern for language in SPOKEN.get())
    patterns = [AT, re.compile(rf"\s+(?:{words})\s+(?=[A-Z])")] if words else [AT]
    for pattern in patterns:
        for found in pattern.finditer(text):
            name = re.split(r"\s+[-–—|·]\s+|[:(\[,]", text[found.end() :])[0].strip(" .")
            before = text[: found.start()]
            if name and not NO_COMPANY.match(name) and len(name.split()) < 6:
                rest = text[found.end() + len(name) :]
                return before + rest, name
    return text, None


def _role(part: str, *, guide: bool, marked: bool) -> str | None:
    """The role that a part of a title names, without the words that say it is a guide."""
    said, stripped = _without_guide(part)
    if not said or len(said.split()) > MOST_WORDS:
        return None
    foreign = any(
        language.jobs.fullmatch(word.strip(",."))
        for language in SPOKEN.get()
        for word in said.split()
    )
    if (foreign and (guide or stripped)) or (marked and not _job(said)):
        return said.split(",")[0].strip()
    return _job(said)


def _without_guide(part: str) -> tuple[str, bool]:
    """A part of a title without "interview guide for a" and the like, and whether it said so."""
    said, stripped = part, False
    for language in 3 * SPOKEN.get():
        found = re.match(rf"(?:{language.guide.pattern})(?:\s+|(?<=['’])|$)", said, re.I)
        if found and found[0].strip():
            said, stripped = said[found.end() :].strip(" :-–—"), True
    if stripped:
        return said, True
    found = GUIDE.search(part)
    if not found:
        return part, False
    before, after = part[: found.start()].strip(" ,-–—:"), TO.sub("", part[found.end() :])
    return (after if _job(after) else before or after), True


def _job(text: str) -> str | None:
    """The job that a text names in English, with what it is a manager or nurse of."""
    found = NAMED_JOB.search(text)
    if not found:
        return None
    role = PLURAL.sub(r"\1", found[1].strip(" ,"))
    more = re.match(rf",\s+({WORD}(?:\s+{WORD}){{0,2}})$", text[found.end() :])
    return f"{role}, {more[1]}" if more and " " not in role else role
