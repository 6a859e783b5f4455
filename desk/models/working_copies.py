"""Working copies: what a person has typed over a post and not saved into it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.models.base import Base
from desk.models.people import User

STANDS = sql("discarded_at IS NULL")


class WorkingCopy(Base):
    """One person's, of one post. Never sent; kept by itself while they type."""

    __tablename__ = "working_copies"
    __table_args__ = (
        Index(
            "ix_working_copies_of",
            "post_id",
            "person_id",
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    revision: Mapped[int]  # of the post, from which these words began
    text: Mapped[str | None]  # None, here and below: as the post has it
    alt: Mapped[str | None]
    credit: Mapped[str | None]
    link: Mapped[str | None]  # empty: no link
    pages: Mapped[dict[str, str]] = mapped_column(JSON, server_default="{}")  # by field
    began_at: Mapped[datetime | None]  # with its first letter; None: before it was kept
    saved_at: Mapped[datetime]
    discarded_at: Mapped[datetime | None]  # by its person, who may want it back
    person: Mapped[User] = relationship()
