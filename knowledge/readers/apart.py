"""Files that are no text are read in a process of their own: a broken one breaks only that.

    python -m knowledge.readers.apart

The child is asked over its standard input, a line of JSON (`name`, `size`) and that many bytes for
each file, and answers each with a line of JSON.
"""

import json
import os
import signal
import subprocess
import sys
from threading import Timer

from knowledge.confined import confine
from knowledge.errors import BadInput
from knowledge.readers import read
from knowledge.reading import Received

MOST_SECONDS = 60
"""For one file."""

MOST_SECONDS_IN_ALL = 3600
"""Of CPU, should nobody be there any more to end the process."""

MOST_MEMORY = 4 * 2**30
SMALLER = "Send it in smaller parts, or saved as plain text."


class Apart:
    """A process that reads files, started with the first and again after one that ended it."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Apart":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, data: bytes, name: str) -> Received:
        """What `knowledge.readers.read` gives for this content.

        Raises:
            BadInput: it cannot be read, or not within the limits of time and memory.
        """
        child = self._child or self._start()
        timer = Timer(MOST_SECONDS, child.kill)
        timer.start()
        answer = _asked(child, data, name)
        timed_out = not timer.is_alive()
        timer.cancel()
        if not answer:
            self._end()
            why = "takes too long to read" if timed_out else "ended its reader; it may be hostile"
            raise BadInput(f"{name} {why}.", SMALLER)
        told = json.loads(answer)
        if "error" in told:
            raise BadInput(*told["error"])
        return Received.model_validate(told)

    def _start(self) -> subprocess.Popen[bytes]:
        self._child = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._child

    def _end(self) -> None:
        if self._child:
            self._child.kill()
            self._child.communicate()
            self._child = None


def _asked(child: subprocess.Popen[bytes], data: bytes, name: str) -> bytes:
    """What the child answers; nothing where it ended instead."""
    assert child.stdin
    assert child.stdout
    try:
        child.stdin.write(json.dumps({"name": name, "size": len(data)}).encode() + b"\n")
        child.stdin.write(data)
        child.stdin.flush()
        return child.stdout.readline()
    except OSError:
        return b""


def main() -> None:
    """Read what is asked for until nothing more is."""
    confine(seconds=MOST_SECONDS_IN_ALL, memory=MOST_MEMORY, largest_file=0, offline=True)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    while asked := sys.stdin.buffer.readline():
        file = json.loads(asked)
        signal.alarm(MOST_SECONDS + 5)  # where nobody is left to end this process
        answers.write(_answer(sys.stdin.buffer.read(file["size"]), file["name"]) + b"\n")
        answers.flush()
        signal.alarm(0)


def _answer(data: bytes, name: str) -> bytes:
    try:
        return read(data, name).model_dump_json().encode()
    except BadInput as error:
        told = (error.message, error.remedy)
    except (MemoryError, RecursionError):
        told = (f"{name} needs too much memory to be read.", SMALLER)
    except Exception:
        told = (f"{name} is broken and cannot be read.", "Save it again and send that.")
    return json.dumps({"error": told}).encode()


if __name__ == "__main__":
    main()
