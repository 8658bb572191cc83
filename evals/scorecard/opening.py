"""Rules about the opening: what has to be said before the first question, and the warm-up."""

import re
from collections.abc import Iterator

from agent.events import Event, Flagged, Marked, MoneyScored, Said, ShownElsewhere
from agent.words import spoken
from evals.scorecard.finding import Found, Rule
from evals.scorecard.view import View

_told = {
    "a machine asks": r"\b(?:machine|ai|artificial intelligence|software|program|computer|bot)\b",
    "how long it takes": r"\b\d+ (?:minutes|min)\b|\b(?:half an|an|one) hour\b",
    "that not knowing is fine": r"\bnot (?:knowing|to know)\b.{0,60}\b(?:fine|ok(?:ay)?|alright)\b"
    r"|\b(?:do not|don'?t) (?:have to )?know\b.{0,80}\b(?:fine|ok(?:ay)?|say so)\b",
    "that there are hints": r"\bhints?\b",
    "what a hint costs": r"\bhints?\b.{0,160}\b(?:less|costs?|lower|reduc\w+|counts?|free)\b",
    "how to pause": r"\bpaus(?:e|ing)\b",
    "how to skip": r"\bskip(?:ping)?\b",
    "how to ask back": r"\bask(?:ing)? (?:me )?(?:back|again|to clarify|for clarification)\b"
    r"|\bclarif\w+\b|\brephras\w+\b",
}
_decide = re.compile(
    r"\b(?:people|a person|humans?|team|somebody)\b.{0,40}\b(?:decid\w+|decision)\b", re.IGNORECASE
)


def complete(view: View) -> Iterator[Found]:
    """Each thing to be told stands in what is said before the first question."""
    before = _before_first_question(view)
    if not before:
        return
    text = " ".join(said.text for said in before)
    told = [what for what, words in _told.items() if not re.search(words, text, re.I | re.S)]
    if view.is_screen and not _decide.search(text):
        told.append("that people decide")
    missing = [s for s in view.header.subjects if spoken(s).casefold() not in text.casefold()]
    told += [f"the topic {subject}" for subject in missing]
    for what in told:
        yield Found(before[-1], before[-1].text, f"the opening does not tell {what}")


def _before_first_question(view: View) -> list[Said]:
    """What is said before the first question; all of it, where none was put."""
    first = next((place for place, said in enumerate(view.said) if said.question), None)
    return view.said[:first] or view.said[:1]


def warm_up(view: View) -> Iterator[Found]:
    """The first question is about the candidate's background, and no kit's question."""
    first = next((said for said in view.said if said.question), None)
    if first and not view.header.drill and (first.stage != "opening" or first.atom):
        yield Found(first, first.text, "the interview begins without a warm-up")


def background_is_context(view: View) -> Iterator[Found]:
    """Nothing said in the opening or the wrap-up is marked, flagged or tallied."""
    for exchange in view.exchanges:
        heard = exchange.heard
        if heard is None or heard.stage not in {"opening", "wrap_up"} or _adds(exchange.intents):
            continue
        kinds: tuple[type[Event], ...] = (Marked, Flagged, MoneyScored, ShownElsewhere)
        for event in (event for kind in kinds for event in exchange.all(kind)):
            yield Found(event, heard.text, f"marked, though it was said in the {heard.stage}")


def _adds(intents: tuple[str, ...]) -> bool:
    return "amend" in intents


RULES = (
    Rule("opening", "machine, people, time, topics, not knowing, hints, pause, skip", complete),
    Rule("warm-up", "the first question is about the background", warm_up),
    Rule("background", "background and wishes are not marked", background_is_context),
)
