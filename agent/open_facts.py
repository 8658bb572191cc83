"""Which facts of a kit a candidate may be told; the rest of a team's documents is for the team.

A fact is what no rule of the parser wanted, so of a document that asks questions it may be a hint,
an answer or a note to the panel. Such a document speaks to candidates only before its first
question, and in sections that tell of the company. What a person wrote into a kit is open.
"""

import re

from knowledge.atoms import Atom, Kind, Kit

OF_THE_INTERVIEW: tuple[Kind, ...] = (
    *("question", "follow_up", "money", "exercise", "reference", "point", "indicator"),
    *("hint", "anchor", "flag", "sample_answer", "exemplar", "level"),
)
_of_the_company = re.compile(
    r"\b(about (us|the (company|team|role|job))|benefits|perks|pay|what we offer|our (team|company)"
    r"|working here|who we are|the (company|team|role|job))\b",
    re.I,
)
_internal = re.compile(
    r"\b(candidates?|applicants?|interview(er|ers|ing)?|panel|scor(e|es|ing)|rubric|rating|internal"
    r"|confidential|hand out|answers?|hints?|probes?|follow.?ups?|look(ing)? (out )?for)\b|\?\W*$",
    re.I,
)


def is_open(fact: Atom, kit: Kit) -> bool:
    """Whether a candidate may be told this fact."""
    above = kit.by_id.get(fact.parent or "")
    if above is not None and above.kind == "candidate_question":
        return True
    if above is not None and above.kind not in ("area", "topic"):
        return False
    source = fact.source
    if source is None or source.document.endswith((".yaml", ".yml")):
        return True
    if _internal.search(fact.text):
        return False
    first = _first_asked(source.document, kit)
    told = _of_the_company.search(above.text) if above is not None else None
    return first is None or source.line < first or told is not None


def _first_asked(document: str, kit: Kit) -> int | None:
    """The line from which on a document is about the interview, if there is any."""
    sources = (atom.source for atom in kit.of(*OF_THE_INTERVIEW) if atom.source)
    return min((each.line for each in sources if each.document == document), default=None)
