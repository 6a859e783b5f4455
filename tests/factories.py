"""Records with defaults, so that a test states only what matters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import channels, db, people, posts, scheduling
from desk.desk import Desk
from desk.models import Post, Share, User
from desk.models.people import Role
from desk.people.actors import Actor
from desk.posts.loading import load_for_page, with_tries
from desk.publishing import claiming, inline_runner, reconciliation
from desk.publishing.claiming import Claim
from desk.scheduling import At

WORKER = "test:1"


def now_of(desk: Desk) -> datetime:
    """The database's time, as the engine reads it."""
    with desk.db.reading() as session:
        return db.now(session)


def make_channel(
    desk: Desk, name: str = "Desk", platform: str = "scripted", **values: str
) -> int:
    values.setdefault("account", name) if platform == "scripted" else None
    return channels.add(desk, platform, name, values, now_of(desk))


def make_share(desk: Desk) -> int:
    """Without a word: for rows of posts that no rule makes."""
    with desk.db.writing() as session:
        share = Share(created_at=db.now(session))
        session.add(share)
        session.flush()
        return share.id


def make_post(desk: Desk, channel_id: int, text: str = "Dodge returns") -> int:
    """A draft."""
    with desk.db.writing() as session:
        post = posts.create(session, channel_id, text=text, now=db.now(session))
        return post.id


def make_person(desk: Desk, name: str = "Anna", role: str = Role.EDITOR) -> User:
    with desk.db.writing() as session:
        email = f"{name.lower()}@paper.org"
        return people.invite(session, email, name, role, db.now(session))[0]


def set_password(session: Session, user_id: int, password: str) -> None:
    person = session.get_one(User, user_id)
    person.password_hash = people.choose(person, password).hash
    session.flush()


def actor(person: User) -> Actor:
    """This person, as whoever does something."""
    return Actor(person.name, person.id)


def make_scheduled(
    desk: Desk,
    channel_id: int,
    text: str = "Dodge returns",
    due_at: datetime | None = None,
) -> int:
    """A post that is due: now, unless another time is given."""
    post_id = make_post(desk, channel_id, text)
    with desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(desk, session, post_id, At(due_at or now), now=now)
    return post_id


def look_up(desk: Desk, post_id: int) -> Post:
    """The post as it stands in the database."""
    query = load_for_page(select(Post).where(Post.id == post_id))
    with desk.db.reading() as session:
        return session.scalars(query.options(with_tries())).one()


def claim(desk: Desk, now: datetime | None = None) -> list[Claim]:
    """What a clock would lease now."""
    with desk.db.writing() as session:
        return claiming.claim_due(session, now or db.now(session))


def pick_up(desk: Desk, claims: list[Claim]) -> list[Claim]:
    """What a worker would take of these."""
    pairs = [(claim.post_id, claim.fence) for claim in claims]
    with desk.db.writing() as session:
        return claiming.pick_up(session, pairs, WORKER, db.now(session))


def run_due(desk: Desk) -> None:
    """One round of clock and worker, in this thread."""
    for claimed in pick_up(desk, claim(desk)):
        inline_runner.publish(desk, claimed, WORKER)


def reconcile(desk: Desk, now: datetime) -> None:
    """One round of looks at what is unconfirmed, as at that time."""
    with desk.db.writing() as session:
        claims = reconciliation.due_looks(session, now)
    for claimed in claims:
        reconciliation.reconcile(desk, claimed, WORKER)
