"""Channel sets: channels that a newsroom takes together."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from desk import look_alikes
from desk.models.base import Base


class ChannelSet(Base):
    """One that people named, or that the last share of a section went out on."""

    __tablename__ = "channel_sets"
    __table_args__ = (
        CheckConstraint("(name_key IS NULL) <> (section IS NULL)", name="one_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str | None] = mapped_column(unique=True)  # no two look the same
    section: Mapped[str | None] = mapped_column(unique=True)
    channels: Mapped[list[int]] = mapped_column(default=list)  # their numbers

    @validates("name")
    def _keyed(self, _column: str, name: str) -> str:
        self.name_key = look_alikes.key(name) or None
        return name
