"""Drafting: an article becomes a draft post for each channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import Card, Connector, Limits, Message
from desk import pictures, posts, preferences, writing
from desk.channels import connect
from desk.desk import Desk
from desk.models import Article, Channel, Post
from desk.picturing import Accepted, BadPicture, draft_alt, fit
from desk.posts import parts
from desk.reading.article import Reading
from desk.writing import tagging
from desk.writing.fitting import trim
from desk.writing.slugs import slug
from desk.writing.style import Place, Style
from desk.writing.tagging import tagged
from desk.writing.templates import Facts

Focus = tuple[float, float]
CENTRE: Focus = (0.5, 0.5)
USUAL = Style()
STAND_IN = "900000009"  # for a post's number, as long as any will be


@dataclass(frozen=True)
class Draft:
    """What a post would say on one channel, and what the editor should check."""

    text: str  # empty where nothing fits: the warnings say why
    link: str | None
    tags: str  # sent behind the link, with a stand-in for the post's number
    alt: str  # always a draft: a person checks it
    length: int  # as the platform counts it, its link included
    limit: int
    candidates: tuple[writing.Candidate, ...]
    warnings: tuple[str, ...]


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
    """Draft one post. Reads and writes no record; `channel`: its name."""
    local_now = now.astimezone(preferences.zone_of(desk))
    tags = _tags(style, reading, connector, channel, local_now)
    link = tagged(reading.link, tags) if reading.link else None
    frame = _frame(reading, link, style)
    facts = Facts.of(reading, link)

    def over(text: str) -> int:
        return connector.over(replace(frame, text=text))

    def said(teaser: str) -> str:
        """With as many hashtags as fit: they give way to words."""
        hashtags = style.tags_for(reading.topics, teaser)
        many = range(len(hashtags), 0, -1)
        texts = (style.written(teaser, facts, hashtags[:n]) for n in many)
        bare = style.written(teaser, facts, ())
        return next((text for text in texts if not over(text)), bare)

    written = writing.candidates(reading, lambda one: over(said(one)), 0, local_now)
    chosen = [one for one in written.candidates if style.says(one.kind)]
    chosen.sort(key=lambda one: one.kind != style.first)
    made = tuple(replace(one, text=said(one.text)) for one in chosen)
    text = made[0].text if made else ""
    return Draft(
        text=text,
        link=reading.link,
        tags=tags,
        alt=alt_within(reading, connector.limits),
        length=connector.length(replace(frame, text=text)),
        limit=connector.limits.text,
        candidates=made,
        warnings=_once(*reading.warnings, *_no_text(text), *written.notes),
    )


def _frame(reading: Reading, link: str | None, style: Style) -> Message:
    """All of the message but its words."""
    language = reading.language or None
    if style.place is Place.REPLY:
        return Message("", language=language)
    return Message("", link, language=language, card=_card(reading, style))


def _tags(
    style: Style,
    reading: Reading,
    connector: Connector,
    channel: str,
    local_now: datetime,
) -> str:
    """The query that the channel's rules put behind the link."""
    if not style.tagged:
        return ""
    facts = {
        "platform": connector.platform,
        "channel": channel,
        "section": reading.section,
        "slug": slug(reading.headline),
        "post": STAND_IN,
        "date": f"{local_now:%Y-%m-%d}",
    }
    return tagging.tags(style.tags, facts)


def prepare(
    desk: Desk,
    reading: Reading,
    channels: Sequence[Channel],
    picture: bytes | None,
    now: datetime,
    focus: Focus = CENTRE,
) -> list[ChannelDraft]:
    """Draft for every channel, its picture scaled. Slow: no transaction meanwhile."""
    scaled: dict[object, Accepted | str | None] = {}
    drafts = []
    for channel in channels:
        connector, style = connect(desk, channel), Style.of(channel.style)
        made = draft(desk, reading, connector, now, style, channel.name)
        if style.place is Place.CARD:
            drafts.append(ChannelDraft(channel.id, made, None))
            continue
        needs = _needs(connector.limits)
        if needs not in scaled:
            scaled[needs] = _scaled(picture, connector.limits, focus)
        drafts.append(_with_picture(channel.id, made, reading, scaled[needs]))
    return drafts


def store(
    session: Session,
    desk: Desk,
    article: Article,
    drafts: Sequence[ChannelDraft],
    now: datetime,
    by: int | None,
) -> list[Post]:
    """Keep the drafts; a channel that has a post of this article gets no second."""
    known = set(
        session.scalars(select(Post.channel_id).where(Post.article_id == article.id))
    )
    return [
        _stored(session, desk, article, each, now, by)
        for each in drafts
        if each.channel_id not in known
    ]


def _stored(
    session: Session,
    desk: Desk,
    article: Article,
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
        candidates=[
            {"text": one.text, "kind": str(one.kind), "sources": list(one.sources)}
            for one in made.candidates
        ],
        warnings=made.warnings,
        created_by=by,
        now=now,
    )
    _tag(post, made)
    channel = session.get_one(Channel, each.channel_id)
    post.link_in_reply = Style.of(channel.style).place is Place.REPLY
    session.flush()
    parts.lay_out(desk, post)
    return post


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


def _scaled(data: bytes | None, limits: Limits, focus: Focus) -> Accepted | str | None:
    """The picture as this channel takes it, or the sentence that says why not."""
    if data is None or limits.images == 0:
        return None
    try:
        return fit(data, limits, focus)
    except BadPicture as error:
        return str(error)


def _with_picture(
    channel_id: int, made: Draft, reading: Reading, scaled: Accepted | str | None
) -> ChannelDraft:
    picture = scaled if isinstance(scaled, Accepted) else None
    warnings = list(made.warnings)
    if isinstance(scaled, str):
        warnings.append(scaled)
    elif picture is None and reading.image_url:
        warnings.append("The article's image is not in the post: choose one by hand.")
    if picture is not None and not made.alt:
        warnings.append("The image has no alt text: describe what it shows.")
    return ChannelDraft(channel_id, replace(made, warnings=_once(*warnings)), picture)


def _card(reading: Reading, style: Style) -> Card | None:
    """What the link shows, where no picture of the post takes its place."""
    if reading.image_url is not None and style.place is not Place.CARD:
        return None
    return Card(reading.headline, reading.standfirst)


def alt_within(reading: Reading, limits: Limits) -> str:
    """The alt text, with room left for the credit that may go behind it."""
    room = limits.alt - len(f" ({reading.credit})")
    return trim(draft_alt(reading), len, max(0, room), reading.language)


def _no_text(text: str) -> tuple[str, ...]:
    if text:
        return ()
    return ("Nothing in the article fits this channel as it stands: write the text.",)


def _needs(limits: Limits) -> object:
    """Channels that need the same here need the same picture."""
    return (
        limits.images > 0,
        limits.image_bytes,
        limits.image_pixels,
        limits.media_types,
    )


def _once(*sentences: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))
