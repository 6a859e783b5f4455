"""Alerts: what a person must know, whom it reached, and how the transports are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import Base


class Notice(Base):
    """One thing that a person must know. Gone when it is no longer so."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    first_at: Mapped[datetime]  # seen so
    tell_at: Mapped[datetime]  # not before: some things pass by themselves
    mailed_at: Mapped[datetime | None]
    hooked_at: Mapped[datetime | None]


class TransportState(Base):
    """How mail or webhook stands. One row for each, from the start."""

    __tablename__ = "ways"

    name: Mapped[str] = mapped_column(primary_key=True)
    leased_until: Mapped[datetime | None]  # by the one clock that tells
    not_before: Mapped[datetime | None]  # the next message
    last_at: Mapped[datetime | None]  # that got through
    tries: Mapped[int] = mapped_column(default=0)  # in a row, in vain
    error: Mapped[str] = mapped_column(default="")  # of the last one
