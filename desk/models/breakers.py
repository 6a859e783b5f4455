"""Breakers: which platforms' servers do not answer, and since when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from desk.models.base import Base


class Breaker(Base):
    """Failures in a row at one server of a platform. None: it answers."""

    __tablename__ = "breakers"

    id: Mapped[int] = mapped_column(primary_key=True)
    circuit: Mapped[str] = mapped_column(unique=True)  # "mastodon at example.social"
    failures: Mapped[int] = mapped_column(default=0)  # in a row, of different posts
    began_at: Mapped[datetime]  # the first of the row
    last_post_id: Mapped[int | None]  # that failed
    why: Mapped[str] = mapped_column(default="")
    openings: Mapped[int] = mapped_column(default=0)  # in a row
    open_until: Mapped[datetime | None]  # None: closed; past it a probe may go
    probe_id: Mapped[int | None]  # the one post that may go out
    probing_until: Mapped[datetime | None]  # its lease
