"""What a reader marks from: the answers in their order and the rubric, and nothing of a machine."""

from collections.abc import Iterator

from agent.events import Heard
from agent.report.ledger import Topic, begun
from agent.syllabus import Syllabus
from evals.replay.transcript import Transcript
from knowledge.atoms import Atom, Kit


def sheet(transcript: Transcript, kit: Kit) -> str:
    """Every question of an interview that something was said to, with what is to be marked."""
    syllabus = Syllabus(kit)
    ledger, header = begun(transcript.events)
    lines = [f"# {transcript.id} ({header.mode}, asked at {header.level})", ""]
    for topic in ledger.topics:
        if said := [heard for heard in topic.answers if heard.text.strip()]:
            lines += [*_question(topic), *_answers(topic, said), *_rubric(syllabus, topic), ""]
    return "\n".join(lines)


def to_mark(syllabus: Syllabus, question: str) -> tuple[Atom, ...]:
    """The points and indicators of a question that count."""
    item = syllabus.rubric(question)
    return (*item.core, *item.indicators)


def _question(topic: Topic) -> Iterator[str]:
    yield f"## question {topic.question} ({topic.level}; {topic.subject})"
    yield topic.text
    yield ""


def _answers(topic: Topic, said: list[Heard]) -> Iterator[str]:
    asked = ""
    for number, heard in enumerate(said, 1):
        put = topic.numbers.get(heard.question, topic.text)
        if heard.action == "amend":
            yield f"{number}. adds: {heard.text}"
            continue
        if put != topic.text and put != asked:
            yield f"   (follow-up: {put})"
        asked = put
        yield f"{number}. {heard.text}"
    yield ""


def _rubric(syllabus: Syllabus, topic: Topic) -> Iterator[str]:
    for atom in to_mark(syllabus, topic.question):
        if atom.kind == "point":
            role = atom.role or "core"
            what = f"point, {role} {atom.group}" if role == "any_of" else f"point, {role}"
        else:
            what = f"indicator, {atom.polarity}"
        yield f"- {atom.id} [{what}] {atom.text}"
