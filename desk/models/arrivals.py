"""Arrivals: links that were pasted together, each read when its turn comes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.models.articles import Article
from desk.models.base import Base, one_of


class Arriving(StrEnum):
    """How far a pasted link is."""

    WAITING = "waiting"
    READING = "reading"
    TAKEN = "taken"  # it is a story of the inbox now
    KNOWN = "known"  # it was one already
    UNREACHED = "unreached"  # nobody answered
    UNREADABLE = "unreadable"  # what answered is no story
    NO_LINK = "no link"


class Arrival(Base):
    """One line of what somebody pasted; gone once they put the list away."""

    __tablename__ = "arrivals"
    __table_args__ = (one_of("state", Arriving),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    line: Mapped[str]  # as it was pasted
    state: Mapped[str] = mapped_column(default=Arriving.WAITING)
    reason: Mapped[str] = mapped_column(default="")  # why it is no story, for people
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    turns: Mapped[int] = mapped_column(default=0)  # begun so often: whose is the last
    lease_until: Mapped[datetime | None]  # until then nobody else reads it
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    article: Mapped[Article | None] = relationship()
