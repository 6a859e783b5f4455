"""Cards: what any page says of itself for those who share its link."""

from __future__ import annotations

from dataclasses import dataclass

from desk.reading.choosing import plain_line
from desk.reading.fetching import Page
from desk.reading.links import absolute
from desk.reading.markup import Tags
from desk.reading.parsing import parsed

TITLE, DESCRIPTION = 300, 1000  # letters that are kept

IMAGES = (
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
)


@dataclass(frozen=True)
class PageCard:
    title: str = ""  # empty: the page gives none
    description: str = ""
    image_url: str = ""
    image_alt: str = ""


def card_of(page: Page) -> PageCard:
    """The page's title, summary and picture, as its tags say them.

    Raises `Unreadable`.
    """
    return parsed(_card_of, page)


def _card_of(page: Page) -> PageCard:
    html = not page.content_type.lower().startswith("text/plain")
    tags = Tags.of(page.html, page.content_type, page.url) if html else None
    if tags is None:
        return PageCard()
    image = tags.meta(*IMAGES)
    h1 = next(iter(tags.h1s), "")
    return PageCard(
        _short(tags.meta("og:title", "twitter:title") or tags.title or h1, TITLE),
        _short(
            tags.meta("og:description", "twitter:description", "description"),
            DESCRIPTION,
        ),
        absolute(page.url, image) if image else "",
        _short(tags.meta("og:image:alt", "twitter:image:alt"), DESCRIPTION),
    )


def _short(said: str, most: int) -> str:
    text = plain_line(said)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
