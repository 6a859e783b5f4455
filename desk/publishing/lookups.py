"""Lookups: one listing of an account, for every attempt on it whose answer was lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

import structlog
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from connectors.base import (
    Besides,
    CantTell,
    Connector,
    Finding,
    Found,
    NotThere,
    OnRecord,
    Prepared,
    Receipt,
    Sought,
)
from desk.desk import Desk
from desk.engine_settings import engine
from desk.lifecycle import Outcome, State
from desk.models import Attempt, Part, Post
from desk.partial_indexes import TROUBLE

# Looks of one burst fall on one moment, and are one: the further apart the longer the
# oldest of it is in doubt. A post alone waits for nobody.
# How old a post may be that a listing may show as new: a server's clock may be off by
# hours, and then one that is on record tells by how much.
BEFORE = timedelta(hours=16)
KNOWN = 1000
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
IN_DOUBT = (None, Outcome.UNKNOWN, Outcome.NOT_THERE)  # the last was a claim
BROKEN = "The desk failed while it was looking; see its log."
NAMED = "The platform named the post {} in an unclear answer, and does not show it."

log = structlog.get_logger(__name__)


def next_look_at(session: Session, channel_id: int, at: datetime) -> datetime:
    """The next moment at which looks at this account are made, not before `at`."""
    query = (
        select(func.count(Post.id.distinct()), func.min(Attempt.intent_at))
        .select_from(Post)
        .join(Part, Part.post_id == Post.id)
        .join(Attempt, Attempt.part_id == Part.id)
        .where(TROUBLE, Post.state == State.UNCONFIRMED)
        .where(Post.channel_id == channel_id, Post.needs_person.is_(False))
        .where(Attempt.outcome == Outcome.UNKNOWN)
    )
    count, oldest = session.execute(query).one()
    return next_on_grid(
        at, look_spacing(count, at - oldest) if count else engine.looks.grid
    )


def look_spacing(in_doubt: int, age: timedelta) -> timedelta:
    """How far the looks at an account are apart: so many posts, the oldest so old."""
    if in_doubt <= 1:
        return engine.looks.grid
    return next(
        (apart for until, apart in engine.looks.grids if age < until),
        engine.looks.widest,
    )


def next_on_grid(at: datetime, apart: timedelta) -> datetime:
    """The next whole one of these, not before `at`."""
    past = at.timestamp() % apart.total_seconds()
    return at if not past else at + apart - timedelta(seconds=past)


def sought_by_bytes(attempts: Sequence[Attempt]) -> Sought:
    """What is looked for: attempts with the same bytes, oldest first."""
    last = attempts[-1]
    return Sought(
        Prepared(last.key, last.body),
        since=attempts[0].intent_at,
        until=max(one.deadline_at for one in attempts),
        named=next((one.remote_id for one in attempts if one.remote_id), ""),
        of=str(last.part_id),
    )


def sought_of_part(part: Part) -> list[Sought]:
    """The same for every try of a part that may be there, whatever was said of it.

    Its words may have changed between two.
    """
    groups: dict[str, list[Attempt]] = {}
    for one in part.attempts:
        if one.outcome in IN_DOUBT:
            groups.setdefault(one.digest, []).append(one)
    return [sought_by_bytes(them) for them in groups.values()]


def look_at_account(
    desk: Desk, connector: Connector, channel_id: int, asked: Sequence[Sought]
) -> list[Finding]:
    """What became of each of these, told from one listing of the account.

    Every other attempt in doubt on it explains a post, too, and so does one that began
    while it was read. An error that escapes is a bug, and tells nothing.
    """
    with desk.db.reading() as session:  # none is held while the platform is asked
        others = [one for one in _in_doubt(session, channel_id) if one not in asked]
        all_of_them = [*asked, *others]
        since = min(one.since for one in all_of_them)
        known = posts_on_record(session, channel_id, since)

    def besides() -> Besides:
        with desk.db.reading() as session:
            late = (
                one for one in _in_doubt(session, channel_id) if one not in all_of_them
            )
            return Besides(
                tuple(late), tuple(posts_on_record(session, channel_id, since))
            )

    try:
        found = connector.find_all(all_of_them, known, besides)[: len(asked)]
    except Exception:
        log.exception("a connector's look let an error slip", channel=channel_id)
        return [CantTell(BROKEN)] * len(asked)
    return [_proven(one, finding) for one, finding in zip(asked, found, strict=True)]


def _proven(asked: Sought, finding: Finding) -> Finding:
    """What an answer named is never “not there”."""
    if asked.named and isinstance(finding, NotThere):
        return CantTell(NAMED.format(asked.named))
    return finding


def sum_up_findings(findings: Sequence[Finding]) -> Finding:
    """What several looks for one part make: what was seen, else what is doubtful."""
    receipts = [
        one
        for finding in findings
        if isinstance(finding, Found)
        for one in finding.receipts
    ]
    if receipts:
        return Found(tuple(dict.fromkeys(receipts)))
    doubtful = (one for one in findings if isinstance(one, CantTell))
    return next(doubtful, NotThere())


def _in_doubt(session: Session, channel_id: int) -> list[Sought]:
    """Whatever was sent to this channel, and may stand there without our knowing."""
    query = (
        select(Part)
        .join(Post)
        .where(Post.channel_id == channel_id, _open())
        .options(joinedload(Part.attempts))
    )
    parts = session.scalars(query).unique().all()
    return [one for part in parts for one in sought_of_part(part)]


def _open() -> ColumnElement[bool]:
    """Each of these reads one index."""
    unconfirmed = select(Post.id).where(TROUBLE, Post.state == State.UNCONFIRMED)
    sending = select(Post.id).where(
        Post.lease_until.is_not(None), Post.state == State.SENDING
    )
    looked_at = select(Post.id).where(Post.recheck_at.is_not(None))
    return Post.id.in_(unconfirmed.union(sending, looked_at))


def posts_on_record(
    session: Session, channel_id: int, since: datetime
) -> list[OnRecord]:
    """Our posts that a listing of this channel may show, newest first.

    And the newest ones before that: by which its clock can be told, and with which the
    account's posts were counted.
    """
    sent_at = func.min(Attempt.intent_at).label("sent_at")
    newest = (
        select(Part.remote_id, Part.url, Part.published_at, Part.account_total, sent_at)
        .outerjoin(Attempt)
        .where(Part.channel_id == channel_id, Part.published_at.is_not(None))
        .group_by(Part.id)
        .order_by(Part.published_at.desc())
    )
    old = since - BEFORE
    recent = newest.where(Part.published_at >= old).limit(KNOWN)
    older = newest.where(Part.published_at < old).limit(1)
    counted = older.where(Part.account_total.is_not(None))
    found = (session.execute(query) for query in (recent, older, counted))
    rows = dict.fromkeys(chain.from_iterable(found))
    return [
        *(
            _recorded(row.remote_id, row.url, row.published_at, row.sent_at, row[3])
            for row in rows
        ),
        *_also_there(session, channel_id, since),
    ]


def _recorded(
    remote_id: str | None,
    url: str | None,
    at: datetime | None,
    sent_at: datetime | None,
    total: int | None = None,
) -> OnRecord:
    at = at or sent_at or NEVER
    return OnRecord(remote_id or "", url or "", at, sent_at or at, total)


def _also_there(
    session: Session, channel_id: int, since: datetime
) -> Iterable[OnRecord]:
    """Second ones of posts that are live twice."""
    query = (
        select(Attempt)
        .join(Part)
        .where(Part.channel_id == channel_id, Attempt.outcome == Outcome.PUBLISHED)
        .where(Attempt.intent_at >= since - BEFORE, Attempt.remote_id.is_not(None))
        .where(func.coalesce(Part.remote_id, "") != Attempt.remote_id)
    )
    for one in session.scalars(query):
        yield _recorded(one.remote_id, one.url, one.replied_at, one.intent_at)
    twice = select(Post).where(
        Post.channel_id == channel_id, Post.twice_url.is_not(None)
    )
    for post in session.scalars(twice):
        yield _recorded("", post.twice_url, post.published_at, post.due_at)


def own_receipts(
    session: Session, part: Part, receipts: Sequence[Receipt]
) -> list[Receipt]:
    """Those that no other post of ours is."""
    names = [name for one in receipts for name in (one.remote_id, one.url)]
    known = select(Part.remote_id).where(
        Part.channel_id == part.channel_id, Part.remote_id.in_(names)
    )  # where a person gave its link, that is its id
    settled = set(session.scalars(known))
    return [one for one in receipts if not {one.remote_id, one.url} & settled]
