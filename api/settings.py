"""How Viva is set up: the environment, a `.env` file, and what holds for each value."""

import json
import os
import sys
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_dir
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge.database import Database
from knowledge.errors import BadInput

PREFIX = "VIVA_"
FILE = ".env"
COMPANIONS = frozenset({"VIVA_POSTGRES_PASSWORD", "VIVA_SEEDS", "VIVA_GRADED"})
"""Read by docker-compose.yml and by the tests, from the same environment."""
DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")
SHORTEST_SECRET = 16
USUAL_PORT = {"http": ":80", "https": ":443"}

_told: set[str] = set()


class Settings(BaseSettings):
    """Read from the environment and, behind it, from `.env` in the working directory.

    Every name begins with VIVA_. `embedder` is `light`, or a sentence-transformers model by name
    or folder; unset, the one that ships. `database_url` is SQLAlchemy's; unset, a SQLite file in
    `home`. `chroma_url` is a Chroma server's address; unset, each process keeps its own index.

    `model` is a language model's name and `base_url` its OpenAI-compatible address; unset,
    OpenAI's own. `timeout` bounds one call with its retries, in seconds; `price_in` and
    `price_out` are what a million tokens cost. The `candidate_` ones are those of the model that
    plays simulated candidates; unset, the same one.

    `secret` is the bearer token of the HTTP interface, `origin` its public address. `proxies` are
    addresses or networks of reverse proxies, whose `X-Forwarded-For` is believed; this machine's
    is anyway. `webhook_hosts` are those that a workspace's webhook may be at, as `host` or
    `host:port`; none: webhooks are off. An interview that nobody goes on with ends after
    `expire_days`.

    A name that is not known is told once, on standard error, and otherwise left alone: a file
    made for a newer version must not keep an older one from starting.

    Raises:
        BadInput: a value cannot be one, or the file cannot be read. It never repeats the value.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=FILE, env_ignore_empty=True, extra="ignore"
    )

    home: Path = Field(default_factory=lambda: Path(user_data_dir("viva", appauthor=False)))
    database_url: str | None = None
    chroma_url: str | None = None
    embedder: str | None = None
    model: str | None = None
    base_url: str | None = None
    api_key: SecretStr | None = None
    timeout: float = Field(default=30.0, gt=0, allow_inf_nan=False)
    price_in: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    price_out: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    candidate_model: str | None = None
    candidate_base_url: str | None = None
    candidate_api_key: SecretStr | None = None
    secret: SecretStr | None = None
    origin: str | None = None
    proxies: str | None = None
    webhook_hosts: str = ""
    expire_days: float = Field(default=14.0, gt=0, le=3650)
    log_format: Literal["text", "json"] = "text"

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise _refused(error) from None  # the cause would print the value, which may be a key
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(
                f"The file {Path(FILE).absolute()} cannot be read as UTF-8 text.",
                "Mend it or move it away; .env.example shows its form.",
            ) from error
        self._tell_strangers()

    @field_validator("database_url")
    @classmethod
    def _has_a_driver(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(tuple(f"{driver}:" for driver in DRIVERS)):
            raise ValueError(f"it must begin with {' or '.join(f'{name}://' for name in DRIVERS)}")
        return url

    @field_validator("secret")
    @classmethod
    def _fits_a_header(cls, secret: SecretStr | None) -> SecretStr | None:
        text = secret.get_secret_value() if secret else "x" * SHORTEST_SECRET
        if len(text) < SHORTEST_SECRET:
            raise ValueError(f"it must have at least {SHORTEST_SECRET} characters")
        if not (text.isascii() and text.isprintable()) or " " in text:
            raise ValueError("it may hold letters, digits and signs of ASCII, no spaces")
        return secret

    @field_validator("origin", "chroma_url")
    @classmethod
    def _is_an_origin(cls, url: str | None) -> str | None:
        return None if url is None else _origin(url)

    @field_validator("proxies")
    @classmethod
    def _are_networks(cls, text: str | None) -> str | None:
        try:
            for each in (text or "").replace(",", " ").split():
                ip_network(each)
        except ValueError as error:
            raise ValueError("it must hold addresses or networks such as 172.16.0.0/12") from error
        return text

    @field_validator("webhook_hosts")
    @classmethod
    def _are_hosts(cls, text: str) -> str:
        if any(sign in text for sign in "/@*?#\\"):
            raise ValueError("it must hold hosts such as hooks.example.org or localhost:9000")
        return text

    def _tell_strangers(self) -> None:
        for line in strangers():
            if line not in _told:
                _told.add(line)
                told = {"level": "warning", "event": line}
                print(json.dumps(told) if self.log_format == "json" else line, file=sys.stderr)


def strangers() -> list[str]:
    """A line for each VIVA_ name in the environment or `.env` that no setting has."""
    from dotenv import dotenv_values

    known = {PREFIX + name.upper() for name in Settings.model_fields}
    file = Settings.model_config.get("env_file")
    given = {*os.environ, *(dotenv_values(str(file), interpolate=False) if file else ())}
    unknown = {name for name in given if name.upper().startswith(PREFIX)}
    return [
        f"{name} is not a setting and does nothing.{_meant(name.upper(), known)}"
        for name in sorted(unknown)
        if name.upper() not in known | COMPANIONS
    ]


def _meant(name: str, known: set[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.8)
    return f" Did you mean {near[0]}?" if near else " README.md lists those there are."


def _refused(error: ValidationError) -> BadInput:
    wrong = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = PREFIX + str(wrong["loc"][0]).upper()
    why = wrong["msg"].removeprefix("Value error, ")
    return BadInput(
        f"{name} cannot be used: {why[0].lower()}{why[1:]}.",
        f"Mend {name} in the environment or in {FILE}; README.md says what it does.",
    )


def _origin(url: str) -> str:
    """Scheme, host and port alone, as a browser writes them."""
    wanted = "it must be an address such as https://viva.example.org, without a path"
    try:
        parts = urlsplit(url.strip().lower())
        held = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or 1)
    except ValueError as error:
        raise ValueError(wanted) from error
    rest = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if not held or rest or any(sign.isspace() for sign in parts.netloc):
        raise ValueError(wanted)
    return f"{parts.scheme}://{parts.netloc.removesuffix(USUAL_PORT[parts.scheme])}"


def language_model(settings: Settings) -> str | None:
    """`NAME at HOST`, or None where no language model is set."""
    if not settings.model:
        return None
    host = urlsplit(settings.base_url).hostname if settings.base_url else "OpenAI"
    return f"{settings.model} at {host or settings.base_url}"


async def open_database(settings: Settings) -> Database:
    """The database with its tables up to date and the kits that ship in it.

    Raises:
        BadInput: the home folder cannot be made or written to.
        StorageFailed: the database cannot be reached or written.
    """
    from api.migrate import migrate
    from knowledge.library import Library

    database = Database(database_url(settings))
    try:
        await migrate(database)
        await Library(database).ensure_shipped()
    except BaseException:
        await database.close()
        raise
    return database


def database_url(settings: Settings) -> str:
    """The database's address; where it is a file in the home folder, that folder is made.

    Raises:
        BadInput: the home folder cannot be made or written to.
    """
    return settings.database_url or _file_in(settings.home)


def _file_in(home: Path) -> str:
    folder = home.expanduser().absolute()
    remedy = "Set VIVA_HOME to a folder that can be written to."
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"The home folder {folder} cannot be made: {error.strerror}.", remedy
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(f"The home folder {folder} cannot be written to.", remedy)
    return f"sqlite+aiosqlite:///{folder / 'viva.db'}"
