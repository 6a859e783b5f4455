"""Messages: a post's part as the connector's value, image bytes and all."""

from __future__ import annotations

from urllib.parse import urlsplit

from connectors.base import Card, Image, Message
from desk import picturing
from desk.desk import Desk
from desk.models import Article, Part, Picture, Post
from desk.writing.tagging import tagged


def message_of(desk: Desk, post: Post, part: Part) -> Message:
    """What this part says: the first has the image; it or the last has the link."""
    alone = len(post.parts) == 1
    with_link = alone or part is post.parts[-1 if post.link_in_reply else 0]
    return Message(
        text=post.text if part.text is None else part.text,
        link=link_of(post) if with_link else None,
        images=_images(desk, post) if part is post.parts[0] else (),
        language=post.language or None,
        card=_card(desk, post) if with_link else None,
    )


def whole_message(desk: Desk, post: Post) -> Message:
    """All that the post says, before it is taken into parts."""
    return Message(
        text=post.text,
        link=link_of(post),
        images=_images(desk, post),
        language=post.language or None,
        card=_card(desk, post),
    )


def link_of(post: Post) -> str | None:
    """The link as it is sent: tagged, unless it leads to another site.

    An article that came without a link has the one that its post was given.
    """
    if not (post.link and post.tags):
        return post.link
    told = post.article.link if post.article else None
    ours = told is None or urlsplit(post.link).netloc == urlsplit(told).netloc
    return tagged(post.link, post.tags) if ours else post.link


def _images(desk: Desk, post: Post) -> tuple[Image, ...]:
    if post.picture is None:
        return ()
    return (_image(desk, post.picture, post),)


def _card(desk: Desk, post: Post) -> Card | None:
    """What the article's own link shows of it; of another link nothing is known."""
    article = post.article
    if article is None or post.link is None or post.link != article.link:
        return None
    return Card(article.headline, article.standfirst, _lead(desk, article))


def _lead(desk: Desk, article: Article) -> Image | None:
    if article.picture is None:
        return None
    picture = article.picture
    focus = (picture.focus_x, picture.focus_y)
    data = desk.pictures.derived(
        picture.sha256, "card", lambda whole: picturing.card(whole, focus).data
    )
    width, height = picturing.CARD
    return Image(data, "image/jpeg", width, height, article.alt, credit=article.credit)


def _image(desk: Desk, picture: Picture, post: Post) -> Image:
    return Image(
        data=desk.pictures.get(picture.sha256),
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        alt=post.alt,
        focus=(picture.focus_x, picture.focus_y),
        credit=post.credit,
    )
