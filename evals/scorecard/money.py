"""Rules about the quick round: only what was claimed, only gains, nothing told in a screen."""

import re
from collections.abc import Iterator

from agent.events import Claimed, Estimated, MoneyScored, Said
from evals.scorecard.finding import Found, Rule
from evals.scorecard.view import View

ORDINARY = frozenset(
    "make go rust spark swift ruby dash express react flow chef puppet salt consul vault nomad "
    "storm flink beam hive pig oracle access excel word teams slack notion linear julia dart "
    "crystal elm scratch basic ant maven ember backbone segment looker snowflake fabric glue "
    "helm compass atlas harbor drone fly render sentry signal".split()
)
"""Words of the language that are also names of tools; a small list."""

_gains = re.compile(r"\b(?:your bank|the bank|your score|points?)\b", re.IGNORECASE)
_hits = re.compile(r"\b\d+ (?:of|out of|/) ?\d+\b|\b\d+ (?:right|correct|hits?)\b", re.IGNORECASE)


def only_what_was_claimed(view: View) -> Iterator[Found]:
    """Each question is about a technology that the candidate said they have used."""
    claimed: set[str | None] = set()
    for event in view.events:
        if isinstance(event, Claimed):
            claimed |= {event.mention.atom, event.mention.technology.casefold()}
        elif _puts_a_bite(event) and isinstance(event, Said):
            bite = view.known.syllabus.bites.get(event.atom or "")
            technology = bite.technology if bite else None
            if technology and not claimed & {technology.id, technology.text.casefold()}:
                yield Found(event, event.text, f"{technology.text} was not claimed")


def _puts_a_bite(event: object) -> bool:
    return isinstance(event, Said) and event.stage == "money" and event.purpose == "question"


def claims_stand(view: View) -> Iterator[Found]:
    """A claim stands on the candidate's words, and is no everyday word read as a name."""
    for exchange in view.exchanges:
        for claim in exchange.all(Claimed):
            quote, heard = claim.mention.quote, exchange.heard
            name = claim.mention.technology
            if heard is None or heard.text[quote.start : quote.end] != quote.text:
                yield Found(claim, quote.text, f"the words for {name} are not in the message")
            elif quote.text in ORDINARY:
                why = f'"{quote.text}" may be an everyday word, and no claim of {name}'
                yield Found(claim, heard.text, why, "look")


def few_and_small(view: View) -> Iterator[Found]:
    """No more questions than allowed, none twice, one hint to each."""
    put = [said for said in view.said if _puts_a_bite(said)]
    for said in put[view.policy.money_most :]:
        why = f"quick question {len(put)} where {view.policy.money_most} are allowed"
        yield Found(said, said.text, why)
    hints = 0
    for said in view.said:
        if said.stage != "money":
            continue
        hints = 0 if said.purpose == "question" else hints + (said.purpose == "hint")
        if hints > 1 and said.purpose == "hint":
            yield Found(said, said.text, "a second hint to a quick question")


def only_gains(view: View) -> Iterator[Found]:
    """The round moves no level, and each scored question was put."""
    put = {said.atom for said in view.said if _puts_a_bite(said)}
    for exchange in view.exchanges:
        bites = exchange.all(MoneyScored)
        for event in exchange.all(Estimated):
            if bites and exchange.asked and exchange.asked.stage == "money":
                yield Found(event, "", "a level was moved in the quick round")
        for bite in bites:
            if bite.atom not in put:
                yield Found(bite, bite.technology, "scored without having been put")


def nothing_told(view: View) -> Iterator[Found]:
    """In a screen nothing tells what was right: no feedback, and a tally of questions alone."""
    if not view.is_screen:
        return
    for said in view.said:
        if said.purpose == "feedback":
            yield Found(said, said.text, "feedback in a screen")
        if said.purpose == "tally" and _hits.search(said.text):
            yield Found(said, said.text, "the tally counts hits in a screen")
        elif said.stage == "money" and (found := _gains.search(view.own(said))):
            why = f'it speaks of "{found.group()}", where questions are counted'
            yield Found(said, said.text, why, "look")


def told_once_closed(view: View) -> Iterator[Found]:
    """In practice what was wrong is said once the question is closed, and not before."""
    if view.is_screen:
        return
    for exchange in view.exchanges:
        talk = exchange.talk
        if talk is None:
            continue
        for said in exchange.said:
            early = talk.closed is None or talk.closed.seq > said.seq
            about_it = said.purpose == "feedback" and said.atom == talk.opened.question
            if early and about_it:
                yield Found(said, said.text, "feedback before the question was closed")
        told = any(said.purpose == "feedback" for said in exchange.said)
        closed_now = talk.closed in exchange.events and talk.closed is not None
        wrong = any(mark.verdict == "contradicted" for m in talk.marked for mark in m.marks)
        if closed_now and wrong and not told:
            yield Found(exchange.events[0], _text(exchange.heard), "what was wrong was not said")


def _text(heard: object) -> str:
    return str(getattr(heard, "text", ""))


RULES = (
    Rule("claimed only", "quick questions are about what was claimed", only_what_was_claimed),
    Rule("claims", "a claim stands on the candidate's words", claims_stand),
    Rule("quick round", "few questions, none twice, one hint each", few_and_small),
    Rule("only gains", "the quick round moves no level", only_gains),
    Rule("screen tells nothing", "no feedback and no count of hits in a screen", nothing_told),
    Rule("practice tells", "what was wrong is said once the question is over", told_once_closed),
)
