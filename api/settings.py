"""Where Viva keeps its data and which embedder it takes: VIVA_HOME, VIVA_EMBEDDER, ..."""

import os
from pathlib import Path

from platformdirs import user_data_dir
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge.database import Database
from knowledge.errors import BadInput


class Settings(BaseSettings):
    """Read from the environment; every name begins with VIVA_.

    `embedder` is `light`, or a sentence-transformers model by name or folder; unset, the one
    that ships. `database_url` is SQLAlchemy's; unset, a SQLite file in `home`.

    `model` is a language model's name and `base_url` its OpenAI-compatible address; unset,
    OpenAI's own. `timeout` bounds one call with its retries, in seconds; `price_in` and
    `price_out` are what a million tokens cost.
    """

    model_config = SettingsConfigDict(env_prefix="VIVA_", env_ignore_empty=True)

    home: Path = Field(default_factory=lambda: Path(user_data_dir("viva", appauthor=False)))
    embedder: str | None = None
    database_url: str | None = None
    model: str | None = None
    base_url: str | None = None
    api_key: SecretStr | None = None
    timeout: float = Field(default=30.0, gt=0)
    price_in: float | None = Field(default=None, ge=0)
    price_out: float | None = Field(default=None, ge=0)


async def open_database(settings: Settings) -> Database:
    """The database with its tables up to date and the kits that ship in it.

    Raises:
        BadInput: the home folder cannot be made or written to.
        StorageFailed: the database cannot be reached or written.
    """
    from api.migrate import migrate
    from knowledge.library import Library

    database = Database(settings.database_url or _file_in(settings.home))
    try:
        await migrate(database)
        await Library(database).ensure_shipped()
    except BaseException:
        await database.close()
        raise
    return database


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
