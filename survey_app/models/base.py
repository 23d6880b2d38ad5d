"""What all tables share: names of constraints, moments in UTC, kinds of columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

Key = Annotated[int, mapped_column(primary_key=True)]
RandomKey = Annotated[UUID, mapped_column(Uuid(), primary_key=True, default=uuid4)]

JSONObject = JSON().with_variant(JSONB(), "postgresql")

# A random key keeps no order of arrival, and on SQLite no row number behind it.
NO_ROWID = {"sqlite_with_rowid": False}

Word = TypeVar("Word", bound=StrEnum)


def one_of(words: type[Word]) -> Enum:
    """A text column that the database itself keeps to the words of a list."""
    return Enum(
        words,
        name=words.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


class UTCDateTime(TypeDecorator[datetime]):
    """Stores moments in UTC and refuses a time of day without a time zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class Model(DeclarativeBase):
    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {
        datetime: UTCDateTime,
        dict[str, Any]: JSONObject,
    }
