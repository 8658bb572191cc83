"""Let a scripted candidate be interviewed by the real `viva chat`, and print everything.

python tests/hold_interview.py strong --kit data-engineer --mode screen
"""

import argparse
import asyncio
import math
import os
import queue
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

PEOPLE = ("weak", "middling", "strong")
VIVA = [sys.executable, "-c", "from api.cli import main; main()"]
FIRST_WORD, LOOK = 120.0, 0.2
"""Seconds: the longest wait for the interviewer, and between looks at the store for the rest."""

_word = re.compile(r"[a-z][a-z0-9_+-]+")
_technology = re.compile(r"(?:First|Next one, on),? ([^.?!]+)\.")
_common = frozenset(
    "the and are for how what when where which who why your you that this with from would tell me "
    "about have has had can could does did was were not use used using explain describe its it in "
    "of to is do an at by on or be if as so they them their there been into than".split()
)


def words(text: str) -> set[str]:
    """The telling words of a text, without endings."""
    found = (word for word in _word.findall(text.casefold()) if word not in _common)
    return {re.sub(r"(?:ies|ing|ed|es|s|e|y)$", "", word) or word for word in found}


class Bank:
    """Answers, each given once, chosen by what they are about and say."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        self._entries = entries
        self._about = [words(" ".join(entry["about"])) for entry in entries]
        self._said = [words(entry["answer"]) for entry in entries]
        self._given: set[int] = set()

    @cached_property
    def _weight(self) -> dict[str, float]:
        seen = Counter(word for about in self._about for word in about)
        return {word: math.log(1 + len(self._entries) / count) for word, count in seen.items()}

    def _fit(self, number: int, asked: set[str]) -> float:
        named = sum(self._weight[word] for word in asked & self._about[number])
        return named + 0.2 * len(asked & self._said[number])

    def best(self, question: str, least: float, technology: str = "") -> str | None:
        """The best answer not given yet that fits well enough, and is on this technology."""
        asked = words(question)
        left = [
            (self._fit(number, asked), -number)
            for number, entry in enumerate(self._entries)
            if number not in self._given and _same(technology, entry.get("technology", ""))
        ]
        fit, number = max(left, default=(0.0, 0))
        if fit < least:
            return None
        self._given.add(-number)
        return str(self._entries[-number]["answer"])


class Candidate:
    """One of three people who answer from `tests/candidates`."""

    def __init__(self, name: str) -> None:
        path = Path(__file__).parent / "candidates" / f"{name}.yaml"
        script = yaml.safe_load(path.read_text(encoding="utf-8"))
        self._warm_up: str | None = script["warm_up"]
        self._answers = Bank(script["answers"])
        self._follow_ups = Bank(script["follow_ups"])
        self._money = Bank(script["money"])
        self._unknown: Iterator[str] = _over_and_over(script["unknown"])
        self._questions = iter(script["questions"])
        self._unasked, self._goodbye = script["unasked"], script["goodbye"]
        self._technology = ""

    def reply(self, said: list[str]) -> str:
        """The next message, to what the interviewer has said since the last one."""
        asked, all_said = said[-1], " ".join(said)
        if self._warm_up:
            warm_up, self._warm_up = self._warm_up, None
            return warm_up
        if "would you like to ask" in asked:
            return str(next(self._questions, self._goodbye))
        if "What have we not asked" in asked:
            return str(self._unasked)
        if "end the interview here?" in asked:
            return "No, I want to go on."
        if named := _technology.search(asked):
            self._technology = named[1]
            return self._bite(asked)
        if self._technology:
            return self._bite(all_said)
        if "A follow-up:" in asked or "finding it out" in asked:
            about = asked.rpartition("A follow-up:")[2]
            return self._follow_ups.best(about, 4.5) or next(self._unknown)
        return self._answers.best(asked, 2.5) or next(self._unknown)

    def _bite(self, question: str) -> str:
        known = self._money.best(question, 1.5, technology=self._technology)
        return known or "I do not know."


def _same(name: str, other: str) -> bool:
    """Whether two kits' names for a technology mean the same: Spark, Apache Spark."""
    return name.casefold().split()[-1:] == other.casefold().split()[-1:]


def _over_and_over(texts: Iterable[str]) -> Iterator[str]:
    kept = list(texts)
    while True:
        yield from kept


class Chat:
    """`viva chat` behind two pipes."""

    def __init__(self, options: list[str]) -> None:
        self.process = subprocess.Popen(
            [*VIVA, "chat", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            bufsize=1,
        )
        self._heard: queue.Queue[str | None] = queue.Queue()
        self._count = 0
        threading.Thread(target=self._listen, daemon=True).start()
        assert self.process.stderr
        first = self.process.stderr.readline()
        if not first.startswith("interview "):
            sys.exit(first + self.process.stderr.read())
        self.interview = first.split()[1]

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("Viva: "):
                self._heard.put(line.removeprefix("Viva: ").strip())
        self._heard.put(None)

    def hear(self) -> list[str]:
        """What was said in this turn; empty when the interview is over."""
        said: list[str] = []
        while not said or self._count != asyncio.run(_committed(self.interview)):
            try:
                line = self._heard.get(timeout=LOOK if said else FIRST_WORD)
            except queue.Empty:
                if said:
                    continue
                sys.exit("The interviewer says nothing.")
            if line is None:
                break
            print(f"Viva: {line}\n")
            said.append(line)
            self._count += 1
        return said

    def send(self, text: str) -> None:
        """Send one message."""
        print(f"You: {text}\n")
        assert self.process.stdin
        self.process.stdin.write(" ".join(text.split()) + "\n")


async def _committed(interview: str) -> int:
    """How many messages the interviewer has said, in all turns that are over."""
    from api.opened import opened_database
    from api.store import Store

    async with opened_database() as database:
        events = await Store(database).events(interview)
    return sum(event.type == "said" for event in events)


def hold(person: str, options: list[str]) -> str:
    """Hold a whole interview, print it, and give its id."""
    chat, candidate = Chat(options), Candidate(person)
    print(f"interview {chat.interview}\n")
    while (said := chat.hear()) and "That was the interview." not in said[-1]:
        chat.send(candidate.reply(said))
    if chat.process.wait() != 0:
        sys.exit(f"viva chat ended with status {chat.process.returncode}")
    return chat.interview


def main() -> None:
    """Hold the interview that the arguments ask for, then print its report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("person", choices=PEOPLE)
    for name, default in (("kit", "data-engineer"), ("level", "mid"), ("seed", "0")):
        parser.add_argument(f"--{name}", default=default)
    parser.add_argument("--mode", default="practice", choices=("practice", "screen"))
    wish = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    options = [f"--{name}={getattr(wish, name)}" for name in ("kit", "level", "seed", "mode")]
    interview = hold(wish.person, options)
    print("-" * 100, flush=True)
    sys.exit(subprocess.run([*VIVA, "report", interview], check=False).returncode)


if __name__ == "__main__":
    main()
