"""Posts: making one, finding one, and the one place that changes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, object_session

from desk import lifecycle, links, transition
from desk.conflicts import Overtaken as Overtaken  # who changes posts names it so
from desk.history import note
from desk.lifecycle import EDITABLE, IllegalMove, State
from desk.models import Channel, Part, Post, Share, SharePicture
from desk.models.base import LARGEST_ID
from desk.models.posts import EventKind
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.refusal import Refusal, RefusalKind
from desk.writing.style import Style

REFUSALS = {
    State.SENDING: "This post is already going out: it can't be changed any more.",
    State.UNCONFIRMED: (
        "This post may be live and the desk is finding out: decide that first."
    ),
    State.PUBLISHED: "This post is published: it can't be changed here any more.",
}


AUTHORS = frozenset({State.DRAFT, State.IN_REVIEW})  # nothing of it is decided yet


class NoSuchPost(Refusal):
    """There is no post of that number."""

    kind = RefusalKind.MISSING


@dataclass(frozen=True)
class Seen:
    """What a person saw of a post before they changed it; None: they saw no such thing.

    `stood`: its state and times, as `stands` says them; `arranged`: what it showed
    beside its words, as `arrangement` says it.
    """

    revision: int | None
    approved: bool | None = None
    stood: str | None = None
    arranged: str | None = None

    @classmethod
    def of(cls, post: Post) -> Seen:
        return cls(post.revision, post.state not in AUTHORS)

    def holds(self, post: Post) -> bool:
        """Is the post still so?"""
        return (
            self.revision in (None, post.revision)
            and self.approved in (None, post.state not in AUTHORS)
            and self.stood in (None, stands(post))
            and self.arranged in (None, arrangement(post))
        )


class Standing(Protocol):
    """A post, or what a list knows of it."""

    @property
    def state(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def was_due_at(self) -> datetime | None: ...


UNSEEN: Mapping[int, Seen] = MappingProxyType({})


def stands(post: Standing) -> str:
    """Its state and time, for a form; what the clock has claimed is scheduled still.

    Its former time tells a draft from one that had a time meanwhile.
    """
    state = State.SCHEDULED if post.state == State.CLAIMED else post.state
    times = (post.due_at, post.was_due_at)
    return " ".join([state, *(at.isoformat() if at else "untimed" for at in times)])


def arrangement(post: Post) -> str:
    """Its picture, if it is a thread, and where its link goes, for a form."""
    shape = post.picture_id or 0, int(post.thread), int(post.link_in_reply)
    return "-".join(map(str, shape))


def create(
    session: Session,
    channel_id: int,
    *,
    text: str,
    link: str | None = None,
    picture_id: int | None = None,
    alt: str = "",
    alt_is_draft: bool = False,
    credit: str = "",
    language: str = "",
    article_id: int | None = None,
    candidates: Sequence[Mapping[str, Any]] = (),
    warnings: Sequence[str] = (),
    not_offered: str = "",
    priority: str = "normal",
    idempotency_key: str | None = None,
    created_by: int | None = None,
    share: Share | None = None,
    now: datetime,
) -> Post:
    """A draft for one channel. The same key again gives the post that it made before.

    `share`: what it is one of; None: it is a share of its own. Raises `NoLink` for a
    link that a person gave; an article's was read where it stands.
    """
    if idempotency_key and (earlier := _made_with(session, idempotency_key)):
        return earlier
    post = Post(
        share=share,
        channel_id=channel_id,
        text=text,
        link=(link if article_id else links.typed(link or "")) or None,
        picture_id=picture_id,
        alt=alt,
        alt_is_draft=alt_is_draft,
        credit=credit,
        language=language,
        article_id=article_id,
        candidates=[dict(candidate) for candidate in candidates],
        warnings=list(warnings),
        not_offered=not_offered,
        priority=priority,
        made_with=idempotency_key,
        created_by=created_by,
        created_at=now,
        parts=[Part(channel_id=channel_id, position=1, key=new_key())],
    )
    if share is None:
        post.share = _of_its_own(post)
        post.own_text = _is_styled(session, post)
    try:
        with session.begin_nested():
            session.add(post)
    except IntegrityError:  # the same form, sent twice at the same moment
        if idempotency_key and (earlier := _made_with(session, idempotency_key)):
            return earlier
        raise
    note(session, post, "Drafted.", now)
    return post


def _of_its_own(post: Post) -> Share:
    """The share of a post that is made alone: it says the same."""
    share = Share(
        article_id=post.article_id,
        text=post.text,
        link=post.link,
        language=post.language,
        priority=post.priority,
        created_by=post.created_by,
        created_at=post.created_at,
    )
    if post.picture_id is not None:
        share.pictures = [
            SharePicture(
                picture_id=post.picture_id,
                alt=post.alt,
                alt_is_draft=post.alt_is_draft,
                credit=post.credit,
            )
        ]
    return share


def _is_styled(session: Session, post: Post) -> bool:
    """Would its channel put something around the words, which it does not say?"""
    channel = session.get(Channel, post.channel_id)
    return bool(channel and not Style.of(channel.style).leaves(post.text))


def find_post(session: Session, post_id: int, *, lock: bool = False) -> Post:
    """The post; with `lock`, nobody else changes it until the transaction ends."""
    post = None
    if 0 < post_id <= LARGEST_ID:  # else no database looks
        post = session.get(
            Post, post_id, with_for_update=lock or None, populate_existing=lock
        )
    if post is None:
        raise NoSuchPost(f"There is no post number {post_id}.")
    return post


def hold(session: Session, post_ids: Collection[int]) -> None:
    """Lock these posts, before a change of several: always in one order.

    Else two people who begin at different ends wait for each other.
    """
    known = [one for one in post_ids if 0 < one <= LARGEST_ID]
    query = select(Post.id).where(Post.id.in_(known)).order_by(Post.id)
    session.execute(query.with_for_update())


def drafts(session: Session, article_id: int) -> list[Post]:
    """An article's posts on which nobody has decided yet."""
    query = select(Post).where(Post.article_id == article_id, Post.state == State.DRAFT)
    return list(session.scalars(query.order_by(Post.id)))


def locked(
    session: Session,
    post_id: int,
    by: Actor,
    needs: Permission | None = None,
    seen: Seen | None = None,
) -> Post:
    """The post for a change by this actor; nobody else changes it meanwhile.

    Every change begins here, in the transaction that writes it.
    """
    post = find_post(session, post_id, lock=True)
    refuse_actor(session, post, by, needs, seen)
    return post


def lock_in_state(
    session: Session,
    post_id: int,
    allowed: Collection[State],
    by: Actor,
    needs: Permission | None = None,
    seen: Seen | None = None,
) -> Post:
    """The same, for what may be done to a post in these states alone.

    Raises `IllegalMove` as well.
    """
    post = locked(session, post_id, by, needs, seen)
    refuse(post, allowed)
    return post


def lock_editable(
    session: Session,
    post_id: int,
    by: Actor,
    needs: Permission | None = None,
    seen: Seen | None = None,
) -> Post:
    """The same, where nothing of it is live or on its way."""
    post = lock_in_state(session, post_id, EDITABLE, by, needs, seen)
    refuse_partly_live(post)
    return post


def refuse_actor(
    session: Session,
    post: Post,
    by: Actor,
    needs: Permission | None = None,
    seen: Seen | None = None,
) -> None:
    """The post is locked. Raises `NotYours` where the actor lacks the permission.

    That is what the change `needs`, else what the state of the post asks for. Raises
    `Overtaken` where the post is not as it was `seen`.
    """
    asked = Permission.WRITE if post.state in AUTHORS else Permission.PUBLISH
    rights.refuse(session, by, needs or asked)
    if seen is not None and not seen.holds(post):
        raise Overtaken(
            "Someone changed this post, or decided on it, since you saw it: nothing "
            "was done. Read it as it stands now, then press again."
        )


def alter(
    session: Session,
    post: Post,
    what: str,
    now: datetime,
    by: Actor,
    to: State | None = None,
    kind: EventKind = EventKind.NOTED,
) -> Post:
    """Whatever changes what will be sent, or when, ends here: it raises the fence.

    The post is locked, and its intent is not committed: whoever has claimed it
    finds an old fence and sends nothing.
    """
    if to is not None and to != post.state:
        transition.move(session, post, to, now)
    elif post.state == State.CLAIMED:
        transition.move(session, post, State.SCHEDULED, now)
    else:
        transition.raise_fence(post)
    post.look_at = None
    session.flush()
    note(session, post, what, now, by, kind)
    return post


def refuse(post: Post, allowed: Collection[State]) -> None:
    if post.state not in allowed:
        state = State(post.state)
        raise IllegalMove(REFUSALS.get(state, f"A post that is {state} can't do that."))


def refuse_partly_live(post: Post) -> None:
    """Live parts never change, and their post is never cancelled or taken back."""
    if any(part.remote_id for part in post.parts):
        raise IllegalMove(
            "Part of this thread is live and can't be changed any more: send the rest, "
            "or leave it as it is."
        )


def give_time(post: Post, channel: Channel, due_at: datetime) -> None:
    if channel.retired_at is not None:
        raise IllegalMove(
            f"{channel.name} is retired, so nothing goes out on it. An admin can bring "
            "it back under Channels."
        )
    post.was_due_at = post.due_at if post.due_at != due_at else post.was_due_at
    post.due_at = post.next_at = due_at
    post.not_before = post.triage = None
    post.looks = post.blind_looks = 0  # what was seen before says nothing of that time
    post.expires_at = due_at + lifecycle.deadline(post.priority, channel.deadlines_s)
    post.reason = ""
    post.own_time = due_at != (_picked(post) or post.slot_at)


def _picked(post: Post) -> datetime | None:
    """The time that was picked for its share; None: each channel's next slot."""
    session = object_session(post)
    if session is None:
        return None
    return session.scalar(select(Share.due_at).where(Share.id == post.share_id))


def new_key() -> str:
    return uuid4().hex


def _made_with(session: Session, idempotency_key: str) -> Post | None:
    return session.scalar(select(Post).where(Post.made_with == idempotency_key))
