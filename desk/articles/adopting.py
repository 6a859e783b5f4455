"""Adopting: a share that was begun without a story becomes one of a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from connectors.links import links
from desk import articles, db, shares
from desk.articles import angles, drafting
from desk.articles.drafting import ChannelDraft
from desk.desk import Desk
from desk.lifecycle import GONE, State
from desk.links import same
from desk.models import Article, Post, Share
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.posts import following
from desk.posts.editing import put
from desk.refusal import Refusal, RefusalKind
from desk.shares import rendering
from desk.shares.editing import Change, differing, put_in
from desk.shares.fitting import Fitted

BEGUN = frozenset({State.DRAFT, *GONE})
TAKEN = "It is one of a story now."


class NoTaker(Refusal):
    """The share has its story, or its time: it takes none any more."""

    kind = RefusalKind.CONFLICT


@dataclass(frozen=True)
class Told:
    """A story as it is drafted for a share, before that is changed."""

    article: Article
    drafts: Mapping[int, ChannelDraft]  # by channel
    fitted: Fitted
    said: str  # by most of them


def take_story(
    desk: Desk, share_id: int, article_id: int, *, by: Actor, pasted: str = ""
) -> Share:
    """What was written stays; where nothing was, the story's words, link and picture.

    `pasted`: the link that was read, which its text says no longer. Raises `NoTaker`,
    `NotYours`, `Unreadable`.
    """
    with desk.db.reading() as session:
        rights.refuse(session, by, Permission.WRITE)
        share = shares.find_share(session, share_id)
        _refuse_taken(share, shares.posts_of(session, share_id))
        story = angles.story_of(desk, session, article_id)
    told = _told(desk, story)
    with desk.db.writing() as session:
        share = shares.locked(session, share_id, by)
        its = following.posts_of(session, share)
        _refuse_taken(share, its)
        _take(desk, session, share, its, told, pasted, by)
        return share


def link_to_read(share: Share) -> str:
    """The link in its text, or its own, that could be its story's; mostly none."""
    if share.article_id is not None:
        return ""
    in_text = (one.address for one in links(share.text))
    return next(in_text, share.link or "")


def _told(desk: Desk, story: angles.Story) -> Told:
    """Slow: no session is open meanwhile."""
    article, scaled = story.article, angles.fit_pictures(desk, story)
    reading = articles.reading_of(article)
    drafts = drafting.draft_each(
        desk, reading, story.channels, scaled, story.now, story.used
    )
    return Told(
        article,
        {one.channel_id: one for one in drafts},
        Fitted(article.picture_id, scaled),
        drafting.most_said(drafts),
    )


def _take(
    desk: Desk,
    session: Session,
    share: Share,
    its: Sequence[Post],
    told: Told,
    pasted: str,
    by: Actor,
) -> None:
    article, now = told.article, db.now(session)
    words = _without(share.text, pasted)
    change = Change(
        text=words or told.said,
        link=share.link or article.link,
        pictures=None if share.pictures else drafting.shown_of(article),
        language=share.language or article.language,
    )
    fitted = None if share.pictures else told.fitted
    share.article_id = article.id
    put_in(session, share, differing(share, change), now=now, by=by)
    for post in its:
        draft = told.drafts.get(post.channel_id)
        if draft is None:  # its channel is retired
            post.article_id = article.id
            continue
        drafting.tell_story(session, post, article, draft.draft)
        own = "" if words or post.own_text else draft.draft.teaser
        _put(desk, session, post, share, fitted, own, now, by)


def _without(text: str, pasted: str) -> str:
    """What else the text says than that link."""
    for one in reversed(links(text) if pasted else []):
        if same(one.address, pasted):
            text = text[: one.start] + text[one.end :]
    return text.strip()


def _put(
    desk: Desk,
    session: Session,
    post: Post,
    share: Share,
    fitted: Fitted | None,
    own: str,
    now: datetime,
    by: Actor,
) -> None:
    """`own`: words that were drafted for its channel; they may be the share's."""
    if rendering.can_not_show(post, share, rendering.ALL, fitted):
        rendering.keep_as_own(post, ["picture_id"])
    values = rendering.rendered_columns(
        desk, session, post, share, rendering.ALL, fitted, now
    )
    if own:
        values["text"] = following.words_on(
            desk, post, own, values.get("link", post.link)
        )
    put(desk, session, post, values, TAKEN, now, by)
    if own:
        following.mark_own(desk, post, share, {"text"})


def _refuse_taken(share: Share, its: Sequence[Post]) -> None:
    if share.article_id is not None:
        raise NoTaker("It is a share of a story already.")
    if any(post.state not in BEGUN for post in its):
        raise NoTaker("It is planned already: what goes out stays as it was planned.")
