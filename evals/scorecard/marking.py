"""Rules about marks: what they stand on, and what may be marked at all."""

import re
from collections.abc import Iterable, Iterator

from agent.answers import answers_of
from agent.events import (
    AnyEvent,
    Flagged,
    Heard,
    Mark,
    Marked,
    MoneyScored,
    Quote,
    Regraded,
    ShownElsewhere,
)
from agent.hearing import sentences
from agent.quoting import locate, whole_words
from evals.scorecard.finding import Found, Rule
from evals.scorecard.view import Exchange, View

SAID_BACK = 5
"""Words of a quote from which, standing in the question, it is only the question said back."""

_denied = re.compile(
    r"\bi (?:have )?(?:never|did(?: not|n'?t)|do(?: not|n'?t)|would(?: not|n'?t))\b",
    re.IGNORECASE,
)
_others = re.compile(
    r"\b(?:he|she|they|my (?:boss|colleague|manager|lead|friend|team ?mate|predecessor)|"
    r"some(?:body|one|\s(?:people|teams))|a colleague|the previous|people|others?|used to|"
    r"i (?:have )?(?:never|did(?: not|n'?t)|do(?: not|n'?t)|would(?: not|n'?t))|if i|imagine|"
    r"suppose|would be (?:bad|wrong)|should(?: not|n'?t))\b|[\"“][^\"”]*$",
    re.IGNORECASE,
)
_private = re.compile(
    r"\b(?:salary|visa|pregnan\w+|maternity|paternity|married|divorc\w+|my (?:wife|husband|kids|"
    r"children|family|health|illness|disability|religion)|sick leave|depress\w+)\b",
    re.IGNORECASE,
)
NEEDS_QUOTE = {"met", "contradicted"}


def quotes_stand(view: View) -> Iterator[Found]:
    """The quote gate once more: what counts has words that stand in the answer."""
    for exchange in view.exchanges:
        for event, mark in _marks(exchange):
            if mark.verdict in NEEDS_QUOTE:
                yield from _checked(event, mark.quote, mark.text, exchange.heard)
        for scored in exchange.all(MoneyScored):
            if scored.hit or scored.quote:
                yield from _checked(scored, scored.quote, scored.technology, exchange.heard)


def _marks(exchange: Exchange) -> Iterator[tuple[AnyEvent, Mark]]:
    for marked in exchange.all(Marked):
        yield from ((marked, mark) for mark in marked.marks)
    yield from ((flagged, flagged.mark) for flagged in exchange.all(Flagged))
    yield from ((shown, shown.mark) for shown in exchange.all(ShownElsewhere))


def _checked(
    event: AnyEvent, quote: Quote | None, what: str, heard: Heard | None
) -> Iterator[Found]:
    text = heard.text if heard else ""
    if quote is None:
        yield Found(event, what, "counted without a quote")
    elif text[quote.start : quote.end] != quote.text:
        yield Found(event, quote.text, "the quote does not stand in the answer at its place")
    elif not whole_words(quote, text):
        yield Found(event, quote.text, "the quote begins or ends within a word")


def regraded_quotes_stand(view: View) -> Iterator[Found]:
    """Marks given anew stand on the answer they were given for; a person's, on any answer to it."""
    answers = answers_of(view.events)
    for event in view.of(Regraded):
        given = answers.get(event.testlet, [])
        texts = [answer.text for answer in given]
        own = texts[event.answer : event.answer + 1]
        for mark in (*event.marks, *event.flags):
            where = texts if mark.source == "human" else own
            if mark.verdict in NEEDS_QUOTE and not _stands(mark.quote, where):
                words = mark.quote.text if mark.quote else mark.text
                yield Found(event, words, "marked anew on words that are not in the answer")


def _stands(quote: Quote | None, texts: Iterable[str]) -> bool:
    return quote is not None and any(locate(quote.text, text) for text in texts)


def not_said_back(view: View) -> Iterator[Found]:
    """No mark is met by the question's own words."""
    for exchange in view.exchanges:
        asked = exchange.asked.text if exchange.asked else ""
        for event, mark in _marks(exchange):
            words = mark.quote.text if mark.quote and mark.verdict == "met" else ""
            if len(words.split()) >= SAID_BACK and locate(words, asked):
                yield Found(event, words, "met by the question's own words")


def only_what_was_asked(view: View) -> Iterator[Found]:
    """Marks are on the points and indicators of a question that was put; examples never count."""
    for exchange in view.exchanges:
        for marked in exchange.all(Marked):
            talk = view.talks[marked.testlet]
            if talk.put is None or talk.put.seq > marked.seq:
                yield Found(marked, marked.question, "marked before the question was put")
            item = view.known.item(marked.question)
            own = {atom.id for atom in (*item.core, *item.indicators)} if item else None
            for mark in marked.marks:
                if own is not None and mark.atom not in own:
                    yield Found(marked, mark.text, "not what this question is marked by")
                if mark.role == "example" and mark.verdict in NEEDS_QUOTE:
                    yield Found(marked, mark.text, "an example was scored")


def ungraded_is_no_zero(view: View) -> Iterator[Found]:
    """What could not be graded has no score; a score has a grade."""
    graded: list[Marked | Regraded] = [*view.of(Marked), *view.of(Regraded)]
    for event in graded:
        if (event.score is None) != (event.anchor == "ungraded"):
            yield Found(event, event.question, f"{event.anchor} with the score {event.score}")
    for marked in view.of(Marked):
        nothing = marked.marks and all(m.verdict == "abstained" for m in marked.marks)
        alone = len(view.talks[marked.testlet].marked) == 1
        if nothing and alone and marked.score == 0.0:
            yield Found(marked, marked.question, "nothing could be marked, and it is a zero")


def flags_are_own(view: View) -> Iterator[Found]:
    """A red flag is no other person's, past, denied or supposed; a green one is not denied."""
    for exchange in view.exchanges:
        heard = exchange.heard
        for flagged in exchange.all(Flagged):
            quote = flagged.mark.quote
            if heard is None or quote is None:
                continue
            around = _sentence_of(heard.text, quote)
            of_others = _others if flagged.mark.polarity == "negative" else _denied
            if found := of_others.search(around):
                why = f'flagged "{flagged.mark.text}", where it says "{found.group()}"'
                yield Found(flagged, around, why, "look")


def _sentence_of(text: str, quote: Quote) -> str:
    for span in sentences(text):
        if span.start <= quote.start < span.end:
            return span.text
    return quote.text


def private_is_not_judged(view: View) -> Iterator[Found]:
    """No mark or flag stands on words about salary, visa, health or family."""
    for exchange in view.exchanges:
        for event, mark in _marks(exchange):
            if mark.verdict in NEEDS_QUOTE and mark.quote and _private.search(mark.quote.text):
                yield Found(event, mark.quote.text, f'"{mark.text}" was judged by it', "look")


RULES = (
    Rule("quotes", "each mark that counts has words that stand in the answer", quotes_stand),
    Rule("quotes anew", "so have marks that were given anew", regraded_quotes_stand),
    Rule("said back", "no mark for the question's own words", not_said_back),
    Rule("asked only", "marks are on what was asked", only_what_was_asked),
    Rule("ungraded", "what could not be graded is no zero", ungraded_is_no_zero),
    Rule("flags", "a flag stands on the candidate's own statement", flags_are_own),
    Rule("private", "salary, visa, health and family are not judged", private_is_not_judged),
)
