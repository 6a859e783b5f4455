"""What a server of the fediverse is, what it allows and what it can promise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from connectors.base import Class, Limits
from connectors.http import Client, refusal

Json = Mapping[str, object]

# Measured: an hour on Mastodon (3,600 s in its source). Pleroma says six, in a cache
# that a restart empties, so no more is counted on than Mastodon gives.
WINDOW = timedelta(hours=1)
HONOURS_KEYS = {"mastodon", "pleroma", "akkoma"}

_COMPATIBLE = re.compile(r"compatible;\s*([\w-]+)\s*([^\s)]*)")
_NUMBERED = re.compile(r"\d+\.\d+\.\d++(?![^+~-]*\()")


@dataclass(frozen=True)
class Software:
    name: str
    version: str

    @property
    def exactly_once(self) -> Class:
        """A server that nobody knows promises nothing."""
        return Class.WINDOW if self.name in HONOURS_KEYS else Class.NONE


def instance(client: Client, seconds: float) -> Json:
    """What the server says of itself; the older answer where the newer is short."""
    told: Json = {}
    for path in ("/api/v2/instance", "/api/v1/instance"):
        response = client.get(path, seconds=seconds)
        if response.ok:
            told = completed(told, response.entry())
        elif not told and response.status not in (404, 405, 410, 501):
            raise refusal(response, response.at)
        if says_length(told):
            break
    return told


def nodeinfo(server: str, seconds: float) -> Json:
    """What the server calls itself, where it says so on this very host."""
    anyone = Client(server)  # public, so the token stays at home
    listed = anyone.get("/.well-known/nodeinfo", seconds=seconds)
    if not listed.ok:
        return {}
    for link in _entries(listed.entry().get("links")):
        href = urlsplit(str(link.get("href", "")))
        if href.netloc == urlsplit(server).netloc and href.path:
            response = anyone.get(href.path, seconds=seconds)
            return response.entry() if response.ok else {}
    return {}


def software(instance: Json, nodeinfo: Json) -> Software:
    """What the server says it is; where two signs disagree, the humbler one counts.

    Many servers answer with a Mastodon version number, to please apps that look for
    one, so the number alone proves nothing.
    """
    told = _text(instance.get("version"))
    other = _COMPATIBLE.search(told)
    named = _mapping(nodeinfo.get("software"))
    name = _text(named.get("name")).lower()
    if other and name in ("", "mastodon", other[1].lower()):
        return Software(other[1].lower(), other[2])
    if name:
        return Software(name, _text(named.get("version")) or told)
    if _NUMBERED.match(told) and _is_mainline(instance):
        return Software("mastodon", told)
    return Software("unknown", told)


def _is_mainline(instance: Json) -> bool:
    source = _text(instance.get("source_url"))
    return source.startswith("https://github.com/mastodon/")


def says_length(instance: Json) -> bool:
    """Whether it says how long a post may be: some leave that out of one answer."""
    statuses = _mapping(_mapping(instance.get("configuration")).get("statuses"))
    told = statuses.get("max_characters"), instance.get("max_toot_chars")
    return any(map(_is_count, told))


def completed(instance: Json, older: Json) -> Json:
    """One answer, with what only the other says of the same server."""
    both = {**older, **{name: value for name, value in instance.items() if value}}
    for name in instance.keys() & older.keys():
        one, other = instance[name], older[name]
        if isinstance(one, dict) and isinstance(other, dict):
            both[name] = completed(one, other)
    return both


def limits(instance: Json, usual: Limits) -> Limits:
    """What the server allows, where it says so; the usual elsewhere."""
    configuration = _mapping(instance.get("configuration"))
    statuses = _mapping(configuration.get("statuses"))
    media = _mapping(configuration.get("media_attachments"))
    return replace(
        usual,
        text=_number(
            statuses.get("max_characters"), instance.get("max_toot_chars"), usual.text
        ),
        images=_number(
            statuses.get("max_media_attachments"),
            instance.get("max_media_attachments"),
            usual.images,
        ),
        link=_number(statuses.get("characters_reserved_per_url"), usual.link),
        image_bytes=_number(media.get("image_size_limit"), usual.image_bytes),
        image_pixels=_number(media.get("image_matrix_limit"), usual.image_pixels),
        alt=_number(
            media.get("description_limit"), instance.get("description_limit"), usual.alt
        ),
        media_types=_types(media.get("supported_mime_types"), usual.media_types),
    )


def _number(*told: object) -> int:
    """The first that is a sensible count; the last one always is."""
    for value in told:
        if _is_count(value):
            return int(str(value))
    raise ValueError("none of them is a count")


def _is_count(value: object) -> bool:
    """Some servers write their numbers as text."""
    if isinstance(value, str):
        return value.isdecimal() and len(value) < 10 and int(value) > 0
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _types(told: object, usual: tuple[str, ...]) -> tuple[str, ...]:
    listed = told if isinstance(told, list) else []
    return tuple(kind for kind in usual if kind in listed) or usual


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _entries(value: object) -> list[Json]:
    found = value if isinstance(value, list) else []
    return [entry for entry in found if isinstance(entry, dict)]
