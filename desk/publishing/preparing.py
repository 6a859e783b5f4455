"""Preparing: a claimed post, from its row to the exact bytes that will be sent.

Everything here may be repeated: nothing of it is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from connectors.base import (
    Connector,
    Prepared,
    RateLimited,
    Receipt,
    Rejected,
    Sought,
    Unauthorized,
    Unavailable,
)
from desk import channels, db
from desk.channels import credentials
from desk.channels.credentials import Used
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Article, LinkCard, Part, Post
from desk.posts import cards
from desk.posts.messages import message_of
from desk.publishing import (
    crash_counts,
    failed_preparation,
    rechecking,
    staging,
    timestamps,
)
from desk.publishing.claiming import Claim
from desk.publishing.fencing import fence_stands
from desk.publishing.leases import give_back
from desk.publishing.limiter import Lane
from desk.publishing.outbox import Ready
from desk.publishing.timestamps import Date
from desk.sendable import channel_open
from desk.timekeeping import Pulse, boot_seconds

LOADED = (  # with a post that is made ready
    joinedload(Post.channel),
    joinedload(Post.picture),
    joinedload(Post.article).joinedload(Article.picture),
    joinedload(Post.card).joinedload(LinkCard.picture),
    selectinload(Post.parts),
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Work:
    """What a claim is about, loaded; no session is held while it is done."""

    claim: Claim
    post: Post
    part: Part
    after: Receipt | None  # of the thread's part before
    connector: Connector
    lane: Lane
    uploads: bool  # making it ready may call the platform, and so may take long
    loaded_at: datetime
    date: Date | None = None  # the time that it says of itself, if it says one
    before: Sequence[Sought] = ()  # earlier tries, looked for before it goes out

    @property
    def channel_id(self) -> int:
        return self.post.channel_id


def load(desk: Desk, claims: Sequence[Claim]) -> list[Work]:
    """The claimed posts, each with its next part, for those whose claim still holds.

    One that can't be loaded is put back, says why, and keeps no other from it.
    """
    by_number = {claim.post_id: claim for claim in claims}
    try:
        with desk.db.reading() as session:
            query = select(Post).where(fence_stands([claim.pair for claim in claims]))
            query = query.where(Post.state == State.CLAIMED).options(*LOADED)
            posts = session.scalars(query).all()
            now = db.now(session)
            dates = timestamps.timestamps_of(desk, session, posts, now)
            before = {post.id: rechecking.earlier_tries(post) for post in posts}
    except db.AWAY:
        raise
    except Exception as error:
        return _load_one_by_one(desk, claims, error)
    works = (
        _loaded(
            desk, by_number[post.id], post, now, dates.get(post.id), before[post.id]
        )
        for post in posts
    )
    return [work for work in works if work is not None]


def _load_one_by_one(
    desk: Desk, claims: Sequence[Claim], error: Exception
) -> list[Work]:
    if len(claims) > 1:
        return [work for claim in claims for work in load(desk, [claim])]
    for claim in claims:
        failed_preparation.settle_failure(desk, claim, error)
    return []


def _loaded(
    desk: Desk,
    claim: Claim,
    post: Post,
    now: datetime,
    date: Date | None,
    before: Sequence[Sought],
) -> Work | None:
    try:
        return work_on(desk, claim, post, now, date, before)
    except Exception as error:
        failed_preparation.settle_failure(
            desk, claim, error, Used.of(post.channel, now)
        )
        return None


def work_on(
    desk: Desk,
    claim: Claim,
    post: Post,
    now: datetime,
    date: Date | None = None,
    before: Sequence[Sought] = (),
) -> Work | None:
    """What is to be sent next of this post; None: all of it is live."""
    part = next((part for part in post.parts if part.remote_id is None), None)
    if part is None:
        return None
    connector = channels.connect(desk, post.channel)
    return Work(
        claim,
        post,
        part,
        _receipt_before(post, part),
        connector,
        Lane.of(connector, post.channel_id),
        bool(before) or _may_call(connector, post, part, now),
        now,
        date,
        before,
    )


def _receipt_before(post: Post, part: Part) -> Receipt | None:
    """Of the part that this one answers, in a thread."""
    before = [one for one in post.parts if one.position < part.position]
    last = before[-1] if before else None
    return Receipt(last.remote_id or "", last.url or "") if last else None


def _may_call(connector: Connector, post: Post, part: Part, now: datetime) -> bool:
    """Whether making it ready may ask the platform for something."""
    said = post.text if part.text is None else part.text
    shows = post.picture_id is not None or post.link is not None
    ends = part in (post.parts[0], post.parts[-1])  # image, or link
    uploads = (ends and shows) or "@" in said  # whom a mention means is looked up
    if credentials.renewal_due(connector, post.channel.renewed_at, now):
        return True
    return uploads and staging.kept_upload(post, part, now) is None


def is_wanted(desk: Desk, work: Work) -> bool:
    """Does its channel still take posts? Else it is given back, and not uploaded."""
    with desk.db.writing() as session:
        may = select(Post.id).where(Post.id == work.post.id, channel_open())
        if session.scalar(may) is not None:
            return True
        give_back(session, [work.claim.pair])
        return False


def make_ready(desk: Desk, work: Work, pulse: Pulse | None = None) -> Ready | None:
    """The exact bytes to send, before the post is due; None: it says why not.

    `pulse`: of this process. What fails while it is frozen says nothing of a server.
    """
    began, suspect = boot_seconds(), bool(work.post.crash_count)
    if suspect:
        _count_suspect(desk, work.claim)
    try:
        ready = _made_ready(desk, work)
    except db.AWAY:
        raise
    except Exception as error:
        called = work.connector if pulse is None or pulse.awake_since(began) else None
        used = Used.of(work.post.channel, work.loaded_at)
        failed_preparation.settle_failure(desk, work.claim, error, used, called)
        return None
    if suspect and ready is not None:
        _clear_survivor(desk, work.claim)
    return ready


def _count_suspect(desk: Desk, claim: Claim) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        crash_counts.count_suspect(session, claim.post_id, claim.fence, now)


def _clear_survivor(desk: Desk, claim: Claim) -> None:
    """It did not kill us: who dies with it in hand died of another."""
    with desk.db.writing() as session:
        crash_counts.clear_survivor(session, claim.post_id, claim.fence)


def _made_ready(desk: Desk, work: Work) -> Ready | None:
    """Speaking in its session; None: it was found, or must be looked for."""
    post, connector = work.post, work.connector
    if credentials.renewal_due(connector, post.channel.renewed_at, work.loaded_at):
        connector = channels.speaking(desk, post.channel)
    if work.before and not rechecking.may_send_again(
        desk, work.claim, work.part, connector, work.before
    ):
        return None
    return Ready(
        work.claim,
        post.channel_id,
        work.part.id,
        post.channel.credential_version,
        prepare(desk, replace(work, connector=connector)),
        connector,
        work.lane,
        whole=len(post.parts) == 1,
        date=work.date,
    )


def prepare(desk: Desk, work: Work) -> Prepared:
    """Everything up to the exact bytes; harmless to repeat.

    Raises one of the five errors, never `OutcomeUnknown`: nothing is published here.
    """
    try:
        cards.look_up(desk, work.connector, work.post, hurry=True)
        message = message_of(desk, work.post, work.part)
        staged = staging.stage(
            desk, work.connector, work.post, work.part, message, work.loaded_at
        )
        prepared = work.connector.compose(
            message, staged, work.part.key, timestamps.due_time(work.post), work.after
        )
        if work.date is None:
            return prepared
        return work.connector.redated(prepared, work.date.at)
    except (Rejected, Unauthorized, RateLimited, Unavailable, *db.AWAY):
        raise
    except Exception as error:
        raise failed_preparation.error_of(error, work.post.id) from error
