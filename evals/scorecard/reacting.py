"""Rules about how it reacts: not knowing, distress, abuse, steering, a wish to stop, questions."""

import re
from collections.abc import Iterator

from agent.events import Added, Asked, Ended, Event, Flagged, Marked, Observed, Paused, Quote
from agent.replies import FAREWELL, PRIVATE
from agent.words import LATER
from evals.scorecard.finding import Found, Rule, Severity
from evals.scorecard.message import asked_in
from evals.scorecard.view import Exchange, Talk, View
from knowledge.atoms import LEVELS

LONG = 15
"""Words from which a message that was read as a wish to stop may be an answer."""
FREE = {"clarify", "hint", "pause", "technical_problem", "off_topic", "candidate_question"}

_goes_on = re.compile(
    r"^\W*(?:no|nope|not|don'?t)\b|\b(?:go on|continue|keep going|carry on)\b", re.IGNORECASE
)
_offers = {
    "a pause": r"\bpaus(?:e|ing)\b|\bbreak\b",
    "going on": r"\bgo(?:ing)? on\b|\bcontinu\w+\b|\banswer it\b|\bcarry on\b",
    "stopping": r"\bstop(?:ping)?\b|\bend(?:ing)?\b",
    "a person": r"\bperson\b|\bpeople\b|\bhuman\b|\bsomebody\b",
}


def does_not_know(view: View) -> Iterator[Found]:
    """The first "I do not know" to a question is met by asking, once, how they would find out."""
    for talk in view.talks:
        asked = [e for e in view.exchanges if e.talk is talk and "find_out" in e.moves()]
        for again in asked[1:]:
            yield Found(again.events[0], _heard(again), "asked how to find out a second time")
        first = _first_not_known(view, talk)
        if first and not asked and first.left > view.reserve and "stop" not in first.intents:
            yield Found(_event(first), _heard(first), "not asked how they would find out")


def _first_not_known(view: View, talk: Talk) -> Exchange | None:
    """The turn in which nothing was known, where nothing had been answered before."""
    for exchange in view.exchanges:
        if exchange.talk is talk and exchange.primary in {"answer", "dont_know", "skip"}:
            return exchange if exchange.primary == "dont_know" else None
    return None


def goes_easier(view: View) -> Iterator[Found]:
    """After two questions in a row that were left unknown: another topic, and nothing harder.

    What everyone is asked in a screen comes all the same, and its stretch is harder by design.
    """
    limit = view.policy.dont_knows_before_easier
    for place in range(limit, len(view.talks)):
        before, opened = view.talks[place - limit : place], view.talks[place].opened
        if not all(map(_left_unknown, before)) or opened.question in view.header.form:
            continue
        last = before[-1].opened
        severity: Severity = "look" if view.is_screen else "fault"
        harder = LEVELS.index(opened.level) > LEVELS.index(last.level)
        same = opened.subject == last.subject and len(view.header.subjects) > 1
        if harder or same:
            how = "harder" if harder else "on the same topic"
            why = f"{limit} questions in a row were left unknown, and the next is {how}"
            yield Found(opened, opened.question, why, severity)


def _left_unknown(talk: Talk) -> bool:
    """The last thing said to it was not knowing."""
    said = [e.primary for e in talk.exchanges if e.primary in {"answer", "dont_know", "skip"}]
    return said[-1:] == ["dont_know"]


def answers_are_marked(view: View) -> Iterator[Found]:
    """No answer is lost: what was read as one to a probe is marked, in that turn.

    Who is upset is not graded; whether an answer stands beside it is for a person to see.
    """
    for exchange in view.exchanges:
        probing = exchange.talk is not None and exchange.heard is not None
        lost = not exchange.all(Marked) and not exchange.all(Ended)
        if probing and lost and exchange.primary == "answer":
            upset = "distress" in exchange.intents
            beside = ", beside words that were read as distress" if upset else ""
            why = f"an answer that nothing came of{beside}"
            yield Found(_event(exchange), _heard(exchange), why, "look" if upset else "fault")


def never_cut_off(view: View) -> Iterator[Found]:
    """No answer is cut off by the clock, by a limit of length, or by the end."""
    for exchange in view.exchanges:
        heard = exchange.heard
        if heard is None:
            continue
        if len(heard.text) >= view.policy.longest_message:
            yield Found(heard, heard.text, "as long as a message may be: it may be cut", "look")
        ended = exchange.first(Ended)
        too_long = ended is not None and ended.reason in {"too_long", "expired"}
        if ended and too_long and heard.text and not exchange.all(Marked):
            yield Found(ended, heard.text, "the interview was closed on an answer")
    for talk in view.talks:
        answered = any(e.primary == "answer" for e in talk.exchanges)
        if talk.closed and talk.closed.outcome == "cut_short" and answered:
            yield Found(
                talk.closed, _put(talk), "closed as cut short, though it was answered", "look"
            )


def _put(talk: Talk) -> str:
    return talk.put.text if talk.put else talk.opened.question


def second_thoughts(view: View) -> Iterator[Found]:
    """One later addition a question counts."""
    counted: set[int] = set()
    for added in view.of(Added):
        if added.counts and added.later:
            if added.testlet in counted:
                yield Found(added, added.question, "a second thought counted twice")
            counted.add(added.testlet)


def asking_is_free(view: View) -> Iterator[Found]:
    """Nothing is marked when they only asked, paused or told of trouble; aid needs help given."""
    for exchange in view.exchanges:
        for marked in exchange.all(Marked):
            if exchange.primary in FREE:
                yield Found(marked, _heard(exchange), f"marked, though read as {exchange.primary}")
            if exchange.talk and not _had(exchange.talk, marked):
                yield Found(marked, _heard(exchange), f"called {marked.aid}, without such help")


def _had(talk: Talk, marked: Marked) -> bool:
    if marked.testlet != talk.opened.testlet or marked.aid == "unaided":
        return True
    wanted = {"hinted": "hint", "prompted": "follow_up"}[marked.aid]
    return any(said.purpose == wanted and said.seq < marked.seq for said in talk.said)


def distress(view: View) -> Iterator[Found]:
    """Who is upset is offered a pause, going on, the end or a person; nothing is graded."""
    for exchange in view.exchanges:
        if "distress" not in exchange.intents or exchange.primary in {"stop", "pause", "skip"}:
            continue
        for put in exchange.puts:
            yield Found(put, put.text, "a question put to somebody who is upset")
        for kind in (Marked, Flagged):
            for event in exchange.all(kind):
                yield Found(event, _heard(exchange), "graded or flagged what was said in distress")
        text = " ".join(said.text for said in exchange.said)
        missing = [what for what, words in _offers.items() if not re.search(words, text, re.I)]
        if missing and not exchange.all(Ended):
            why = f"it does not offer {', '.join(missing)}"
            yield Found(_event(exchange), text, why)


def abuse(view: View) -> Iterator[Found]:
    """One boundary, then a polite end."""
    turns = [e for e in view.exchanges if "abuse" in e.intents and "distress" not in e.intents]
    primary = [e for e in turns if e.primary == "abuse"]
    for place, exchange in enumerate(primary):
        ended = exchange.all(Ended)
        if place == 0 and ended:
            yield Found(ended[0], _heard(exchange), "ended without a boundary first")
        elif place == 0 and not exchange.said:
            yield Found(_event(exchange), _heard(exchange), "no boundary was drawn")
        elif place > 0 and not ended:
            yield Found(_event(exchange), _heard(exchange), "abusive again, and it went on")
    for exchange in turns:
        if exchange.all(Flagged):
            yield Found(_event(exchange), _heard(exchange), "flagged what was abuse", "look")


def steering(view: View) -> Iterator[Found]:
    """An integrity note with the quote, no end, and nothing earned by the words that steer."""
    for exchange in view.exchanges:
        if "steering" not in exchange.intents or exchange.heard is None:
            continue
        notes = [note for note in exchange.all(Observed) if note.kind == "steering"]
        if not notes:
            yield Found(_event(exchange), _heard(exchange), "no integrity note")
        if exchange.primary == "steering" and exchange.all(Ended):
            yield Found(_event(exchange), _heard(exchange), "the interview was ended for steering")
        if not exchange.said:
            yield Found(_event(exchange), _heard(exchange), "no word was said to it")
        for note in notes:
            yield from _credited(exchange, note)


def _credited(exchange: Exchange, note: Observed) -> Iterator[Found]:
    """Marks that are met by the very words that steer."""
    if note.quote is None or (note.quote.start, note.quote.end) == (0, len(_heard(exchange))):
        return  # the whole message stands for words that were not told apart
    for marked in exchange.all(Marked):
        for mark in marked.marks:
            if mark.verdict == "met" and mark.quote and _overlap(mark.quote, note.quote):
                yield Found(marked, mark.quote.text, "earned by words that steer")


def _overlap(one: Quote, other: Quote) -> bool:
    return one.start < other.end and other.start < one.end


def stopping(view: View) -> Iterator[Found]:
    """A wish to end is confirmed once; a button or a confirmed wish ends it, nothing else."""
    confirming = False
    for exchange in view.exchanges:
        ended, wishes = exchange.first(Ended), exchange.primary == "stop"
        button = exchange.heard is not None and exchange.heard.action == "end"
        if confirming and ended and not button and _goes_on.search(_heard(exchange)):
            yield Found(ended, _heard(exchange), "ended, though they wanted to go on")
        if wishes and not button and ended and not confirming:
            yield Found(ended, _heard(exchange), "ended without asking whether they mean it")
        if wishes and not ended and confirming:
            yield Found(_event(exchange), _heard(exchange), "asked twice whether they mean it")
        if wishes and not button and len(_heard(exchange).split()) >= LONG:
            why = "read as a wish to stop, and long enough for an answer"
            yield Found(_event(exchange), _heard(exchange), why, "look")
        confirming = wishes and not ended
        if confirming and not any(asked_in(said.text) for said in exchange.said):
            yield Found(_event(exchange), _heard(exchange), "not asked whether they mean it")


def noted_for_people(view: View) -> Iterator[Found]:
    """What they ask about pay, visa, health or family is noted or left alone, and not passed by."""
    noted = " ".join(asked.text for asked in view.of(Asked))
    for exchange in view.exchanges:
        heard, beside = exchange.heard, exchange.primary in FREE
        if heard and beside and PRIVATE.search(heard.text) and heard.text not in noted:
            yield Found(heard, heard.text, f"read as {exchange.primary}, and not noted", "look")


def paused(view: View) -> Iterator[Found]:
    """A wish to pause stops the clock, and nothing is asked."""
    for exchange in view.exchanges:
        if exchange.primary == "pause":
            if not exchange.all(Paused) and not exchange.all(Ended):
                yield Found(_event(exchange), _heard(exchange), "the clock was not stopped")
            for put in exchange.puts:
                yield Found(put, put.text, "a question put to somebody who wants a pause")


def skipped(view: View) -> Iterator[Found]:
    """A question that was skipped is left."""
    for exchange in view.exchanges:
        skips = exchange.primary == "skip" and exchange.asked and not exchange.paused
        if skips and not exchange.puts and not exchange.all(Ended):
            yield Found(_event(exchange), _heard(exchange), "skipped, and it stayed")


def questions_come_back(view: View) -> Iterator[Found]:
    """A question that was put off is answered or noted before the end."""
    if view.ended is None:
        return
    asked = " ".join(event.text for event in view.of(Asked))
    for exchange in view.exchanges:
        heard = exchange.heard
        put_off = any(LATER in said.text for said in exchange.said)
        if heard and put_off and heard.text not in asked:
            yield Found(heard, heard.text, "put off to the end, and never came back")


def open_questions(view: View) -> Iterator[Found]:
    """The candidate's questions that the documents did not answer: for the team."""
    for asked in view.of(Asked):
        if "?" not in asked.text and FAREWELL.search(asked.text):
            yield Found(asked, asked.text, "a goodbye was taken for a question")
        elif view.is_screen and not asked.answered:
            yield Found(asked, asked.text, "left open for the team", "look")


def answers_are_cited(view: View) -> Iterator[Found]:
    """What is told about the company stands in the document it is cited from."""
    company = view.known.kit.about.company
    for exchange in view.exchanges:
        said = " ".join(" ".join(each.text.split()) for each in exchange.said)
        for asked in exchange.all(Asked):
            for cited in map(view.known.atom, asked.cites):
                if cited is None or " ".join(cited.text.split()) not in said:
                    yield Found(asked, asked.text, "what is cited was not said, or is not there")
                elif company and cited.about.company not in {None, company}:
                    why = f"answered from a document about {cited.about.company}"
                    yield Found(asked, cited.text, why)


def _heard(exchange: Exchange) -> str:
    return exchange.heard.text if exchange.heard else ""


def _event(exchange: Exchange) -> Event:
    """Where to look: the candidate's message, else the first words of the turn."""
    return exchange.heard or next(iter(exchange.said), exchange.events[0])


RULES = (
    Rule("not knowing", "asks once how they would find out", does_not_know),
    Rule("easier", "after two unknown in a row: elsewhere and nothing harder", goes_easier),
    Rule("answer lost", "every answer is marked", answers_are_marked),
    Rule("cut off", "no answer is cut off", never_cut_off),
    Rule("second thought", "one later addition counts", second_thoughts),
    Rule("asking is free", "no mark comes of asking, no aid without help", asking_is_free),
    Rule("distress", "offers, and neither probing nor grading", distress),
    Rule("abuse", "one boundary, then the end", abuse),
    Rule("steering", "goes on, with a note; nothing is earned by it", steering),
    Rule("stop", "a wish to end is confirmed once", stopping),
    Rule("pause", "the clock stands still, nothing is asked", paused),
    Rule("skip", "what is skipped is left", skipped),
    Rule("put off", "questions put off come back", questions_come_back),
    Rule("open questions", "candidates' questions left open", open_questions),
    Rule("for people", "pay, visa, health and family are noted", noted_for_people),
    Rule("cited", "answers about the company stand in its documents", answers_are_cited),
)
