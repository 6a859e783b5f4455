"""Spreading: one post's text for the other channels of its article, where it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import channels, posts
from desk.desk import Desk
from desk.links import said_as, same
from desk.models import Post
from desk.people.actors import Actor
from desk.posts import UNSEEN, Seen, undo, validation
from desk.posts.editing import Change
from desk.posts.messages import link_of
from desk.writing.handles import Place, carried, strangers
from desk.writing.style import Style


@dataclass(frozen=True)
class Spread:
    changed: list[Post]
    too_long: list[Post]  # left as they were

    @property
    def with_strangers(self) -> list[Post]:
        """Those that have a handle now which is somebody else's there, or nobody's."""
        return [post for post in self.changed if post.carried]


def spread(
    desk: Desk,
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor,
    seen: Mapping[int, Seen] = UNSEEN,
) -> Spread:
    """Every sibling that is still being written says the same, if its platform can.

    `seen`: what was seen of the post and its siblings, by number. Raises `Overtaken`.
    """
    post = posts.find_post(session, post_id)
    posts.hold(session, [post_id, *(one.id for one in _siblings(session, post))])
    post = posts.locked(session, post_id, by, seen=seen.get(post_id))
    done = Spread([], [])
    for other in _siblings(session, post):
        text = _with_its_link(post, other)
        there = _place(desk, other)
        text, foreign = carried(text, _place(desk, post), there)
        if other.text == text:
            continue
        found = validation.rendered(desk, other, text, other.alt)
        if found.too_long:
            done.too_long.append(other)
            continue
        change = Change(text=text)
        its = seen.get(other.id)
        changed = undo.replace(
            desk, session, other.id, change, now=now, by=by, seen=its
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
        Post.state.in_(posts.AUTHORS),
    )
    query = query.order_by(Post.id)
    anew = {"populate_existing": True}  # another may have changed one meanwhile
    return list(session.scalars(query, execution_options=anew))
