"""The lead image of a page, with its caption, its credit and its alt text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import regex

from desk.reading.article import Shown
from desk.reading.bylines import authors_of
from desk.reading.captions import split_caption
from desk.reading.choosing import plain_line
from desk.reading.figures import NO_LEAD, Figure, asset, same_picture
from desk.reading.jsonld import Picture, Statement
from desk.reading.links import absolute
from desk.reading.markup import SMALLEST, Tags

OTHERS = 8
SITE_CARD = regex.compile(  # a picture by its name that stands for the site
    r"(?<![a-z])(?:share|sharing|social|facebook|fb|twitter|default|fallback|card|og|"
    r"opengraph|site|brand|masthead|generic|cover-?default|no-?image)(?![a-z])",
    regex.IGNORECASE,
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
    else JSON-LD's.
    """
    figures = tags.figures()
    shared = tags.meta("og:image:secure_url", "og:image", "og:image:url")
    pictures = sorted(  # of a gallery, the one that the page is shared with
        _usable(stated.pictures),
        key=lambda p: (not same_picture(p.url, shared), -p.width),
    )
    said = {
        "json-ld": pictures[0].url if pictures else "",
        "opengraph": shared,
        "twitter": tags.meta("twitter:image", "twitter:image:src"),
        "figure": next(
            (u for f in _in_story(figures) for u in f.urls if _is_lead(u)), ""
        ),
    }
    addresses = {
        source: absolute(tags.url, plain_line(url))
        for source, url in said.items()
        if url
    }
    said = {source: url for source, url in addresses.items() if url and _is_lead(url)}
    if not said:
        return Lead()
    url = _chosen(said, figures)
    figure = _showing(figures, url)
    picture = pictures[0] if pictures else Picture("")
    return _lead(tags, url, figure, picture, said)


def _chosen(said: dict[str, str], figures: list[Figure]) -> str:
    """The first; a card of the site gives way to a picture that the story shows."""
    first = next(iter(said.values()))
    shown = said.get("figure", "")
    if shown and SITE_CARD.search(asset(first)) and not _showing(figures, first):
        return shown
    return first


def _lead(
    tags: Tags,
    url: str,
    figure: Figure | None,
    picture: Picture,
    said: dict[str, str],
) -> Lead:
    stated_caption, stated_credit = split_caption(plain_line(picture.caption))
    shown = (
        (plain_line(figure.caption), plain_line(figure.credit)) if figure else ("", "")
    )
    captions = {"figure": shown[0], "json-ld": stated_caption}
    stated_owner = _fuller(plain_line(picture.credit), stated_credit)
    credits = {"figure": shown[1], "json-ld": stated_owner}
    alts = {
        "figure": plain_line(figure.alt) if figure else "",
        "opengraph": plain_line(tags.meta("og:image:alt", "twitter:image:alt")),
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


def others_of(tags: Tags, lead: Lead) -> tuple[Shown, ...]:
    """The story's other pictures, each once; what is not shown has no words."""
    stated = lead.said.get("image_url", {}).values()
    shared = [Shown(url) for url in stated]
    found = list[Shown]()
    for shown in (*_framed(tags), *shared):
        known = [lead.url or "", *(one.url for one in found)]
        if not any(same_picture(shown.url, other) for other in known):
            found.append(shown)
    return tuple(found[:OTHERS])


def _framed(tags: Tags) -> Iterator[Shown]:
    """Framed, with words of their own, and no portrait of who wrote the story."""
    for figure in tags.figures():
        url = next((u for u in figure.urls if _is_lead(u)), "")
        if not figure.framed or figure.elsewhere or not url:
            continue
        if (figure.caption or figure.credit) and not authors_of(figure.caption):
            yield Shown(url, figure.caption, figure.credit, figure.alt)


def _in_story(figures: list[Figure]) -> Iterator[Figure]:
    """What a `figure` frames; else what has words of its own beside it."""
    yield from (figure for figure in figures if figure.framed)
    yield from (f for f in figures if not f.framed and not f.elsewhere and f.caption)


def _fuller(one: str, other: str) -> str:
    """A name, or the same with its agency."""
    return other if one.casefold() in other.casefold() else one


def _first(said: dict[str, str]) -> str:
    return next((text for text in said.values() if text), "")


def _usable(pictures: tuple[Picture, ...]) -> Iterator[Picture]:
    for picture in pictures:
        if picture.url and _is_lead(picture.url) and not 0 < picture.width < SMALLEST:
            yield picture


def _is_lead(url: str) -> bool:
    return NO_LEAD.search(url) is None


def _showing(figures: list[Figure], url: str) -> Figure | None:
    """The figure that shows this very picture, at whatever size; no other will do.

    Of the same picture twice, the one that says more: no credit beats a wrong one.
    """
    same = [f for f in figures if any(same_picture(u, url) for u in f.urls)]
    return max(same, key=lambda f: (bool(f.credit), bool(f.caption)), default=None)
