"""The OpenAPI document against the application, asked by each role: never a 500, never a score
for whom it is not meant, and every error in its documented shape."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from room import Room, furnished
from schemathesis import GenerationMode

from api.conduct import Wish
from api.identity.gate import VIEW
from api.identity.keys import Links
from api.settings import Settings
from api.web.app import make_app

one_loop = pytest.mark.asyncio(loop_scope="module")
ROLES = ("admin", "recruiter", "evaluator", "viewer", "candidate", "nobody", "other")
HEAVY = {"/api/kits/{kit}/documents", "/api/kits/{kit}/rehearsal"}
"""Documents are read in a process of their own, and a rehearsal holds many interviews."""

EXAMPLES = 3
ODD: list[Any] = [None, [], "text", 0, {}, {"": {}}, {"workspace_id": "x", "role": "admin"}, [[[]]]]

Request = tuple[str, str, dict[str, Any]]
"""Method, path, and what is sent with it."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Room, dict[str, str]]]:
    """A screen with an interview of it, and a client for each role."""
    async with furnished(tmp_path_factory.mktemp("schema") / "viva") as room:
        screen = await room.screen()
        invite, token = await room.invite(screen)
        interview = await room.service.start(
            Wish(
                kit="small",
                mode="screen",
                workspace=room.ours,
                screen=screen,
                invite=invite,
                attempt=1,
            )
        )
        await room.settle(interview)
        room.clients["candidate"] = await room.candidate(token)
        link = await Links(room.database).to_view(room.callers["admin"], screen, "Manager")
        room.clients["viewer"] = room.client(VIEW, link)
        yield room, {"id": interview, "screen": screen, "invite": invite, "kit": "small"}


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_dict(make_app(Settings(embedder="light")).openapi())
    every = (each.ok() for each in schema.get_all_operations())
    return [each for each in every if each.path.startswith("/api/") and each.path not in HEAVY]


def drawn(examples: int, *modes: GenerationMode, always_the_same: bool) -> list[Request]:
    """Requests that fit the document, and such that do not."""
    cases: list[Request] = []
    for operation in operations():
        for mode in modes:
            with suppress(Unsatisfiable):  # nothing in it could be wrong
                draw(operation, mode, examples, cases, always_the_same=always_the_same)
        if operation.body:
            cases += [
                (
                    operation.method.upper(),
                    operation.path,
                    {"params": {}, "real": True, "json": odd},
                )
                for odd in ODD
            ]
    return cases


def draw(
    operation: Any,
    mode: GenerationMode,
    examples: int,
    cases: list[Request],
    *,
    always_the_same: bool,
) -> None:
    @settings(
        derandomize=always_the_same,
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def run(case: Any, real: bool) -> None:
        body = {} if type(case.body).__name__ == "NotSet" else {"json": case.body}
        params = dict((case.query or {}).items())
        cases.append((case.method, operation.path, {"params": params, "real": real, **body}))

    run()


async def ask(room: Room, ids: dict[str, str], who: str, case: Request) -> str | None:
    """What is wrong with the answer, if anything."""
    method, path, rest = case
    url = path
    for name, value in ids.items():
        url = url.replace(f"{{{name}}}", value if rest["real"] else "nothing")
    url = url.replace("{number}", "1")
    content = {"json": rest["json"]} if "json" in rest else {}
    try:
        answer = await room.clients[who].request(
            method, url, params=rest["params"], headers={"accept": "application/json"}, **content
        )
    except (TypeError, ValueError, UnicodeError):
        return None  # no client can send it
    if answer.status_code >= 500 and answer.status_code != 503:
        return f"{who} {method} {url}: {answer.status_code}"
    if answer.status_code >= 400:
        error = answer.json().get("error", {})
        if not {"code", "message", "remedy"} <= set(error):
            return f"{who} {method} {url}: an error of another shape: {answer.text[:200]}"
    elif who == "candidate" and '"verdict"' in answer.text and "/contests" not in url:
        return f"{who} {method} {url}: is told marks"
    return None


@one_loop
async def test_no_role_meets_a_defect_whatever_it_sends(
    house: tuple[Room, dict[str, str]],
) -> None:
    room, ids = house
    cases = drawn(EXAMPLES, GenerationMode.POSITIVE, always_the_same=True)
    assert len({(method, path) for method, path, _ in cases}) > 20
    wrong = [
        found
        for number, case in enumerate(cases)
        if (found := await ask(room, ids, ROLES[number % len(ROLES)], case))
    ]
    assert not wrong, "\n".join(sorted(set(wrong)))


@pytest.mark.long
@one_loop
@pytest.mark.parametrize("who", ROLES)
async def test_nor_does_it_after_many_more(house: tuple[Room, dict[str, str]], who: str) -> None:
    room, ids = house
    cases = drawn(40, *GenerationMode, always_the_same=False)
    wrong = [found for case in cases if (found := await ask(room, ids, who, case))]
    assert not wrong, "\n".join(sorted(set(wrong)))
