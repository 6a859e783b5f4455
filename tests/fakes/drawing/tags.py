"""How servers draw hashtags, and shortcodes of emoji."""

from __future__ import annotations

from html import escape

from tests.fakes.people import Town


def linked(tag: str, town: Town) -> str:
    """Mastodon: the sign outside of the span."""
    page = escape(f"{town.address}/tags/{tag}")
    link = f'<a href="{page}" class="mention hashtag" rel="tag">'
    return f"{link}#<span>{escape(tag)}</span></a>"


def whole(tag: str, town: Town) -> str:
    """Pleroma: the sign with it, and where it leads in small letters."""
    page = escape(f"{town.address}/tag/{tag.lower()}")
    link = f'<a class="hashtag" data-tag="{escape(tag.lower())}" href="{page}"'
    return f'{link} rel="tag ugc">#{escape(tag)}</a>'


def lowered(tag: str, town: Town) -> str:
    """As GNU social did: small letters, and the sign before the link."""
    page = escape(f"{town.address}/tag/{tag.lower()}")
    return f'#<span class="tag"><a href="{page}">{escape(tag.lower())}</a></span>'


def words_only(tag: str, town: Town) -> str:
    return f"#{escape(tag)}"


def image(code: str, town: Town) -> str:
    """A picture that is called as it was typed."""
    name = f":{escape(code)}:"
    source = escape(f"{town.address}/emoji/{code}.png")
    told = f'alt="{name}" title="{name}" src="{source}"'
    return f'<img class="emojione custom-emoji" {told}>'


def image_beside(code: str, town: Town) -> str:
    """A picture whose name has no colons."""
    source = escape(f"{town.address}/emoji/{code}.png")
    return f'<img alt="{escape(code)}" src="{source}" loading="lazy">'


def apart(code: str, town: Town) -> str:
    """Misskey: between signs that nobody sees."""
    return f"\u200b:{escape(code)}:\u200b"
