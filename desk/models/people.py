"""People: who may sign in, and the sessions they have open."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from desk import look_alikes
from desk.models.base import Base


class Role(StrEnum):
    ADMIN = "admin"
    EDITOR = "editor"
    AUTHOR = "author"  # needs approval
    ANALYST = "analyst"  # reads only


class User(Base):
    __tablename__ = "users"
    __table_args__ = (Index("uq_users_name_key", "name_key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str]  # no two people look the same in the history
    role: Mapped[str]
    password_hash: Mapped[str | None]
    theme: Mapped[str] = mapped_column(default="auto")
    stays_on_share: Mapped[bool] = mapped_column(  # after scheduling it
        default=False, server_default=false()
    )
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    @validates("name")
    def _keyed(self, _column: str, name: str) -> str:
        self.name_key = look_alikes.key(name)
        return name


class Session(Base):
    """One browser that is signed in. Only the digest of its token is kept."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    agent: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class SignInLink(Base):
    """A one-time link: for the first start, and for an invitation."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()
