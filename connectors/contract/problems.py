"""Problems: what of a message is over a platform's limits, as editors read it."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.contract.channel import Limits
from connectors.contract.message import About, Image, Message, Problem


def find_problems(
    message: Message, length: int, limits: Limits, title: str
) -> list[Problem]:
    """What `title` can't carry of it; `length` as that platform counts."""
    found = []
    if (over := length - limits.text) > 0:
        found.append(Problem(f"The text is {over} over the limit of {limits.text}."))
    if not (message.text.strip() or message.images or message.link):
        found.append(Problem("The post has no text."))
    if len(message.images) > limits.images:
        said = f"{title} takes {limits.images} images at most."
        found.append(Problem(said, About.IMAGE))
    for image in message.images:
        found += _image_problems(image, limits, title)
    return found


def _image_problems(image: Image, limits: Limits, title: str) -> Iterator[Problem]:
    if image.media_type not in limits.media_types:
        said = f"{title} does not take {image.media_type} images."
        yield Problem(said, About.IMAGE)
    if image.size > limits.image_bytes:
        said = f"The image is over {limits.image_bytes:,} bytes."
        yield Problem(said, About.IMAGE)
    if (over := len(image.description) - limits.alt) > 0:
        said = f"The alt text is {over} over the limit of {limits.alt}."
        yield Problem(said, About.ALT)
