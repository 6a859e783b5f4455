"""Sending: one claimed post, from its claim to the record of what came back.

`publish` is the whole road for one post. A worker walks it with many at once, and
commits intents and outcomes in groups (workers/slots.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from connectors.base import (
    Connector,
    OutcomeUnknown,
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
from desk.publishing import (
    breakers,
    cards,
    dating,
    intents,
    rechecking,
    records,
    rescuing,
    staging,
    unready,
)
from desk.publishing.claiming import Claim, give_back, ours
from desk.publishing.dating import Date
from desk.publishing.intents import Intent, Ready
from desk.publishing.messages import message_of
from desk.publishing.records import Answer
from desk.publishing.sendable import channel_open
from desk.timekeeping import Pulse, Reading, boot_seconds

FROZEN = timedelta(seconds=2)  # an intent older than this is not acted on
FROZEN_WORDS = "The desk was frozen just before sending: this try sent nothing."

REFUSALS = (Rejected, Unauthorized, RateLimited, Unavailable)  # surely not published

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
    loaded_at: datetime
    date: Date | None = None  # the time that it says of itself, if it says one
    before: Sequence[Sought] = ()  # earlier tries, looked for before it goes out

    @property
    def channel_id(self) -> int:
        return self.post.channel_id

    @property
    def uploads(self) -> bool:
        """Whether making it ready may call the platform, and so may take long."""
        now, channel = self.loaded_at, self.post.channel
        said = self.post.text if self.part.text is None else self.part.text
        shows = self.post.picture_id is not None or self.post.link is not None
        ends = self.part in (self.post.parts[0], self.post.parts[-1])  # image, or link
        uploads = (ends and shows) or "@" in said  # whom a mention means is looked up
        calls = self.before or credentials.due(self.connector, channel.renewed_at, now)
        return bool(calls) or (
            uploads and staging.kept(self.post, self.part, now) is None
        )


def publish(desk: Desk, claim: Claim, worker: str) -> None:
    """Publish every part of a claimed post that is not live yet."""
    state: State | None = State.CLAIMED
    while state is State.CLAIMED:
        works = load(desk, [claim])
        ready = make_ready(desk, works[0]) if works else None
        intent = _intend(desk, ready, worker) if ready else None
        state = call_and_record(desk, intent) if intent else None


def load(desk: Desk, claims: Sequence[Claim]) -> list[Work]:
    """The claimed posts, each with its next part, for those whose claim still holds.

    One that can't be loaded is put back, says why, and keeps no other from it.
    """
    by_number = {claim.post_id: claim for claim in claims}
    try:
        with desk.db.reading() as session:
            query = select(Post).where(ours([claim.pair for claim in claims]))
            query = query.where(Post.state == State.CLAIMED).options(*LOADED)
            posts = session.scalars(query).all()
            now = db.now(session)
            dates = dating.dates(desk, session, posts, now)
            before = {post.id: rechecking.first(post) for post in posts}
    except db.AWAY:
        raise
    except Exception as error:
        return _load_one_by_one(desk, claims, error)
    found = (
        _loaded(desk, by_number[post.id], post, now, dates.get(post.id))
        for post in posts
    )
    return [
        replace(one, before=before[one.post.id]) for one in found if one is not None
    ]


def _load_one_by_one(
    desk: Desk, claims: Sequence[Claim], error: Exception
) -> list[Work]:
    if len(claims) > 1:
        return [work for claim in claims for work in load(desk, [claim])]
    for claim in claims:
        unready.settle(desk, claim, error)
    return []


def _loaded(
    desk: Desk, claim: Claim, post: Post, now: datetime, date: Date | None
) -> Work | None:
    try:
        return work(desk, claim, post, now, date)
    except Exception as error:
        unready.settle(desk, claim, error, Used.of(post.channel, now))
        return None


def work(
    desk: Desk, claim: Claim, post: Post, now: datetime, date: Date | None = None
) -> Work | None:
    """What is to be sent next of this post; None: all of it is live."""
    connector = channels.connect(desk, post.channel)
    after = None
    for part in post.parts:
        if part.remote_id is None:
            return Work(claim, post, part, after, connector, now, date)
        after = Receipt(part.remote_id, part.url or "")
    return None


def wanted(desk: Desk, work: Work) -> bool:
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
    post, began = work.post, boot_seconds()
    if post.pickups:
        with desk.db.writing() as session:
            now = db.now(session)
            rescuing.begin(session, work.claim.post_id, work.claim.fence, now)
    try:
        connector = work.connector
        if credentials.due(connector, post.channel.renewed_at, work.loaded_at):
            connector = channels.speaking(desk, post.channel)
        if work.before and not rechecking.may_go(
            desk, work.claim, work.part, connector, work.before
        ):
            return None
        prepared = prepare(desk, replace(work, connector=connector))
    except db.AWAY:
        raise
    except Exception as error:
        awake = pulse is None or pulse.awake_since(began)
        called = work.connector if awake else None
        used = Used.of(post.channel, work.loaded_at)
        unready.settle(desk, work.claim, error, used, called)
        return None
    if post.pickups:  # it did not kill us: who dies with it in hand died of another
        with desk.db.writing() as session:
            rescuing.survived(session, work.claim.post_id, work.claim.fence)
    return Ready(
        work.claim,
        post.channel_id,
        work.part.id,
        post.channel.credential_version,
        prepared,
        connector,
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
            message, staged, work.part.key, dating.due(work.post), work.after
        )
        if work.date is None:
            return prepared
        return work.connector.redated(prepared, work.date.at)
    except (*REFUSALS, *db.AWAY):
        raise
    except Exception as error:
        raise unready.meaning(error, work.post.id) from error


def _intend(desk: Desk, ready: Ready, worker: str) -> Intent | None:
    with desk.db.writing() as session:
        read = Reading.of(db.now(session))
        made = intents.intend(session, [ready], worker, read)
        if not made:
            give_back(session, [ready.claim.pair])
    return made[0] if made else None


def call_and_record(desk: Desk, intent: Intent) -> State:
    """The call whose intent is committed, and its outcome on record."""
    outcome = call(intent)
    with desk.db.writing() as session:
        return records.record(session, [(intent, outcome)])[intent.post_id]


def call(intent: Intent) -> Answer:
    """What the platform said; an escaped error is a bug and counts as unknown."""
    if intent.read.age() > FROZEN:
        return breakers.NotCalled(FROZEN_WORDS)
    try:
        return _receipt(intent.connector.publish(intent.prepared))
    except (*REFUSALS, OutcomeUnknown) as error:
        return error
    except Exception:
        log.exception(
            "a connector let an error slip", post=intent.post_id, attempt=intent.number
        )
        return OutcomeUnknown("The desk failed while it was sending; see its log.")


def _receipt(said: object) -> Receipt:
    if isinstance(said, Receipt) and said.remote_id:
        return said
    raise OutcomeUnknown("The platform's answer names no post.")
