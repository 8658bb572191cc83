"""What a chat client sends, read as a conversation with us.

A client sends the whole conversation each time, or what it has not trimmed away. Every reply of
ours ends in a line that names the interview and its step, so the last one says where we stand.
What was said and heard before is compared with the record, white space aside.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from api.door.wire import ChatMessage
from knowledge.errors import BadInput

CODE = r"[a-km-np-z2-9]{10}"
"""An interview's id, see `api.store`: it has no l, o, 0 or 1."""
_foot = re.compile(rf"Interview\s+code:\s*({CODE})\s*·\s*(still\s+at\s+)?step\s+(\d{{1,6}})")
_pasted = re.compile(
    rf"[\W_]*(?P<named>(?:my |the )?(?:interview )?code(?: is)?\W+)?(?P<code>{CODE})"
    r"(?:\s*·\s*(?:still at )?step\s+\d{1,6})?[\W_]*",
    re.I,
)
START = "/start"


class Place(NamedTuple):
    """A step of an interview: the turn whose words stand last. Step 1 is the opening."""

    code: str
    step: int


class Pasted(NamedTuple):
    """A word that can be an interview's code; not `meant` as one, it may be an answer as well."""

    code: str
    meant: bool


@dataclass(frozen=True)
class Line:
    """One message; `place` is read from our own, and a `note` of ours is no turn."""

    who: Literal["user", "viva"]
    text: str
    place: Place | None = None
    note: bool = False


@dataclass(frozen=True)
class Conversation:
    """What came before, from the last place that can be gone on from, and what was said last."""

    before: tuple[Line, ...]
    last: str
    media: bool
    """There is something other than text in the last message."""
    identity: str
    """SHA-256 of the whole conversation as received, white space aside."""

    @property
    def place(self) -> Place | None:
        """Where the last message of ours that names a place says we stand."""
        return next((line.place for line in reversed(self.before) if line.place), None)

    @property
    def pasted(self) -> Pasted | None:
        """The code, where the last message is one and nothing else."""
        found = _pasted.fullmatch(self.last)
        if not found:
            return None
        code = found["code"].lower()
        alone = self.place is None and not code.isalpha()
        return Pasted(code, meant=bool(found["named"]) or alone)

    @property
    def begins(self) -> bool:
        """Whether this starts an interview: nothing of anybody else's has been answered yet."""
        heard = False
        for line in self.before:
            if heard and line.who == "viva":
                return False
            heard = heard or line.who == "user"
        return True


class Told(NamedTuple):
    """A turn as it stands in the record: the id its message gave it, and what we replied."""

    turn_id: str
    reply: str


def read(messages: Sequence[ChatMessage]) -> Conversation:
    """Read what a client sent; system and tool messages are passed over.

    Raises:
        BadInput: the last message is not the user's, or is empty.
    """
    talk = [message for message in messages if message.role in {"user", "assistant"}]
    if not talk or talk[-1].role != "user" or not (talk[-1].text.strip() or talk[-1].media):
        raise BadInput(
            "The conversation does not end in a message of the user.",
            "Send a message with some text in it.",
        )
    lines = tuple(_line(message) for message in talk[:-1] if message.text.strip())
    whole = "\0".join(f"{line.who}\1{folded(line.text)}" for line in lines)
    identity = f"{whole}\0{folded(talk[-1].text)}"
    return Conversation(
        before=lines[_resumes_at(lines) :],
        last=talk[-1].text.strip(),
        media=talk[-1].media,
        identity=hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest(),
    )


def foot(place: Place, *, note: bool = False) -> str:
    """The line that ends every message of ours and names the place."""
    return f"Interview code: {place.code} · {'still at ' if note else ''}step {place.step}"


def last_place(texts: Iterable[str]) -> Place | None:
    """The last place that any of these texts names, whoever says it."""
    feet = [foot for text in texts for foot in _foot.findall(text)]
    return Place(feet[-1][0], int(feet[-1][2])) if feet else None


def turn_id(place: Place, text: str) -> str:
    """The id of the message that answers this step; the same words again give the same id.

    A step stands for all that was said before it, which has been compared with the record.
    """
    said = f"{place.code}\0{place.step}\0{folded(text)}"
    return f"door-{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:40]}"


def folded(text: str) -> str:
    """A text without what clients change on their own: white space and Unicode composition."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def standing(conversation: Conversation, record: Mapping[int, Told]) -> int | None:
    """The step that the conversation stands at, or None where it is not the one we had.

    `record` has every turn by its step. Trimming from the front is no change.
    """
    place, step, heard = conversation.place, None, ""
    for line in conversation.before:
        if line.who == "user":
            heard = line.text
            continue
        at = _step_of(line, step)
        if place is None or at not in record or (line.place or place).code != place.code:
            return None
        if not line.note and not _as_it_was(line, at, record[at], heard, place.code):
            return None
        if step is not None and not line.note and at != step + 1:
            return None
        step, heard = at, ""
    return step


def unseen(conversation: Conversation, at: Place, record: Mapping[int, Told]) -> bool:
    """Whether a message before the last had been taken, and its reply has not been seen."""
    following = record.get(at.step + 1)
    tail = conversation.before[::-1]
    spoken = next((i for i, line in enumerate(tail) if line.who == "viva"), len(tail))
    sent = (turn_id(at, line.text) for line in tail[:spoken])
    return following is not None and following.turn_id in sent


def _line(message: ChatMessage) -> Line:
    if message.role == "user":
        return Line("user", message.text)
    feet = _foot.findall(message.text)
    if not feet:
        return Line("viva", message.text)
    code, still, step = feet[-1]
    return Line("viva", message.text, Place(code, int(step)), bool(still))


def _resumes_at(lines: Sequence[Line]) -> int:
    """The last line that one can go on from whatever stands before: a note, or an opening."""
    for index in range(len(lines) - 1, -1, -1):
        place = lines[index].place
        if place and (lines[index].note or place.step == 1):
            return index
    return 0


def _step_of(line: Line, before: int | None) -> int:
    """A reply whose end was cut off, as when it was stopped, is the one that was due."""
    return line.place.step if line.place else (before or 0) + 1


def _as_it_was(line: Line, at: int, told: Told, heard: str, code: str) -> bool:
    ours, theirs = folded(told.reply), folded(line.text)
    if theirs != ours and (line.place or not ours.startswith(theirs)):
        return False
    return at == 1 or not heard or turn_id(Place(code, at - 1), heard) == told.turn_id
