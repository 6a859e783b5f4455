"""Posts, their parts, the attempts at publishing them, and what happened to them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, and_, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from desk.lifecycle import Outcome, Priority, State
from desk.models.articles import Article, Picture
from desk.models.base import Base, one_of
from desk.models.channels import Channel
from desk.models.links import LinkCard
from desk.models.people import User
from desk.models.shares import Share
from desk.models.working_copies import WorkingCopy

LIVE_SLOT = "slot_at IS NOT NULL AND state NOT IN ('cancelled', 'missed', 'failed')"
ITS_TURN = "turn IS NOT NULL AND state IN ('claimed', 'sending')"
DRAFT = "state = 'draft'"
EVERGREEN = "priority = 'evergreen'"
ASIDE = "triage IS NOT NULL AND state = 'scheduled'"
IN_TROUBLE = "state IN ('failed', 'missed', 'unconfirmed', 'in review')"


class ReasonKind(StrEnum):
    """What the reason of a post says, and in whose words."""

    DESK = "desk"  # whatever it is, in the desk's own
    PLATFORM = "platform"  # why it was refused: what its last try was told
    LATE = "late"  # too late for its class, and no more than that
    CHANGES = "changes"  # what is to be changed: in the words of who did not approve


class Triage(StrEnum):
    """Why it waits for a person, though it is scheduled."""

    HELD = "held"  # it fell due during a hold
    JUMPED = "jumped"  # it fell due only because a clock was set
    RESTORED = "restored"  # it may have gone out, unknown to an older database
    LINK = "link"  # the story behind its link is not up
    LEFT = "left"  # a thread that stays as it is, says a person


class Unseen(StrEnum):
    """Why a look can't tell whether it is live."""

    AWAY = "away"  # the server does not answer: that says nothing of the post
    EARLY = "early"  # no look could tell yet
    MAYBE = "maybe"  # a post is there that may be it
    UNCLEAR = "unclear"  # what it answers says neither


class Post(Base):
    """One message for one channel, with one state. The row is truth and outbox."""

    __tablename__ = "posts"
    __table_args__ = (
        one_of("state", State),
        one_of("priority", Priority),
        one_of("triage", Triage),
        one_of("reason_kind", ReasonKind),
        one_of("unseen", Unseen),
        Index(
            "ix_posts_due",
            "next_at",
            "id",
            "priority",  # so that looking for breaking ones reads no other row
            sqlite_where=text("state = 'scheduled'"),
            postgresql_where=text("state = 'scheduled'"),
        ),
        Index(
            "uq_posts_turn",
            "turn",
            unique=True,
            sqlite_where=text(ITS_TURN),
            postgresql_where=text(ITS_TURN),
        ),
        Index(
            "ix_posts_lease",
            "lease_until",
            sqlite_where=text("lease_until IS NOT NULL"),
            postgresql_where=text("lease_until IS NOT NULL"),
        ),
        Index(
            "ix_posts_look",
            "look_at",
            sqlite_where=text("look_at IS NOT NULL"),
            postgresql_where=text("look_at IS NOT NULL"),
        ),
        Index(
            "ix_posts_recheck",
            "recheck_at",
            sqlite_where=text("recheck_at IS NOT NULL"),
            postgresql_where=text("recheck_at IS NOT NULL"),
        ),
        Index(
            "uq_posts_slot",
            "channel_id",
            "slot_at",
            unique=True,
            sqlite_where=text(LIVE_SLOT),
            postgresql_where=text(LIVE_SLOT),
        ),
        # what a channel has near to a time, and which of its slots are taken
        Index("ix_posts_of_channel", "channel_id", "due_at"),
        Index(
            "ix_posts_evergreen",
            "article_id",
            sqlite_where=text(EVERGREEN),
            postgresql_where=text(EVERGREEN),
        ),
        Index(
            "ix_posts_drafts",
            "id",
            sqlite_where=text(DRAFT),
            postgresql_where=text(DRAFT),
        ),
        Index(
            "ix_posts_aside",
            "id",
            sqlite_where=text(ASIDE),
            postgresql_where=text(ASIDE),
        ),
        Index("ix_posts_published", "published_at"),
        Index("ix_posts_records", "due_at", "id"),
        Index(
            "ix_posts_trouble",
            "id",
            sqlite_where=text(IN_TROUBLE),
            postgresql_where=text(IN_TROUBLE),
        ),
        Index(
            "ix_posts_twice",
            "id",
            sqlite_where=text("twice_url IS NOT NULL"),
            postgresql_where=text("twice_url IS NOT NULL"),
        ),
        Index(
            "ix_posts_overdue",
            "due_at",
            "channel_id",  # so that counting what each has reads no other row
            sqlite_where=text("state = 'scheduled'"),
            postgresql_where=text("state = 'scheduled'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)

    # Whose it is: of which share and story, for which channel, by whom, and who let
    # it out.
    share_id: Mapped[int] = mapped_column(ForeignKey("shares.id"), index=True)
    article_id: Mapped[int | None] = mapped_column(
        ForeignKey("articles.id"), index=True
    )
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # Idempotency keys: of the form that made it, and of its last scheduling.
    made_with: Mapped[str | None] = mapped_column(unique=True, index=True)
    idempotency_key: Mapped[str | None] = mapped_column("once_key", unique=True)

    # What will be sent.
    text: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    thread: Mapped[bool] = mapped_column(default=False)  # a long text in several parts
    link: Mapped[str | None]
    tags: Mapped[str] = mapped_column(default="")  # sent behind the link: a query
    link_in_reply: Mapped[bool] = mapped_column(default=False)  # in a part of its own
    card_id: Mapped[int | None] = mapped_column(ForeignKey("link_cards.id"))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"))
    alt: Mapped[str] = mapped_column(default="")
    alt_is_draft: Mapped[bool] = mapped_column(default=False)
    credit: Mapped[str] = mapped_column(default="")

    # In what it does not follow its share: it says its own.
    own_text: Mapped[bool] = mapped_column(default=False, server_default=false())
    own_pictures: Mapped[bool] = mapped_column(default=False, server_default=false())
    own_link: Mapped[bool] = mapped_column(default=False, server_default=false())
    own_time: Mapped[bool] = mapped_column(default=False, server_default=false())

    # Not to go out with its share; None: nobody said so far.
    left_out: Mapped[bool | None]

    # How it came to say so.
    revision: Mapped[int] = mapped_column(default=1)  # rises with every saved change
    former: Mapped[dict[str, Any] | None]  # what it said before one press, for Undo
    carried: Mapped[list[str]] = mapped_column(default=list)  # handles of elsewhere
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    # why there are no more candidates
    not_offered: Mapped[str] = mapped_column(default="", server_default="")
    # what to mind of it; what to mind of its story stands there
    warnings: Mapped[list[str]] = mapped_column(default=list)

    # When it goes out, and how late is too late.
    priority: Mapped[str] = mapped_column(default=Priority.NORMAL)  # its class
    due_at: Mapped[datetime | None]  # only a person changes it
    slot_at: Mapped[datetime | None]
    was_due_at: Mapped[datetime | None]  # before it was moved, or taken back to draft
    not_before: Mapped[datetime | None]  # what it waits for
    next_at: Mapped[datetime | None]  # max(due_at, not_before)
    expires_at: Mapped[datetime | None]  # too late for its class: missed

    # Where it stands, and who holds it: desk/transition.py alone writes these.
    state: Mapped[str] = mapped_column(default=State.DRAFT)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    owner: Mapped[str | None]
    turn: Mapped[int | None]  # its channel, where that keeps its posts in order

    # Why it stands there, and whether a person decides.
    reason: Mapped[str] = mapped_column(default="")  # of the state, for the editor
    reason_kind: Mapped[str] = mapped_column(
        default=ReasonKind.DESK, server_default="desk"
    )
    triage: Mapped[str | None]
    needs_person: Mapped[bool] = mapped_column(default=False)

    # What it was tried with, and who died of it.
    tries: Mapped[int] = mapped_column(default=0)  # that were counted
    resends: Mapped[int] = mapped_column(default=0)  # after a clean "not there"
    # How many processes died with it in hand, or have it there: too many is poison.
    crash_count: Mapped[int] = mapped_column("pickups", default=0)
    in_hand_of: Mapped[str | None]  # which process makes it ready, while it is suspect
    in_hand_at: Mapped[datetime | None]

    # What the desk knows of it on the platform.
    published_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None]  # when to ask the platform
    looks: Mapped[int] = mapped_column(default=0)  # clean "not there" in a row
    blind_looks: Mapped[int] = mapped_column(default=0)  # looks that couldn't tell
    unseen: Mapped[str | None]  # why the last one couldn't
    recheck_at: Mapped[datetime | None]  # published after a send-again: is it twice?
    lookalikes: Mapped[list[str]] = mapped_column(default=list)  # links: may be it
    twice_url: Mapped[str | None]  # it is live twice: the other one

    channel: Mapped[Channel] = relationship()
    share: Mapped[Share] = relationship()
    article: Mapped[Article | None] = relationship()
    card: Mapped[LinkCard | None] = relationship()  # of a link that is no article's
    picture: Mapped[Picture | None] = relationship()
    parts: Mapped[list[Part]] = relationship(
        back_populates="post", order_by="Part.position", cascade="all, delete-orphan"
    )
    copies: Mapped[list[WorkingCopy]] = relationship(
        primaryjoin=lambda: and_(
            WorkingCopy.post_id == Post.id, WorkingCopy.discarded_at.is_(None)
        ),
        order_by=WorkingCopy.saved_at.desc(),
        viewonly=True,
    )

    @validates("reason")
    def _reason_anew(self, _: str, reason: str) -> str:
        """A new reason is the desk's own, until its kind is said behind it."""
        self.reason_kind = ReasonKind.DESK
        return reason


class Part(Base):
    """One piece of a post, with its own key, staged uploads and receipt."""

    __tablename__ = "parts"
    __table_args__ = (
        UniqueConstraint("post_id", "position"),
        UniqueConstraint("channel_id", "remote_id"),
        Index(
            "ix_parts_live",
            "channel_id",
            "published_at",
            sqlite_where=text("published_at IS NOT NULL"),
            postgresql_where=text("published_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    position: Mapped[int] = mapped_column(default=1)
    text: Mapped[str | None]  # None: the post's own text
    key: Mapped[str] = mapped_column(unique=True)  # one per part and revision
    staged: Mapped[dict[str, Any] | None]
    staged_for: Mapped[str | None]  # account, credential version, revision
    staged_until: Mapped[datetime | None]
    remote_id: Mapped[str | None]
    url: Mapped[str | None]
    published_at: Mapped[datetime | None]
    account_total: Mapped[int | None]  # posts of the account by then, as it counts
    post: Mapped[Post] = relationship(back_populates="parts")
    attempts: Mapped[list[Attempt]] = relationship(
        back_populates="part", order_by="Attempt.number", cascade="all, delete-orphan"
    )


class Attempt(Base):
    """One try at publishing one part, on record before it starts."""

    __tablename__ = "attempts"
    __table_args__ = (
        one_of("outcome", Outcome),
        UniqueConstraint("part_id", "number"),
        Index("ix_attempts_made", "channel_id", "intent_at"),
        Index(
            "uq_attempts_open_key",
            "key",
            unique=True,
            sqlite_where=text("outcome IS NULL"),
            postgresql_where=text("outcome IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("parts.id"), index=True)
    channel_id: Mapped[int]  # its part's: what was taken of each channel is counted
    number: Mapped[int]
    fence: Mapped[int]
    key: Mapped[str]
    body: Mapped[str]  # the exact bytes, as the connector composed them
    digest: Mapped[str]
    worker: Mapped[str]
    intent_at: Mapped[datetime]
    public_at: Mapped[datetime | None]  # the time it says of itself, where it says one
    deadline_at: Mapped[datetime]
    replied_at: Mapped[datetime | None]
    outcome: Mapped[str | None]  # published, rejected, ...; None: no answer yet
    reason: Mapped[str] = mapped_column(default="")
    remote_id: Mapped[str | None]
    url: Mapped[str | None]
    room_left: Mapped[int | None]  # how many more the platform took, as it said then
    room_until: Mapped[datetime | None]
    outdated: Mapped[bool] = mapped_column(default=False)  # the post was changed since
    part: Mapped[Part] = relationship(back_populates="attempts")


class EventKind(StrEnum):
    """What happened, where something is looked for by that."""

    NOTED = "noted"  # for whoever reads the history, and nobody else
    SUBMITTED = "submitted"  # for approval
    NOT_UPLOADED = "not_uploaded"  # ahead of its time, and may still be


class Event(Base):
    """What happened to a post, in plain words; only ever added to."""

    __tablename__ = "events"
    __table_args__ = (one_of("kind", EventKind), one_of("state", State))

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    at: Mapped[datetime]
    fence: Mapped[int]
    state: Mapped[str]  # the post's, after it
    kind: Mapped[str] = mapped_column(default=EventKind.NOTED, server_default="noted")
    what: Mapped[str]
    by: Mapped[str] = mapped_column(default="")  # their name by then
    person_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    person: Mapped[User | None] = relationship(lazy="joined")

    @property
    def who(self) -> str:
        """Whose doing it was, by the name that they have now; empty: the desk's."""
        return self.person.name if self.person else self.by
