"""Sendable: the one predicate that says whether a post may go out now."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from desk.lifecycle import Priority
from desk.models import Article, Breaker, Channel, Hold, Post
from desk.models.base import Instant
from desk.models.channels import COUNTED, Wait

# A literal: with a bound value no partial index fits the query.
SCHEDULED: ColumnElement[bool] = Post.state == literal_column("'scheduled'")
FIRST = case(  # who goes first
    (Post.priority == Priority.BREAKING, 0),
    (Post.priority == Priority.NORMAL, 1),
    else_=2,
)
# Made once: they cost milliseconds, and every intent asks.
hold, article, channel = aliased(Hold), aliased(Article), aliased(Channel)
other, breaker = aliased(Post), aliased(Breaker)
HOLDING = 8_420_2027  # PostgreSQL's advisory lock; SQLite has one writer anyway


def holding(session: Session) -> None:
    """Wait for intents being committed; none is made until this hold stands.

    Else an intent could read the holds before ours is there and commit after it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(HOLDING)))


def intending(session: Session) -> None:
    """Many intents at a time, but none beside a hold that is being set."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock_shared(HOLDING)))


def sendable(now: datetime) -> ColumnElement[bool]:
    """No hold, embargo, triage, wait, breaker or class deadline stands in the way.

    Stands in the claim, and again in the intent.
    """
    return and_(free(now), reachable(now), waited_out(now))


def still_sendable(now: datetime) -> ColumnElement[bool]:
    """The same of a claimed post, for which there is room: it was counted."""
    return and_(free(now), reachable(now), ~_waits(now, ~_counted()))


def free(now: Instant) -> ColumnElement[bool]:
    """The same, whether or not the platform's server answers, or takes more posts."""
    return and_(
        Post.next_at <= now,
        Post.expires_at > now,
        Post.triage.is_(None),
        ~held(),
        channel_open(),
        ~_embargoed(now),
    )


@cache
def held() -> ColumnElement[bool]:
    """A hold that has not ended covers the post."""
    word = func.lower(hold.target)
    about = select(article.id).where(article.id == Post.article_id)
    about = about.correlate(Post, hold)  # this post's article, not any post's
    return exists().where(
        hold.ended_at.is_(None),
        or_(
            hold.scope == "desk",
            and_(hold.scope == "channel", hold.target == cast(Post.channel_id, String)),
            and_(hold.scope == "post", hold.target == cast(Post.id, String)),
            and_(
                hold.scope == "section",
                about.where(func.lower(article.section) == word).exists(),
            ),
            and_(
                hold.scope == "keyword",
                or_(
                    _mentions(Post.text, word),
                    about.where(_mentions(article.headline, word)).exists(),
                ),
            ),
        ),
    )


def _mentions(
    text: InstrumentedAttribute[str], word: ColumnElement[str]
) -> ColumnElement[bool]:
    """LIKE would read "100 %" and "_" as wildcards, and a backslash as nothing."""
    lowered = func.lower(text)
    return func.replace(lowered, word, "") != lowered


@cache
def channel_open() -> ColumnElement[bool]:
    """A list made once: an EXISTS read the channels anew for each post."""
    shut = select(channel.id).where(
        or_(channel.stopped_at.is_not(None), channel.retired_at.is_not(None))
    )
    return Post.channel_id.not_in(shut)


def waited_out(now: Instant) -> ColumnElement[bool]:
    """Its channel waits for no limit, or this post is to find out about it."""
    return ~_waits(now)


def _waits(now: Instant, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    waiting = select(channel.id).where(channel.not_before > now, *which)
    probes = select(channel.probe_id).where(
        channel.probing_until > now, channel.probe_id.is_not(None)
    )
    return and_(Post.channel_id.in_(waiting), Post.id.not_in(probes))


@cache
def _counted() -> ColumnElement[bool]:
    """A wait that the desk's own count began: what was claimed before it may go."""
    return func.coalesce(channel.wait, Wait.ASKED).in_(COUNTED)


def reachable(now: Instant) -> ColumnElement[bool]:
    """Its channel's server answers, or this post is the probe.

    Two lists that are made once.
    """
    open_ = breaker.open_until.is_not(None)
    silent = select(channel.id).join(breaker, breaker.circuit == channel.circuit)
    probes = select(breaker.probe_id).where(open_, breaker.probing_until > now)
    return or_(Post.channel_id.not_in(silent.where(open_)), Post.id.in_(probes))


def in_turn() -> ColumnElement[bool]:
    """On a channel that keeps order: none of its posts is on its way."""
    leased = select(other.channel_id).where(other.lease_until.is_not(None))
    looked_for = select(other.channel_id).where(other.look_at.is_not(None))
    busy = select(channel.id).where(
        channel.in_order, or_(channel.id.in_(leased), channel.id.in_(looked_for))
    )
    return Post.channel_id.not_in(busy)


def _embargoed(now: Instant) -> ColumnElement[bool]:
    return exists().where(article.id == Post.article_id, article.embargo_at > now)
