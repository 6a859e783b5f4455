"""Messages: a post's part as the connector's value, image bytes and all."""

from __future__ import annotations

from connectors.base import Card, Image, Message
from desk import picturing
from desk.desk import Desk
from desk.models import Article, Part, Picture, Post


def message_of(desk: Desk, post: Post, part: Part | None = None) -> Message:
    """What this part says. The image and the link go with the first part."""
    first = part is None or part.position == 1
    text = post.text if part is None or part.text is None else part.text
    return Message(
        text=text,
        link=post.link if first else None,
        images=_images(desk, post) if first else (),
        language=post.language or None,
        card=_card(desk, post) if first else None,
    )


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
