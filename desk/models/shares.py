"""Shares: one act of publishing a story, or a plain message, on several channels."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from desk.lifecycle import Priority
from desk.models.articles import Article, Picture
from desk.models.base import Base, one_of
from desk.models.comments import Comment

share_labels = Table(
    "share_labels",
    Base.metadata,
    Column("share_id", ForeignKey("shares.id"), primary_key=True),
    Column("label_id", ForeignKey("labels.id"), primary_key=True, index=True),
)


class Label(Base):
    """A word by which a newsroom finds its shares again."""

    __tablename__ = "labels"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Share(Base):
    """What several posts say together; each follows it until it says its own."""

    __tablename__ = "shares"
    __table_args__ = (
        one_of("priority", Priority),
        Index("ix_shares_of_article", "article_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]

    text: Mapped[str] = mapped_column(default="")  # before a channel's style is put on
    link: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="")
    priority: Mapped[str] = mapped_column(default=Priority.NORMAL)  # its class
    due_at: Mapped[datetime | None]  # picked; None: each channel's next free slot
    note: Mapped[str] = mapped_column(default="")  # for colleagues; never sent

    revision: Mapped[int] = mapped_column(default=1)  # rises with every saved change
    # in which revision each field changed last; one that is not named: in none. Under
    # "by": whose doing that was, and when
    changed_at: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    article: Mapped[Article | None] = relationship()
    comments: Mapped[list[Comment]] = relationship(
        order_by=Comment.id, viewonly=True, lazy="raise"
    )
    pictures: Mapped[list[SharePicture]] = relationship(
        order_by="SharePicture.position", cascade="all, delete-orphan"
    )
    labels: Mapped[list[Label]] = relationship(
        secondary=share_labels, order_by=Label.name
    )


class SharePicture(Base):
    """A picture of a share, whole: each channel gets it as that takes it."""

    __tablename__ = "share_pictures"
    __table_args__ = (UniqueConstraint("share_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(ForeignKey("shares.id"))
    position: Mapped[int] = mapped_column(default=1)
    picture_id: Mapped[int] = mapped_column(ForeignKey("pictures.id"))
    alt: Mapped[str] = mapped_column(default="")
    alt_is_draft: Mapped[bool] = mapped_column(default=False)
    credit: Mapped[str] = mapped_column(default="")
    crop: Mapped[dict[str, Any] | None]  # what is cut off, and the focus; None: nothing
    picture: Mapped[Picture] = relationship()
