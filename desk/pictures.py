"""Picture records: one row for each picture file that the desk keeps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from desk.models import Picture
from desk.picturing import CENTRE, Accepted, card
from desk.picturing.storage import Pictures


def make_ready(pictures: Pictures, lead: Accepted) -> None:
    """Write an article's picture and what its link shows of it, ahead of any record.

    Scaling and writing files take long: no transaction waits for them.
    """
    card_of(pictures, pictures.put(lead.data))


def card_of(
    pictures: Pictures, sha256: str, focus: tuple[float, float] = CENTRE
) -> bytes:
    """The picture as the card of a link shows it, a JPEG: made once."""
    return pictures.derived(sha256, "card", lambda whole: card(whole, focus).data)


def keep(
    session: Session, pictures: Pictures, accepted: Accepted, now: datetime
) -> Picture:
    """Store the file and its row; the same bytes are the same row."""
    sha256 = pictures.put(accepted.data)
    insert = (
        sqlite.insert
        if session.get_bind().dialect.name == "sqlite"
        else postgresql.insert
    )
    session.execute(
        insert(Picture)
        .values(
            sha256=sha256,
            media_type=accepted.media_type,
            width=accepted.width,
            height=accepted.height,
            bytes=len(accepted.data),
            focus_x=0.5,
            focus_y=0.5,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    return session.scalars(select(Picture).where(Picture.sha256 == sha256)).one()
