"""What app.bsky.feed.post allows, by its lexicon; stricter where readers' apps are.

https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import regex

from tests.fakes import bluesky_cid

Json = dict[str, Any]
POSTS = "app.bsky.feed.post"
IMAGES, CARD = "app.bsky.embed.images", "app.bsky.embed.external"
FACET = "app.bsky.richtext.facet"
IMAGE_BYTES = 1_000_000
URI_BYTES = 8192
TAG_BYTES, TAG_GRAPHEMES = 640, 64
LANGUAGES, TAGS, PICTURES = 3, 8, 4


def faults(record: Json, blobs: dict[str, Json]) -> str:
    """What is wrong with a record; nothing: it may be published."""
    return next(_faults(record, blobs), "")


def _faults(record: Json, blobs: dict[str, Json]) -> Iterator[str]:
    if record.get("$type") != POSTS:
        yield f"not a {POSTS} at $.record.$type"
    text = record.get("text")
    if not isinstance(text, str):
        yield "text must be a string at $.record.text"
        return
    yield from _too_big(text, "text", 3000, 300)
    if not _is_datetime(record.get("createdAt")):
        yield "createdAt must be an atproto datetime at $.record.createdAt"
    for facet in record.get("facets", []):
        yield from _facet(facet, text.encode())
    yield from _languages(record.get("langs", []))
    if len(record.get("tags", [])) > TAGS:
        yield "array too big (maximum 8) at $.record.tags"
    if "reply" in record:
        yield from _reply(record["reply"])
    if "embed" in record:
        yield from _embed(record["embed"], blobs)


def _facet(facet: Json, text: bytes) -> Iterator[str]:
    """The real server takes a facet outside of the text, or inside of a letter."""
    start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
    if not (isinstance(start, int) and isinstance(end, int)):
        yield "a facet's index must be integers"
    elif not 0 <= start < end <= len(text):
        yield "a facet outside of the text"
    elif not _decodes(text[:start]) or not _decodes(text[start:end]):
        yield "a facet inside of a letter"
    if not facet["features"]:
        yield "a facet without a feature"
    for feature in facet["features"]:
        yield from FEATURES.get(feature.get("$type", ""), _unknown)(feature)


def _link(feature: Json) -> Iterator[str]:
    yield from _uri(feature.get("uri"))


def _mention(feature: Json) -> Iterator[str]:
    if not _is_did(feature.get("did")):
        yield "did must be a valid did"


def _tag(feature: Json) -> Iterator[str]:
    """Its sign stands in the text alone."""
    tag = feature.get("tag")
    if not isinstance(tag, str) or not tag or tag[0] in "#＃":
        yield "tag must be a string without its sign"
    else:
        yield from _too_big(tag, "tag", TAG_BYTES, TAG_GRAPHEMES)


def _unknown(feature: Json) -> Iterator[str]:
    yield f"a facet of an unknown feature {feature.get('$type')}"


FEATURES: dict[str, Callable[[Json], Iterator[str]]] = {
    f"{FACET}#link": _link,
    f"{FACET}#mention": _mention,
    f"{FACET}#tag": _tag,
}


def _languages(languages: object) -> Iterator[str]:
    if not isinstance(languages, list) or len(languages) > LANGUAGES:
        yield "array too big (maximum 3) at $.record.langs"
    elif not all(map(_is_language, languages)):
        yield "langs must be well-formed BCP 47 language tags"


def _reply(reply: Json) -> Iterator[str]:
    for name in ("root", "parent"):
        place = reply.get(name, {})
        if not str(place.get("uri", "")).startswith("at://did:"):
            yield f"reply.{name} must have the uri of a record"
        elif not _is_cid(place.get("cid")):
            yield f"reply.{name} must have the cid of a record"


def _embed(embed: Json, blobs: dict[str, Json]) -> Iterator[str]:
    if embed.get("$type") == CARD:
        yield from _card(embed["external"], blobs)
    elif embed.get("$type") == IMAGES:
        if not 0 < len(embed["images"]) <= PICTURES:
            yield "array too big (maximum 4) at $.record.embed.images"
        for image in embed["images"]:
            if not isinstance(image.get("alt"), str):
                yield "an image must have the property alt"
            yield from _ratio(image.get("aspectRatio", {"width": 1, "height": 1}))
            yield from _picture(image["image"], blobs)
    else:
        yield "an unknown embed"


def _card(card: Json, blobs: dict[str, Json]) -> Iterator[str]:
    yield from _uri(card.get("uri"))
    for name in ("title", "description"):
        if not isinstance(card.get(name), str):
            yield f"a card must have the property {name}"
    if "thumb" in card:
        yield from _picture(card["thumb"], blobs)


def _ratio(ratio: Json) -> Iterator[str]:
    sides = (ratio.get("width"), ratio.get("height"))
    if not all(isinstance(side, int) and side > 0 for side in sides):
        yield "an aspect ratio is of two integers above 0"


def _picture(picture: Json, blobs: dict[str, Json]) -> Iterator[str]:
    known = blobs.get(picture["ref"]["$link"])
    if known is None:
        yield f"Could not find blob: {picture['ref']['$link']}"
    elif picture != known:
        yield "a blob that is not what was uploaded"
    elif picture["size"] > IMAGE_BYTES:
        yield f"blob too big (maximum {IMAGE_BYTES})"


def _uri(uri: object) -> Iterator[str]:
    """An address that readers' apps open; the server takes other schemes, too."""
    told = uri if isinstance(uri, str) else ""
    scheme, _, rest = told.partition("://")
    whole = scheme in ("http", "https") and rest and rest[0] not in "/?#:"
    if not whole or any(letter.isspace() for letter in told):
        yield "uri must be a uri"
    elif len(told.encode()) > URI_BYTES:
        yield f"uri too big (maximum {URI_BYTES})"


def _too_big(text: str, name: str, most: int, graphemes: int) -> Iterator[str]:
    if len(text.encode()) > most:
        yield f"string too big (maximum {most}) at $.record.{name}"
    if len(regex.findall(r"\X", text)) > graphemes:
        yield f"grapheme too big (maximum {graphemes}) at $.record.{name}"


def _is_datetime(told: object) -> bool:
    """RFC 3339 with its zone, a capital T, and no unknown local time."""
    if not isinstance(told, str) or told[10:11] != "T" or told.endswith("-00:00"):
        return False
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return False
    return at.tzinfo is not None and (told[-1] == "Z" or told[-3] == ":")


def _is_language(told: object) -> bool:
    first, *others = told.split("-") if isinstance(told, str) else [""]
    fits = first.isascii() and first.isalpha() and 2 <= len(first) <= 3
    return fits and all(
        one.isascii() and one.isalnum() and 1 <= len(one) <= 8 for one in others
    )


def _is_did(told: object) -> bool:
    parts = told.split(":") if isinstance(told, str) else []
    return len(parts) >= 3 and parts[0] == "did" and parts[1].islower() and all(parts)


def _is_cid(told: object) -> bool:
    try:
        return len(bluesky_cid.decoded(str(told))) == 36
    except ValueError:
        return False


def _decodes(data: bytes) -> bool:
    try:
        data.decode()
    except ValueError:
        return False
    return True
