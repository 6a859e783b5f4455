"""Failed preparation: a post that could not be made ready goes back, and says why.

Whatever went wrong, nothing of it left the house; and it is this post's trouble, or
its channel's, and no other's.
"""

from __future__ import annotations

import random
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import (
    Connector,
    ConnectorError,
    OutcomeUnknown,
    Rejected,
    Unauthorized,
    Unavailable,
)
from desk import channels, db, heartbeats, keyring, lifecycle
from desk.channels import backoff, circuit_breakers, credentials
from desk.channels.credentials import Used
from desk.channels.fields import BadChannel
from desk.desk import Desk
from desk.engine_settings import engine
from desk.lifecycle import State
from desk.models import Channel, Post
from desk.picturing.storage import NoSuchPicture
from desk.publishing import recording
from desk.publishing.claiming import Claim
from desk.vault import Locked

BUG = "The desk could not make this post ready; see its log."
NO_PICTURE = (
    "Its picture is missing on this desk: choose it again, or bring the folder "
    "“pictures” back from a backup."
)

log = structlog.get_logger(__name__)


def error_of(error: Exception, post_id: int) -> ConnectorError:
    """Which of the five errors it is, but never that the outcome is unknown.

    What nobody raised on purpose is logged.
    """
    match error:
        case OutcomeUnknown():
            return Unavailable(error.reason)
        case ConnectorError():
            return error
        case Locked():
            return Unauthorized(keyring.SHUT)
        case NoSuchPicture():
            return Rejected(NO_PICTURE)
        case BadChannel():  # its connector may be installed in another process
            return Unavailable(str(error))
    log.exception("a post was not made ready", post=post_id)
    if isinstance(error, OSError | MemoryError):  # of this machine, and of this moment
        return Unavailable(f"The desk could not make this post ready: {_why(error)}.")
    return Rejected(BUG)


def settle_failure(
    desk: Desk,
    claim: Claim,
    error: Exception,
    used: Used | None = None,
    connector: Connector | None = None,
) -> None:
    """End the lease of this claim, and put what went wrong on record.

    `used`: as it was loaded, if it was; `connector`: whose call failed, if it came to
    one.
    """
    if isinstance(error, db.AWAY):
        raise error  # there is nowhere to write it
    why = error_of(error, claim.post_id)
    with desk.db.writing() as session:
        now = db.now(session)
        post = session.get_one(Post, claim.post_id)
        if connector is not None and isinstance(error, ConnectorError):
            at = post.channel_id, post.id
            began = used.began if used else None
            _heed(session, circuit_breakers.Call(connector, *at, why, began), now)
        held = _still_held(session, claim)
        if held is not None:
            used = used or Used.of(held.channel, now)
            put_back(desk, session, held, error, why, now, used)


def put_back(
    desk: Desk,
    session: Session,
    post: Post,
    error: Exception,
    why: ConnectorError,
    now: datetime,
    used: Used,
) -> None:
    """Where its failure leads."""
    if isinstance(error, Locked):
        step = _locked_out(desk, session, post.channel_id, now)
    else:
        step = lifecycle.after(why, post.tries + 1, now, random.random(), False)  # noqa: S311  # jitter
    post.tries += step.counts
    post.crash_count = 0
    recording.settle_post(session, post, step, why.reason, now, used)


def _locked_out(
    desk: Desk, session: Session, channel_id: int, now: datetime
) -> lifecycle.Next:
    """The channel stops, unless it is this process that has not the desk's keys.

    Then another one may have them, as long as another one lives.
    """
    log.error("no key opens a secret", channel=channel_id)
    channel = session.get_one(Channel, channel_id, with_for_update=True)
    if _opens(desk, channel):  # someone entered it again meanwhile
        return lifecycle.Next(State.SCHEDULED)
    if keyring.is_foreign(session, desk.vault) and heartbeats.others(session, now):
        return lifecycle.Next(State.SCHEDULED, now + engine.retries.keys_elsewhere)
    channels.stop(channel, keyring.SHUT, now)
    return lifecycle.Next(State.SCHEDULED)


def _opens(desk: Desk, channel: Channel) -> bool:
    try:
        credentials.unseal_credentials(desk, channel)
    except Locked:
        return False
    return True


def _heed(session: Session, call: circuit_breakers.Call, now: datetime) -> None:
    if isinstance(call.outcome, Unavailable):
        circuit_breakers.count_calls(session, [call], now)
    backoff.heed_limits(session, [call], now)


def _still_held(session: Session, claim: Claim) -> Post | None:
    return session.scalar(
        select(Post)
        .where(Post.id == claim.post_id, Post.fence == claim.fence)
        .where(Post.state == State.CLAIMED)
        .with_for_update()
    )


def _why(error: BaseException) -> str:
    """The system's words, without the path of a file."""
    return getattr(error, "strerror", None) or type(error).__name__
