"""What practice tells once a question is closed; a screen tells nothing."""

import re
from collections.abc import Iterator, Sequence

from agent import grading, hearing, words
from agent.deps import Room
from agent.state import Testlet
from agent.testlets import rubric_of
from knowledge.atoms import Atom

MOST_WORDS = 70
MOST_POINTS = 2
MOST_WORDS_OF_ANSWER = 120


def on_question(
    room: Room, testlet: Testlet, before: Sequence[str] | None = None, number: int = 0
) -> str:
    """What was covered and what a full answer also says, in the kit's words.

    `before` are the points (ids) made when the question was practised the last time; `number`
    is how many questions came before this one, so that no two are spoken of in the same words.
    """
    if testlet["score"] is None or testlet["outcome"] == "skipped":
        return ""
    rubric = rubric_of(room, testlet["question"])
    points = [atom for atom in rubric if atom.kind == "point"] or [
        atom for atom in rubric if atom.polarity == "positive"
    ]
    wanted = grading.slots(points) or [(point.id,) for point in points]
    missed = [slot[0] for slot in wanted if not any(testlet["credits"].get(id_) for id_ in slot)]
    open_still = [id_ for id_ in missed if testlet["answers"] and id_ not in testlet["judged"]]
    missed = [id_ for id_ in missed if id_ not in open_still]
    parts = [_shown(room, testlet)] if testlet["against"] else []
    if testlet["review"]:
        return _for_a_person(room, testlet, missed, number)
    if before is not None:
        return _kept([*_once_more(room, testlet, wanted, missed, before), *parts])
    if not missed:
        return " ".join([words.in_turn(words.COVERED, number), *parts])
    parts.append(f"A full answer also covers: {_listed(room, missed)}.")
    seen = len(wanted) - len(missed) - len(open_still)
    came_up = words.in_turn(words.RECOGNISED, number).format(seen, len(wanted))
    return _kept([came_up, *parts])


def _once_more(
    room: Room,
    testlet: Testlet,
    wanted: list[tuple[str, ...]],
    missed: list[str],
    before: Sequence[str],
) -> Iterator[str]:
    """The same question again: how far it is now, what is new, and what is left."""
    now = [slot for slot in wanted if any(testlet["credits"].get(id_) for id_ in slot)]
    then = [slot for slot in wanted if not {*slot}.isdisjoint(before)]
    yield f"Looking back: {len(now)} of {len(wanted)} points this time, {len(then)} the last time."
    if new := [slot[0] for slot in now if slot not in then]:
        yield f"New: {_listed(room, new)}."
    if missed:
        yield f"Still to be said: {_listed(room, missed)}."


def tells(room: Room, testlet: Testlet) -> bool:
    """Whether there is feedback, which gives away what was missing."""
    return bool(on_question(room, testlet))


def _for_a_person(room: Room, testlet: Testlet, missed: list[str], number: int) -> str:
    """What is put to a person is not called missing or wrong."""
    if testlet["review"] == "disputed":
        return words.in_turn(words.DISPUTED, number).format(_listed(room, testlet["disputed"][:1]))
    others = [f"My notes go this way: {_listed(room, missed)}."] if missed else []
    return _kept([words.in_turn(words.OTHER_ROAD, number), *others])


def _listed(room: Room, points: list[str]) -> str:
    texts = [room.syllabus.kit.by_id[id_].text.rstrip(".") for id_ in points[:MOST_POINTS]]
    return "; ".join(map(_impersonal, texts))


def _impersonal(text: str) -> str:
    return re.sub(r"^your\s+", "", text, flags=re.IGNORECASE)


def _shown(room: Room, testlet: Testlet) -> str:
    atom = room.syllabus.kit.by_id[testlet["against"][0]]
    if atom.polarity == "negative":
        return f'Something to watch; a reviewer would note: "{_sentence(atom.text)}"'
    return f"What you said goes against this: {_sentence(atom.text)}"


def on_flag(flag: Atom, said: str) -> str:
    """A flag, called out with the candidate's own words."""
    way = "ask about" if flag.polarity == "negative" else "like"
    return _kept([f"A reviewer would {way} this: {_sentence(flag.text)}", f'You wrote: "{said}".'])


def model_answer(room: Room, question: str) -> str:
    """The kit's reference of a question, else its points, as one message; empty without either."""
    kit = room.syllabus.kit
    atoms = kit.came_with(question, "reference")[:1] or [
        point for point in kit.came_with(question, "point") if point.role != "example"
    ]
    sentences = [s.text for atom in atoms for s in hearing.sentences(_sentence(atom.text))]
    asked = words.named(kit.by_id[question].text)
    text = _kept(sentences, MOST_WORDS_OF_ANSWER) if sentences else ""
    return words.MODEL_ANSWER.format(asked, text) if text else ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _kept(parts: list[str], most: int = MOST_WORDS) -> str:
    """As many parts as one message holds; the first always."""
    text = parts[0]
    for part in parts[1:]:
        if len(f"{text} {part}".split()) <= most:
            text = f"{text} {part}"
    return text.strip()
