"""The desk itself: which installation this is, and which processes are alive."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import Base


class Installation(Base):
    """One row. Compared with a file outside the database to notice a restore."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str]
    stands_at: Mapped[str | None]  # its tables, as their server names them
    ran_at: Mapped[datetime | None]  # when a clock of it was last at work
    created_at: Mapped[datetime]


class Key(Base):
    """A key that secrets on record are sealed with; the key itself is not here."""

    __tablename__ = "keys"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)


class Preference(Base):
    """What an admin chose on the settings screen, by name."""

    __tablename__ = "preferences"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Heartbeat(Base):
    """When a process was last seen alive."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)  # host:pid
    kind: Mapped[str]  # what it does: clock, or the Celery queues it serves
    at: Mapped[datetime]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what it counted
    skew_ms: Mapped[int] = mapped_column(default=0)  # ahead of the database's clock

    @property
    def ahead(self) -> timedelta:
        """Its process's clock, of the database's."""
        return timedelta(milliseconds=self.skew_ms)
