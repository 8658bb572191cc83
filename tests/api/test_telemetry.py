"""What an operator sees of a real service, and that none of it holds what anybody said."""

import asyncio
import json
import logging
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openai_endpoint import OpenAIEndpoint
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.testclient import TestClient

from api.settings import Settings
from api.telemetry import Telemetry, configure_logging, log
from api.web.app import make_app
from knowledge.database import Database

ROOT = Path(__file__).parents[2]
HUSH = "Zebrafinch"
ANSWER = f"I would partition the {HUSH} table by day, and load each day once."
KEY = f"sk-{HUSH}-0123456789abcdef"


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_EMBEDDER", "light")
    monkeypatch.setenv("VIVA_LOG_FORMAT", "json")
    monkeypatch.setenv("VIVA_API_KEY", KEY)
    monkeypatch.setenv("VIVA_SECRET", KEY)


@pytest.fixture(autouse=True)
def _logging_is_put_back() -> Iterator[None]:
    names = [
        "",
        "viva",
        "uvicorn",
        "uvicorn.error",
        "uvicorn.access",
        *logging.root.manager.loggerDict,
    ]
    before = [(each, each.level, each.handlers[:]) for each in map(logging.getLogger, names)]
    yield
    for name in logging.root.manager.loggerDict:
        logging.getLogger(name).setLevel(logging.NOTSET)
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers
        logger.disabled = False


@pytest.fixture
def client() -> Iterator[TestClient]:
    """The whole application, and a client that knows its secret."""
    headers = {"Authorization": f"Bearer {KEY}"}
    with TestClient(make_app(Settings()), "http://127.0.0.1:8000", headers=headers) as client:
        yield client


def everything_at_debug() -> None:
    """As an operator in search of a fault might."""
    logging.getLogger().setLevel(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).setLevel(logging.DEBUG)


def settled(client: TestClient, interview: str) -> list[dict[str, Any]]:
    """What was said and heard, once no turn is under way."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        page = client.get(
            f"/api/interviews/{interview}/events", headers={"Accept": "application/json"}
        ).json()
        if page["done"]:
            events: list[dict[str, Any]] = page["events"]
            return events
        time.sleep(0.02)
    raise AssertionError("the turn did not end")


def talked(client: TestClient, examiner: str = "local") -> tuple[str, list[dict[str, Any]]]:
    """An interview with a warm-up and one answer."""
    wish = {"kit": "data-engineer", "examiner": examiner}
    interview = client.post("/api/interviews", json=wish).json()["id"]
    events = settled(client, interview)
    for number in (1, 2):
        turn = {"turn_id": f"turn-{number:04}", "question": number, "message": ANSWER}
        assert client.post(f"/api/interviews/{interview}/turns", json=turn).status_code == 202
        events = settled(client, interview)
    return interview, events


def quiet(client: TestClient) -> str:
    """The metrics, once no turn is under way."""
    until = time.monotonic() + 60
    while value(metrics := client.get("/metrics").text, "viva_interviews_live"):
        assert time.monotonic() < until, "a turn does not end"
        time.sleep(0.02)
    return metrics


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def value(metrics: str, name: str, **labels: str) -> float:
    """One number of Prometheus' text format; 0 where it is not there."""
    for line in metrics.splitlines():
        if re.match(rf"{name}(\{{|\s)", line) and all(
            f'{k}="{v}"' in line for k, v in labels.items()
        ):
            return float(line.rsplit(" ", 1)[1])
    return 0.0


def test_turns_are_counted_and_timed_by_part(client: TestClient) -> None:
    interview, _ = talked(client)
    stale = {"turn_id": "turn-0009", "question": 1, "message": ANSWER}
    assert client.post(f"/api/interviews/{interview}/turns", json=stale).status_code == 409
    metrics = quiet(client)
    assert value(metrics, "viva_turns_accepted_total", kind="answer") == 2
    assert value(metrics, "viva_turns_committed_total", kind="answer") == 2
    assert value(metrics, "viva_turns_committed_total", kind="open") == 1
    assert value(metrics, "viva_turns_refused_total") == 1
    for part in ("wait", "run", "commit"):
        assert value(metrics, "viva_turn_seconds_count", part=part) == 3
    assert value(metrics, "viva_turn_seconds_sum", part="run") > 0
    assert value(metrics, "viva_turn_attempts_bucket", le="1.0") == 3
    route = {"route": "/api/interviews/{id}/turns", "method": "POST"}
    assert value(metrics, "viva_http_requests_total", status="202", **route) == 2
    assert value(metrics, "viva_http_requests_total", status="409", **route) == 1


def test_a_line_names_its_request_its_interview_and_its_turn(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(Settings())
    interview, _ = talked(client)
    quiet(client)
    told = lines(capsys)
    committed = [line for line in told if line["event"] == "turn committed"]
    assert [line["turn"] for line in committed] == [1, 2, 3]
    assert {line["interview"] for line in committed} == {interview}
    assert all(line["run_seconds"] >= 0 for line in committed)
    sent = [line for line in told if line["event"] == "request" and line["status"] == 202]
    assert [line["request"] for line in sent] == [line["request"] for line in committed[1:]]
    assert {line["interview"] for line in sent} == {interview}


def test_nobodys_words_are_in_any_log_at_any_level(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The model answers with what it was sent, which fits no schema, and every library talks."""
    with OpenAIEndpoint(lambda request: json.dumps(request["messages"])[:4000]) as endpoint:
        monkeypatch.setenv("VIVA_MODEL", "echo")
        monkeypatch.setenv("VIVA_BASE_URL", endpoint.url)
        settings = Settings()
        configure_logging(settings)
        everything_at_debug()
        headers = {"Authorization": f"Bearer {KEY}"}
        with TestClient(make_app(settings), "http://127.0.0.1:8000", headers=headers) as client:
            everything_at_debug()
            interview, events = talked(client, "model")
            client.get(f"/api/interviews/{interview}?note={HUSH}")
            client.get(f"/{HUSH}")
            metrics = quiet(client)
    written = capsys.readouterr().err
    assert (
        len({line["logger"] for line in map(json.loads, written.splitlines()) if "logger" in line})
        > 2
    )
    assert HUSH not in written
    assert HUSH not in metrics
    for event in events:
        for sentence in re.findall(r"[^.?!\n]{20,}", event["text"] or ""):
            assert sentence.strip() not in written
    assert value(metrics, "viva_fallbacks_total", purpose="examine") >= 1
    assert value(metrics, "viva_model_calls_total", purpose="examine", outcome="failed") >= 1
    assert value(metrics, "viva_model_tokens_total", direction="in") > 0
    assert value(metrics, "viva_turn_seconds_count", part="model") >= 1


async def insert_half_a_kit(database: Database) -> None:
    statement = sa.text("insert into kits (name, version) values (:name, '1')")
    async with database.write() as connection:
        await connection.execute(statement, {"name": HUSH})


async def test_errors_are_told_by_type_and_place(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(Settings())
    everything_at_debug()
    with pytest.raises(sa.exc.IntegrityError) as broken:
        await insert_half_a_kit(database)
    assert HUSH not in str(broken.value)
    log.error("request failed", exc_info=broken.value)
    try:
        try:
            raise ValueError(HUSH)
        except ValueError as error:
            raise OSError(28, "No space left on device", f"/{HUSH}") from error
    except OSError as error:
        log.error("disk full", exc_info=error)
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
        logging.getLogger("library").exception(f"could not take {HUSH}")
        logging.getLogger("library").warning("could not take %s", HUSH)
    written = capsys.readouterr().err
    assert HUSH not in written
    told = [json.loads(line) for line in written.splitlines()]
    failed = next(line for line in told if line["event"] == "request failed")
    assert failed["error"].startswith("IntegrityError <- ")
    assert "insert_half_a_kit" in failed["place"]
    full = next(line for line in told if line["event"] == "disk full")
    assert full["error"] == "OSError (No space left on device) <- ValueError"
    assert any(line["event"] == "Exception in ASGI application" for line in told)
    assert any(line["event"] == "could not take %s" for line in told)


async def test_a_task_that_died_unseen_is_told_without_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(Settings())
    context = {"message": "Task exception was never retrieved", "exception": RuntimeError(HUSH)}
    asyncio.get_running_loop().default_exception_handler(context)
    written = capsys.readouterr().err
    assert HUSH not in written
    assert json.loads(written)["error"] == "RuntimeError"


def test_a_failed_attempt_is_counted_by_its_type(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(Settings())
    telemetry = Telemetry()
    telemetry.failed(RuntimeError(HUSH))
    telemetry.failed("StorageFailed")
    assert [line.get("error") or line["reason"] for line in lines(capsys)] == [
        "RuntimeError",
        "StorageFailed",
    ]
    metrics = telemetry.render().decode()
    assert value(metrics, "viva_turns_failed_total", reason="RuntimeError") == 1
    assert value(metrics, "viva_turns_failed_total", reason="StorageFailed") == 1


def test_words_pass_only_under_the_names_that_hold_none_of_anybodys(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(Settings())
    log.info("checked", text=HUSH, items=[HUSH], kind="answer", seconds=0.123456, turn=3)
    told = lines(capsys)[0]
    assert (told["text"], told["items"]) == ("(withheld)", "(withheld)")
    assert (told["kind"], told["seconds"], told["turn"]) == ("answer", 0.1235, 3)


def test_people_get_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIVA_LOG_FORMAT", "text")
    configure_logging(Settings())
    with Telemetry().span("turn", interview="abc", turn=3):
        log.info("checked", kind="answer")
    (line,) = capsys.readouterr().err.splitlines()
    assert re.search(r"\[info *\] checked +interview=abc kind=answer turn=3", line)


def test_applications_of_one_process_count_apart() -> None:
    one, other = Telemetry(), Telemetry()
    one.accepted("answer", 0.001)
    one.watching(1)
    assert value(one.render().decode(), "viva_turns_accepted_total", kind="answer") == 1
    assert value(one.render().decode(), "viva_watchers") == 1
    assert value(other.render().decode(), "viva_turns_accepted_total", kind="answer") == 0


def test_an_answer_that_waits_for_a_grade_is_counted() -> None:
    telemetry = Telemetry()
    events = [
        {"type": "marked", "anchor": "ungraded"},
        {"type": "fell_back", "purpose": "examine"},
        {"type": "marked", "anchor": "meets"},
    ]
    telemetry.committed("answer", {"run": 0.2}, events)
    metrics = telemetry.render().decode()
    assert value(metrics, "viva_answers_ungraded_total") == 1
    assert value(metrics, "viva_turns_ungraded_total", kind="answer") == 1
    assert value(metrics, "viva_fallbacks_total", purpose="examine") == 1


def test_every_metric_is_documented() -> None:
    documented = set(
        re.findall(r"`(viva_\w+)", (ROOT / "docs" / "operations.md").read_text("utf-8"))
    )
    kept = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in Telemetry().metrics.registry.collect()
        if family.name.startswith("viva_")
    }
    assert documented == kept


class Collector:
    """Takes OTLP over HTTP, as a collector does."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.bodies: list[bytes] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.path == "/v1/traces"
                collector.bodies.append(body)
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope in resource.scope_spans:
                        collector.spans.extend(scope.spans)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()


def test_a_turn_is_traced_from_its_request_to_its_model_calls(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    with OpenAIEndpoint(lambda request: HUSH) as endpoint:
        monkeypatch.setenv("VIVA_MODEL", "echo")
        monkeypatch.setenv("VIVA_BASE_URL", endpoint.url)
        settings = Settings()
        headers = {"Authorization": f"Bearer {KEY}"}
        with TestClient(make_app(settings), "http://127.0.0.1:8000", headers=headers) as client:
            interview, _ = talked(client, "model")
    by_id = {span.span_id: span for span in collector.spans}
    turns = [span for span in collector.spans if span.name == "turn"]
    assert len(turns) == 3
    assert {by_id[turn.parent_span_id].name for turn in turns} == {"http request"}
    inside = {span.name for span in collector.spans if span.parent_span_id == turns[-1].span_id}
    assert inside == {"wait", "run", "commit", "model call"}
    told = {each.key: each.value for each in turns[-1].attributes}
    assert told["viva.interview"].string_value == interview
    assert told["viva.turn"].int_value == 3
    for body in collector.bodies:
        assert HUSH.encode() not in body


def test_without_the_variables_nothing_of_opentelemetry_is_loaded() -> None:
    program = (
        "import sys; from api.telemetry import Telemetry; t = Telemetry()\n"
        "with t.span('turn', turn=1): t.committed('answer', {'run': 0.1}, [])\n"
        "print(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "False\n"
