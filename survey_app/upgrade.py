"""Bring a database to the shape this program needs, and load what is published."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app import languages
from survey_app.models import Definition, PublishedRuleSet

MIGRATIONS = Path(__file__).parent / "migrations"


class PublishedTextChanged(ValueError):
    """A shipped file differs from what was published under its id."""


def migrate(engine: Engine, revision: str = "head") -> None:
    """Apply the migrations that are missing, in one database transaction."""
    config = _config()
    with engine.execution_options(sipas_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def is_current(engine: Engine) -> bool:
    """Whether the database has exactly the tables this program expects."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def publish_shipped(session: Session, *, now: datetime) -> None:
    """Load every shipped questionnaire, translation and rule set not there yet.

    Raises
    ------
    PublishedTextChanged
        If one is there with other words: answers given refer to the old ones.
    """
    for package, folder, table in (
        ("questionnaires", "definitions", Definition),
        ("analysis", "rules", PublishedRuleSet),
    ):
        for text in _texts(package, folder):
            publish(session, table, text, now=now)
    session.flush()
    for text in _texts("questionnaires", "translations"):
        languages.publish_translation(session, text, now=now, shipped=True)


def publish(
    session: Session,
    table: type[Definition] | type[PublishedRuleSet],
    text: str,
    *,
    now: datetime,
) -> None:
    """Put a text among the published ones; the same text again changes nothing."""
    source = tomllib.loads(text)
    sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    there = session.scalar(select(table.sha256).where(table.id == source["id"]))
    if there is None:
        session.add(
            table(
                id=source["id"],
                kind=str(source.get("audience", "points")),
                text=text,
                sha256=sha256,
                published_at=now,
            )
        )
    elif there != sha256:
        raise PublishedTextChanged(source["id"])


def _texts(package: str, folder: str) -> Iterator[str]:
    for path in sorted(
        (files(package) / folder).iterdir(), key=lambda entry: entry.name
    ):
        if path.name.endswith(".toml"):
            yield path.read_text(encoding="utf-8")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
