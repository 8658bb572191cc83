"""An interview in the terminal: a person at a keyboard, or a script through a pipe."""

import asyncio
import re
import sys
import threading
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, get_args

from agent.events import Action
from agent.policy import Policy
from api.conduct import Conductor
from api.lease import Lease
from knowledge.errors import BadInput

COMMANDS = frozenset(get_args(Action))
COMMAND = re.compile(r"/(?P<name>[A-Za-z]{2,12})(?:\s*$|(?<=/amend)\s+(?P<words>.*))", re.I | re.S)
LONGEST = Policy().longest_message
KEYS = (
    "Enter makes a new line; an empty line sends. "
    "/hint /skip /pause /clarify /amend TEXT /end work at once."
)


class Lines:
    """Standard input, line by line, without holding the process when it wants to leave."""

    def __init__(self) -> None:
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._room = threading.Semaphore(0)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        line = "-"
        while line:
            self._room.acquire()
            line = sys.stdin.readline()
            with suppress(RuntimeError):  # the loop has closed meanwhile
                self._loop.call_soon_threadsafe(self._lines.put_nowait, line)

    async def next(self) -> str:
        """The next line with its end, or an empty string at the end of input."""
        self._room.release()
        return await self._lines.get()


class Face(Protocol):
    """How messages are shown and read."""

    leaves_on_eof: bool
    """Whether end of input means "I am leaving" rather than "I am done"."""

    def show(self, text: str, purpose: str) -> None:
        """Show one message of the interviewer."""

    def speak(self, sentence: str, *, again: bool) -> None:
        """Show a sentence of a message ahead; `again`: what was shown of it is void."""

    def note(self, text: str) -> None:
        """Tell something that is no part of the interview."""

    async def hear(self) -> str | None:
        """The next message, or None at the end of input."""


class Pipe:
    """Plain lines: one message a line in, one message a paragraph out."""

    leaves_on_eof = False

    def __init__(self) -> None:
        self._lines = Lines()

    def show(self, text: str, purpose: str) -> None:
        print(f"Viva: {text}\n", flush=True)

    def speak(self, sentence: str, *, again: bool) -> None:
        """A script reads whole messages only."""

    def note(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    async def hear(self) -> str | None:
        while line := await self._lines.next():
            if line.strip():
                print(f"You: {line.strip()}\n", flush=True)
                return line.strip()
        return None


class Screen:
    """A terminal with a person: colour, wrapping, and messages of several lines."""

    leaves_on_eof = True

    def __init__(self) -> None:
        from rich.console import Console

        self._lines = Lines()
        self._console = Console(highlight=False)
        self._notes = Console(stderr=True, highlight=False)
        self._ahead: list[str] = []

    def show(self, text: str, purpose: str) -> None:
        said, self._ahead = " ".join(self._ahead), []
        if said and text == said:
            self._console.print()
            return
        style = {"hint": "yellow", "feedback": "green", "tally": "magenta"}.get(purpose, "")
        self._print_name()
        self._print(text, style, below=1)

    def speak(self, sentence: str, *, again: bool) -> None:
        if again:
            self._ahead = []
            self.note("  That went wrong on my side. Once more:")
            return
        if not self._ahead:
            self._print_name()
        self._ahead.append(sentence)
        self._print(sentence)

    def _print_name(self) -> None:
        from rich.text import Text

        self._console.print(Text("Viva", style="bold cyan"))

    def _print(self, text: str, style: str = "", *, below: int = 0) -> None:
        from rich.padding import Padding
        from rich.text import Text

        self._console.print(Padding(Text(text, style=style), (0, 0, below, 2)))

    def note(self, text: str) -> None:
        from rich.text import Text

        self._notes.print(Text(text, style="dim"))

    async def hear(self) -> str | None:
        lines: list[str] = []
        while True:
            print("  " if lines else "> ", end="", flush=True)
            line = await self._lines.next()
            if not line:
                return "\n".join(lines) or None
            if not lines and looks_like_command(line):
                return line.strip()
            if not line.strip() and lines:
                return "\n".join(lines)
            if line.strip():
                lines.append(line.rstrip("\n"))


def face() -> Face:
    """The face for this standard input and output."""
    return Screen() if sys.stdin.isatty() and sys.stdout.isatty() else Pipe()


@dataclass
class Chat:
    """One sitting of one interview."""

    conductor: Conductor
    interview: str
    lease: Lease
    face: Face

    async def hold(self, *, resumed: bool) -> bool:
        """Talk until the interview ends, or the candidate leaves; True when it has ended."""
        if resumed:
            await self._recall()
            self.conductor.came_back(self.interview)
        await self._show(self.conductor.open(self.interview, self.lease))
        warming = asyncio.create_task(self.conductor.warm_up())
        await self._finish_pending()
        if isinstance(self.face, Screen):
            self.face.note(KEYS)
        while not await self._ended():
            text = await self.face.hear()
            if text is None and await self._leaves():
                return False
            await self._send(text)
        await warming
        return True

    async def _send(self, text: str | None) -> None:
        try:
            kind, words = parse(text)
        except BadInput as error:
            self.face.note(f"{error.message} {error.remedy}")
            return
        await self._finish_pending()  # what came in by another door
        stored = await self.conductor.store.load(self.interview)
        await self._show(
            self.conductor.take(
                self.interview,
                self.lease,
                turn_id=str(uuid.uuid4()),
                question=stored.question,
                kind=kind,
                text=words,
            )
        )

    async def _show(self, events: AsyncIterator[dict[str, Any]]) -> None:
        async for event in events:
            if event["type"] == "said":
                self.face.show(event["text"], event["purpose"])
            elif event["type"] == "speaking":
                self.face.speak(event["text"], again=event["again"])

    async def _ended(self) -> bool:
        return (await self.conductor.store.load(self.interview)).status == "ended"

    async def _leaves(self) -> bool:
        """End of input ends a script's interview, but a paused one, or a person's, waits."""
        paused = (await self.conductor.store.load(self.interview)).status == "paused"
        return self.face.leaves_on_eof or paused

    async def _finish_pending(self) -> None:
        """Run the turn that a dead process had accepted and not committed."""
        turn = await self.conductor.store.pending(self.interview)
        if turn is not None:
            await self._show(self.conductor.run(turn, self.lease))

    async def _recall(self) -> None:
        """Show again what was said last; nothing is asked anew."""
        events = await self.conductor.store.events(self.interview)
        heard = max((event.seq for event in events if event.type == "heard"), default=0)
        self.face.note("Welcome back. This is where you were:")
        for event in events:
            if event.type == "said" and event.seq > heard:
                self.face.show(event.body["text"], event.body["purpose"])


def looks_like_command(line: str) -> bool:
    """One word after a slash, such as `/hint`; `/etc/hosts is wrong` is an answer."""
    return bool(COMMAND.match(line))


def parse(text: str | None) -> tuple[str, str]:
    """The kind of turn a typed message makes, and its words.

    `/hint` and its like are buttons; `/amend TEXT` adds to the last answer.

    Raises:
        BadInput: a command that is not there or lacks its words, or a message that is too long.
    """
    if text is None:
        return "end_of_input", ""
    if len(text) > LONGEST:
        raise BadInput(
            f"The message has {len(text):,} characters; at most {LONGEST:,} can be sent.",
            "Shorten it; nothing was sent.",
        )
    command = COMMAND.match(text)
    if command is None:
        return "answer", text
    name, words = command["name"].casefold(), (command["words"] or "").strip()
    if name == "amend" and words:
        return "amend", words
    if name not in COMMANDS or name == "amend" or words:
        known = " ".join(f"/{each}" for each in sorted(COMMANDS - {"amend"}))
        raise BadInput(f"{text.split()[0]} is no command here.", f"There are {known} /amend TEXT.")
    return name, ""
