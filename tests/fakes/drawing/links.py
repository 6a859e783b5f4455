"""How servers draw an address."""

from __future__ import annotations

from html import escape
from urllib.parse import quote, urlsplit, urlunsplit

REL = "nofollow noopener"
PREFIXES = ("https://www.", "http://www.", "https://", "http://")
SHOWN = 30  # letters of a link
OPEN = "%/:?#[]@!$&'()*+,;=~-._"  # letters of an address that need no escape
TRACKING = ("utm_source", "utm_medium", "utm_campaign", "fbclid", "ref")


def shortened(url: str) -> str:
    """Mastodon: the beginning is hidden, and the end is cut to the eye."""
    prefix = next(one for one in PREFIXES if url.lower().startswith(one))
    shown, rest = url[len(prefix) :][:SHOWN], url[len(prefix) + SHOWN :]
    pieces = (
        _span("invisible", url[: len(prefix)]),
        _span("ellipsis" if rest else "", shown),
        _span("invisible", rest),
    )
    return _anchor(url, "".join(pieces), f'rel="{REL}" translate="no"')


def whole(url: str) -> str:
    """GoToSocial: whole, and escaped where it leads, not to the eye."""
    rel = 'rel="nofollow noreferrer noopener"'
    return _anchor(quote(url, safe=OPEN), escape(url), rel)


def followed(url: str) -> str:
    """Pleroma: with the mark of what users wrote."""
    return _anchor(url, escape(url), 'rel="ugc"')


def unlinked(url: str) -> str:
    """The words of it alone."""
    return escape(url)


def cut(url: str) -> str:
    """Cut in earnest: no hidden letters, and a sign that there are more."""
    shown = url.partition("//")[2]
    told = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
    return _anchor(url, escape(told))


def host_only(url: str) -> str:
    """Its site's name."""
    return _anchor(url, escape(urlsplit(url).netloc))


def labelled(url: str) -> str:
    """Some word in its place."""
    return _anchor(url, "🔗 Link")


def dropped(url: str) -> str:
    """Nothing: the card below the words shows it."""
    return ""


def escaped(url: str) -> str:
    """Escaped wherever it stands, as Addressable writes it."""
    told = quote(url, safe=OPEN)
    return _anchor(told, escape(told))


def lowered_host(url: str) -> str:
    """As browsers write it: the site in small letters, and a path in any case."""
    parts = urlsplit(url)
    path = parts.path or "/"
    told = urlunsplit((parts.scheme, parts.netloc.lower(), path, *parts[3:]))
    return _anchor(told, escape(told))


def through_a_redirect(url: str) -> str:
    """It leads through a page that counts; the words stay."""
    return _anchor(f"https://out.example/?to={quote(url, safe='')}", escape(url))


def tagged(url: str) -> str:
    """With the server's own tag behind it, where it leads."""
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, "ref=fediverse"]))
    return _anchor(urlunsplit((*parts[:3], query, parts.fragment)), escape(url))


def untracked(url: str) -> str:
    """Less what tells where a reader came from."""
    parts = urlsplit(url)
    kept = [
        one
        for one in parts.query.split("&")
        if one and one.partition("=")[0].lower() not in TRACKING
    ]
    told = urlunsplit((*parts[:3], "&".join(kept), parts.fragment))
    return _anchor(told, escape(told))


def _anchor(url: str, shown: str, more: str = "") -> str:
    head = f'<a href="{escape(url)}" target="_blank" {more}'.rstrip()
    return f"{head}>{shown}</a>"


def _span(kind: str, text: str) -> str:
    return f'<span class="{kind}">{escape(text)}</span>'
