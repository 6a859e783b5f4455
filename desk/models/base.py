"""What all tables share: aware UTC times, JSON, names for constraints."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ColumnElement, DateTime, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

LARGEST_ID = 2**31 - 1  # of a row: what PostgreSQL's INTEGER holds


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time in every database (SQLite would give it back naive)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


# A time, or the place for one in a statement that is made once and asked with many.
Instant = datetime | ColumnElement[datetime]


def one_of(column: str, kinds: type[StrEnum]) -> CheckConstraint:
    """That a column holds one of these and nothing else."""
    values = ", ".join(f"'{kind}'" for kind in kinds)
    return CheckConstraint(f"{column} IN ({values})", name=column)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON(none_as_null=True),  # else None is not NULL in SQL
        list[str]: JSON,
        list[int]: JSON,
        list[dict[str, Any]]: JSON,
    }
