"""Illustrating: putting a picture into a post, and taking it out again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from connectors.base import Limits
from desk import articles, channels, db, pictures, posts
from desk.desk import Desk
from desk.models import Article, Picture, Post
from desk.people.actors import Actor
from desk.picturing import Accepted, BadPicture, accept, fit
from desk.posts import Seen, undo
from desk.posts.editing import Change
from desk.shares import illustrating as sharing
from desk.writing.drafts import alt_within


def upload(
    desk: Desk, post_id: int, data: bytes, *, by: Actor, seen: Seen | None = None
) -> Post:
    """An editor's own picture: hostile until proven, made to fit the channel.

    That takes a while, in which the post may change. Raises `BadPicture`, `NotYours`,
    `Overtaken`.
    """
    desk.pictures.refuse_full()
    whole = accept(data)
    with desk.db.reading() as session:
        limits = _limits(desk, posts.find_post(session, post_id))
    fitted = fit(whole.data, limits)  # with no session held: it takes long
    desk.pictures.put(fitted.data)
    with desk.db.writing() as session:
        said = Change(alt="", credit="")
        return _put(desk, session, post_id, fitted, said, by, seen)


def take_articles(
    desk: Desk, post_id: int, *, by: Actor, seen: Seen | None = None
) -> Post:
    """The article's picture back into the post, with its credit and a draft of its alt.

    Raises `BadPicture` where the article has none, or the channel takes none;
    `NotYours`, `Overtaken`.
    """
    with desk.db.reading() as session:
        post = posts.find_post(session, post_id)
        article, lead = _lead(post)
        limits = _limits(desk, post)
        alt = alt_within(articles.reading_of(article), limits)
        said = Change(alt=alt, credit=article.credit)
    fitted = fit(desk.pictures.get(lead.sha256), limits)
    desk.pictures.put(fitted.data)
    with desk.db.writing() as session:
        post = _put(desk, session, post_id, fitted, said, by, seen)
        sharing.settle_picture(desk, session, post, lead.id)
        return post


def remove(
    desk: Desk,
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor,
    seen: Seen | None = None,
) -> Post:
    """The post without its picture: its link shows a card then."""
    change = Change(picture_id=0, alt="", credit="")
    return undo.change_with_undo(
        desk, session, post_id, change, now=now, by=by, seen=seen, alt_is_draft=False
    )


def _put(
    desk: Desk,
    session: Session,
    post_id: int,
    fitted: Accepted,
    said: Change,
    by: Actor,
    seen: Seen | None,
) -> Post:
    now = db.now(session)
    posts.locked(session, post_id, by, seen=seen)  # before its file is kept
    kept = pictures.keep(session, desk.pictures, fitted, now)
    change = Change(picture_id=kept.id, alt=said.alt, credit=said.credit)
    return undo.change_with_undo(
        desk, session, post_id, change, now=now, by=by, alt_is_draft=True
    )


def _lead(post: Post) -> tuple[Article, Picture]:
    article = post.article
    if article is None or article.picture is None:
        raise BadPicture("The article came without a picture: choose one of your own.")
    return article, article.picture


def _limits(desk: Desk, post: Post) -> Limits:
    """What a picture of this post must keep to. Raises `BadPicture`."""
    limits = channels.connect(desk, post.channel).limits
    if limits.images == 0:
        raise BadPicture(f"{post.channel.name} takes no pictures.")
    return limits
