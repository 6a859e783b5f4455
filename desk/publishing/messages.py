"""Messages: a post's part as the connector's value, image bytes and all."""

from __future__ import annotations

from connectors.base import Image, Message
from desk.desk import Desk
from desk.models import Part, Post


def message_of(desk: Desk, post: Post, part: Part | None = None) -> Message:
    """What this part says. The image and the link go with the first part."""
    first = part is None or part.position == 1
    text = post.text if part is None or part.text is None else part.text
    return Message(
        text=text,
        link=post.link if first else None,
        images=_images(desk, post) if first else (),
        language=post.language or None,
    )


def _images(desk: Desk, post: Post) -> tuple[Image, ...]:
    picture = post.picture
    if picture is None:
        return ()
    return (
        Image(
            data=desk.pictures.get(picture.sha256),
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            alt=post.alt,
            focus=(picture.focus_x, picture.focus_y),
        ),
    )
