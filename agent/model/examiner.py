"""The examiner that asks a language model: it reads and marks in one call, and phrases in one."""

from collections.abc import AsyncIterator, Iterable, Mapping

from agent.events import FellBack, MarkSource, ModelCalled
from agent.examiner import Brief, Examination, Sheet, Spoken
from agent.model import phrasing
from agent.model.endpoint import Endpoint
from agent.model.errors import ModelFailed
from agent.model.prompts import Filled, Prompt, Purpose, load, nonce
from agent.model.reply import Examined, examination
from knowledge.atoms import Atom

MOST_HEARD = 1_200
"""Characters of the candidate's message that the speaker gets to see."""
MOST_USED = 3
"""Earlier acknowledgements that the speaker is reminded of."""
LONGEST_PHRASE = 2_000


class ModelExaminer:
    """`model` is the model's name, `prompts` the hash of each prompt by its name.

    Prompts that are given take the place of those that ship.
    """

    name = "model"
    source: MarkSource = "model"

    def __init__(self, endpoint: Endpoint, given: Mapping[Purpose, Prompt] | None = None) -> None:
        self._endpoint, given = endpoint, given or {}
        self._examine = given.get("examine") or load("examine")
        self._phrase = given.get("phrase") or load("phrase")
        self.model = endpoint.model
        self.prompts = {prompt.purpose: prompt.hash for prompt in (self._examine, self._phrase)}

    async def examine(self, sheet: Sheet) -> Examination:
        """Read and mark one message in one call.

        Raises:
            ModelFailed: the model gave nothing usable; its `calls` are for the log.
        """
        ids = short_ids(sheet)
        reply, call = await self._endpoint.structured(self._asked(sheet, ids), Examined)
        return examination(reply, sheet, ids, call)

    def _asked(self, sheet: Sheet, ids: dict[str, Atom]) -> Filled:
        rubric = "\n".join(_lines(ids)) or "(nothing is marked here)"
        message = sheet.message.text
        return self._examine.fill(
            nonce=nonce(sheet.question, rubric, message),
            stage="quick round" if sheet.stage == "money" else sheet.stage.replace("_", " "),
            kind=_kind(sheet),
            question=sheet.question,
            rubric=rubric,
            message=message,
        )

    async def phrase(self, brief: Brief) -> AsyncIterator[Spoken]:
        """The message; after a `FellBack` nothing said of it before counts.

        An authored follow-up is asked as it is: that it follows up shows that one was heard.
        """
        wanted = brief.own_words or (brief.heard.strip() and brief.purpose != "follow_up")
        if not wanted:
            for authored in _given(brief.bridge, brief.ask):
                yield authored
            return
        found = self._reworded(brief) if brief.own_words else self._led(brief)
        try:
            async for spoken in found:
                yield spoken
        except ModelFailed as failed:
            for call in failed.calls:
                yield call
            yield FellBack(purpose="phrase", to="authored", failure=str(failed))

    async def _led(self, brief: Brief) -> AsyncIterator[Spoken]:
        """An acknowledgement as soon as it is whole, then the authored words."""
        text, settled = "", False
        async for piece in self._endpoint.stream(self._told(brief, "lead"), LONGEST_PHRASE):
            whole: str | None = text
            if isinstance(piece, str):
                text += piece
                whole = phrasing.first_sentence(text)
            if whole is not None and not settled:
                settled = True
                for lead in _given(phrasing.lead(whole, brief)):
                    yield lead
            if isinstance(piece, ModelCalled):
                for authored in _given(brief.bridge, brief.ask):
                    yield authored
                yield piece

    async def _reworded(self, brief: Brief) -> AsyncIterator[Spoken]:
        """The question in other words, once all of it is there and may be said."""
        text = ""
        async for piece in self._endpoint.stream(self._told(brief, "own words"), LONGEST_PHRASE):
            if isinstance(piece, str):
                text += piece
                continue
            for sentence in phrasing.own_words(text, brief):
                yield sentence
            yield piece

    def _told(self, brief: Brief, task: str) -> Filled:
        heard, used = brief.heard[:MOST_HEARD], "\n".join(brief.acknowledged[-MOST_USED:])
        return self._phrase.fill(
            nonce=nonce(heard, used, brief.ask, brief.bridge),
            task=task,
            purpose=brief.purpose.replace("_", "-"),
            mode=brief.mode,
            ask=brief.ask,
            bridge=brief.bridge or "(nothing)",
            used=used or "(none)",
            heard=heard or "(nothing)",
        )


def short_ids(sheet: Sheet) -> dict[str, Atom]:
    """The sheet's items by ids that mean something to a reader: p1, i1, n1, r1, g1, e1."""
    ids: dict[str, Atom] = {}
    counts: dict[str, int] = {}
    for letter, atom in [
        *((_letter(atom), atom) for atom in (*sheet.rubric, *sheet.flags)),
        *(("e", atom) for atom in sheet.elsewhere),
    ]:
        counts[letter] = counts.get(letter, 0) + 1
        ids[f"{letter}{counts[letter]}"] = atom
    return ids


def _letter(atom: Atom) -> str:
    if atom.kind == "point":
        return "p"
    if atom.kind == "flag":
        return "r" if atom.polarity == "negative" else "g"
    return "n" if atom.polarity == "negative" else "i"


_names = {
    "p": "point",
    "i": "positive indicator",
    "n": "negative indicator",
    "r": "red flag",
    "g": "green flag",
}


def _lines(ids: dict[str, Atom]) -> Iterable[str]:
    """A line for each item: its id, what it is, what it says."""
    groups: dict[str, str] = {}
    for short, atom in ids.items():
        what = _names.get(short[0], "")
        if short[0] == "e":
            what = f"another competency's {_names[_letter(atom)]}"
        if atom.role == "example":
            what = "point, only an example"
        elif atom.role == "any_of" and atom.group:
            group = groups.setdefault(atom.group, f"group {len(groups) + 1}")
            what = f"point, any of {group}"
        yield f"{short} ({what}): {' '.join(atom.text.split())}"


def _kind(sheet: Sheet) -> str:
    story = ", about the candidate's own experience" if sheet.story else ""
    added = "; the message adds to the answer before it" if sheet.amends else ""
    kind = "quick question" if sheet.kind == "money" else sheet.kind.replace("_", " ")
    return f"{kind}{story}{added}"


def _given(*texts: str) -> list[str]:
    return [text for text in texts if text]
