"""Following: a post says what its share says, until it says something of its own.

A post whose mark is not set says what stands here. Whoever changes either sets the
mark of what differs from then on, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.base import Message
from desk import channels
from desk.desk import Desk
from desk.links import said_as
from desk.models import Post, Share, SharePicture
from desk.people.actors import Actor
from desk.posts.messages import sent_link
from desk.writing import following
from desk.writing.following import Frame
from desk.writing.style import Place, Style
from desk.writing.templates import Facts

ABOUT_PICTURE = frozenset({"alt", "credit"})
AROUND_TEXT = frozenset({"link", "link_in_reply", "language"})


def share_of(session: Session, post: Post) -> Share:
    """As it stands now. The post is locked, so its share changes no more of it."""
    session.flush()
    return session.get_one(Share, post.share_id, populate_existing=True)


def locked_share(session: Session, share_id: int) -> Share:
    """For a change of it. Whoever changes several takes it before any of its posts."""
    return session.get_one(
        Share, share_id, with_for_update=True, populate_existing=True
    )


def posts_of(session: Session, share: Share) -> list[Post]:
    """All of them, locked, in one order: none follows or leaves it meanwhile."""
    query = select(Post).where(Post.share_id == share.id).order_by(Post.id)
    anew = {"populate_existing": True}
    return list(session.scalars(query.with_for_update(), execution_options=anew))


def write_share(
    share: Share, values: Mapping[str, Any], now: datetime, by: Actor
) -> None:
    """What the locked share says from now on: a revision of its own."""
    share.revision += 1
    for name, value in values.items():
        setattr(share, name, value)
    doing = [by.name, by.person_id, now.isoformat()]
    last = share.changed_at | dict.fromkeys(values, share.revision)
    last["by"] = share.changed_at.get("by", {}) | dict.fromkeys(values, doing)
    share.changed_at = last


def text_of(desk: Desk, post: Post, share: Share, link: str | None) -> str:
    """What the share's text is on this channel, beside this link."""
    return words_on(desk, post, share.text, link)


def words_on(desk: Desk, post: Post, text: str, link: str | None) -> str:
    """The same of any text. A link in it names the post, where it is tagged."""
    sent = sent_link(post, link)
    if link and sent and sent != link:
        text = said_as(text, link, sent)[0]
    return following.followed(text, frame_of(desk, post, link))


def words_in(frame: Frame, post: Post, text: str) -> str:
    """What a text of the post says in this frame of its, without its link's tags."""
    words = following.bare(text, frame)
    return said_as(words, post.link, post.link)[0] if post.link else words


def frame_of(desk: Desk, post: Post, link: str | None) -> Frame:
    """What the post's channel puts around words of its story."""
    connector = channels.connect(desk, post.channel)
    sent = sent_link(post, link)
    apart = None if post.link_in_reply else sent
    message = Message("", apart, language=post.language or None)

    def over(text: str) -> int:
        return connector.over(replace(message, text=text))

    topics = tuple(post.article.topics) if post.article else ()
    return Frame(Style.of(post.channel.style), _facts(post, sent), topics, over)


def about_picture(desk: Desk, post: Post, seen: SharePicture) -> dict[str, Any]:
    """What is said of the share's picture on this channel. Cut words are a draft."""
    longest = channels.connect(desk, post.channel).limits.alt
    alt = following.alt_within(seen.alt, seen.credit, longest, post.language)
    drafted = bool(alt) and (seen.alt_is_draft or alt != seen.alt.strip())
    return {"alt": alt, "alt_is_draft": drafted, "credit": seen.credit}


def says_of_picture(desk: Desk, post: Post, share: Share) -> bool:
    if not share.pictures:
        return post.picture_id is None
    said = about_picture(desk, post, share.pictures[0])
    return all(getattr(post, name) == said[name] for name in ABOUT_PICTURE)


def mark_own(desk: Desk, post: Post, share: Share, changed: Collection[str]) -> None:
    """Set the marks, once the fields that were `changed` are in the locked post.

    Words that are the share's are none of its own. Another picture is, whichever.
    """
    fields = frozenset(changed)
    if "link" in fields:
        post.own_link = post.link != share.link
    if "text" in fields or (fields & AROUND_TEXT and not post.own_text):
        post.own_text = post.text != text_of(desk, post, share, post.link)
    if "picture_id" in fields:
        post.own_pictures = True
    elif fields & ABOUT_PICTURE and not post.own_pictures:
        post.own_pictures = not says_of_picture(desk, post, share)


def takes_pictures(desk: Desk, post: Post) -> bool:
    """Where the link shows its card, no picture takes its place."""
    takes = channels.connect(desk, post.channel).limits.images
    return takes > 0 and Style.of(post.channel.style).place is not Place.CARD


def _facts(post: Post, link: str | None) -> Facts:
    article = post.article
    if article is None:
        return Facts(link=link or "")
    return Facts(
        headline=article.headline,
        standfirst=article.standfirst,
        credit=article.credit if article.image_url else "",
        authors=", ".join(article.authors),
        section=article.section,
        link=link or "",
    )
