"""Links that are no article's: what their pages show of themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.models.articles import Picture
from desk.models.base import Base


class LinkCard(Base):
    """One look at the page behind a link. Never changed: a later look is a new row."""

    __tablename__ = "link_cards"

    id: Mapped[int] = mapped_column(primary_key=True)
    link: Mapped[str] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(default="")  # empty: the page gives no card
    description: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")  # there is none, for people
    alt: Mapped[str] = mapped_column(default="")  # of its picture
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    looked_at: Mapped[datetime]
    picture: Mapped[Picture | None] = relationship()
