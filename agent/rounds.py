"""The money round and the candidate's own questions."""

import asyncio
from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from agent import replies, wishes, words
from agent.assisting import model_answer, what_is_told
from agent.deps import Deps, Room
from agent.events import Asked, Mark, MoneyScored
from agent.examiner import Examination
from agent.grading import gate
from agent.nodes import Turn
from agent.open_facts import is_open
from agent.people import asks_for_people
from agent.speech import emit, put, say
from agent.state import Tally
from agent.syllabus import Bite
from knowledge.atoms import Atom

LEAST_WORDS = 6
"""A shorter fact is a heading or a name, and answers nothing."""


async def tally(state: Turn, runtime: Runtime[Deps]) -> Command[Literal["move", "__end__"]]:
    """Score a bite-size answer: only ever a gain; one hint, then on."""
    room = runtime.context.room
    bite = room.syllabus.bites[state["money"][-1]["atom"]]
    current = state["money"][-1]
    skipped = state["message"]["action"] == "skip"
    hit = not skipped and _hit(state, bite)
    if not (hit or skipped or current["hinted"]) and bite.hints:
        say(runtime, state, words.HINT.format(bite.hints[0].text), "hint", atom=bite.hints[0].id)
        hinted = Tally(**{**current, "hinted": True})
        update = {"money": [*state["money"][:-1], hinted], "said_at": room.clock()}
        return Command(update=update, goto="__end__")
    emit(
        runtime,
        MoneyScored(
            atom=bite.question.id,
            technology=bite.technology.text,
            hit=hit,
            hinted=current["hinted"],
            quote=next((mark.quote for mark in _met(state)), None),
        ),
    )
    if state["mode"] == "practice":
        text = _told(state, bite, hit)
        say(runtime, state, text, "feedback", atom=bite.question.id)
    scored = Tally(**{**current, "hit": hit})
    return Command(update={"money": [*state["money"][:-1], scored]}, goto="move")


def _met(state: Turn) -> list[Mark]:
    """The points this message met, past the quote gate."""
    if not state["examination"]:
        return []
    marks = Examination.model_validate(state["examination"]).marks
    question = state["open"]["text"] if state["open"] else ""
    gated = (gate(mark, state["message"]["text"], question) for mark in marks)
    return [mark for mark in gated if mark.verdict == "met"]


def _hit(state: Turn, bite: Bite) -> bool:
    """Any one of a group is enough; of several core points half are."""
    met = {mark.atom for mark in _met(state)}
    if any(p.id in met for p in bite.points if p.role == "any_of"):
        return True
    core = [p.id for p in bite.points if p.role in {None, "core"}]
    return bool(core) and len(met & set(core)) * 2 >= len(core)


def _told(state: Turn, bite: Bite, hit: bool) -> str:
    """What the answer was; on a hit, in the words of the point that was met."""
    met = {mark.atom for mark in _met(state)}
    points = [p for p in bite.points if p.role != "example"]
    told = next((p for p in points if p.id in met), points[0])
    lead = words.in_turn(words.HITS if hit else words.MISSES, len(state["money"]))
    return f"{lead} {told.text.rstrip('.')}."


async def reply(state: Turn, runtime: Runtime[Deps]) -> Command[Literal["close", "__end__"]]:
    """Answer the candidate from the documents, or note the question for the team."""
    room = runtime.context.room
    text = state["message"]["text"]
    waiting = state["waiting"]
    told = False
    for number, question in enumerate(waiting):
        say(runtime, state, words.EARLIER.format(question), "reply")
        await _answer(question, state, runtime, number, private_told=told)
        told = told or bool(replies.PRIVATE.search(question))
    if replies.declines(text) or _has_none(state):
        return Command(update={"waiting": []}, goto="close")
    await _answer(text, state, runtime, len(waiting), private_told=told)
    count = state["replies"] + 1
    if count >= room.policy.candidate_questions:
        return Command(update={"replies": count, "waiting": []}, goto="close")
    update = await put(
        runtime, state, "candidate_questions", words.in_turn(words.MORE_QUESTIONS, state["replies"])
    )
    update |= {"replies": count, "waiting": [], "said_at": room.clock()}
    return Command(update=update, goto="__end__")


def _has_none(state: Turn) -> bool:
    """ "I do not know" to whether there are questions: there are none."""
    examination = state["examination"]
    return examination is not None and examination["intents"][0] == "dont_know"


async def _answer(
    question: str, state: Turn, runtime: Runtime[Deps], number: int, *, private_told: bool
) -> None:
    room = runtime.context.room
    if wishes.asks_for_the_answer(question):
        told: str | None = model_answer(state, room, question)[0]
    else:
        told = what_is_told(question, state)
    if told:
        say(runtime, state, told, "reply")
        emit(runtime, Asked(text=question, answered=True))
        return
    if asks_for_people(question):
        say(runtime, state, words.PEOPLE[state["mode"]], "reply")
        emit(runtime, Asked(text=question, answered=False))
        return
    if replies.PRIVATE.search(question):
        practice = state["mode"] == "practice"
        if not private_told:
            say(runtime, state, words.PRIVATE_PRACTICE if practice else words.PRIVATE, "reply")
        emit(runtime, Asked(text=question, answered=False))
        return
    found = await _look_up(question, room)
    if found is None:
        unknown = words.NO_TEAM if state["mode"] == "practice" else words.NOTED
        say(runtime, state, words.in_turn(unknown, state["replies"] + number), "reply")
        emit(runtime, Asked(text=question, answered=False))
        return
    text = f"From the documents: {found.text}{cited(found)}"
    say(runtime, state, text, "reply", atom=found.id)
    emit(runtime, Asked(text=question, answered=True, cites=(found.id,)))


async def _look_up(question: str, room: Room) -> Atom | None:
    """The fact of this company's documents that answers, if one is near enough."""
    if room.index is None:
        return None
    kit = room.syllabus.kit
    vector = (await asyncio.to_thread(room.embedder.embed, [question]))[0]
    for hit in room.index.query(vector, kinds=("fact", "candidate_question"), k=8):
        asked_alike = hit.atom.kind == "candidate_question"
        if hit.score < (room.policy.same_question_from if asked_alike else room.policy.cites_from):
            continue
        facts = kit.children(hit.atom.id, "fact") if asked_alike else [hit.atom]
        for fact in facts:
            if _may_be_quoted(fact, room) and not room.guard.leaks(fact.text):
                return fact
    return None


def _may_be_quoted(fact: Atom, room: Room) -> bool:
    """Facts belong to a company; those of exercises and rubrics are not for the candidate."""
    kit = room.syllabus.kit
    ours = fact.about.company is None or fact.about.company == kit.about.company
    told = len(fact.text.split()) >= LEAST_WORDS
    return told and ours and is_open(fact, kit)


def cited(atom: Atom) -> str:
    """Where an atom stands, for a person to look up; a kit's own file is no document of theirs."""
    source = atom.source
    own = source is None or source.document.endswith((".yaml", ".yml"))
    return "" if own or source is None else f" ({source.told})"
