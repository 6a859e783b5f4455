"""Links: telling one from a text, and which address is the article's own."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import regex

TRACKING = regex.compile(r"utm_|fbclid$|gclid$|mc_[ce]id$|igshid$|wt_|xtor$|cmpid$")
LINK = regex.compile(  # a name has 255 bytes (RFC 1035), so 127 labels at most
    r"(?:[a-z][a-z0-9+.\-]*://\S+"
    r"|(?:[\p{L}\p{N}](?:[\p{L}\p{N}\-]*[\p{L}\p{N}])?\.){1,126}\p{L}{2,}(?::\d+)?(?:[/?#]\S*)?"
    r"|(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])(?::\d+)?(?:[/?#]\S*)?)",
    regex.IGNORECASE,
)

MOST_LINES = 1_000  # of a paste that is looked at as links; more are a text


def link_in(source: str) -> str | None:
    """The link that was pasted, with its scheme, or None when it is a text."""
    line = source.strip().strip("<>\ufeff\u200b")
    if len(line) > 8192 or not LINK.fullmatch(line):
        return None
    return line if "://" in line else f"https://{line}"


def lines_of_links(source: str) -> list[str]:
    """The lines of what was pasted, where it is several links; else none.

    No line has a space inside, so that none is a sentence, and two are links at least;
    one that is none was meant to be. What lists put around a line is left out.
    """
    if source.count("\n") > MOST_LINES:
        return []
    lines = [one for line in source.splitlines() if (one := _bare(line))]
    if any(len(one.split()) > 1 for one in lines):
        return []
    return lines if sum(link_in(one) is not None for one in lines) > 1 else []


def _bare(line: str) -> str:
    return line.strip("\ufeff\u200b").strip().lstrip("-*•–·").rstrip(",;").strip(" <>")


def absolute(base: str, link: str) -> str:
    """A link of a page as an address of its own; empty where it can't be one."""
    try:
        address = urljoin(base, link.strip())
        urlsplit(address)
    except ValueError:  # brackets that hold no IPv6 address
        return ""
    return address


def same_site(one: str, other: str) -> bool:
    a, b = (urlsplit(u).hostname or "" for u in (one, other))
    return a.split(".")[-2:] == b.split(".")[-2:]


def without_tracking(link: str) -> str:
    """The address without its fragment and what only counts clicks."""
    parts = urlsplit(link)
    query = [(k, v) for k, v in parse_qsl(parts.query, True) if not TRACKING.match(k)]
    return urlunsplit(
        (parts.scheme, parts.netloc.lower(), parts.path, urlencode(query), "")
    )
