"""Alembic's migrations, run from inside the package by `api.migrate`."""

HEAD = "0009"
