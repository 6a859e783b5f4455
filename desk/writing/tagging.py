"""Tagging: a link that tells the newsroom's own statistics which post it came from."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import regex

from desk.writing.templates import BadTemplate

PARAMETERS = ("source", "medium", "campaign", "content")
USUAL = {
    "source": "{platform}",
    "medium": "social",
    "campaign": "{section}",
    "content": "post-{post}",
}
NAMES = ("platform", "channel", "section", "slug", "post", "date")
LONGEST = 100  # letters of one value
HOLE = regex.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Named:
    """What a link's tags can say of a post and its story."""

    section: str
    slug: str
    post: str
    local_at: datetime  # newsroom time

    def on(self, platform: str, channel: str) -> dict[str, str]:
        """The facts for `tags`, on this channel."""
        return {
            "platform": platform,
            "channel": channel,
            "section": self.section,
            "slug": self.slug,
            "post": self.post,
            "date": f"{self.local_at:%Y-%m-%d}",
        }


def check(rule: str) -> None:
    """Raises `BadTemplate` where a rule names what there is not."""
    strange = next((n for n in HOLE.findall(rule) if n not in NAMES), None)
    if strange is not None or regex.search(r"[{}]", HOLE.sub("", rule)):
        known = ", ".join(f"{{{name}}}" for name in NAMES)
        what = (
            f"{{{strange}}}" if strange is not None else "a bracket that stands alone"
        )
        raise BadTemplate(f"A link's tag can't have {what}. It knows {known}.")
    if len(rule) > LONGEST:
        raise BadTemplate(f"A link's tag has {LONGEST} characters at most.")


def tags(rules: Mapping[str, str], facts: Mapping[str, str]) -> str:
    """The query that goes behind a link, such as `utm_source=mastodon&utm_medium=…`.

    Values are in lower case with hyphens, since statistics tell “X” from “x”; one
    that has nothing to say is left out.
    """
    found = {
        f"utm_{name}": value
        for name in PARAMETERS
        if (
            value := _slug(HOLE.sub(lambda h: facts.get(h[1], ""), rules.get(name, "")))
        )
    }
    return urlencode(found)


def tagged(link: str, query: str) -> str:
    """The link with this query behind its own; each letter of it stays as it was.

    A parameter that the link has already is left as it is.
    """
    known = {name.lower() for name, _ in parse_qsl(urlsplit(link).query, True)}
    wanted = [(k, v) for k, v in parse_qsl(query) if k.lower() not in known]
    if not wanted:
        return link
    address, mark, fragment = link.partition("#")
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode(wanted)}{mark}{fragment}"


def _slug(value: str) -> str:
    words = regex.findall(r"[\p{L}\p{M}\p{N}_.]+", unicodedata.normalize("NFC", value))
    return "-".join(words).lower()[:LONGEST]
