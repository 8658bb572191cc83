"""Answers made of a rubric's own points, in other words: what a bank without authors can say.

They say what the rubric wants to hear, so they test the interviewer's conduct and its path. They do
not test the grader: whoever wrote the points wrote these answers too.
"""

import re
from collections.abc import Sequence
from random import Random

LONGEST_RUN = 7
"""Words of a point that may stand in a row; eight in a row would be a copy."""
OPENINGS = (
    "For me {}",
    "I would say that {}",
    "As I see it {}",
    "From what I have done, {}",
    "What I take care of is that {}",
    "I would also say {}",
    "In my projects {}",
    "Then {}",
    "Besides, {}",
    "And {}",
)
ASIDES = ("usually", "I think", "normally", "mostly", "I guess", "of course")
IN_FRONT = {"because": "because {}, {}", "so that": "so that {}, {}", "when": "when {}, {}"}
"""A clause behind one of these can stand before the main one."""
PLAINER = (
    (r"\bin order to\b", "to"),
    (r"\btherefore\b", "that is why"),
    (r"\binstead of\b", "rather than"),
    (r"\bmust\b", "has to"),
    (r"\bcannot\b", "can not"),
    (r"\bfor example\b", "say"),
    (r"\bonly\b", "just"),
    (r"\balso\b", "as well"),
    (r"\bevery\b", "each"),
    (r"\blarge\b", "big"),
    (r"\bbegins?\b", "starts"),
)
_starts_phrase = re.compile(
    r"(?:and|or|but|because|so|that|which|when|with|without|before|after|for|in|on|by|from|if|as|while)"
)
_third_person = re.compile(r"^([A-Z][a-z]+s)\b(?=\s\w)")
NOT_VERBS = {
    *("This", "Its", "Always", "Is", "Was", "Has", "Does", "Sometimes", "As", "His", "Us", "Yes"),
    *("Perhaps", "Thus", "Towards", "Unless", "Across", "Besides", "Less", "Class", "Access"),
}


def told(texts: Sequence[str], draw: Random) -> str:
    """These statements as somebody says them, one sentence each."""
    openings = draw.sample(OPENINGS, min(len(texts), len(OPENINGS)))
    return " ".join(
        _sentence(text, openings[place % len(openings)], draw) for place, text in enumerate(texts)
    )


def in_first_person(text: str) -> str:
    """What an indicator says that somebody does, as they say it of themselves."""
    found = _third_person.match(text)
    if not found or found[1] in NOT_VERBS:
        return text
    return f"I {_bare(found[1].lower())}{text[found.end() :]}"


def _sentence(text: str, opening: str, draw: Random) -> str:
    body = _plainer(_turned(text.strip().rstrip(".")))
    return f"{opening.format(_lower(_with_asides(body, draw)))}."


def _turned(text: str) -> str:
    """The clause of reason, aim or time first."""
    for word, frame in IN_FRONT.items():
        main, found, rest = text.partition(f" {word} ")
        if found and len(main.split()) > 2 and len(rest.split()) > 2:
            return frame.format(rest.rstrip(","), _lower(main.rstrip(",")))
    return text


def _plainer(text: str) -> str:
    for pattern, instead in PLAINER:
        text = re.sub(pattern, instead, text)
    return text


def _with_asides(text: str, draw: Random) -> str:
    """No long run of words is left as it was: an aside stands where a phrase begins, or else in
    its midst."""
    said, run = list[str](), list[str]()
    for word in text.split():
        if run and sum(map(_length, (*run, word))) > LONGEST_RUN:
            starts = (i for i in range(3, len(run)) if _starts_phrase.fullmatch(run[i]))
            at = max(starts, default=len(run))
            said += [*run[:at], f", {draw.choice(ASIDES)},"]
            run = run[at:]
        run.append(word)
    return re.sub(r",?\s+,", ",", " ".join([*said, *run]))


def _length(word: str) -> int:
    """How many words somebody counts who takes apostrophes and hyphens for ends of words."""
    return max(len(re.findall(r"[^\W_]+", word)), 1)


def _lower(text: str) -> str:
    """Its first letter small, unless it is a name's."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    named = first == "I" or any(letter.isupper() for letter in first[1:]) or first.endswith("()")
    return text if named else text[:1].lower() + text[1:]


def _bare(verb: str) -> str:
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    if verb.endswith(("ches", "shes", "sses", "xes", "zzes", "oes")):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb
