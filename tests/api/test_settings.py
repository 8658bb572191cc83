"""Settings: where they come from, what they refuse, and that every one is documented."""

import json
import re
from pathlib import Path

import pytest

from api import settings as settings_module
from api.settings import Settings
from knowledge.errors import BadInput

ROOT = Path(__file__).parents[2]
NAMES = {f"VIVA_{name.upper()}" for name in Settings.model_fields}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of this test's own, whose `.env` counts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")
    monkeypatch.setattr(settings_module, "_told", set())
    return tmp_path


def test_a_file_in_the_working_directory_counts_and_the_environment_wins(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "# ours\nVIVA_MODEL=from-file\nVIVA_TIMEOUT=7\nVIVA_API_KEY='a b'\nOTHER=1\n"
    (folder / ".env").write_text(lines, "utf-8")
    monkeypatch.setenv("VIVA_TIMEOUT", "8")
    settings = Settings()
    assert (settings.model, settings.timeout) == ("from-file", 8)
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "a b"


def test_an_empty_value_is_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "")
    assert Settings().model_dump(exclude={"home"}) == Settings.model_construct().model_dump(
        exclude={"home"}
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIVA_TIMEOUT", "HUSH-soon"),
        ("VIVA_TIMEOUT", "0"),
        ("VIVA_TIMEOUT", "inf"),
        ("VIVA_PRICE_IN", "-1"),
        ("VIVA_EXPIRE_DAYS", "nan"),
        ("VIVA_EXPIRE_DAYS", "0"),
        ("VIVA_SECRET", "HUSH"),
        ("VIVA_SECRET", "HUSH with spaces in it"),
        ("VIVA_SECRET", "HUSH-ünïcode-secret"),
        ("VIVA_ORIGIN", "HUSH.example.org"),
        ("VIVA_ORIGIN", "https://HUSH.example.org/path"),
        ("VIVA_ORIGIN", "https://me@HUSH.example.org"),
        ("VIVA_ORIGIN", "https://HUSH.example.org:99999"),
        ("VIVA_ORIGIN", "https://[HUSH"),
        ("VIVA_CHROMA_URL", "HUSH:8000"),
        ("VIVA_DATABASE_URL", "postgresql://me:HUSH@host/viva"),
        ("VIVA_DATABASE_URL", "HUSH"),
        ("VIVA_LOG_FORMAT", "HUSH"),
    ],
)
def test_a_bad_value_is_one_clear_error_that_does_not_repeat_it(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput) as told:
        Settings()
    assert told.value.message.startswith(f"{name} cannot be used: ")
    assert name in told.value.remedy
    assert "HUSH" not in told.value.message.replace("https://viva.example.org", "")
    assert "\n" not in told.value.message
    assert told.value.__cause__ is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://viva.example.org", "https://viva.example.org"),
        ("HTTPS://Viva.Example.org:443/", "https://viva.example.org"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_kept_as_a_browser_writes_it(
    given: str, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIVA_ORIGIN", given)
    assert Settings().origin == kept


def test_a_file_that_is_no_text_is_one_clear_error(folder: Path) -> None:
    (folder / ".env").write_bytes(b"VIVA_MODEL=\xff\xfe")
    with pytest.raises(BadInput, match=r"\.env cannot be read"):
        Settings()


def test_a_name_that_is_no_setting_is_told_once_and_does_no_harm(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".env").write_text("VIVA_MODLE=x\nVIVA_POSTGRES_PASSWORD=y\n", "utf-8")
    monkeypatch.setenv("VIVA_ZZZ", "HUSH")
    Settings()
    Settings()
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        "VIVA_MODLE is not a setting and does nothing. Did you mean VIVA_MODEL?",
        "VIVA_ZZZ is not a setting and does nothing. README.md lists those there are.",
    ]
    assert told.out == ""


def test_where_logs_are_json_the_warning_is_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIVA_LOG_FORMAT", "json")
    monkeypatch.setenv("VIVA_SECRETS", "HUSH")
    Settings()
    assert "VIVA_SECRET?" in json.loads(capsys.readouterr().err)["event"]


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VIVA_SECRET", "VIVA_API_KEY"):
        monkeypatch.setenv(name, "HUSH-HUSH-HUSH-HUSH")
    assert "HUSH" not in f"{Settings()!r} {Settings()}"


def test_the_readme_lists_every_setting_and_nothing_else() -> None:
    rows = re.findall(r"^\| (`VIVA_.*?) \|", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"VIVA_\w+", row)} == NAMES


def test_the_example_file_lists_every_setting_and_sets_none() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    assert set(re.findall(r"^#(VIVA_\w+)=", "\n".join(lines), re.MULTILINE)) == NAMES
    assert all(not line or line.startswith("#") for line in lines)


def test_every_line_of_the_example_file_can_be_uncommented(folder: Path) -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    (folder / ".env").write_text(re.sub("^#VIVA_", "VIVA_", text, flags=re.MULTILINE), "utf-8")
    assert Settings().origin == "https://viva.example.org"
