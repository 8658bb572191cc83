"""Every error in one shape, wherever it comes from."""

import pytest
from httpx2 import Response
from replicas import Replica, Talk

JSON = {"content-type": "application/json"}
TURN = {"turn_id": "a-turn-of-mine", "question": 1}


def check(answer: Response, status: int, code: str) -> None:
    """The shape of every error, with something to say and something to do."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    assert {"code", "message", "remedy"} <= set(error) <= {"code", "message", "remedy", "question"}
    assert error["message"].endswith((".", "?"))
    assert error["remedy"].endswith((".", "?"))
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/api/interviews/nobody", 404, "not_found"),
        ("GET", "/api/interviews/nobody/transcript", 404, "not_found"),
        ("GET", "/api/interviews/nobody/report", 404, "not_found"),
        ("GET", "/api/interviews/nobody/nothing", 404, "not_found"),
        ("GET", "/api/kits/nothing", 404, "not_found"),
        ("GET", "/api/interviews/%00", 404, "not_found"),
        ("GET", "/api/interviews/a%ED%A0%80b", 404, "not_found"),
        ("GET", "/api/kits/%00", 404, "not_found"),
        ("GET", "/api/kits/%F0%9F%92%A9", 404, "not_found"),
        ("GET", f"/api/interviews/{'a' * 17}", 404, "not_found"),
        ("GET", f"/api/kits/{'a' * 201}", 422, "invalid_request"),
        ("GET", "/api/kits/small?level=emperor", 422, "invalid_request"),
        ("GET", "/api/interviews/nobody/events?after=-1", 404, "not_found"),
        ("DELETE", "/api/interviews", 405, "method_not_allowed"),
        ("PUT", "/api/kits/small", 405, "method_not_allowed"),
        ("POST", "/health", 405, "method_not_allowed"),
    ],
)
async def test_what_is_not_there_is_told(
    served: Replica, method: str, path: str, status: int, code: str
) -> None:
    check(await served.http.request(method, path), status, code)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kit": ""},
        {"kit": "k" * 201},
        {"kit": "small", "level": "emperor"},
        {"kit": "small", "minutes": 4},
        {"kit": "small", "minutes": 241},
        {"kit": "small", "minutes": "NaN"},
        {"kit": "small", "questions": 0},
        {"kit": "small", "questions": 41},
        {"kit": "small", "seed": -1},
        {"kit": "small", "seed": 2**63},
        {"kit": "small", "examiner": "oracle"},
        {"kit": "small", "consent": {}},
        [],
        None,
        "small",
    ],
)
async def test_a_wish_that_cannot_be_is_refused(alone: Replica, body: object) -> None:
    check(await alone.http.post("/api/interviews", json=body), 422, "invalid_request")


async def test_a_start_that_cannot_work_is_refused_with_what_to_do(served: Replica) -> None:
    start = served.http.post
    check(await start("/api/interviews", json={"kit": "nothing"}), 404, "not_found")
    check(await start("/api/interviews", json={"kit": "a\x00b"}), 422, "invalid_request")
    check(
        await start("/api/interviews", json={"kit": "small", "examiner": "model"}),
        422,
        "bad_input",
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"kit": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"kit": "small", "\\ud800": 1}',
        b'{"kit": "small", "minutes": Infinity}',
        b"[" * 100_000,
        b'{"seed": ' + b"9" * 5_000 + b"}",
    ],
)
async def test_a_body_that_is_no_request_is_refused(alone: Replica, body: bytes) -> None:
    answer = await alone.http.post("/api/interviews", content=body, headers=JSON)
    assert answer.status_code in (400, 422)
    check(answer, answer.status_code, answer.json()["error"]["code"])


@pytest.mark.parametrize(
    "body",
    [
        TURN,
        {**TURN, "message": "Both.", "action": "skip"},
        {**TURN, "message": ""},
        {**TURN, "message": " \n "},
        {**TURN, "message": "x" * 8_001},
        {**TURN, "action": "amend"},
        {**TURN, "action": "expire"},
        {**TURN, "action": "open"},
        {**TURN, "message": "Yes.", "question": -1},
        {**TURN, "message": "Yes.", "question": 10**30},
        {**TURN, "message": "Yes.", "question": True},
        {**TURN, "message": "Yes.", "turn_id": "short"},
        {**TURN, "message": "Yes.", "turn_id": "a" * 65},
        {**TURN, "message": "Yes.", "turn_id": "expire:12345"},
        {**TURN, "message": "Yes.", "turn_id": "with space"},
        {**TURN, "message": "Yes.", "turn_id": "ends-in-a-line\n"},
        {**TURN, "message": "Yes.", "kind": "open"},
    ],
)
async def test_a_turn_that_cannot_be_is_refused(alone: Replica, body: object) -> None:
    talk = await alone.start()
    check(await alone.http.post(f"{talk.path}/turns", json=body), 422, "invalid_request")


async def test_what_somebody_wrote_is_not_repeated_in_an_error(alone: Replica) -> None:
    talk = await alone.opened()
    for after in (-1, 9_999_999_999):
        asked = await alone.http.get(f"{talk.path}/events?after={after}")
        check(asked, 422, "invalid_request")
    sent = await talk.send("my secret words", question=10**9)
    check(sent, 422, "invalid_request")
    assert "my secret words" not in sent.text


async def test_turns_of_nobody_are_not_found(served: Replica) -> None:
    talk = Talk(served.http, "nobody")
    check(await talk.send("Hello.", question=1), 404, "not_found")
    check(await talk.amend(1, "Hello."), 404, "not_found")


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(alone: Replica) -> None:
    large = b'{"kit": "' + b"x" * 300_000 + b'"}'
    check(await alone.http.post("/api/interviews", content=large, headers=JSON), 413, "too_large")


async def test_a_large_body_that_tells_no_length_is_refused_too(alone: Replica) -> None:
    async def endless() -> object:
        for _ in range(300):
            yield b"x" * 1_024

    answer = await alone.http.post("/api/interviews", content=endless(), headers=JSON)
    check(answer, 413, "too_large")


async def test_a_defect_of_ours_is_told_without_its_content(alone: Replica) -> None:
    talk = await alone.opened()
    store, service = alone.service.store, alone.service
    service.store = None  # type: ignore[assignment]
    try:
        answer = await talk.http.get(talk.path)
    finally:
        service.store = store
    check(answer, 500, "internal")
    assert "NoneType" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
