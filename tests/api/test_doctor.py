"""`viva doctor`: what is well, what is not, and what to do."""

import json
import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from openai_endpoint import OpenAIEndpoint
from typer.testing import CliRunner

from api import doctor
from api.cli import app

ORDER = "settings secret disk clock database accounts chroma embedder index model".split()
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def _light(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VIVA_EMBEDDER", "light")
    monkeypatch.chdir(tmp_path)


def examined(status: int = 0) -> dict[str, Any]:
    """The checks by name."""
    ran = CliRunner().invoke(app, ["doctor", "--json"])
    assert ran.exit_code == status, ran.output
    made = json.loads(ran.stdout)
    assert made["ok"] is (status == 0)
    return {check["name"]: check for check in made["checks"]}


def test_a_new_installation_is_well_and_quick_checks_come_first(home: Path) -> None:
    checks = examined()
    assert list(checks) == ORDER
    assert {name for name, check in checks.items() if check["state"] != "ok"} == {"embedder"}
    assert "knows words and no meaning" in checks["embedder"]["words"]
    assert " atoms" in checks["index"]["words"]
    assert (home / "viva.db").exists()


def test_the_model_that_ships_has_sane_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIVA_EMBEDDER")
    ran = CliRunner().invoke(app, ["doctor", "--kit", "nothing"])
    assert ran.exit_code == 0, ran.output
    lines = [line for line in ran.stdout.splitlines() if "MiniLM" in line or "minilm" in line]
    assert lines
    assert lines[0].startswith("ok   embedder  ")


def test_people_get_a_line_for_each_check_and_what_to_do_below_it() -> None:
    ran = CliRunner().invoke(app, ["doctor", "--kit", "nothing"])
    assert ran.exit_code == 0
    lines = ran.stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("warn index"))
    assert "There is no kit `nothing`." in lines[at]
    assert lines[at + 1].startswith(" " * 15)


def test_a_bad_setting_is_the_whole_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_TIMEOUT", "soon")
    checks = examined(1)
    assert list(checks) == ["settings"]
    assert "VIVA_TIMEOUT" in checks["settings"]["words"]


def test_a_misspelt_setting_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_SECERT", "x" * 20)
    check = examined()["settings"]
    assert check["state"] == "warn"
    assert "Did you mean VIVA_SECRET?" in check["words"]


def test_no_secret_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VIVA_SECRET", "VIVA_API_KEY"):
        monkeypatch.setenv(name, "HUSH-HUSH-HUSH-HUSH")
    monkeypatch.setenv("VIVA_MODEL", "desk")
    monkeypatch.setenv("VIVA_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("VIVA_DATABASE_URL", "postgresql+asyncpg://viva:HUSH@127.0.0.1:9/viva")
    checks = examined(1)
    assert checks["database"]["state"] == checks["model"]["state"] == "fail"
    assert "HUSH" not in json.dumps(checks)


@pytest.mark.parametrize(
    ("origin", "secret", "state"),
    [
        ("https://viva.example.org", "", "fail"),
        ("http://viva.example.org", "0123456789abcdef", "warn"),
        ("https://viva.example.org", "0123456789abcdef", "ok"),
        ("", "", "ok"),
    ],
)
def test_a_public_address_wants_a_secret_and_https(
    origin: str, secret: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_ORIGIN", origin)
    monkeypatch.setenv("VIVA_SECRET", secret)
    assert examined(int(state == "fail"))["secret"]["state"] == state


def test_a_full_disk_is_seen_before_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    for free, status, state in ((2**20, 1, "fail"), (2**30, 0, "warn")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: Usage(2**40, 0, free))
        assert examined(status)["disk"]["state"] == state


def test_a_clock_before_this_was_written_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.time, "time", lambda: 86_400.0)
    checks = examined(1)
    assert checks["clock"]["state"] == "fail"
    assert checks["database"]["state"] == "warn"
    assert "apart" in checks["database"]["words"]


def test_a_home_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_HOME", "/proc/nowhere")
    checks = examined(1)
    assert checks["database"]["state"] == "fail"
    assert "VIVA_HOME" in checks["database"]["remedy"]


def test_older_tables_are_told_and_left_alone_and_newer_ones_are_an_error(home: Path) -> None:
    examined()
    for version, status in (("0001", 0), ("9999", 1)):
        with sqlite3.connect(home / "viva.db") as connection:
            connection.execute("update alembic_version set version_num = ?", [version])
        connection.close()
        check = examined(status)["database"]
        assert check["state"] == ("warn" if status == 0 else "fail")
        assert version in check["words"]
        with sqlite3.connect(home / "viva.db") as connection:
            assert connection.execute("select version_num from alembic_version").fetchone() == (
                version,
            )
        connection.close()


def test_a_read_only_database_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examined()
    file = f"file:{home / 'viva.db'}?mode=ro&uri=true"
    monkeypatch.setenv("VIVA_DATABASE_URL", f"sqlite+aiosqlite:///{file}")
    check = examined(1)["database"]
    assert check["state"] == "fail"
    assert "readonly" in check["words"]


def test_every_database_is_checked_alike(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_DATABASE_URL", empty_url)
    for _ in range(2):
        check = examined()["database"]
        assert check["state"] == "ok"
        assert check["words"].startswith(empty_url.partition("+")[0])


def test_writing_is_tried_and_leaves_nothing(home: Path) -> None:
    examined()
    with sqlite3.connect(home / "viva.db") as connection:
        assert connection.execute("select count(*) from leases").fetchone() == (0,)
    connection.close()


def test_the_models_structured_form_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIEndpoint([], supports=["tools"]) as endpoint:
        monkeypatch.setenv("VIVA_MODEL", "desk")
        monkeypatch.setenv("VIVA_BASE_URL", endpoint.url)
        check = examined()["model"]
    assert check["state"] == "ok"
    assert "tools" in check["words"]


def test_a_chroma_server_that_is_away_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_CHROMA_URL", "http://127.0.0.1:9")
    checks = examined(1)
    assert checks["chroma"]["state"] == checks["index"]["state"] == "fail"
    assert "VIVA_CHROMA_URL" in checks["chroma"]["remedy"]


def test_a_secret_without_an_account_is_a_warning_that_says_how_to_make_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert examined()["accounts"]["state"] == "ok"
    monkeypatch.setenv("VIVA_SECRET", "a-secret-of-sixteen-letters")
    check = examined()["accounts"]
    assert check["state"] == "warn"
    assert "viva account add" in check["remedy"]
