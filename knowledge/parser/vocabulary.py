"""The words by which sections, labels and furniture are recognised.

Data, not rules: a team that calls its red flags something else adds a phrase here. The first
pattern that fits a title decides, so the narrow ones come first.
"""

import re
from typing import Literal, TypeAlias

from knowledge.atoms import Grade, Level, Polarity, QuestionKind

Purpose = Literal[
    "contents",
    "closing",
    "furniture",
    "ask",
    "why_ask",
    "red",
    "green",
    "negative",
    "positive",
    "covers",
    "answer",
    "question",
    "hint",
    "follow_up",
    "exceeds",
    "meets",
    "below",
    "scale",
    "rule",
    "advice",
    "format",
    "minutes",
    "level",
    "tags",
    "about_topic",
    "detail",
    "why_hard",
    "attitudes",
    "competency_questions",
    "requirement",
    "discipline",
    "exercise",
    "resume",
    "progression",
    "competencies",
    "areas",
    "money",
    "questions",
    "required",
    "fact",
]


Listed: TypeAlias = tuple[tuple[str, re.Pattern[str]], ...]
"""Names, and the pattern that each is known by; the first that fits decides."""


ANYWHERE = r".*\b"


def phrases(lines: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """A pattern that is any one of the lines; a space in it is any space."""
    stripped = filter(None, map(str.strip, lines.splitlines()))
    spaced = [line.replace(" ?", r"\s*").replace(" ", r"\s+") for line in stripped]
    whole = [f"(?:{line})" for line in spaced if not line.startswith(ANYWHERE)]
    within = [f"(?:{line.removeprefix(ANYWHERE)})" for line in spaced if line.startswith(ANYWHERE)]
    if within:  # looked for at each word together, not line by line
        whole.append(f"{ANYWHERE}(?:{'|'.join(within)})")
    return re.compile("|".join(whole), flags)


def listed(**named: str) -> Listed:
    """Names with the pattern of each, in their order."""
    return tuple((name, phrases(lines)) for name, lines in named.items())


# What a label or a short title says, in whole. "Answer hint" is an answer, "hint" alone a hint.
LABELS = listed(
    contents=r"""
        (table of )?contents
        toc""",
    furniture=r"candidate experience",
    why_ask=r"""
        why ((do )?(we|you) )?(ask|asking)\b.*
        why (it|this) matters""",
    negative=r"""
        negative (indicators?|signals?)
        bad|weak
        (weak|poor|bad|unsatisfactory) (answers?|responses?|signals?|candidates?)
        (watch|look) out for|beware of|worrying|worrisome
        signs? of (a )?weak.*
        what (a )?(weak|poor|bad)\b.*""",
    covers=r"""
        (a )?(good|great|strong|complete|ideal) answers? (cover|include|mention|should)\w*.*
        (a )?(good|great|strong|complete|ideal) answers? (has|have|needs?).*
        (key|main|scoring|important|expected) points?
        (should|must) (mention|cover|include)
        ((success|evaluation|assessment|acceptance|scoring|grading) )?criteria
        rubric|checklist
        covers?|mentions?
        accepts?|(accepted|acceptable)( answers?)?
        what (a )?(good|great|strong|solid|full) answers? (has|have|needs?|contains?)
        what (a )?(good|great|strong) (answers?|candidates?) (covers?|includes?|mentions?|says?)""",
    positive=r"""
        positive indicators?
        good|strong|great
        (strong|good|great|excellent) (answers?|responses?|signals?|candidates?)
        what (we(['’]re| are)? look(ing)?|to look|to listen) for
        (look|listen)(s|ing)? for
        (what to )?observe
        signs? of (a )?strength
        what (good|great) looks like.*
        (signs? of|what) (a )?strong\b.*""",
    red=r"""
        (.{1,20} )?(red flags?|warning signs?|deal[ -]?breakers?)( (to|for)\b.*)?
        (bad|negative|stop) signs?
        what (worries|concerns) us( about .*)?
        (our )?concerns?""",
    green=r"""
        (.{1,20} )?green flags?( (to|for)\b.*)?
        (positive|good) (signals?|signs?)( (to|for)\b.*)?
        what (impresses|we love)\b.*""",
    hint=r"""
        (hints?|nudges?|prompts?)( (if|to|for)\b.*)?
        if (they|the candidate|a candidate|stuck|nothing comes)\b.*
        (if|when) (the )?(talk|conversation|answer) (dries|runs|stalls|stops|gets|is|slows)\b.*""",
    follow_up=r"""
        (possible |optional )?follow[ -]?ups?( questions?)?
        probes?
        prob(e|ing) .*
        dig deeper""",
    answer=r"""
        a|answers?
        (model|sample|expected|suggested|ideal|example) (answers?|responses?|solutions?)
        (reference|short|possible|correct) (answers?|responses?|solutions?)
        answer (hints?|guide|key|notes?|path)
        reference
        hints? (for )?(the )?answer
        solution|response|explanation|talking points""",
    question=r"((lead|main|core|key|opening|central|primary) )?(q|question|prompt) ?#?\d{0,3}",
    exceeds=r"exceeds?( expectations)?|outstanding|exceptional|excellent",
    meets=r"meets?( expectations)?|satisfactory|solid|acceptable",
    below=r"""
        (is )?below( expectations)?
        does not meet.*
        unsatisfactory|insufficient|poor""",
    scale=r"""
        (scor(ing|e)|rating|grading)( (anchors?|scale|guide|rubric|levels?))?
        anchors?|scale""",
    rule=r"""
        constraints?
        ((fixed|hard) )?limits
        tensions?( to introduce)?
        (in[ -]character )?guidance.*
        (please )?do( not|n['’]t|n['’]ts)?|don['’]?ts?|dos
        (the )?(dos?|do['’]s) (and|&) don['’]?ts?
        (ground )?rules( .*)?
        never|always""",
    minutes=r"""
        response time
        time( (limit|box|allowed|needed))?
        duration|length|timebox""",
    detail=r"""
        audience
        roles?( in (the )?scenario)?
        (the |your )?(partner|counterpart|character|persona)s?
        who plays (whom|what|which role)
        motivation
        (interview )?round
        interviewers?|participants?|materials?|environment
        tools allowed
        context|background|set-?up""",
    advice=r"""
        notes?|remember|important|deliverables?|resources|guidelines?|recommendations?
        ((pro|general|interview|quick|final|more) )*(tips?|advice)( .*)?
        what to (prepare|review|bring|expect|do)\b.*
        how to .*
        preparation( tips)?
        before (you|the)\b.*
        star( (method|technique|format))?
        interviewer (notes?|guidance|instructions?)
        further reading
        study .*""",
    level=r"""
        (expected|expectations?) (at|for) .*
        (at )?(junior|mid|senior|principal)[ -]?(level)?""",
    tags=r"tags?|difficulty|level|seniority|category",
    about_topic=r"topic|theme|area|subject|skill",
    requirement=r"(job )?requirement",
    discipline=r"discipline|domain",
    format=r"""
        format
        (interview )?(agenda|schedule|timeline)
        (running order|order of play|run[- ]?sheet)
        (what|how) (the|our|your) (hour|interview|session|day|call) (looks|goes|runs|is)\b.*""",
)

# What the title of a section says; a part of it is enough where `.*` stands.
TITLES = (
    *listed(
        ask=r"""
            .*questions? (that )?(candidates?|you) (can |could |should |may |might )?ask\b.*
            .*questions? (for you )?to ask ((the|your|an|our) )?(interviewers?|us|panel)\b.*
            .*questions? (for you )?to ask ((the|your|an|our) )?(team|employer|company|hiring)\b.*
            .*questions? (for|from) (the )?(interviewers?|us|candidates? to ask)\b.*
            (the )?(candidate['’]?s?|your|their) (own )?questions( (for|to) .*)?
            reverse interview
            (.* )?questions? (from|by) (the |our |your )?(candidates?|applicants?)
            what (candidates|applicants|people|they|you) (\w+ )?(\w+ )?(to )?(know|ask|wonder)( .*)?
            (candidates|applicants|they|you) (may|might|can|could|will|often|usually) ask( us)?
            (candidates?|applicants?)['’]?s? faqs?
            if (they|candidates|the candidate|applicants|anyone|somebody) asks?( us)?( .*)?
            (.* )?questions (you|they|candidates) (may|might|will|often)( still)? (have|ask)""",
        why_hard=r"""
            why (this|the) (role|job|position|hire) is (so )?(hard|difficult|challenging)\b.*
            what makes (this|the) (role|job|position|hire) (hard|difficult|challenging)\b.*""",
        green=r"what (good|great) looks like.*",
        closing=r"(good luck|thank you|thanks)\b.*|farewells?|good-?bye|sign[- ]?off",
    ),
    *LABELS,
    *listed(
        attitudes=r".*\b(attitude|mindset|values?) questions?",
        competency_questions=r".*\b(competency|skills?) questions?",
        resume=r"""
            (r[eé]sum[eé]|cv) (review|screen(ing)?)( criteria)?
            ([\w-]+ ){1,3}(review|screening) criteria""",
        exercise=r"""
            .*\b(role[ -]?plays?|mock (?!data)\w+|simulations?)( (at|with|in|on|about|for|as) .*)?
            .*\b(case stud(y|ies)|work samples?)( (at|with|in|on|about|for|as) .*)?
            (live |pair )?coding (test|exercise|challenge|task|round)( ?[:–—-] .*)?
            (take[ -]?home|work (simulation|sample)|role[ -]?play|exercise)\b.*
            presentation( (prompt|exercise|task))?( ?[:–—-] .*)?
            case study( ?[:–—-] .*)?
            screening (prompt|question)
            .*\bvideo[ -]response( questions?)?
            application screen.*
            live coding|whiteboard.*
            (practical|coding|technical) (exercise|assessment|task)\b.*""",
        progression=r"""
            .*\bprogression\b.*
            .*\bcareer (ladder|framework|levels?)\b.*
            .*\blevel(l?ing)? (guide|framework|expectations)\b.*
            .*\b(competency|skills?) (matrix|framework|table)\b.*
            .*\bexpectations by level\b.*
            .*\b(growth|skill|competency) levels?\b.*""",
        money=r"""
            .*\bmoney (questions?|round)\b.*
            .*\b(trivia|quick[ -]?fire|rapid[ -]?fire|bite[ -]?sized?|lightning round)\b.*""",
        advice=r"""
            (how|what) to .*
            .*\b(tips|advice|guidelines)\b.*
            preparation\b.*
            faqs?|frequently asked.*""",
        format=r"""
            ((general|overall|interview) )*(structure|format|process|agenda)( (of|and|&) .*)?
            ((general|overall|interview) )*(schedule|timing|stages?|flow|plan)( (of|and) .*)?""",
        red=r".*\b(red flags?|warning signs?)\b.*",
        green=r".*\bgreen flags?\b.*",
        competencies=r"""
            ((core|key) )?competenc(y|ies)
            what we (grade|score)
            behaviou?rs we (assess|score)""",
        areas=r"""
            (ground|topics?|areas?) ((that )?(we|you) (want|need|have) )?to (cover|touch)\b.*
            (ground|topics?|areas?|subjects?|themes?) to (discuss|explore)\b.*
            what (we|you) (want|need|have) to cover.*
            ((key|core|main|essential|technical|skills?) )*(areas?|topics?|domains?|subjects?)
            (focus|assessment|knowledge) (areas?|topics?|domains?)
            ((key|core|main|technical) )*(areas?|topics?|domains?|skills) (to|we|you|for)\b.*
            what we (assess|cover|evaluate|ask).*""",
        questions=r"""
            .*\bquestions?\b.*
            .*\bq ?(&|and) ?as?\b.*
            .*\binterview prompts\b.*""",
        required=r"""
            (must|nice)[ -](to[ -])?haves?
            (required|preferred|minimum|desired|bonus) .*
            requirements|qualifications|responsibilities""",
        fact=r"""
            (about|who (we|are)|why (us|join|this))\b.*
            overview|introduction|summary|context|background|mission""",
    ),
)

KINDS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    ("behavioral", re.compile(r"behaviou?r|soft skill|leadership|teamwork|collaboration", re.I)),
    ("system_design", re.compile(r"system design|architecture question|design question", re.I)),
    (
        "project",
        re.compile(r"project[- ](specific|based|questions)|your .*\b(project|pipeline)\b", re.I),
    ),
    ("opening", re.compile(r"opening|warm[- ]?up|ice ?breaker|background\b|getting to know", re.I)),
    ("attitude", re.compile(r"attitude|mindset|values questions", re.I)),
    ("coding", re.compile(r"\bcoding|live code|programming (test|exercise)|whiteboard", re.I)),
    ("presentation", re.compile(r"presentation", re.I)),
    ("screening", re.compile(r"screen(ing)?\b|video[- ]response", re.I)),
    ("resume", re.compile(r"r[eé]sum[eé]|\bcv\b", re.I)),
    ("scenario", re.compile(r"scenario|simulation|role[- ]?play|case stud|situational", re.I)),
    ("technical", re.compile(r"technical", re.I)),
)

LEVEL_WORDS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("principal", re.compile(r"\b(principal|staff|expert|distinguished)\b", re.I)),
    ("senior", re.compile(r"\b(senior|sr|advanced|hard(?! skills)|difficult)\b", re.I)),
    ("mid", re.compile(r"\b(mid|middle|medium|intermediate|mid-?level|moderate)\b", re.I)),
    ("junior", re.compile(r"\b(junior|jr|entry|beginner|easy|basic|graduate|intern)\b", re.I)),
)

GRADES: dict[str, Grade] = {"exceeds": "exceeds", "meets": "meets", "below": "below"}
POLARITIES: dict[str, Polarity] = {
    "red": "negative",
    "green": "positive",
    "positive": "positive",
    "negative": "negative",
}

FURNITURE = phrases(
    r"""
    ^REC$
    ^\d{1,2}:\d{2}( ?/ ?\d{1,2}:\d{2})?$
    ^\d+ ?(Record|Review|Submit|Send|Next|Back|Start)$
    ^(back to top|skip to content|share|print|copy( link)?|edit|menu|log ?in|sign up)$
    ^(search|download)$
    ^page \d+( of \d+)?$
    ^(good luck|best of luck|happy interviewing)\b.{0,60}$
    ^(all rights reserved|©).*$"""
)
ONE_OF = re.compile(r"^(\d{1,4})\s+of\s+(\d{1,4})$")
ANNOUNCED = re.compile(
    r"^(\d{1,4})\s+((?:[\w-]+\s){0,3}(?:questions?|criteria|competenc(?:y|ies)|exercises|prompts))$",
    re.I,
)
CRITICAL = re.compile(
    r"^\W*critical\W*$|\bcritical *[:)\]–—]|\bcritical -"
    r"|\bcritical (red )?(flag|sign|concern|warning|failure)s?\b"
    r"|\b(deal[- ]?breakers?|knock[- ]?outs?|disqualif\w+)\b"
    r"|\b(instant|immediate|automatic)(ally|ly)? (no|fail|reject\w*)\b",
    re.I,
)
"""Said of a flag itself: a person looks at it first. Critical thinking or a critical job is not."""
MINUTES = re.compile(
    r"(?<![\d'’‘])(\d{1,4}(?:[.,]\d{1,4})?)(?:\s*(?:-|–|to|bis|à|a|até|tot)\s*"
    r"(\d{1,4}(?:[.,]\d{1,4})?))?[\s-]*"
    r"(min|hour|hr|stunde|std\b|heure|hora|ore\b|ora\b|uur\b|uren\b|['’′](?=\s*(?:$|[)\],;:–—|-])))",
    re.I,
)
"""A time that something takes: "20-30 min", "1.5 hours", "(15')", "2 Stunden"."""
MONEY_TALK = re.compile(r"\b(money questions?|bite[- ]?sized?|trivia|quick[- ]?fire)\b", re.I)
EXHORTATION = re.compile(
    r"^(remember|be (prepared|ready)|note|important|keep in mind|please|always|never|don['’]t)\b",
    re.I,
)
