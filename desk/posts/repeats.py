"""Repeats: the same words twice, where a platform refuses them for a while."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from connectors.base import Connector, Message
from connectors.links import links
from desk import channels, moments, preferences
from desk.channels.fields import kind_of
from desk.desk import Desk
from desk.lifecycle import State
from desk.links import identity
from desk.models import Post
from desk.posts.messages import link_of

PLANNED = (State.IN_REVIEW, State.SCHEDULED, State.CLAIMED)
COUNTED = (*PLANNED, State.SENDING, State.UNCONFIRMED, State.PUBLISHED)


@dataclass(frozen=True)
class Repeat:
    """Another post of the channel with the same words."""

    post: Post
    at: datetime
    same_links: bool
    same_capitals: bool

    @property
    def sure(self) -> bool:
        """It would be refused; else the platform may take it, or not."""
        return self.same_links and self.same_capitals


def stands_against(
    desk: Desk, session: Session, post: Post, text: str, at: datetime
) -> str:
    """Why it can't go out with this text at that time, in a sentence; else nothing."""
    found = near(desk, session, post, text, at)
    if found is None or not found.sure:
        return ""
    return sentence(desk, session, found)


def remark(desk: Desk, session: Session, post: Post, text: str, at: datetime) -> str:
    """What is to be known of it in this text, where nothing stands against it.

    As long as it has no time, nobody can say that it would be refused.
    """
    if post.state not in (*PLANNED, State.DRAFT):
        return ""
    found = near(desk, session, post, text, at)
    if found is None or (found.sure and post.state in PLANNED):
        return ""
    return sentence(desk, session, found)


def near(
    desk: Desk, session: Session, post: Post, text: str, at: datetime
) -> Repeat | None:
    """A post that says the same as this one would in this text, near to that time."""
    channel = channels.find_channel(session, post.channel_id)
    within = kind_of(desk, channel.platform).refuses_repeats
    if within is None:
        return None
    connector = channels.connect(desk, channel)
    if not (said := _said(connector, text, link_of(post))):
        return None
    alike = [
        post_id
        for post_id, other in _texts(session, post, at, within)
        if connector.compared(Message(other)).casefold() == said.words.casefold()
    ]
    again = [
        _repeat(other, said, _said(connector, other.text, link_of(other)))
        for other in session.scalars(select(Post).where(Post.id.in_(alike)))
    ]
    again.sort(key=lambda one: (not one.sure, abs(one.at - at)))
    again = [one for one in again if said.words or one.same_links]
    return next(iter(again), None)


def sentence(desk: Desk, session: Session, found: Repeat) -> str:
    """What an editor is told of it."""
    channel = channels.find_channel(session, found.post.channel_id)
    connector = channels.connect(desk, channel)
    when = moments.local(found.at, preferences.zone(session, desk.settings))
    hours = f"{(connector.refuses_repeats or timedelta()).total_seconds() / 3600:g}"
    says = f"post {found.post.id} says them ({when})"
    if found.sure:
        return (
            f"{connector.title} refuses the same words twice within {hours} hours, and "
            f"{says}: change a word."
        )
    other = "in other capitals" if found.same_links else "with another link"
    return (
        f"{connector.title} may refuse the same words twice within {hours} hours, "
        f"{other}, too, and {says}."
    )


@dataclass(frozen=True)
class _Said:
    words: str
    links: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.words or self.links)


def _repeat(other: Post, one: _Said, two: _Said) -> Repeat:
    return Repeat(other, _time(other), one.links == two.links, one.words == two.words)


def _said(connector: Connector, text: str, link: str | None) -> _Said:
    found = {identity(one.address) for one in links(text, bare=True)}
    if link:
        found.add(identity(link))
    return _Said(connector.compared(Message(text, link)), frozenset(found))


def _texts(
    session: Session, post: Post, at: datetime, within: timedelta
) -> Iterable[tuple[int, str]]:
    """What the channel says near to that time, by number.

    Asked apart by each of the two times: both have an index. The sum keeps databases
    from reading all that the channel ever published.
    """
    since, until = at - within, at + within
    out, due, on = Post.published_at, Post.due_at, post.channel_id
    of = select(Post.id, Post.text).where(Post.id != post.id, Post.state.in_(COUNTED))
    went = of.where(out > since, out < until, Post.channel_id + 0 == on)
    goes = of.where(out.is_(None), due > since, due < until, Post.channel_id == on)
    rows = session.execute(union_all(went, goes))
    return [(row.id, row.text) for row in rows]


def _time(post: Post) -> datetime:
    return post.published_at or post.due_at or post.created_at
