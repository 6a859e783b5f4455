"""Spreading: one post's text for the other channels of its article, where it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import channels, posts
from desk.desk import Desk
from desk.links import said_as, same
from desk.models import Post
from desk.overtaken import mark
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


@dataclass(frozen=True)
class Planned:
    """What a sibling would say, found before the transaction that writes it."""

    of: str  # the mark of all that it was found from
    text: str
    foreign: list[str]  # handles of the other platform
    too_long: bool


Plans = Mapping[int, Planned]  # by sibling
UNPLANNED: Plans = MappingProxyType({})


def plan(desk: Desk, session: Session, post_id: int) -> Plans:
    """What every sibling would say, as all of them stand now."""
    post = posts.find_post(session, post_id)
    return {other.id: _planned(desk, post, other) for other in _siblings(session, post)}


def spread(
    desk: Desk,
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor,
    seen: Mapping[int, Seen] = UNSEEN,
    plans: Plans = UNPLANNED,
) -> Spread:
    """Every sibling that is still being written says the same, if its platform can.

    `seen`: what was seen of the post and its siblings, by number. Raises `Overtaken`.
    `plans`: what was found before; of a sibling that changed since, it is found anew.
    """
    post = posts.find_post(session, post_id)
    posts.hold(session, [post_id, *(one.id for one in _siblings(session, post))])
    post = posts.locked(session, post_id, by, seen=seen.get(post_id))
    done = Spread([], [])
    for other in _siblings(session, post):
        planned = plans.get(other.id)
        if planned is None or planned.of != _basis(post, other):
            planned = _planned(desk, post, other)
        if other.text == planned.text:
            continue
        if planned.too_long:
            done.too_long.append(other)
            continue
        change = Change(text=planned.text)
        its = seen.get(other.id)
        changed = undo.replace(
            desk, session, other.id, change, now=now, by=by, seen=its
        )
        known, foreign = _style(other).mentions, [*planned.foreign, *post.carried]
        changed.carried = strangers(planned.text, foreign, known)
        done.changed.append(changed)
    return done


def _planned(desk: Desk, post: Post, other: Post) -> Planned:
    text = _with_its_link(post, other)
    text, foreign = carried(text, _place(desk, post), _place(desk, other))
    same_ = other.text == text
    found = None if same_ else validation.rendered(desk, other, text, other.alt)
    too_long = found is not None and found.too_long
    return Planned(_basis(post, other), text, list(foreign), too_long)


def _basis(post: Post, other: Post) -> str:
    """All that decides what the other one would say, as a mark."""
    its = [post.revision, other.revision]
    on = [[one.channel.style, one.channel.limits] for one in (post, other)]
    return mark([its, on])


def _with_its_link(post: Post, other: Post) -> str:
    """A tagged link among the words names its post: each has its own."""
    there = link_of(other)
    if not (post.link and there and same(post.link, other.link)):
        return post.text
    return said_as(post.text, post.link, there)[0]


def _place(desk: Desk, post: Post) -> Place:
    connector = channels.connect(desk, post.channel)
    return Place(connector.whose, _style(post).mentions)


def _style(post: Post) -> Style:
    return Style.of(post.channel.style)


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
