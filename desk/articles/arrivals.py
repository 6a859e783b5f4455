"""Arrivals: links that were pasted together, read a few at a time for everybody.

Whoever pastes them is answered at once; workers read them, and the rows say how far
each is. Which link is next is decided when a reader is free, so nobody's forty keep
another's three waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased, contains_eager, load_only

from desk import articles, db, links
from desk.articles import inbox
from desk.desk import Desk
from desk.models import Arrival, Article
from desk.models.arrivals import Arriving
from desk.reading import Unreadable
from desk.reading.article import Unreached
from desk.reading.links import link_in
from desk.refusal import Refusal, RefusalKind
from desk.sandbox import giver

MOST = 50  # links of one person that wait or are read
AT_ONCE = 4  # links that are read, for everybody together
LEASE = timedelta(minutes=2)  # a page, its picture, and a turn to be parsed
TURNS = 3  # after which one that always ends its reader is left
LONGEST = 2_000  # letters of a line that is kept
OPEN = (Arriving.WAITING, Arriving.READING)
NO_LINK = "It is no link: write it like https://paper.org/story."
GAVE_UP = "Whoever read it was ended each time: paste it alone, or the article's text."


class TooManyLinks(Refusal):
    """More than the desk reads of one person at once."""

    kind = RefusalKind.UNFIT


def take_links(
    session: Session, lines: Sequence[str], now: datetime, person: int
) -> list[Arrival]:
    """A row for each, once; those of stories that are here are not read again.

    What an earlier paste has ended with is put away. Raises `TooManyLinks`.
    """
    put_away(session, person)
    wanted = _each_once(lines)
    _refuse_many(session, person, wanted)
    known = articles.find_by_links(session, filter(None, map(link_in, wanted)))
    made = [_row(line, known, now, person) for line in wanted]
    for one in made:
        if one.article_id is not None:
            inbox.bring_back(session, one.article_id)
    session.add_all(made)
    session.flush()
    return made


def put_away(session: Session, person_id: int) -> None:
    """This person's that are no longer read."""
    over = delete(Arrival).where(
        Arrival.person_id == person_id, Arrival.settled_at.is_not(None)
    )
    session.execute(over)


def list_arrivals(session: Session, person_id: int) -> list[Arrival]:
    """This person's, as they were pasted, with the headlines of those that are read."""
    query = (
        select(Arrival)
        .outerjoin(Arrival.article)
        .options(contains_eager(Arrival.article).options(load_only(Article.headline)))
        .where(Arrival.person_id == person_id)
        .order_by(Arrival.id)
    )
    return list(session.scalars(query))


def links_waiting(session: Session, now: datetime) -> list[int]:
    """So many as may be read now beside those that are."""
    places = max(0, AT_ONCE - _being_read(session, now))
    query = select(Arrival.id).where(_waits(now)).order_by(Arrival.id).limit(places)
    return list(session.scalars(query))


def read_waiting(desk: Desk) -> None:
    """One after the other, until none waits or as many are read as may be."""
    while mine := _claim(desk):
        _read(desk, mine)


def _claim(desk: Desk) -> Arrival | None:
    """The next one, for this reader alone; none where enough are read."""
    with desk.db.writing() as session:
        now = db.now(session)
        _give_up(session, now)
        if _being_read(session, now) >= AT_ONCE:
            return None
        arrival_id = session.scalar(_next(now))
        if arrival_id is None:
            return None
        return session.scalar(
            update(Arrival)
            .where(Arrival.id == arrival_id, _waits(now))
            .values(
                state=Arriving.READING,
                lease_until=now + LEASE,
                turns=Arrival.turns + 1,
            )
            .returning(Arrival)
        )


def _read(desk: Desk, mine: Arrival) -> None:
    """Its person's turns among what is parsed are used for it."""
    with desk.db.reading() as session:
        now = db.now(session)
    before = giver.set(f"person {mine.person_id}")
    try:
        read = articles.read_in(desk, mine.line, now)
        taken = articles.keep_read(desk, read, now, mine.person_id)
    except Unreached as error:
        _settle(desk, mine, Arriving.UNREACHED, reason=str(error))
    except Unreadable as error:
        _settle(desk, mine, Arriving.UNREADABLE, reason=str(error))
    else:
        state = Arriving.KNOWN if taken.known else Arriving.TAKEN
        _settle(desk, mine, state, article_id=taken.article_id)
    finally:
        giver.reset(before)


def _settle(
    desk: Desk,
    mine: Arrival,
    state: Arriving,
    *,
    reason: str = "",
    article_id: int | None = None,
) -> None:
    """Unless another has begun it since."""
    with desk.db.writing() as session:
        session.execute(
            update(Arrival)
            .where(Arrival.id == mine.id, Arrival.turns == mine.turns)
            .where(Arrival.state == Arriving.READING)
            .values(
                state=state,
                reason=reason,
                article_id=article_id,
                settled_at=db.now(session),
            )
        )
        if article_id is not None and state == Arriving.KNOWN:
            inbox.bring_back(session, article_id)


def _give_up(session: Session, now: datetime) -> None:
    session.execute(
        update(Arrival)
        .where(Arrival.state == Arriving.READING, Arrival.lease_until < now)
        .where(Arrival.turns >= TURNS)
        .values(state=Arriving.UNREADABLE, reason=GAVE_UP, settled_at=now)
    )


def _waits(now: datetime) -> ColumnElement[bool]:
    ended = and_(Arrival.state == Arriving.READING, Arrival.lease_until < now)
    return or_(Arrival.state == Arriving.WAITING, ended)


def _next(now: datetime) -> Select[int]:
    """Of whoever has fewest links being read; of theirs the first."""
    other = aliased(Arrival)
    theirs = (
        select(func.count(other.id))
        .where(other.person_id == Arrival.person_id)
        .where(other.state == Arriving.READING, other.lease_until >= now)
        .scalar_subquery()
    )
    query = select(Arrival.id).where(_waits(now), Arrival.turns < TURNS)
    return query.order_by(theirs, Arrival.id).limit(1)


def _being_read(session: Session, now: datetime) -> int:
    query = select(func.count(Arrival.id)).where(
        Arrival.state == Arriving.READING, Arrival.lease_until >= now
    )
    return session.scalar(query) or 0


def _each_once(lines: Iterable[str]) -> list[str]:
    """In whatever spelling a link comes."""
    found: dict[str, str] = {}
    for line in lines:
        link = link_in(line)
        found.setdefault(links.identity(link) if link else line, line)
    return list(found.values())


def _refuse_many(session: Session, person: int, wanted: Sequence[str]) -> None:
    still = select(func.count(Arrival.id)).where(
        Arrival.person_id == person, Arrival.settled_at.is_(None)
    )
    before = session.scalar(still) or 0
    if before + len(wanted) <= MOST:
        return
    if before:
        raise TooManyLinks(
            f"{before} links of yours are still read, and the desk reads {MOST} at "
            f"once: paste these {len(wanted)} once they are there."
        )
    raise TooManyLinks(
        f"These are {len(wanted)} links, and the desk reads {MOST} at once: paste the "
        f"first {MOST}, and the others once those are there."
    )


def _row(line: str, known: Mapping[str, int], now: datetime, person: int) -> Arrival:
    row = partial(Arrival, person_id=person, line=line[:LONGEST], created_at=now)
    link = link_in(line) if len(line) <= LONGEST else None
    if link is None:
        return row(state=Arriving.NO_LINK, reason=NO_LINK, settled_at=now)
    if article_id := known.get(links.identity(link)):
        return row(state=Arriving.KNOWN, article_id=article_id, settled_at=now)
    return row()
