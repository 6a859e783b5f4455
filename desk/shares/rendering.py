"""Rendering: what the post of a share says, in all in which it follows that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from desk import lifecycle, pictures
from desk.desk import Desk
from desk.models import Post, Share
from desk.posts import following
from desk.shares.fitting import Fitted


class Field(StrEnum):
    """What a share says, as its changes are told apart."""

    TEXT = "text"
    PICTURES = "pictures"
    LINK = "link"
    DUE_AT = "due_at"
    PRIORITY = "priority"
    LANGUAGE = "language"
    NOTE = "note"
    LABELS = "labels"


WORDS = frozenset({Field.TEXT, Field.LINK})  # a text may say its link
ALL = frozenset(Field)
OWN = {  # the mark of what says its own, by the columns that say it
    "own_text": ("text",),
    "own_link": ("link",),
    "own_pictures": ("picture_id", "alt", "credit"),
}
NO_PICTURE = {"picture_id": None, "alt": "", "alt_is_draft": False, "credit": ""}


def rendered_columns(
    desk: Desk,
    session: Session,
    post: Post,
    share: Share,
    fields: Collection[Field],
    fitted: Fitted | None,
    now: datetime,
) -> dict[str, Any]:
    """The columns in which the post says something else by now.

    `fields`: what was changed of the share. `fitted`: its picture; None: it shows that
    already. One that can't be shown is left out: `can_not_show` says so.
    """
    wanted: dict[str, Any] = {}
    link = post.link if post.own_link else share.link
    if Field.LINK in fields:
        wanted["link"] = link
    if WORDS & set(fields) and not post.own_text:
        wanted["text"] = following.text_of(desk, post, share, link)
    if Field.PICTURES in fields and not post.own_pictures:
        wanted |= _picture(desk, session, post, share, fitted, now)
    if Field.LANGUAGE in fields:
        wanted["language"] = share.language
    if Field.PRIORITY in fields:
        wanted |= _class(post, share)
    return {k: v for k, v in wanted.items() if getattr(post, k) != v}


def can_not_show(
    post: Post, share: Share, fields: Collection[Field], fitted: Fitted | None
) -> str:
    """Why its channel, which takes pictures, can't have this one; empty: it can."""
    asked = Field.PICTURES in fields and not post.own_pictures
    if fitted is None or not asked or not share.pictures:
        return ""
    made = fitted.on(post.channel_id, share.pictures[0].picture_id)
    return made if isinstance(made, str) else ""


def keep_as_own(post: Post, columns: Collection[str]) -> None:
    """It says something else than its share in these from now on."""
    for mark, said in OWN.items():
        if set(said) & set(columns):
            setattr(post, mark, True)


def _picture(
    desk: Desk,
    session: Session,
    post: Post,
    share: Share,
    fitted: Fitted | None,
    now: datetime,
) -> dict[str, Any]:
    if not share.pictures:
        return NO_PICTURE
    seen = share.pictures[0]
    said = following.about_picture(desk, post, seen)
    if fitted is None:
        return said
    match fitted.on(post.channel_id, seen.picture_id):
        case str():
            return {}
        case None:
            return said | {"picture_id": None}
        case made:
            kept = pictures.keep(session, desk.pictures, made, now)
            return said | {"picture_id": kept.id}


def _class(post: Post, share: Share) -> dict[str, Any]:
    """How late is too late goes with it."""
    if post.due_at is None:
        return {"priority": share.priority}
    own = post.channel.deadlines_s
    late = post.due_at + lifecycle.deadline(share.priority, own)
    return {"priority": share.priority, "expires_at": late}
