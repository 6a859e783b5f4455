"""Making: a new share, of nothing but its words or of one that there is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import channels, links, posts, preferences, shares
from desk.desk import Desk
from desk.lifecycle import Priority, State
from desk.models import Article, Channel, Post, Share
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.posts import following, parts
from desk.posts.messages import link_of
from desk.refusal import Refusal, RefusalKind
from desk.shares import rendering
from desk.shares.editing import Shown, picture_rows
from desk.shares.fitting import NOTHING, Fitted
from desk.writing import tagging
from desk.writing.style import Place, Style
from desk.writing.tagging import Named

OF_STORY = ("candidates", "not_offered", "warnings")
ARRANGED = ("thread", "link_in_reply", "carried")


class NoChannel(Refusal):
    """A share goes out on one channel at the least."""

    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class New:
    """What a share says that is made without a story."""

    text: str
    link: str = ""
    pictures: tuple[Shown, ...] = ()
    language: str = ""
    priority: str = Priority.NORMAL
    note: str = ""
    labels: tuple[str, ...] = ()


def make_share(
    desk: Desk,
    session: Session,
    new: New,
    channel_ids: Sequence[int],
    *,
    now: datetime,
    by: Actor,
    fitted: Fitted = NOTHING,
    idempotency_key: str | None = None,
) -> Share:
    """Drafts that follow it, one a channel. The same key again gives the same share.

    Raises `NotYours`, `NoChannel`, `NoLink`, `BadLabel`.
    """
    rights.refuse(session, by, Permission.WRITE)
    keys = {id_: idempotency_key and f"{idempotency_key}/{id_}" for id_ in channel_ids}
    if earlier := _made_with(session, list(filter(None, keys.values()))):
        return earlier
    if not channel_ids:
        raise NoChannel("Choose a channel that it goes out on.", "channels")
    share = Share(
        text=new.text,
        link=links.typed(new.link) or None,
        language=new.language,
        priority=new.priority,
        note=new.note,
        pictures=picture_rows(new.pictures),
        labels=shares.labels(session, new.labels),
        created_by=by.person_id,
        created_at=now,
    )
    session.add(share)
    for id_ in channel_ids:
        channel = channels.find_channel(session, id_)
        post = _drafted(session, share, channel, now, keys[id_])
        _render(desk, session, post, share, fitted, now)
    return share


def share_again(
    desk: Desk,
    session: Session,
    share_id: int,
    *,
    now: datetime,
    by: Actor,
    fitted: Fitted = NOTHING,
) -> Share:
    """The same text, pictures and labels for the same channels, at times to come.

    What a post said of its own stays with that post. `fitted`: the share's picture, for
    those that showed another. Raises `NotYours`, `NoChannel`.
    """
    return _copied(desk, session, share_id, now, by, fitted, with_own=False)


def duplicate_share(
    desk: Desk, session: Session, share_id: int, *, now: datetime, by: Actor
) -> Share:
    """All that its posts say, with what each says of its own; no times."""
    return _copied(desk, session, share_id, now, by, NOTHING, with_own=True)


def _copied(
    desk: Desk,
    session: Session,
    share_id: int,
    now: datetime,
    by: Actor,
    fitted: Fitted,
    with_own: bool,
) -> Share:
    of = shares.locked(session, share_id, by)
    its = [post for post in following.posts_of(session, of) if _goes_out(post)]
    if not its:
        raise NoChannel(
            "None of its posts is left on a channel that is in use: make a new post."
        )
    share = Share(
        article_id=of.article_id,
        text=of.text,
        link=of.link,
        language=of.language,
        priority=of.priority,
        note=of.note if with_own else "",
        pictures=picture_rows([Shown.of(one) for one in of.pictures]),
        labels=list(of.labels),
        created_by=by.person_id,
        created_at=now,
    )
    session.add(share)
    for old in its:
        post = _drafted(session, share, old.channel, now)
        for name in (*OF_STORY, *ARRANGED):
            setattr(post, name, getattr(old, name))
        _tag(desk, session, post, share.article, now)
        _take_over(post, old, with_own)
        _render(desk, session, post, share, fitted, now, shown=not old.own_pictures)
    return share


def _take_over(post: Post, old: Post, with_own: bool) -> None:
    """What the old post says, where that is the share's, or wanted with it."""
    for mark, columns in rendering.OWN.items():
        own = getattr(old, mark)
        setattr(post, mark, own and with_own)
        if with_own or not own:
            for name in (*columns, *(["alt_is_draft"] if "alt" in columns else ())):
                setattr(post, name, getattr(old, name))
    before, now = link_of(old), link_of(post)
    if before and now and before != now:
        post.text = post.text.replace(before, now)
        post.candidates = [
            {**one, "text": one["text"].replace(before, now)} for one in post.candidates
        ]


def _render(
    desk: Desk,
    session: Session,
    post: Post,
    share: Share,
    fitted: Fitted,
    now: datetime,
    shown: bool = False,
) -> None:
    """`shown`: it shows the share's picture already, as its channel takes it."""
    session.flush()
    made = None if shown else fitted
    if rendering.can_not_show(post, share, rendering.ALL, made):
        rendering.keep_as_own(post, ["picture_id"])
    values = rendering.rendered_columns(
        desk, session, post, share, rendering.ALL, made, now
    )
    for name, value in values.items():
        setattr(post, name, value)
    session.flush()
    session.expire(post, ["picture"])
    parts.lay_out(desk, post)


def _drafted(
    session: Session,
    share: Share,
    channel: Channel,
    now: datetime,
    idempotency_key: str | None = None,
) -> Post:
    """A post of the share, which says nothing yet."""
    session.flush()
    post = posts.create(
        session,
        channel.id,
        text="",
        article_id=share.article_id,
        language=share.language,
        priority=share.priority,
        created_by=share.created_by,
        idempotency_key=idempotency_key,
        share=share,
        now=now,
    )
    post.link_in_reply = Style.of(channel.style).place is Place.REPLY
    return post


def _tag(
    desk: Desk, session: Session, post: Post, article: Article | None, now: datetime
) -> None:
    """What its link says of it, where its channel wants that of stories' links."""
    style = Style.of(post.channel.style)
    if article is None or not style.tagged:
        return
    local_at = now.astimezone(preferences.zone(session, desk.settings))
    named = Named(article.section, article.slug, str(post.id), local_at)
    facts = named.on(post.channel.platform, post.channel.name)
    post.tags = tagging.tags(style.tags, facts)


def _goes_out(post: Post) -> bool:
    return post.state != State.CANCELLED and post.channel.retired_at is None


def _made_with(session: Session, keys: Collection[str]) -> Share | None:
    its = select(Post.share_id).where(Post.made_with.in_(keys))
    return session.scalars(select(Share).where(Share.id.in_(its))).first()
