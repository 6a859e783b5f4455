"""Happenings: what became of a share, told once for all the posts it happened to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import shorten

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.lifecycle import State
from desk.models import Channel, Comment, Event, Post
from desk.posts.loading import load_for_page, with_tries

TOGETHER = timedelta(minutes=1)  # what one press or one moment did
MOST = 500  # lines of history that are read; a share has some tens
QUOTED = 90  # letters of a comment, which stands in full beside the history
ON_ITS_WAY = frozenset({State.CLAIMED, State.SENDING})


@dataclass(frozen=True)
class Happening:
    """One thing that happened to one or several posts."""

    at: datetime
    who: str  # empty: the desk
    what: str
    state: str  # of the posts, after it
    went_live: bool
    of_engine: bool  # how it was brought about, for technicians
    posts: list[Post]  # none: it happened to the share

    @property
    def channels(self) -> list[Channel]:
        """Where it happened, by name."""
        found = (post.channel for post in self.posts)
        return sorted(found, key=lambda channel: channel.name.lower())

    def is_as(self, other: Happening) -> bool:
        """The same thing in the same moment, to other posts?"""
        near = abs(self.at - other.at) <= TOGETHER
        same = (self.went_live and other.went_live) or self.what == other.what
        its, theirs = (self.who, self.state), (other.who, other.state)
        return near and same and its == theirs and self.of_engine == other.of_engine


def list_posts_of(session: Session, share_id: int) -> list[Post]:
    """Its posts, each as a page of its own would show it."""
    query = select(Post).where(Post.share_id == share_id).order_by(Post.id)
    return list(session.scalars(load_for_page(query).options(with_tries())))


def events_of(session: Session, its: Collection[Post]) -> list[Event]:
    """What is on record of these, the newest last."""
    query = select(Event).where(Event.post_id.in_(post.id for post in its))
    newest = session.scalars(query.order_by(Event.id.desc()).limit(MOST))
    return list(reversed(newest.all()))


def last_given_time(session: Session, article_id: int, since: datetime) -> Event | None:
    """Who gave posts of the story their time last, or asked for it, if it was then."""
    query = (
        select(Event)
        .join(Post, Post.id == Event.post_id)
        .where(Post.article_id == article_id, Event.at > since)
        .where(Event.state.in_((State.SCHEDULED, State.IN_REVIEW)))
        .where(Event.person_id.is_not(None))
        .order_by(Event.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def happenings(
    events: Sequence[Event], its: Collection[Post], said: Iterable[Comment] = ()
) -> list[Happening]:
    """The newest first."""
    found = [*map(_of_comment, said), *_gathered(_told(events, its))]
    return sorted(found, key=lambda one: one.at)[::-1]


def _told(events: Iterable[Event], its: Collection[Post]) -> Iterable[Happening]:
    by_id = {post.id: post for post in its}
    before: dict[int, str] = {}
    for event in events:
        earlier = before.get(event.post_id)
        live = event.state == State.PUBLISHED
        yield Happening(
            at=event.at,
            who=event.who,
            what=event.what,
            state=event.state,
            went_live=live and earlier != State.PUBLISHED,
            of_engine=_is_of_engine(event, earlier),
            posts=[by_id[event.post_id]],
        )
        before[event.post_id] = event.state


def _is_of_engine(event: Event, earlier: str | None) -> bool:
    """The desk's own doing on the way, or a look that left the post as it stood.

    What it finds of a post that is out (such as that it is live twice) is for all.
    """
    if event.who:
        return False
    stood = event.state == earlier and event.state != State.PUBLISHED
    return stood or event.state in ON_ITS_WAY


def _of_comment(comment: Comment) -> Happening:
    quoted = f"“{shorten(comment.text, QUOTED, placeholder=' …')}”"
    gone = comment.removed_at is not None
    return Happening(
        at=comment.written_at,
        who=comment.who,
        what="wrote a comment, and took it back." if gone else f"commented {quoted}",
        state="",
        went_live=False,
        of_engine=False,
        posts=[],
    )


def _gathered(told: Iterable[Happening]) -> list[Happening]:
    """The same thing is told once, for each post that it happened to."""
    found: list[Happening] = []
    for one in told:
        near = (other for other in reversed(found[-20:]) if other.is_as(one))
        first = next((other for other in near if one.posts[0] not in other.posts), None)
        if first is not None:
            first.posts.extend(one.posts)
        elif not (found and found[-1].is_as(one)):  # many times in a row: once
            found.append(one)
    return found
