"""The one road out to pages and pictures that someone else chose the address of."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    url: str  # where it was found, after redirects
    html: bytes = field(repr=False)
    content_type: str = "text/html"


class Fetcher:
    """Fetches public pages; `allow` names "host:port" pairs that may be private."""

    def __init__(self, allow: str = "") -> None:
        self.allow = allow

    def page(self, url: str) -> Page:
        raise NotImplementedError

    def picture(self, url: str) -> bytes:
        raise NotImplementedError
