"""A copy of all that is kept of somebody, for them to have."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from room import Room

from agent.contesting import Complaint
from api.cli import main
from api.conduct import Wish
from api.contests import Contests
from api.gradings import Grading, Gradings
from api.hiring.invites import Invites
from api.hiring.tables import decisions, invites, notes
from api.identity.tokens import new_id

WORDS = "I keep the old version <b>of every row</b> beside the new version."
NOTICE = {"notice": "2026-11.3", "text_hash": "ab" * 32, "locale": "de", "text": "A machine\nasks."}


def _opened(answer: httpx2.Response) -> tuple[dict[str, Any], str]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    return _unpacked(answer.content)


def _unpacked(packed: bytes) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == ["viva.json", "viva.md"]
        return json.loads(archive.read("viva.json")), archive.read("viva.md").decode()


async def _took_part(room: Room, screen: str, mode: Any = "screen") -> tuple[str, str, str]:
    invite, token = await room.invite(screen, reference="R-7")
    wish = Wish(kit="small", mode=mode, minutes=15, workspace=room.ours, consent=NOTICE)
    own = {"screen": screen, "invite": invite, "attempt": 1}
    interview = await room.service.start(Wish(**{**vars(wish), **own}))
    await room.answer_all(interview, WORDS)
    return invite, token, interview


async def test_a_candidate_gets_everything_about_them_and_nothing_of_the_team(room: Room) -> None:
    screen = await room.screen()
    invite, token, interview = await _took_part(room, screen)
    complaint = Complaint(contest_id="c-1", question=1, reason="I did say so.")
    await Contests(room.service.store).contest(interview, complaint)
    of = {"workspace_id": room.ours, "interview_id": interview, "by": "Rita Recruiter", "at": 9.0}
    asked = [{"at": 5.0, "text": "Half as much time again."}]
    async with room.database.write() as connection:
        decision = {"id": new_id(), "outcome": "advance", "reason": "A secret reason."}
        await connection.execute(sa.insert(decisions).values(**of, **decision))
        await connection.execute(sa.insert(notes).values(**of, id=new_id(), text="A secret note."))
        mine = invites.c.id == invite
        await connection.execute(sa.update(invites).where(mine).values(asked=asked))

    told, text = _opened(await (await room.candidate(token)).get("/mine/export"))
    [held] = told["interviews"]
    assert told["invite"]["email"] == "cleo@example.org"
    assert told["invite"]["asked"] == asked
    assert (told["screen"]["company"], told["browsers"][0]["agent"]) == ("Acme", "pytest")
    assert {name: held["consent"][name] for name in NOTICE} == NOTICE
    assert WORDS in [event.get("text") for event in held["transcript"]]
    assert held["decisions"] == [{"outcome": "advance", "at": 9.0}]
    assert held["report"]["contests"][0]["reason"] == "I did say so."
    assert held["report"]["audience"] == "candidate"
    said = [line["action"] for line in told["audit"]]
    assert said[:3] == ["invited", "contested", "entered"]
    assert {line["actor"] for line in told["audit"]} <= {"you", "the team", "Viva"}
    for whole in (json.dumps(told), text):
        for hidden in ("secret", "Rita", "old version of every row stays", room.ours):
            assert hidden not in whole, hidden
    assert "> A machine\n> asks." in text
    assert "&#60;b>of every row" in text
    assert "Half as much time again." in text

    ours = await room.clients["recruiter"].get(f"/invites/{invite}/export")
    assert _opened(ours)[0]["interviews"] == [held]
    assert (await room.clients["other"].get(f"/invites/{invite}/export")).status_code == 404
    assert (await room.clients["evaluator"].get(f"/invites/{invite}/export")).status_code == 403


async def test_the_team_gets_no_word_of_what_was_said_in_practice(room: Room) -> None:
    screen = await room.screen(mode="practice")
    invite, token, interview = await _took_part(room, screen, "practice")
    told, text = _opened(await room.clients["recruiter"].get(f"/invites/{invite}/export"))
    assert (told["interviews"], told["practised"]) == ([], 1)
    assert "old version" not in text
    own, _ = _opened(await (await room.candidate(token)).get("/mine/export"))
    assert [each["id"] for each in own["interviews"]] == [interview]


async def test_ones_own_practice_and_somebody_not_begun_can_be_had(room: Room) -> None:
    caller = room.callers["evaluator"]
    own = await room.service.start(
        Wish(kit="small", minutes=15, workspace=room.ours, user=caller.owner)
    )
    await room.settle(own)
    told, _ = _opened(await room.clients["evaluator"].get(f"/interviews/{own}/export"))
    assert told["interviews"][0]["report"] is None
    assert (await room.clients["admin"].get(f"/interviews/{own}/export")).status_code == 404
    _, token = await room.invite(await room.screen())
    entered = await Invites(room.database).enter(token, "pytest")
    assert entered
    fresh, text = _opened(await (await room.candidate(token)).get("/mine/export"))
    assert fresh["interviews"] == []
    assert "Cleo" in text


def test_the_commands_say_what_they_did(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_EMBEDDER", "light")
    monkeypatch.setattr("sys.argv", ["viva", "maintain"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert "were rewritten in" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["viva", "erase", "nobody", "--yes"])
    with pytest.raises(SystemExit) as failed:
        main()
    assert failed.value.code == 2
    assert "'nobody'" in capsys.readouterr().err
    assert (home / "viva.db").is_file()


async def test_gradings_kept_beside_an_interview_go_along_where_marks_do(room: Room) -> None:
    grading = Grading(label="by local", kit_version="v", examiner="local", events=[{"testlet": 0}])
    for mode, there in (("practice", ["by local"]), ("screen", [])):
        _, token, interview = await _took_part(room, await room.screen(mode=mode), mode)
        await Gradings(room.database).keep(interview, grading)
        told, text = _opened(await (await room.candidate(token)).get("/mine/export"))
        [held] = told["interviews"]
        assert [each["label"] for each in held["gradings"]] == there
        assert ("Marked again" in text) == bool(there)


async def test_who_marks_ones_practice_is_told_none_of_the_machines_marks(room: Room) -> None:
    owner = room.callers["evaluator"].owner
    own = await room.service.start(Wish(kit="small", minutes=15, workspace=room.ours, user=owner))
    await room.answer_all(own, WORDS)
    answer = await room.clients["evaluator"].get(f"/api/reviews/{own}")
    assert answer.status_code == 200, answer.text
    told = answer.json()["report"]
    assert told["questions"]
    assert not any(q["marks"] or q["earned"] or q["score"] for q in told["questions"])
    assert (told["verdict"], told["opened"]) == ("with the team", False)
    assert [told[name] for name in ("overall", "study_plan")] == [None, None]
    empty = ("flags", "competencies", "elsewhere", "communication", "contests", "study")
    assert not any(told[name] for name in empty)
