"""Channels: our accounts, their weekly slots, and what is held."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.models.base import Base, one_of
from desk.models.people import User


class Wait(StrEnum):
    """Whose limit a channel waits for."""

    ASKED = "asked"  # the platform refused a post, and said until when
    USED_UP = "used up"  # the platform took a post, and said that it was the last
    FULL = "full"  # so many are on their way as the platform still takes, it said
    OWN = "own"  # ours: the platform's usual number, less what is kept back


COUNTED = (Wait.FULL, Wait.OWN)  # by our own count; the others are the platform's word


class Channel(Base):
    """One account of ours on a platform, as `check` last saw it."""

    __tablename__ = "channels"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    platform: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)  # fields not secret
    secrets: Mapped[bytes | None]  # encrypted; bound to this row
    circuit: Mapped[str] = mapped_column(default="")  # its breaker's name
    app: Mapped[str] = mapped_column(default="")  # whose limits it shares: a digest
    credential_version: Mapped[int] = mapped_column(default=1)
    renewed_at: Mapped[datetime | None]  # its session, last
    renewing_until: Mapped[datetime | None]  # by one worker, which holds this lease
    remote_account_id: Mapped[str | None]
    account_name: Mapped[str] = mapped_column(default="")
    software: Mapped[str] = mapped_column(default="")
    version: Mapped[str] = mapped_column(default="")
    exactly_once: Mapped[str] = mapped_column(default="none")
    exactly_once_override: Mapped[str | None]
    window_s: Mapped[int | None]
    limits: Mapped[dict[str, Any]] = mapped_column(default=dict)
    checked_at: Mapped[datetime | None]
    credential_expires_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]  # it waits for a limit until then
    wait: Mapped[str | None]  # whose limit: a Wait
    wait_why: Mapped[str] = mapped_column(default="")  # in the platform's words
    wait_shared: Mapped[bool] = mapped_column(default=False)  # the limit of its app
    wait_from_at: Mapped[datetime | None]
    probe_at: Mapped[datetime | None]  # when one post may find out; None: none may
    probe_id: Mapped[int | None]  # that post
    probing_until: Mapped[datetime | None]  # its lease, until its intent
    stopped_at: Mapped[datetime | None]  # credential refused: reconnect
    stopped_why: Mapped[str] = mapped_column(default="")
    deadlines_s: Mapped[dict[str, Any]] = mapped_column(default=dict)  # class -> s
    require_alt: Mapped[bool] = mapped_column(default=False)
    in_order: Mapped[bool] = mapped_column(default=False)  # one post at a time
    style: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of its posts' words
    retired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Slot(Base):
    """A weekly time on a channel, in newsroom time."""

    __tablename__ = "slots"
    __table_args__ = (UniqueConstraint("channel_id", "weekday", "local_time"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    weekday: Mapped[int]  # 0 is Monday
    local_time: Mapped[time]


class HoldKind(StrEnum):
    """Why nothing goes out."""

    PERSON = "person"  # someone wants it so, and may say why in their own words
    COPY = "copy"  # this database is a copy or a restore


class Hold(Base):
    """Nothing goes out: for the desk, a channel, a section, a keyword or a post."""

    __tablename__ = "holds"
    __table_args__ = (one_of("kind", HoldKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str]  # desk, channel, section, keyword, post
    target: Mapped[str] = mapped_column(default="")  # an id or a word, by scope
    kind: Mapped[str] = mapped_column(default=HoldKind.PERSON, server_default="person")
    why: Mapped[str] = mapped_column(default="")  # in a person's own words
    by: Mapped[str] = mapped_column(default="")  # their name by then
    person_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    person: Mapped[User | None] = relationship(lazy="joined")
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def who(self) -> str:
        """Who holds it, by the name that they have now; empty: the desk itself."""
        return self.person.name if self.person else self.by
