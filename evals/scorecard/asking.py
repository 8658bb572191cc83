"""Rules about what is asked: follow-ups, hints, repetition, the form, budget and coverage."""

import re
from collections.abc import Iterator

from agent.events import Chose, Opened, Said
from agent.wording import stems
from evals.scorecard.finding import Found, Rule
from evals.scorecard.view import PUTS, Exchange, Talk, View

NAMES_FROM, NAMED = 2, 0.5
"""How many of a point's telling words that nobody has said yet, and which share of these, a
follow-up may not hold."""
OVER = 1.1
"""Share of the planned minutes from which an interview took longer than it said."""

_says_so = re.compile(
    r"\bfollow(?:ing)?[- ]?up\b|\bone more (?:thing|question) on (?:that|this)\b"
    r"|\bstaying with (?:that|this)\b|\bon (?:that|the same|your last)\b",
    re.IGNORECASE,
)
_never = re.compile(
    r"\b(?:salary|salaries|compensation|how much (?:do|did) you (?:earn|make)|visas?|work permit|"
    r"citizenship|nationality|pregnan\w+|maternity|paternity|married|marital|spouse|husband|wife|"
    r"(?:your|have|any|of) (?:children|kids)|your famil\w+|religio\w+|disabilit\w+|"
    r"your (?:age|health|gender|race|ethnicity|sexuality)|how old are you|medical condition|"
    r"are you (?:ill|sick|healthy))\b",
    re.IGNORECASE,
)


def follow_up_says_so(view: View) -> Iterator[Found]:
    """A follow-up says that it is one; asking how they would find out speaks for itself."""
    for exchange in view.exchanges:
        if "find_out" in exchange.moves():
            continue
        for said in exchange.puts:
            own = view.own(said)
            if said.purpose == "follow_up" and not _says_so.search(own):
                yield Found(said, said.text, "it does not say that it is a follow-up")


def follow_up_has_a_reason(view: View) -> Iterator[Found]:
    """There is something left to ask for: not every point is met beyond doubt."""
    for talk, exchange, said in _follow_ups(view):
        item = view.known.item(talk.opened.question)
        if item is None or not item.core:
            continue
        sure = {
            mark.atom
            for marked in talk.marked
            if marked.seq < said.seq
            for mark in marked.marks
            if mark.verdict == "met" and mark.probability >= view.policy.credit_full
        }
        wanted = {point.id for point in item.core}
        called_for = {asked.id for _, asked in item.conditional}
        if wanted <= sure and said.atom not in called_for:
            yield Found(said, said.text, "every point was met before it")
        elif exchange.primary in {"distress", "stop"}:
            yield Found(said, said.text, f"put to a message that was read as {exchange.primary}")


def follow_up_does_not_tell(view: View) -> Iterator[Found]:
    """It does not name what was left out: telling words that nobody has said yet."""
    for talk, _, said in _follow_ups(view):
        item = view.known.item(talk.opened.question)
        if item is None:
            continue
        known = stems(" ".join([talk.opened.subject, *_said_to(talk, said.seq)]))
        met = _met(talk, said.seq)
        for point in item.core:
            unsaid = stems(point.text) - known
            new = unsaid & stems(said.text)
            if point.id not in met and len(new) >= max(NAMES_FROM, NAMED * len(unsaid)):
                names = ", ".join(sorted(new))
                yield Found(said, said.text, f'it may name "{point.text}" ({names})', "look")


def _follow_ups(view: View) -> Iterator[tuple[Talk, Exchange, Said]]:
    """Follow-ups on what was left out."""
    for exchange in view.exchanges:
        if exchange.talk and "find_out" not in exchange.moves():
            for said in exchange.puts:
                if said.purpose == "follow_up":
                    yield exchange.talk, exchange, said


def _said_to(talk: Talk, before: int) -> list[str]:
    """All that was said to a question, by both, before this."""
    heard = [e.heard for e in talk.exchanges if e.heard and e.heard.seq < before]
    return [
        *(each.text for each in heard),
        *(said.text for said in talk.said if said.seq < before),
    ]


def _met(talk: Talk, before: int) -> set[str]:
    return {
        mark.atom
        for marked in talk.marked
        if marked.seq < before
        for mark in marked.marks
        if mark.verdict == "met"
    }


def no_cascade(view: View) -> Iterator[Found]:
    """No more follow-ups than the policy allows: nobody is trapped."""
    most = view.policy.follow_ups_in_screen if view.is_screen else view.policy.follow_ups
    for talk in view.talks:
        put = [said for talk_, _, said in _follow_ups(view) if talk_ is talk]
        for said in put[most:]:
            yield Found(said, said.text, f"follow-up {len(put)} where {most} are allowed")


def hints_on_wish(view: View) -> Iterator[Found]:
    """A hint is given when it is asked for; in the quick round also after a miss."""
    for exchange in view.exchanges:
        for said in exchange.said:
            free = said.stage == "money" or "hint" in exchange.intents
            if said.purpose == "hint" and not free:
                yield Found(said, said.text, "nobody had asked for a hint")
    for talk in view.talks:
        hints = [said for said in talk.said if said.purpose == "hint"]
        for said in hints[view.policy.hints :]:
            yield Found(said, said.text, f"hint {len(hints)} where {view.policy.hints} are allowed")


def asked_once(view: View) -> Iterator[Found]:
    """No question twice, and no two on one point."""
    syllabus = view.known.syllabus
    for place, talk in enumerate(view.talks):
        question, before = talk.opened.question, [t.opened.question for t in view.talks[:place]]
        if question in before:
            yield Found(talk.opened, _text(view, question), "asked before in this interview")
        elif question in syllabus.items:
            alike = syllabus.on_one_point(question) & set(before)
            for other in sorted(alike):
                why = f'on the same point as "{_text(view, other)}"'
                yield Found(talk.opened, _text(view, question), why, "look")


def _text(view: View, question: str) -> str:
    atom = view.known.atom(question)
    return atom.text if atom else question


def asked_as_written(view: View) -> Iterator[Found]:
    """A core question is put in the kit's words, to everyone alike."""
    for talk in view.talks:
        put, atom = talk.put, view.known.atom(talk.opened.question)
        if put and atom and atom.text not in put.text:
            yield Found(put, put.text, "not in the kit's words")


def never_asked(view: View) -> Iterator[Found]:
    """Salary, visa, health and family are never asked about."""
    for said in view.said:
        if said.purpose in PUTS | {"clarification"} and (found := _never.search(said.text)):
            atom = view.known.atom(said.atom)
            about_data = bool(atom and found.group().casefold() in atom.text.casefold())
            why = f'it asks about "{found.group()}"' + (" in the kit's words" if about_data else "")
            yield Found(said, said.text, why, "look" if about_data else "fault")


def form_kept(view: View) -> Iterator[Found]:
    """In a screen everyone gets the form, in its order, as far as the time goes."""
    form = view.header.form
    if not view.is_screen:
        return
    asked = [t.opened for t in view.talks if t.opened.question in form]
    order = [opened.question for opened in asked]
    if order != list(form[: len(order)]):
        yield Found(asked[-1], ", ".join(order), "the form was not asked in its order")
    left = [question for question in form if question not in order]
    leaving = _left_probes(view)
    if left and leaving and leaving.left > view.reserve:
        why = f"{len(left)} of the form's questions were not asked, with time left"
        yield Found(leaving.events[0], ", ".join(_text(view, q) for q in left), why)


def _left_probes(view: View) -> Exchange | None:
    """The turn in which no further core question came."""
    return next((e for e in view.exchanges if "leave_probes" in e.moves()), None)


def budget_kept(view: View) -> Iterator[Found]:
    """No more core questions than planned, and about as many minutes."""
    cores = [e.first(Opened) for e in view.exchanges if "question" in e.moves()]
    opened = [each for each in cores if each]
    for extra in opened[view.header.questions :]:
        why = f"core question {len(opened)} where {view.header.questions} were planned"
        yield Found(extra, _text(view, extra.question), why)
    last = view.exchanges[-1] if view.exchanges else None
    over = -last.left / 60 if last else 0.0
    if last and over > (OVER - 1) * view.header.minutes:
        yield Found(last.events[0], "", f"{over:.0f} minutes longer than was said", "look")


def covered(view: View) -> Iterator[Found]:
    """Each planned competency had a question, where the interview came to its end."""
    if not (view.ended and view.ended.reason == "complete"):
        return
    asked = {talk.opened.subject for talk in view.talks}
    for subject in view.header.subjects:
        if subject not in asked:
            yield Found(view.ended, subject, "a planned competency was not asked about", "look")


def reasons_given(view: View) -> Iterator[Found]:
    """Each choice says why."""
    for chose in view.of(Chose):
        if not chose.reason.strip():
            yield Found(chose, chose.move, "a choice without a reason")


RULES = (
    Rule("follow-up says so", "a follow-up says that it is one", follow_up_says_so),
    Rule("follow-up follows", "it asks for what was left out", follow_up_has_a_reason),
    Rule("follow-up tells", "it does not name the missing concept", follow_up_does_not_tell),
    Rule("cascade", "no more follow-ups than allowed", no_cascade),
    Rule("hint", "hints come when asked for, and not without end", hints_on_wish),
    Rule("asked again", "no question twice, no two on one point", asked_once),
    Rule("as written", "a core question is put in the kit's words", asked_as_written),
    Rule("never asked", "nothing about salary, visa, health or family", never_asked),
    Rule("form", "a screen asks everyone its form", form_kept),
    Rule("budget", "core questions and minutes as planned", budget_kept),
    Rule("coverage", "each planned competency is asked about", covered),
    Rule("reasons", "each choice says why", reasons_given),
)
