"""What practice tells once a question is closed; a screen tells nothing."""

import re

from agent import grading
from agent.deps import Room
from agent.events import Mark
from agent.state import Testlet
from agent.testlets import rubric_of

MOST_WORDS = 70
MOST_POINTS = 2


def on_question(room: Room, testlet: Testlet) -> str:
    """What was covered and what a full answer also says, in the kit's words."""
    if testlet["score"] is None or testlet["outcome"] == "skipped":
        return ""
    rubric = rubric_of(room, testlet["question"])
    points = [atom for atom in rubric if atom.kind == "point"] or [
        atom for atom in rubric if atom.polarity == "positive"
    ]
    wanted = grading.slots(points) or [(point.id,) for point in points]
    missed = [slot[0] for slot in wanted if not any(testlet["credits"].get(id_) for id_ in slot)]
    parts = [_shown(room, testlet)] if testlet["against"] else []
    if not missed:
        return " ".join(["Looking back: you covered what I was listening for.", *parts])
    texts = [room.syllabus.kit.by_id[id_].text.rstrip(".") for id_ in missed[:MOST_POINTS]]
    parts.append(f"A full answer also covers: {'; '.join(map(_impersonal, texts))}.")
    came_up = f"Looking back: I recognised {len(wanted) - len(missed)} of {len(wanted)} points."
    return _kept([came_up, *parts])


def _impersonal(text: str) -> str:
    return re.sub(r"^your\s+", "", text, flags=re.IGNORECASE)


def _shown(room: Room, testlet: Testlet) -> str:
    atom = room.syllabus.kit.by_id[testlet["against"][0]]
    return f"Something to watch: {_sentence(atom.text)}"


def on_flag(mark: Mark) -> str:
    """A flag, called out with the candidate's own words."""
    said = f' You wrote: "{mark.quote.text}".' if mark.quote else ""
    if mark.polarity == "negative":
        return _kept([f"A reviewer would ask about this: {_sentence(mark.text)}", said.strip()])
    return _kept([f"A reviewer would like this: {_sentence(mark.text)}", said.strip()])


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _kept(parts: list[str]) -> str:
    """As many parts as one message holds; the first always."""
    text = parts[0]
    for part in parts[1:]:
        if len(f"{text} {part}".split()) <= MOST_WORDS:
            text = f"{text} {part}"
    return text.strip()
