"""Fitness: whether a platform can carry a post as it stands, and how long it is."""

from __future__ import annotations

from dataclasses import replace

from desk import channels
from desk.desk import Desk
from desk.models import Channel, Post
from desk.publishing.messages import message_of


class TooLong(Exception):
    """The platform can't carry the post as it stands; says why in sentences."""


def problems(desk: Desk, post: Post, channel: Channel) -> list[str]:
    """What stands against scheduling this post, in sentences for its editor."""
    message = message_of(desk, post)
    found_ = channels.connect(desk, channel).problems(message)
    if channel.require_alt and message.images and not post.alt.strip():
        found_.append("The image has no alt text, and this channel requires it.")
    return found_


def length(desk: Desk, post: Post, text: str) -> int:
    """How long the platform will say the post is with this text."""
    message = replace(message_of(desk, post), text=text)
    return channels.connect(desk, post.channel).length(message)


def refuse_unfit(desk: Desk, post: Post, channel: Channel) -> None:
    if found_ := problems(desk, post, channel):
        raise TooLong(f"{channel.name}: {' '.join(found_)}")
