"""The OpenAPI document against the service: every route, with data that fits and that does not."""

import random
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from processes import Process, running
from schemathesis import APIOperation, Case, CheckFunction, GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from api.settings import Settings
from api.web.app import make_app

COSTLY = ("POST /api/kits/{kit}/documents", "POST /api/library")
"""They read documents in a process of its own."""

MODES = pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)


@pytest.fixture(scope="module")
def process(sqlite: Settings) -> Iterator[Process]:
    with running(sqlite) as one:
        yield one


@pytest.fixture(scope="module")
def ids(process: Process) -> list[str]:
    """Interviews of all kinds: one that runs, one paused, one that is over."""
    with httpx2.Client(base_url=process.url, timeout=60) as http:
        return [_interview(http, *actions) for actions in ([], ["pause"], ["end"])]


def _interview(http: httpx2.Client, *actions: str) -> str:
    interview_id: str = http.post("/api/interviews", json={"kit": "small"}).json()["id"]
    path = f"/api/interviews/{interview_id}"
    for action in ["", *actions]:
        sent = {"turn_id": f"button-{action}", "question": 1, "action": action}
        assert not action or http.post(f"{path}/turns", json=sent).status_code == 202
        while http.get(path).json()["pending"] is not None:
            pass
    return interview_id


def operations(process: Process) -> list[APIOperation[Any, Any, Any, Any]]:
    config = schemathesis.Config.from_dict({"max-stream-events": 20, "request-timeout": 60})
    schema = schemathesis.openapi.from_url(f"{process.url}/openapi.json", config=config)
    ours = (each.ok() for each in schema.get_all_operations())
    return [each for each in ours if not each.path.startswith("/v1/")]  # a door of its own


def about_streams(case: Case, ids: list[str]) -> None:
    """A stream of what is not over lasts an hour; then ask for a page."""
    if case.path.endswith("/events") and case.path_parameters.get("id") != ids[-1]:
        case.headers["accept"] = "application/json"


def excused(label: str, response: schemathesis.Response) -> list[CheckFunction]:
    """What fits its form can still be impossible, as to add to an answer never given.

    A form's parts are text and files: a number where text belongs arrives as its digits.
    """
    bad = response.status_code == 422 and response.json()["error"]["code"] == "bad_input"
    as_text = [negative_data_rejection] if label in COSTLY else []
    return [positive_data_acceptance, *as_text] if bad else as_text


def fits(case: Case, ids: list[str], chance: random.Random) -> None:
    """Half of the time let it be about something that is there."""
    if chance.random() < 0.5:
        return
    known = {"id": chance.choice(ids), "kit": "small"}
    for name in known.keys() & case.path_parameters.keys():
        case.path_parameters[name] = known[name]
    if isinstance(case.body, dict) and "question" in case.body:
        case.body["question"] = 1
    if isinstance(case.body, dict) and "kit" in case.body:
        case.body["kit"] = "small"


def check(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    ids: list[str],
    examples: int,
    *,
    always_the_same: bool,
) -> None:
    @settings(
        derandomize=always_the_same,
        max_examples=examples if operation.label not in COSTLY else max(2, examples // 8),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), seed=st.integers(0, 2**32))
    def run(case: Case, seed: int) -> None:
        if mode is GenerationMode.POSITIVE:
            fits(case, ids, random.Random(seed))
        about_streams(case, ids)
        response = case.call()
        excluded = excused(operation.label, response)
        case.validate_response(response, excluded_checks=excluded)

    if mode is GenerationMode.POSITIVE or takes_anything(operation):
        run()


def takes_anything(operation: APIOperation[Any, Any, Any, Any]) -> bool:
    """Whether there is anything in its requests that could be wrong."""
    return bool(operation.body) or any(operation.iter_parameters())


@MODES
def test_every_route_answers_as_its_document_says(
    process: Process, ids: list[str], mode: GenerationMode, subtests: pytest.Subtests
) -> None:
    for operation in operations(process):
        with subtests.test(operation.label):
            check(operation, mode, ids, examples=12, always_the_same=True)


@pytest.mark.long
@MODES
def test_it_does_so_a_thousand_times(
    process: Process, ids: list[str], mode: GenerationMode, subtests: pytest.Subtests
) -> None:
    for operation in operations(process):
        with subtests.test(operation.label):
            check(operation, mode, ids, examples=400, always_the_same=False)


def test_the_document_is_complete() -> None:
    document = make_app(Settings(embedder="light")).openapi()
    assert "8,000 characters" in document["info"]["description"]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["description"] or operation["summary"], path
            assert {"401", "403"} <= set(operation["responses"]), (method, path)
            for status, response in operation["responses"].items():
                assert response["description"], (method, path, status)


def test_every_error_of_the_api_has_one_shape_and_every_model_an_example() -> None:
    document = make_app(Settings(embedder="light")).openapi()
    for path, methods in document["paths"].items():
        responses = [r for each in methods.values() for r in each["responses"].items()]
        for status, response in responses:
            if path.startswith("/api/") and int(status) >= 400:
                schema = response["content"]["application/json"]["schema"]
                assert schema["$ref"].endswith("/ErrorBody")
