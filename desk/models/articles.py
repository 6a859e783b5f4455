"""Articles as the desk read them, and the pictures that came with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.models.base import Base


class Picture(Base):
    """A picture file that never changes; its name is the digest of its bytes."""

    __tablename__ = "pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    bytes: Mapped[int]
    focus_x: Mapped[float] = mapped_column(default=0.5)
    focus_y: Mapped[float] = mapped_column(default=0.5)
    created_at: Mapped[datetime]


class Article(Base):
    """A story that posts are made from. One row a canonical link, or a pasted text."""

    __tablename__ = "articles"
    __table_args__ = (
        Index(
            "ix_articles_sections",
            "section",
            "id",
            sqlite_where=text("dismissed_at IS NULL"),
            postgresql_where=text("dismissed_at IS NULL"),
        ),
        Index(
            "ix_articles_dismissed",
            "id",
            sqlite_where=text("dismissed_at IS NOT NULL"),
            postgresql_where=text("dismissed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    identity: Mapped[str] = mapped_column(unique=True)  # canonical link, or text digest
    revision: Mapped[int] = mapped_column(default=1)
    headline: Mapped[str]
    standfirst: Mapped[str] = mapped_column(default="")
    authors: Mapped[list[str]] = mapped_column(default=list)
    section: Mapped[str] = mapped_column(default="")
    topics: Mapped[list[str]] = mapped_column(default=list)
    language: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None]
    only_day: Mapped[bool] = mapped_column(default=False)  # of that: no hour is known
    embargo_at: Mapped[datetime | None]  # nothing goes out before
    link: Mapped[str | None]
    blocks: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    caption: Mapped[str] = mapped_column(default="")
    credit: Mapped[str] = mapped_column(default="")
    alt: Mapped[str] = mapped_column(default="")
    image_url: Mapped[str | None]
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    others: Mapped[list[dict[str, Any]]] = mapped_column(default=list)  # pictures
    warnings: Mapped[list[str]] = mapped_column(default=list)
    said: Mapped[dict[str, Any]] = mapped_column(
        default=dict
    )  # field -> source -> value
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]  # from the inbox; its posts stay as they are
    picture: Mapped[Picture | None] = relationship()
