"""Messages: a post's part as the connector's value; its pictures are not opened yet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from connectors.base import Card, Image, Message
from desk import pictures, picturing
from desk.desk import Desk
from desk.links import holds, said_as, same_site
from desk.models import Part, Picture, Post
from desk.posts import cards
from desk.writing.tagging import tagged


def message_of(desk: Desk, post: Post, part: Part) -> Message:
    """What this part says: the first has the image; one of them has the link."""
    texts = [post.text if one.text is None else one.text for one in post.parts]
    at = post.parts.index(part)
    text, link = _said(post, texts[at])
    with_link = at == bearer(texts, link, post.link_in_reply)
    return Message(
        text=text,
        link=link if with_link else None,
        images=_images(desk, post) if at == 0 else (),
        language=post.language or None,
        card=_card(desk, post) if with_link else None,
    )


def whole_message(desk: Desk, post: Post, text: str | None = None) -> Message:
    """All that the post says, before it is taken into parts; or would, in this text."""
    said, link = _said(post, post.text if text is None else text)
    return Message(
        text=said,
        link=link,
        images=_images(desk, post),
        language=post.language or None,
        card=_card(desk, post),
    )


def bearer(texts: Sequence[str], link: str | None, in_reply: bool) -> int:
    """Which part has the link: one whose words say it; else the first, or the reply."""
    usual = len(texts) - 1 if in_reply else 0
    return next((at for at, text in enumerate(texts) if holds(text, link)), usual)


def link_of(post: Post) -> str | None:
    """The link as it is sent: tagged, unless it leads to another site.

    An article that came without a link has the one that its post was given.
    """
    return sent_link(post, post.link)


def sent_link(post: Post, link: str | None) -> str | None:
    """The same, were this its link."""
    if not (link and post.tags):
        return link
    told = post.article.link if post.article else None
    ours = told is None or same_site(link, told)
    return tagged(link, post.tags) if ours else link


def _said(post: Post, text: str) -> tuple[str, str | None]:
    """The words and the link. One that the words say, too, is sent once, tagged."""
    sent = link_of(post)
    return said_as(text, post.link, sent) if post.link and sent else (text, sent)


def _images(desk: Desk, post: Post) -> tuple[Image, ...]:
    if post.picture is None:
        return ()
    return (_image(desk, post.picture, post),)


def _card(desk: Desk, post: Post) -> Card | None:
    """What the article's own link shows of it, or the page behind another one."""
    if post.link is None:
        return None
    if (article := post.article) and cards.article_of_link(post):
        image = _shown(desk, article.picture, article.alt, article.credit)
        return Card(article.headline, article.standfirst, image)
    page = cards.kept_card(post)
    if page is None or not page.title:
        return None
    return Card(page.title, page.description, _shown(desk, page.picture, page.alt))


def _shown(
    desk: Desk, picture: Picture | None, alt: str, credit: str = ""
) -> Image | None:
    if picture is None:
        return None
    focus = (picture.focus_x, picture.focus_y)
    read = partial(pictures.card_of, desk.pictures, picture.sha256, focus)
    most, (width, height) = picturing.CARD_BYTES, picturing.CARD
    return Image(read, most, "image/jpeg", width, height, alt, credit=credit)


def _image(desk: Desk, picture: Picture, post: Post) -> Image:
    return Image(
        read=partial(desk.pictures.get, picture.sha256),
        size=picture.bytes,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        alt=post.alt,
        focus=(picture.focus_x, picture.focus_y),
        credit=post.credit,
    )
