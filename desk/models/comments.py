"""Comments: what people of the desk say to each other about a share. Never sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.models.base import Base
from desk.models.people import User


class Comment(Base):
    """A short note of one person, who may change it and take it back."""

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_of_share", "share_id", "id"),
        Index("ix_comments_changed", "change"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("shares.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by: Mapped[str] = mapped_column(default="")  # their name by then
    made_with: Mapped[str | None] = mapped_column(unique=True)  # the form's key

    text: Mapped[str]
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    former: Mapped[str | None]  # what it said before its last edit, for Undo
    removed_at: Mapped[datetime | None]  # by its writer, who may want it back

    change: Mapped[int]  # which of all changes to comments was its last one
    person: Mapped[User | None] = relationship(lazy="joined")

    @property
    def who(self) -> str:
        """Whose it is, by the name that they have now."""
        return self.person.name if self.person else self.by
