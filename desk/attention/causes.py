"""Causes: what needs a person, grouped by what happened, in words for an editor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import attention
from desk.lifecycle import REFUSED, Outcome, State
from desk.models import Attempt, Part, Post
from desk.models.posts import ReasonKind, Triage
from desk.posts.bundles import Bundle, bundle_all
from desk.publishing import live_twice, maybe_live
from desk.publishing.lateness import live_words


class Cause(IntEnum):
    """Why a post needs a person; the most pressing first."""

    TWICE = 1
    MAYBE = 2
    PARTLY = 3
    FAILED = 4
    MISSED = 5
    ASIDE = 6
    HELD = 7
    REVIEW = 8


class Sure(StrEnum):
    """What is known of whether readers can see it."""

    NOT_SENT = "Surely not sent"
    SENT = "Surely sent"
    PARTLY = "Partly sent"
    CANT_TELL = "Can't tell"


# by why a post was put aside: a title, and what is to be done
ASIDE: dict[str, tuple[str, str]] = {
    Triage.HELD: ("Fell due during a hold", "Send, move or drop it."),
    Triage.JUMPED: ("Fell due when the clock was set", "Send, move or drop it."),
    Triage.RESTORED: (
        "Fell due while this desk was away",
        "This desk is a copy or a restore, so it may have gone out before: look there "
        "first.",
    ),
    Triage.LINK: ("The story behind the link is not up", ""),
}
PUT_ASIDE = ("Put aside", "")
NOTHING = "Nothing was sent."
TITLES = {
    Cause.TWICE: "Live twice",
    Cause.MAYBE: "May be live on {channel}",
    Cause.PARTLY: "Partly live on {channel}",
    Cause.MISSED: "Missed",
    Cause.HELD: "Held past their time",
    Cause.REVIEW: "Awaiting approval",
}
FAILURES: dict[str, str] = {
    Outcome.REJECTED: "Refused by {channel}",
    Outcome.UNAVAILABLE: "{channel} could not be reached",
}
BULK = frozenset({Triage.HELD, Triage.JUMPED})  # put aside, and surely not sent


@dataclass(frozen=True)
class Last:
    """How the last attempt at a post ended."""

    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Trouble:
    """A post that needs a person, and why."""

    post: Post
    group: Group


@dataclass
class Group:
    """Posts that need a person for the same reason."""

    cause: Cause
    title: str
    happened: str  # in our words
    said: str  # in the platform's own
    sure: Sure
    bulk: bool  # may all of them be sent again with one click?
    posts: list[Post] = field(default_factory=list)
    # posts of the same shares that need a person for another reason, each with that
    others: dict[int, list[Trouble]] = field(default_factory=dict)

    @property
    def bundles(self) -> list[Bundle]:
        """Its posts, those of a share together."""
        return bundle_all(self.posts)

    def troubles_of(self, bundle: Bundle) -> list[Trouble]:
        """What is told of that share here: its posts of this group, then the others."""
        own = [Trouble(post, self) for post in bundle.posts]
        return [*own, *self.others.get(bundle.first.share_id, [])]

    @property
    def troubles(self) -> list[Trouble]:
        """All that is told here."""
        return [one for bundle in self.bundles for one in self.troubles_of(bundle)]

    @property
    def name(self) -> str:
        return self.cause.name.lower()

    def more(self, post: Post) -> str:
        """What is to be known of this one, beside what all of them have in common."""
        if self.cause is Cause.TWICE:
            return live_twice.double_words(post) if len(post.parts) > 1 else ""
        own = self.cause in (Cause.MISSED, Cause.ASIDE) and post.triage != Triage.HELD
        plain = post.reason_kind == ReasonKind.LATE
        return post.reason if own and not plain else ""


def grouped(session: Session, posts: Iterable[Post]) -> list[Group]:
    """The posts that need a person, by cause; the most pressing cause first."""
    posts = list(posts)
    last = _last(session, [post.id for post in posts])
    groups: dict[tuple[object, ...], Group] = {}
    for post in posts:
        ended = last.get(post.id, Last())
        cause = cause_of(post)
        made = _group(cause, post, ended)
        key = (cause, made.title, made.happened, made.said, made.sure, made.bulk)
        groups.setdefault(key, made).posts.append(post)
    return _once(sorted(groups.values(), key=lambda group: group.cause))


def _once(groups: list[Group]) -> list[Group]:
    """Each share in one group alone: that of the most pressing of its reasons."""
    home: dict[int, Group] = {}
    for group in groups:
        for post in list(group.posts):
            its = home.setdefault(post.share_id, group)
            if its is not group:
                group.posts.remove(post)
                its.others.setdefault(post.share_id, []).append(Trouble(post, group))
    return [group for group in groups if group.posts]


def needing(session: Session, now: datetime) -> list[Group]:
    return grouped(session, attention.posts(session, now))


def cause_of(post: Post) -> Cause:
    if post.twice_url is not None:  # whatever became of the rest of its thread
        return Cause.TWICE
    match State(post.state):
        case State.UNCONFIRMED:
            return Cause.MAYBE
        case State.FAILED if live_words(post):
            return Cause.PARTLY
        case State.FAILED:
            return Cause.FAILED
        case State.MISSED:
            return Cause.MISSED
        case State.IN_REVIEW:
            return Cause.REVIEW
        case State.SCHEDULED if post.triage:
            return Cause.ASIDE
        case _:
            return Cause.HELD


def sure(post: Post) -> Sure:
    """Is it out there? Not where a try of it may be live, whatever was said of that."""
    if post.state == State.PUBLISHED:
        return Sure.SENT
    if live_words(post) and post.state != State.UNCONFIRMED:
        return Sure.PARTLY
    return Sure.CANT_TELL if maybe_live.may_be_live(post) else Sure.NOT_SENT


def doubt_words(reason: str) -> str:
    """That a post may be live, and why the desk can't tell, in one sentence."""
    if not reason:
        return "It may be live, and the desk can't tell."
    return f"It may be live, but {reason[0].lower()}{reason[1:]}"


def _group(cause: Cause, post: Post, last: Last) -> Group:
    channel = post.channel.name
    said = last.reason if cause is Cause.FAILED and last.outcome in REFUSED else ""
    title = TITLES.get(cause, "").format(channel=channel)
    known = sure(post)
    if cause is Cause.FAILED:
        title = FAILURES.get(last.outcome, "Failed on {channel}")
        title = title.format(channel=channel)
    if cause is Cause.ASIDE:
        title, _ = ASIDE.get(post.triage or "", PUT_ASIDE)
    return Group(
        cause=cause,
        title=title,
        happened=_happened(cause, post, said, nothing=known is Sure.NOT_SENT),
        said=said,
        sure=known,
        bulk=known is Sure.NOT_SENT
        and (cause in (Cause.FAILED, Cause.MISSED) or post.triage in BULK),
    )


def _happened(cause: Cause, post: Post, said: str, *, nothing: bool) -> str:
    """`nothing`: surely, of it was sent. Else its earlier tries are spoken of."""
    sentences = [_said_of(cause, post, said, nothing=nothing)]
    if cause not in (Cause.TWICE, Cause.MAYBE) and post.triage != Triage.RESTORED:
        sentences.append(maybe_live.earlier_words(post))
    return " ".join(one for one in sentences if one)


def _said_of(cause: Cause, post: Post, said: str, *, nothing: bool) -> str:
    match cause:
        case Cause.TWICE:
            return "Readers see it two times. Delete one of the two there."
        case Cause.MAYBE:
            return doubt_words(post.reason)
        case Cause.FAILED if said and post.reason_kind == ReasonKind.PLATFORM:
            return "Nothing was published." if nothing else ""
        case Cause.MISSED:
            sent = "so nothing was sent" if nothing else "so it was not sent again"
            return f"Too late for the class of the post, {sent}."
        case Cause.ASIDE:
            to_do = ASIDE.get(post.triage or "", PUT_ASIDE)[1]
            return f"{NOTHING} {to_do}".strip() if nothing else to_do
        case Cause.HELD:
            return "Nothing is sent after the hold either, unless you say so."
        case Cause.REVIEW:
            return "Nothing is sent until an editor approves it."
        case _:
            return post.reason


def _last(session: Session, post_ids: list[int]) -> dict[int, Last]:
    query = (
        select(Part.post_id, Attempt.outcome, Attempt.reason)
        .join(Attempt)
        .where(Part.post_id.in_(post_ids))
        .order_by(Attempt.id)
    )
    rows = session.execute(query)
    return {post_id: Last(outcome or "", reason) for post_id, outcome, reason in rows}
