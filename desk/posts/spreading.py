"""Spreading: one post's text for the other channels of its article, where it fits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import channels, posts
from desk.desk import Desk
from desk.lifecycle import State
from desk.links import said_as, same
from desk.models import Post
from desk.posts import fitness, former
from desk.posts.editing import Change
from desk.publishing.messages import link_of
from desk.writing.handles import Place, carried, strangers
from desk.writing.style import Style

WRITABLE = (State.DRAFT, State.IN_REVIEW)


@dataclass(frozen=True)
class Spread:
    changed: list[Post]
    too_long: list[Post]  # left as they were

    @property
    def with_strangers(self) -> list[Post]:
        """Those that have a handle now which is somebody else's there, or nobody's."""
        return [post for post in self.changed if post.carried]


def spread(
    desk: Desk, session: Session, post_id: int, *, now: datetime, by: str
) -> Spread:
    """Every sibling that is still being written says the same, if its platform can."""
    post = posts.found(session, post_id)
    done = Spread([], [])
    for other in _siblings(session, post):
        text = _with_its_link(post, other)
        there = _place(desk, other)
        text, foreign = carried(text, _place(desk, post), there)
        if other.text == text:
            continue
        seen = fitness.seen(desk, other, text, other.alt)
        if seen.too_long:
            done.too_long.append(other)
            continue
        change = Change(text=text)
        drafted = other.alt_is_draft
        changed = former.replace(
            desk, session, other, change, now=now, by=by, alt_is_draft=drafted
        )
        changed.carried = strangers(text, [*foreign, *post.carried], there.known)
        done.changed.append(changed)
    return done


def _with_its_link(post: Post, other: Post) -> str:
    """A tagged link among the words names its post: each has its own."""
    there = link_of(other)
    if not (post.link and there and same(post.link, other.link)):
        return post.text
    return said_as(post.text, post.link, there)[0]


def _place(desk: Desk, post: Post) -> Place:
    connector = channels.connect(desk, post.channel)
    return Place(connector.whose, Style.of(post.channel.style).mentions)


def _siblings(session: Session, post: Post) -> list[Post]:
    query = select(Post).where(
        Post.article_id == post.article_id,
        Post.article_id.is_not(None),
        Post.id != post.id,
        Post.state.in_(WRITABLE),
    )
    return list(session.scalars(query.order_by(Post.id).with_for_update()))
