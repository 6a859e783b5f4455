"""Fitting: a picture as each of several channels takes it, made where no record waits.

Scaling is slow: it comes before the transaction that puts the pictures into posts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.base import Limits
from desk import shares
from desk.channels import connect
from desk.desk import Desk
from desk.models import Channel, Picture
from desk.picturing import CENTRE, Accepted, BadPicture, fit
from desk.writing.style import Place, Style

Scaled = Accepted | str | None  # None: none is shown there; a sentence: why it can't be
Focus = tuple[float, float]
NOT_MADE = "The picture was changed in the same moment: load the page, and press again."


@dataclass(frozen=True)
class Fitted:
    """One picture on record, as several channels take it."""

    picture_id: int | None = None
    scaled: Mapping[int, Scaled] = field(default_factory=dict)  # by channel

    def on(self, channel_id: int, picture_id: int) -> Scaled:
        """This picture there."""
        if picture_id != self.picture_id:
            return NOT_MADE
        return self.scaled.get(channel_id, NOT_MADE)


NOTHING = Fitted()


def fitted(
    desk: Desk, data: bytes | None, channels: Sequence[Channel], focus: Focus = CENTRE
) -> dict[int, Scaled]:
    """The picture for each of these; its files are kept. Open no session meanwhile."""
    scaled: dict[object, Scaled] = {}
    found: dict[int, Scaled] = {}
    for channel in channels:
        limits = connect(desk, channel).limits
        if Style.of(channel.style).place is Place.CARD:
            found[channel.id] = None
            continue
        needs = _needs(limits)
        if needs not in scaled:
            scaled[needs] = _scaled(desk, data, limits, focus)
        found[channel.id] = scaled[needs]
    return found


def for_share(desk: Desk, share_id: int, picture_id: int | None = None) -> Fitted:
    """The share's picture for each of its posts, or this one in its place."""
    with desk.db.reading() as session:
        share = shares.find_share(session, share_id)
        its = [post.channel for post in shares.posts_of(session, share_id)]
        if picture_id is None and share.pictures:
            picture_id = share.pictures[0].picture_id
    return of_picture(desk, picture_id, its)


def of_picture(
    desk: Desk, picture_id: int | None, channels: Sequence[Channel]
) -> Fitted:
    """A picture on record for each of these."""
    if picture_id is None:
        return NOTHING
    with desk.db.reading() as session:
        picture = session.get_one(Picture, picture_id)
    data = desk.pictures.get(picture.sha256)
    focus = (picture.focus_x, picture.focus_y)
    return Fitted(picture_id, fitted(desk, data, channels, focus))


def _scaled(desk: Desk, data: bytes | None, limits: Limits, focus: Focus) -> Scaled:
    if data is None or limits.images == 0:
        return None
    try:
        made = fit(data, limits, focus)
    except BadPicture as error:
        return str(error)
    desk.pictures.put(made.data)
    return made


def _needs(limits: Limits) -> object:
    """Channels that need the same here need the same picture."""
    return (
        limits.images > 0,
        limits.image_bytes,
        limits.image_pixels,
        limits.media_types,
    )
