"""Fitness: whether a platform can carry a post as it stands, and how long it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from connectors.base import Message, Preview, Shape
from desk import channels
from desk.desk import Desk
from desk.models import Channel, Post
from desk.publishing.messages import message_of


class TooLong(Exception):
    """The platform can't carry the post as it stands; says why in sentences."""


@dataclass(frozen=True)
class Seen:
    """A post as its platform counts, takes and draws it."""

    length: int
    limit: int
    problems: tuple[str, ...]
    remarks: tuple[str, ...]
    preview: Preview
    shape: Shape  # of the card that its link would show


def seen(desk: Desk, post: Post, text: str, alt: str) -> Seen:
    """The post with these words, which may still be on their way into it."""
    connector = channels.connect(desk, post.channel)
    message = _saying(message_of(desk, post), text, alt)
    return Seen(
        length=connector.length(message),
        limit=connector.limits.text,
        problems=tuple(_problems(desk, post.channel, message)),
        remarks=tuple(connector.remarks(message)),
        preview=connector.preview(message),
        shape=connector.shape if post.link else Shape.BARE,
    )


def problems(desk: Desk, post: Post, channel: Channel) -> list[str]:
    """What stands against scheduling this post, in sentences for its editor."""
    return _problems(desk, channel, message_of(desk, post))


def _problems(desk: Desk, channel: Channel, message: Message) -> list[str]:
    found_ = channels.connect(desk, channel).problems(message)
    if channel.require_alt and any(not image.alt.strip() for image in message.images):
        found_.append("The image has no alt text, and this channel requires it.")
    return found_


def _saying(message: Message, text: str, alt: str) -> Message:
    images = tuple(replace(image, alt=alt) for image in message.images)
    return replace(message, text=text, images=images)


def refuse_unfit(desk: Desk, post: Post, channel: Channel) -> None:
    if found_ := problems(desk, post, channel):
        raise TooLong(f"{channel.name}: {' '.join(found_)}")
