"""Waiting: what a channel waits for, whose limit it is and until when, in sentences."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from desk import channels, moments
from desk.channels import backoff
from desk.models import Channel
from desk.models.channels import Wait


def wait_words(channel: Channel, zone: ZoneInfo) -> str:
    """Why nothing goes out on it, such as "X asked us to wait until ..."."""
    if channel.not_before is None:
        return ""
    until = moments.local(channel.not_before, zone)
    match channel.wait:
        case Wait.OWN:
            return f"{channel.name} waits until {until} for {limit(channel)}"
        case Wait.FULL:
            return (
                f"{channel.name} takes only a few more posts until {until}, as it says"
            )
        case Wait.USED_UP:
            return f"{channel.name} takes no more posts until {until}, as it says"
        case _:
            return f"{channel.name} asked us to wait until {until}"


def way_out(channel: Channel, now: datetime) -> str:
    """What may end it sooner, in a sentence; empty where nothing does."""
    if channel.wait == Wait.OWN:
        return "Its posts go out as soon as there is room again."
    if channel.wait == Wait.FULL:
        return (
            "Its posts go out as soon as there is room again; “Try now” forgets what "
            "it said, where it answers well."
        )
    if backoff.waits_long(channel, now):
        return (
            "One post finds out every 15 minutes whether it is over, and “Try now” "
            "asks at once."
        )
    return "Then its posts go out by themselves; “Try now” asks at once."


def limit(channel: Channel) -> str:
    """Whose limit it is: the platform's number, and what we keep back of it."""
    has = channels.quota_of(channel)
    if has is None:
        return "our own limit"
    span, platform = moments.span(has.per), f"the platform's {has.posts:,}"
    if not has.reserve:
        return f"{platform} posts in {span}, as we count"
    return f"our own limit of {has.ours:,} posts in {span}, a reserve below {platform}"
