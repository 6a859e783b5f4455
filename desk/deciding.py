"""Deciding: a person's word on a post that may be live, where the desk can't tell."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from desk import channels, posts
from desk.desk import Desk
from desk.lifecycle import IllegalMove, State
from desk.models import Part, Post


def confirm_live(
    session: Session, post_id: int, url: str, *, now: datetime, by: str = ""
) -> Post:
    """A person says an unconfirmed post is live, and where."""
    post = posts.found(session, post_id, lock=True)
    posts.refuse(post, {State.UNCONFIRMED})
    if not url.strip():
        raise IllegalMove("Paste the link of the post, so that readers can find it.")
    part = next(part for part in post.parts if part.remote_id is None)
    _refuse_known(session, part, url)
    part.remote_id, part.url, part.published_at = url, url, now
    if all(other.remote_id for other in post.parts):
        post.published_at, post.needs_person, post.look_at = now, False, None
        post.reason = ""
        return posts.alter(
            session, post, f"Confirmed: {url}", now, by, to=State.PUBLISHED
        )
    post.needs_person, post.look_at = False, None
    return posts.alter(session, post, f"Confirmed: {url}", now, by, to=State.SCHEDULED)


def confirm_absent(
    desk: Desk, session: Session, post_id: int, *, now: datetime, by: str = ""
) -> Post:
    """A person says an unconfirmed post is not there: send it again."""
    post = posts.found(session, post_id, lock=True)
    posts.refuse(post, {State.UNCONFIRMED})
    for part in post.parts:
        if part.remote_id is None:
            part.key, part.staged = posts.new_key(), None
            for attempt in part.attempts:
                if attempt.outcome == "unknown":
                    attempt.outcome = "not there"
    post.needs_person, post.look_at = False, None
    post.tries = post.looks = post.blind_looks = post.resends = 0
    posts.give_time(post, channels.found(session, post.channel_id), now)
    said = "Not there, says a person: sent again."
    return posts.alter(session, post, said, now, by, to=State.SCHEDULED)


def _refuse_known(session: Session, part: Part, url: str) -> None:
    other = select(Part.post_id).where(
        Part.channel_id == part.channel_id,
        or_(Part.remote_id == url, Part.url == url),
        Part.id != part.id,
    )
    if (post_id := session.scalar(other)) is not None:
        raise IllegalMove(f"That link is post {post_id} already: paste another one.")
