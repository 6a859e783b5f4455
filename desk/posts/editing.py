"""Editing: what an editor changes in a post, and who was first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from desk import channels, links, posts
from desk.desk import Desk
from desk.lifecycle import UNDECIDED, State
from desk.models import Post, WorkingCopy
from desk.people.actors import DESK, Actor
from desk.people.rights import Permission
from desk.posts import following, parts, validation, working_copies
from desk.posts.working_copies import ANY, Page
from desk.refusal import Refusal, RefusalKind

Shown = Mapping[str, str | None]  # what a page said before anybody wrote on it

ON_ITS_WAY = (State.IN_REVIEW, State.SCHEDULED, State.CLAIMED)


class Conflict(Refusal):
    """Someone else changed the post meanwhile; holds it as it stands now."""

    kind = RefusalKind.CONFLICT

    def __init__(self, post: Post) -> None:
        super().__init__("Someone else changed this post while you were writing.")
        self.post = post
        self.post_id = post.id  # the row itself goes stale with its transaction


@dataclass(frozen=True)
class Written:
    """What became of words that were kept by themselves."""

    post: Post
    copy: WorkingCopy | None  # None: the post itself says them
    overtaken: bool  # by someone else's change of the post

    def refuse_overtaken(self) -> None:
        """Raises `Conflict`: what comes next would go over that change."""
        if self.overtaken:
            raise Conflict(self.post)


@dataclass(frozen=True)
class Change:
    """What an editor changed; a field that is left out stays as it is."""

    text: str | None = None
    link: str | None = None  # empty: no link
    alt: str | None = None
    credit: str | None = None
    picture_id: int | None = None  # 0: no picture
    thread: bool | None = None  # a text too long for one part goes into several
    link_in_reply: bool | None = None

    def since(self, shown: Shown) -> Change:
        """What was really written over those words; the rest is left out."""
        untouched = {
            name: None
            for name, said in shown.items()
            if said is not None and getattr(self, name) == said
        }
        return replace(self, **untouched)


@dataclass(frozen=True)
class Typed:
    """A change, the revision that it was written on, and what its page showed then."""

    change: Change
    revision: int
    shown: Shown = field(default_factory=dict)  # of nothing: all of it was written
    page: Page = ANY

    @property
    def written(self) -> Change:
        """What was really written; the rest is only sent along."""
        return self.change.since(self.shown)

    @property
    def untouched(self) -> frozenset[str]:
        """The fields that say what their page showed of the working copy."""
        said, shown = vars(self.change), self.page.shown
        return frozenset(name for name in shown if said[name] == shown[name])

    @property
    def is_unfinished(self) -> bool:
        """Is its link none yet?"""
        return bool(links.problem(self.change.link or ""))

    def without_link(self) -> Typed:
        return replace(self, change=replace(self.change, link=None))


def edit(
    desk: Desk,
    session: Session,
    post_id: int,
    typed: Typed,
    *,
    now: datetime,
    by: Actor = DESK,
    person_id: int | None = None,
) -> Post:
    """Save what was written over what its page showed, and put its working copy away.

    What another tab, not seen by that page, put into that copy stays.

    Raises `NotYours`; `Conflict` on an old revision, unless the post says all of it
    already; `NoLink`; and `TooLong` where the post has its time: a draft may be too
    long while it is being written.
    """
    post = posts.lock_editable(session, post_id, by)
    values = _changed(post, typed.written)
    if values and post.revision != typed.revision:
        raise Conflict(post)
    sent = vars(typed.change)
    working_copies.put_away(session, post, person_id, sent, typed.page)
    if not values:
        return post
    put(desk, session, post, values, "Changed.", now, by)
    following.mark_own(desk, post, following.share_of(session, post), values)
    return post


def put(
    desk: Desk,
    session: Session,
    post: Post,
    values: Mapping[str, Any],
    what: str,
    now: datetime,
    by: Actor,
) -> Post:
    """These columns into a locked post whose words may change: a new revision.

    Raises `TooLong` where the post has its time, and can't be sent so.
    """
    for name, value in values.items():
        setattr(post, name, value)
    post.revision += 1
    post.former = None
    session.flush()
    session.expire(post, ["picture"])
    parts.lay_out(desk, post)
    if post.state in ON_ITS_WAY:
        validation.refuse_unfit(
            desk, post, channels.find_channel(session, post.channel_id)
        )
        validation.refuse_repeated(desk, session, post)
    return posts.alter(session, post, what, now, by)


def autosave(
    desk: Desk,
    session: Session,
    post_id: int,
    typed: Typed,
    *,
    now: datetime,
    by: Actor,
    person_id: int,
) -> Written:
    """Keep what is being typed: in a draft itself, else in a working copy.

    A link that is none yet stays in the working copy, and keeps no other words waiting.
    Never changes what will be sent, nor what someone else wrote since its revision.
    Raises `OtherWords` where it would go over what they typed in another tab.
    """
    post = posts.lock_editable(session, post_id, by, Permission.WRITE)
    new = typed.is_unfinished or not says(post, typed.written)
    behind = new and post.revision != typed.revision
    if behind or (new and post.state not in UNDECIDED):
        copy = _keep_aside(session, post, person_id, typed, now)
        return Written(post, copy, overtaken=behind)
    if not typed.is_unfinished:
        edit(desk, session, post_id, typed, now=now, by=by, person_id=person_id)
        return Written(post, None, overtaken=False)
    rest, link = typed.without_link(), {"link": typed.change.link}
    edit(desk, session, post_id, rest, now=now, by=by, person_id=person_id)
    copy = working_copies.keep(
        session, post, person_id, link, post.revision, now, typed.page
    )
    return Written(post, copy, overtaken=False)


def _keep_aside(
    session: Session, post: Post, person_id: int, typed: Typed, now: datetime
) -> WorkingCopy:
    """In their working copy; what is only sent along, it has as the post has it."""
    written = vars(typed.written)
    sent = [name for name, said in vars(typed.change).items() if said is not None]
    return working_copies.keep(
        session,
        post,
        person_id,
        {name: written[name] for name in sent},
        typed.revision,
        now,
        typed.page,
        typed.untouched,
    )


def says(post: Post, change: Change) -> bool:
    """Does the post say all of this already? What is no link yet it does not say."""
    return not links.problem(change.link or "") and not _changed(post, change)


def _changed(post: Post, change: Change) -> dict[str, Any]:
    """The columns that really differ; new words for the alt text are no draft."""
    values: dict[str, Any] = {
        name: value for name, value in vars(change).items() if value is not None
    }
    if "link" in values:
        values["link"] = links.typed(values["link"]) or None
    if "picture_id" in values:
        values["picture_id"] = values["picture_id"] or None
    differing = {k: v for k, v in values.items() if getattr(post, k) != v}
    if "alt" in differing:
        differing["alt_is_draft"] = False
    return differing
