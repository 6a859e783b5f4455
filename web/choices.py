"""Choices: on which channels a share goes out, and when, before anyone presses."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import request

from desk import moments
from desk.models import Post
from desk.scheduling import At, NextSlot, When, at_or_now, habits
from desk.scheduling.outlook import Outlook
from web import current, forms


@dataclass(frozen=True)
class Chosen:
    """Which channels, and when: as a form says it, or as it is offered."""

    when: When | None  # None: what was written is no time
    left_out: frozenset[int]  # posts
    times: Mapping[int, When | None]  # of single posts
    tab: int = 0
    picked: datetime | None = None
    unread: Mapping[int, str] = field(default_factory=dict)  # why; 0: that of all


def choice_in_form(its: Sequence[Post], at: current.Moment) -> Chosen:
    """What is chosen on the page; a time that is none with the reason."""
    ticked = forms.many("posts")
    slots = forms.text("when", 20) == "slot"
    fields = {post.id: f"at-{post.id}" for post in its} | ({} if slots else {0: "at"})
    written = {one: forms.text(name, 100).strip() for one, name in fields.items()}
    zone = current.zone()
    found = {
        one: moments.read_moment(said, zone, at.now)
        for one, said in written.items()
        if said
    }
    times: dict[int, When | None] = {
        one: None if read.at is None else at_or_now(read.at, at.now)
        for one, read in found.items()
    }
    common = times.pop(0, None) if 0 in times else NextSlot()
    return Chosen(
        when=common,
        left_out=frozenset(post.id for post in its if post.id not in ticked),
        times=times,
        tab=forms.number(forms.text("tab", 20)) or 0,
        unread={one: read.refused for one, read in found.items() if read.refused},
    )


def usual_choice(
    its: Iterable[Post], seen: Iterable[Outlook], at: current.Moment
) -> Chosen:
    """In slots, where every channel has a free one; else at the next half hour.

    So that one press schedules on all; on those that this person took last.
    """
    usually = habits.usually_left_out(at.session, current.me().id)
    picked = moments.next_half_hour(at.now)
    free = [one.at is not None for one in seen]
    return Chosen(
        when=NextSlot() if free and all(free) else At(picked),
        left_out=frozenset(post.id for post in its if _is_left_out(post, usually)),
        times={},
        tab=forms.number(request.args.get("tab", "")) or 0,
        picked=picked,
    )


def _is_left_out(post: Post, usually: Container[int]) -> bool:
    """As somebody said it of this share; else as this person did it last."""
    return post.channel_id in usually if post.left_out is None else post.left_out
