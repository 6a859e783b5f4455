"""The lead image of a page, with its caption, its credit and its alt text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

import regex

from desk.reading.captions import split_credit
from desk.reading.choosing import plain
from desk.reading.jsonld import Picture, Statement
from desk.reading.markup import NO_LEAD, SMALLEST, Figure, Tags

SIZES = regex.compile(
    r"([-_.@](\d{2,4}x\d{2,4}|\d{3,4}w?|w\d+|h\d+|large|small|medium|scaled|thumb\w*|"
    r"original|master))+$"
)


@dataclass(frozen=True)
class Lead:
    url: str | None = None
    caption: str = ""
    credit: str = ""
    alt: str = ""
    said: dict[str, dict[str, str]] = field(default_factory=dict)


def lead_of(tags: Tags, stated: Statement) -> Lead:
    """JSON-LD's largest image, else OpenGraph's, Twitter's, the first figure's.

    The caption and the credit are those of the figure that shows the same picture,
    else the first figure's, else JSON-LD's.
    """
    figures = list(tags.figures())
    pictures = sorted(_usable(stated.pictures), key=lambda p: -p.width)
    said = {
        "json-ld": pictures[0].url if pictures else "",
        "opengraph": tags.meta("og:image:secure_url", "og:image", "og:image:url"),
        "twitter": tags.meta("twitter:image", "twitter:image:src"),
        "figure": next((u for f in figures for u in f.urls if _is_lead(u)), ""),
    }
    said = {source: url for source, url in said.items() if url and _is_lead(url)}
    if not said:
        return Lead()
    url = urljoin(tags.url, plain(next(iter(said.values()))))
    figure = _showing(figures, url, list(said.values()))
    picture = pictures[0] if pictures else Picture("")
    return _lead(tags, url, figure, picture, said)


def _lead(
    tags: Tags,
    url: str,
    figure: Figure | None,
    picture: Picture,
    said: dict[str, str],
) -> Lead:
    stated_caption, stated_credit = split_credit(plain(picture.caption))
    shown = (plain(figure.caption), plain(figure.credit)) if figure else ("", "")
    captions = {"figure": shown[0], "json-ld": stated_caption}
    credits = {"figure": shown[1], "json-ld": plain(picture.credit) or stated_credit}
    alts = {
        "figure": plain(figure.alt) if figure else "",
        "opengraph": plain(tags.meta("og:image:alt", "twitter:image:alt")),
    }
    notes = {"image_url": said, "caption": captions, "credit": credits, "alt": alts}
    return Lead(
        url,
        caption=_first(captions),
        credit=_first(credits),
        alt=_first(alts),
        said={
            name: spoken
            for name, sources in notes.items()
            if (spoken := {s: text for s, text in sources.items() if text})
        },
    )


def _first(said: dict[str, str]) -> str:
    return next((text for text in said.values() if text), "")


def _usable(pictures: tuple[Picture, ...]) -> Iterator[Picture]:
    for picture in pictures:
        if picture.url and _is_lead(picture.url) and not 0 < picture.width < SMALLEST:
            yield picture


def _is_lead(url: str) -> bool:
    return NO_LEAD.search(url) is None


def _showing(figures: list[Figure], url: str, others: list[str]) -> Figure | None:
    """The figure that shows this picture, at whatever size; else the first one."""
    wanted = {asset(u) for u in (url, *others)}
    for figure in figures:
        if any(asset(u) in wanted for u in figure.urls):
            return figure
    return figures[0] if figures else None


def asset(url: str) -> str:
    """What stays the same of a picture's address in all its sizes."""
    name = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].lower()
    return str(SIZES.sub("", regex.sub(r"(\.(jpe?g|png|webp|avif|gif))+$", "", name)))
