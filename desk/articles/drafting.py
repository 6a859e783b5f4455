"""Drafting: an article becomes a draft post for each channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import Connector
from desk import pictures, posts, preferences
from desk.channels import connect
from desk.desk import Desk
from desk.models import Article, Channel, Post, Share, SharePicture
from desk.picturing import CENTRE, Accepted, draft_alt
from desk.posts import following, parts
from desk.reading.article import Reading
from desk.reading.parsing import parsed
from desk.shares import fitting
from desk.shares.editing import Shown
from desk.shares.fitting import Focus, Scaled
from desk.writing import drafts
from desk.writing.drafts import STAND_IN, Draft, Voice, each_once
from desk.writing.style import Place, Style
from desk.writing.tagging import tagged

USUAL = Style()
NONE_USED = frozenset[str]()


@dataclass(frozen=True)
class ChannelDraft:
    """A draft with its picture, made to fit; ready to be stored."""

    channel_id: int
    draft: Draft
    picture: Accepted | None


def draft(
    desk: Desk,
    reading: Reading,
    connector: Connector,
    now: datetime,
    style: Style = USUAL,
    channel: str = "",
) -> Draft:
    """Draft one post, where no session is open. `channel`: its name.

    Raises `Unreadable` where its words can't be taken apart.
    """
    local_now = now.astimezone(preferences.zone_of(desk))
    return draft_at(local_now, reading, connector, style, channel)


def draft_at(
    local_now: datetime,
    reading: Reading,
    connector: Connector,
    style: Style = USUAL,
    channel: str = "",
    used: frozenset[str] = NONE_USED,
) -> Draft:
    """The same at this time of the newsroom. Reads and writes no record."""
    voice = Voice.of(connector, style, channel)
    (made,) = parsed(drafts.draft_each, reading, (voice,), local_now, used)
    return made


def prepare(
    desk: Desk,
    reading: Reading,
    channels: Sequence[Channel],
    picture: bytes | None,
    now: datetime,
    focus: Focus = CENTRE,
    used: frozenset[str] = NONE_USED,
) -> list[ChannelDraft]:
    """Draft for every channel, its picture scaled. Slow: no transaction meanwhile.

    `used`: words that were shared before, with which no draft begins if it can.
    """
    scaled = fitting.fitted(desk, picture, channels, focus)
    return draft_each(desk, reading, channels, scaled, now, used)


def draft_each(
    desk: Desk,
    reading: Reading,
    channels: Sequence[Channel],
    scaled: Mapping[int, Scaled],
    now: datetime,
    used: frozenset[str] = NONE_USED,
) -> list[ChannelDraft]:
    """The same with a picture that was made to fit each of them before."""
    local_now = now.astimezone(preferences.zone_of(desk))
    voices = [
        Voice.of(connect(desk, one), Style.of(one.style), one.name) for one in channels
    ]
    made = parsed(drafts.draft_each, reading, voices, local_now, used)
    return [
        ChannelDraft(channel.id, draft, None)
        if voice.style.place is Place.CARD
        else _with_picture(channel.id, draft, reading, scaled[channel.id])
        for channel, voice, draft in zip(channels, voices, made, strict=True)
    ]


def store(
    session: Session,
    desk: Desk,
    article: Article,
    drafts: Sequence[ChannelDraft],
    now: datetime,
    by: int | None,
) -> list[Post]:
    """Keep the drafts; a channel that has a post of this article gets no second.

    They are one share; a channel that came later joins the article's newest one.
    """
    known = set(
        session.scalars(select(Post.channel_id).where(Post.article_id == article.id))
    )
    wanted = [each for each in drafts if each.channel_id not in known]
    if not wanted:
        return []
    share = _newest(session, article) or new_share(session, article, drafts, now, by)
    return store_in(session, desk, article, share, wanted, now, by)


def store_in(
    session: Session,
    desk: Desk,
    article: Article,
    share: Share,
    drafts: Sequence[ChannelDraft],
    now: datetime,
    by: int | None,
) -> list[Post]:
    """Keep the drafts as posts of this share."""
    return [_stored(session, desk, article, share, each, now, by) for each in drafts]


def tell_story(session: Session, post: Post, article: Article, made: Draft) -> None:
    """The post is one of this story from now on, and has its words to choose from."""
    post.article_id = article.id
    post.candidates = _candidates(made)
    post.warnings = list(made.warnings)
    post.not_offered = made.not_offered
    _tag(post, made)
    session.flush()
    session.expire(post, ["article"])


def new_share(
    session: Session,
    article: Article,
    drafts: Sequence[ChannelDraft],
    now: datetime,
    by: int | None,
) -> Share:
    """It says what most of the drafts say; the others are posts with their own text."""
    share = Share(
        article_id=article.id,
        text=most_said(drafts),
        link=article.link,
        language=article.language,
        pictures=[SharePicture(**vars(one)) for one in shown_of(article)],
        created_by=by,
        created_at=now,
    )
    session.add(share)
    session.flush()
    return share


def most_said(drafts: Sequence[ChannelDraft]) -> str:
    """The words of most of them; none where none has any."""
    said = Counter(each.draft.teaser for each in drafts if each.draft.teaser)
    return said.most_common(1)[0][0] if said else ""


def shown_of(article: Article) -> tuple[Shown, ...]:
    """Its picture as a share shows it, the alt text to be looked at."""
    if article.picture_id is None:
        return ()
    alt = draft_alt(article.alt, article.caption)
    return (Shown(article.picture_id, alt, article.credit, bool(alt)),)


def _newest(session: Session, article: Article) -> Share | None:
    of = select(Share).where(Share.article_id == article.id)
    return session.scalars(of.order_by(Share.id.desc()).limit(1)).first()


def _stored(
    session: Session,
    desk: Desk,
    article: Article,
    share: Share,
    each: ChannelDraft,
    now: datetime,
    by: int | None,
) -> Post:
    made = each.draft
    picture_id = None
    if each.picture is not None:
        picture_id = pictures.keep(session, desk.pictures, each.picture, now).id
    post = posts.create(
        session,
        each.channel_id,
        text=made.text,
        link=made.link,
        picture_id=picture_id,
        alt=made.alt,
        alt_is_draft=bool(made.alt),
        credit=article.credit,
        language=article.language,
        article_id=article.id,
        candidates=_candidates(made),
        warnings=made.warnings,
        not_offered=made.not_offered,
        created_by=by,
        share=share,
        now=now,
    )
    _tag(post, made)
    channel = session.get_one(Channel, each.channel_id)
    post.link_in_reply = Style.of(channel.style).place is Place.REPLY
    session.flush()
    _follow(desk, post, share, each)
    parts.lay_out(desk, post)
    return post


def _candidates(made: Draft) -> list[dict[str, Any]]:
    return [
        {"text": one.text, "kind": str(one.kind), "sources": list(one.sources)}
        for one in made.candidates
    ]


def _follow(desk: Desk, post: Post, share: Share, each: ChannelDraft) -> None:
    """A draft with other words than its share's has its own."""
    following.mark_own(desk, post, share, {"text", "link"})
    takes = following.takes_pictures(desk, post)
    post.own_pictures = bool(share.pictures) and takes and each.picture is None


def _tag(post: Post, made: Draft) -> None:
    """Put the post's own number where its draft has a stand-in."""
    post.tags = made.tags.replace(STAND_IN, str(post.id))
    if not made.tags or not made.link:
        return
    drafted, own = tagged(made.link, made.tags), tagged(made.link, post.tags)
    post.text = post.text.replace(drafted, own)
    post.candidates = [
        {**one, "text": one["text"].replace(drafted, own)} for one in post.candidates
    ]


def _with_picture(
    channel_id: int, made: Draft, reading: Reading, scaled: Scaled
) -> ChannelDraft:
    picture = scaled if isinstance(scaled, Accepted) else None
    warnings = list(made.warnings)
    if isinstance(scaled, str):
        warnings.append(scaled)
    elif picture is None and reading.image_url:
        warnings.append("The article's image is not in the post: choose one by hand.")
    if picture is not None and not made.alt:
        warnings.append("The image has no alt text: describe what it shows.")
    return ChannelDraft(
        channel_id, replace(made, warnings=each_once(*warnings)), picture
    )
