"""The terminal as a script meets it: real processes, real pipes, real kills."""

import json
import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LINES = [
    "I have worked with Kafka, Airflow and dbt for four years. Never used Flink.",
    "I would keep the old rows with valid-from and valid-to dates because reports look back.",
    "A sale made in May keeps the region of May, so I would join on the date.",
    "I don't know",
    "I would read the documentation and try it on a small example.",
    "/hint",
    "We load into a staging table and swap the partition, so a rerun changes nothing.",
    "/skip",
    "The scheduler retries three times and then pages whoever is on call.",
    "/amend and the retries wait longer each time",
    "I check row counts and keys before anything is published.",
    "no idea, next",
]


def viva(*args: str, home: Path, text: str | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        _command(*args),
        input=text,
        env=_environment(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def started(*args: str, home: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        _command(*args),
        env=_environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _command(*args: str) -> list[str]:
    return [sys.executable, "-c", "from api.cli import main; main()", *args]


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "VIVA_HOME": str(home), "VIVA_EMBEDDER": "light"}


def transcript(interview: str, home: Path) -> list[dict[str, Any]]:
    printed = viva("transcript", interview, home=home)
    assert printed.returncode == 0, printed.stderr
    return [json.loads(line) for line in printed.stdout.splitlines()]


def heard(events: list[dict[str, Any]]) -> list[str]:
    """The messages in order; a command without words as its name."""
    return [e["text"] or f"/{e['action']}" for e in events if e["type"] == "heard"]


def as_heard(line: str) -> str:
    return line.removeprefix("/amend ")


def id_of(stderr: str) -> str:
    found = re.search(r"^interview (\w+)$", stderr, re.MULTILINE)
    assert found, stderr
    return found[1]


def test_a_script_holds_an_interview_and_the_end_of_input_ends_it_politely(tmp_path: Path) -> None:
    done = viva("chat", "--questions", "3", home=tmp_path, text="\n".join(LINES))
    assert done.returncode == 0, done.stderr
    events = transcript(id_of(done.stderr), tmp_path)
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    assert events[0]["type"] == "header"
    assert [e["type"] for e in events[-2:]] == ["ended", "took"]
    assert heard(events) == [as_heard(line) for line in LINES][: len(heard(events))]
    assert all(e["stage"] for e in events if e["type"] in {"said", "heard"})
    assert "Traceback" not in done.stderr
    assert done.stdout.count("Viva:") == sum(e["type"] == "said" for e in events)


def test_the_same_seed_and_answers_give_the_same_words(tmp_path: Path) -> None:
    runs = [viva("chat", "--seed", "7", home=tmp_path, text="\n".join(LINES)) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout


def test_lists_report_and_formats_speak_of_the_same_interview(tmp_path: Path) -> None:
    done = viva("chat", "--level", "senior", "--mode", "screen", home=tmp_path, text=LINES[0])
    interview = id_of(done.stderr)
    listed = json.loads(viva("interviews", "--json", home=tmp_path).stdout)
    assert [row["id"] for row in listed] == [interview]
    assert set(listed[0]) == {"id", "kit", "level", "mode", "status", "started", "turns"}
    assert (listed[0]["level"], listed[0]["mode"], listed[0]["status"]) == (
        "senior",
        "screen",
        "ended",
    )
    made = json.loads(viva("report", interview, "--format", "json", home=tmp_path).stdout)
    assert made["verdict"] == "not enough evidence"
    told = viva("report", interview, "--for", "candidate", home=tmp_path).stdout
    assert "with the team" in told


def test_killed_at_any_moment_nothing_said_is_lost_or_asked_twice(tmp_path: Path) -> None:
    chance = random.Random(4)
    first = started("chat", "--questions", "6", home=tmp_path)
    assert first.stderr
    interview = id_of(first.stderr.readline())
    _feed_and_kill(first, LINES, chance)
    for _ in range(3):
        left = LINES[len(_accepted(interview, tmp_path)) :]
        again = started("chat", "--resume", interview, home=tmp_path)
        _feed_and_kill(again, left, chance)
    left = LINES[len(_accepted(interview, tmp_path)) :]
    done = viva("chat", "--resume", interview, home=tmp_path, text="\n".join(left))
    assert done.returncode == 0, done.stderr
    events = transcript(interview, tmp_path)
    assert heard(events) == [as_heard(line) for line in LINES]
    numbers = [
        e["question"]
        for e in events
        if e["type"] == "said" and e["purpose"] in {"question", "follow_up"}
    ]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))


def _feed_and_kill(
    process: "subprocess.Popen[str]", lines: list[str], chance: random.Random
) -> None:
    """Send everything, and kill the process somewhere along the way."""
    assert process.stdin
    assert process.stdout
    try:
        for line in lines[: chance.randint(1, 3)]:
            process.stdin.write(line + "\n")
        process.stdin.flush()
    except BrokenPipeError:  # it ended before we did
        pass
    process.stdout.read(chance.randint(0, 150) if lines else 0)  # more is always said
    process.send_signal(signal.SIGKILL)
    process.communicate()


def _accepted(interview: str, home: Path) -> list[str]:
    """Every message the database holds, committed or not."""
    import sqlite3

    with sqlite3.connect(home / "viva.db") as connection:
        rows = connection.execute(
            "select message from turns where interview_id = ? and kind != 'open' order by number",
            (interview,),
        ).fetchall()
    return [row[0] for row in rows]


def test_a_second_process_is_refused_while_the_first_is_alive(tmp_path: Path) -> None:
    first = started("chat", home=tmp_path)
    assert first.stderr
    assert first.stdout
    interview = id_of(first.stderr.readline())
    first.stdout.readline()
    try:
        second = viva("chat", "--resume", interview, home=tmp_path, text="hello\n")
        assert second.returncode == 2
        assert "Another process is in this interview." in second.stderr
        assert second.stdout == ""
    finally:
        first.communicate("/end\n")
    assert heard(transcript(interview, tmp_path)) == ["/end"]


def test_an_interview_paused_by_a_script_waits_for_its_return(tmp_path: Path) -> None:
    done = viva("chat", home=tmp_path, text=f"{LINES[0]}\n/pause\n")
    interview = id_of(done.stderr)
    assert f"viva chat --resume {interview}" in done.stderr
    assert json.loads(viva("interviews", "--json", home=tmp_path).stdout)[0]["status"] == "paused"
    back = viva("chat", "--resume", interview, home=tmp_path, text=f"{LINES[1]}\n")
    assert back.returncode == 0
    assert heard(transcript(interview, tmp_path)) == [LINES[0], "/pause", LINES[1]]


def test_an_ended_interview_is_not_resumed(tmp_path: Path) -> None:
    interview = id_of(viva("chat", home=tmp_path, text="/end\n").stderr)
    again = viva("chat", "--resume", interview, home=tmp_path, text="hello\n")
    assert again.returncode == 2
    assert f"viva report {interview}" in again.stderr


def test_a_message_too_long_is_not_sent_and_the_interview_goes_on(tmp_path: Path) -> None:
    done = viva("chat", home=tmp_path, text=f"{'a ' * 4001}\n{LINES[0]}\n")
    assert done.returncode == 0
    assert "at most 8,000" in done.stderr
    assert heard(transcript(id_of(done.stderr), tmp_path)) == [LINES[0]]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("chat", "--kit", "nowhere"), "no kit"),
        (("chat", "--resume", "nowhere"), "no interview"),
        (("report", "nowhere"), "no interview"),
        (("transcript", "nowhere"), "no interview"),
        (("chat", "--level", "wizard"), "wizard"),
        (("chat", "--questions", "0"), "--questions"),
        (("chat", "--seed", "-1"), "--seed"),
        (("chat", "--seed", "9" * 20), "--seed"),
    ],
)
def test_a_missing_or_wrong_thing_is_one_clear_error(
    args: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    done = viva(*args, home=tmp_path, text="")
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_home_that_cannot_be_made_is_named_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = viva("chat", home=tmp_path / "file" / "home", text="")
    assert done.returncode == 2
    assert "VIVA_HOME" in done.stderr


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['viva', '--help']\n"
        "from api.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'chromadb', 'langgraph', 'numpy', 'sqlalchemy', 'pydantic'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "interviewer" in done.stdout
