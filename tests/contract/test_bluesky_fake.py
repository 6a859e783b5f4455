"""The fake Bluesky takes what the lexicon allows, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.fakes import bluesky_cid
from tests.fakes.bluesky_lexicon import CARD, FACET, IMAGES, POSTS, faults

CID = bluesky_cid.of_blob(b"a picture")
BLOB: dict[str, object] = {
    "$type": "blob",
    "ref": {"$link": CID},
    "mimeType": "image/png",
    "size": 9,
}
BLOBS = {CID: BLOB}
PLACE = {"uri": f"at://did:plc:a/{POSTS}/3a", "cid": CID}


def facet(start: int, end: int, **feature: object) -> dict[str, object]:
    index = {"byteStart": start, "byteEnd": end}
    return {"index": index, "features": [feature] if feature else []}


def linked(uri: object) -> dict[str, Any]:
    return {"facets": [facet(0, 2, **{"$type": f"{FACET}#link", "uri": uri})]}


def card(uri: object, **more: object) -> dict[str, Any]:
    told = {"uri": uri, "title": "A story", "description": "", **more}
    return {"embed": {"$type": CARD, "external": told}}


def pictured(*pictures: Mapping[str, object]) -> dict[str, Any]:
    return {"embed": {"$type": IMAGES, "images": list(pictures)}}


def told(**changed: object) -> str:
    record = {"$type": POSTS, "text": "Größe", "createdAt": "2026-11-29T18:00:00.000Z"}
    return faults({**record, **changed}, BLOBS)


FINE: dict[str, dict[str, Any]] = {
    "text alone": {},
    "a time in a zone": {"createdAt": "2026-11-29T18:00:00.123456+01:00"},
    "languages": {"langs": ["en-GB", "zh-Hant-TW", "de"]},
    "a link": linked("https://paper.example/a?b=1#c"),
    "a link of another script": linked("https://paper.example/東京"),
    "a mention": {
        "facets": [facet(0, 2, **{"$type": f"{FACET}#mention", "did": "did:plc:abc"})]
    },
    "a tag": {"facets": [facet(0, 2, **{"$type": f"{FACET}#tag", "tag": "東京"})]},
    "a reply": {"reply": {"root": PLACE, "parent": PLACE}},
    "a card": card("https://paper.example", thumb=BLOB),
    "a picture": pictured({"alt": "", "image": BLOB}),
    "as many letters as fit": {"text": "👩‍👩‍👧‍👦" * 100},
}
WRONG: dict[str, dict[str, Any]] = {
    "another record": {"$type": "app.bsky.feed.like"},
    "no text": {"text": None},
    "too many letters": {"text": "a" * 301},
    "too many bytes": {"text": "👩‍👩‍👧‍👦" * 290},
    "no time": {"createdAt": None},
    "a time without a zone": {"createdAt": "2026-11-29T18:00:00"},
    "a time with a space": {"createdAt": "2026-11-29 18:00:00Z"},
    "a time of no place": {"createdAt": "2026-11-29T18:00:00-00:00"},
    "a zone without its colon": {"createdAt": "2026-11-29T18:00:00+0100"},
    "a day alone": {"createdAt": "2026-11-29"},
    "four languages": {"langs": ["en", "de", "fr", "es"]},
    "no language": {"langs": ["english"]},
    "a language with an underscore": {"langs": ["en_GB"]},
    "nine tags": {"tags": ["a"] * 9},
    "a facet past the end": {"facets": [facet(0, 8, **{"$type": "a", "uri": "b"})]},
    "a facet of nothing": {"facets": [facet(1, 1, **{"$type": "a"})]},
    "a facet that begins in a letter": {
        "facets": [facet(3, 4, **{"$type": f"{FACET}#tag", "tag": "a"})]
    },
    "a facet that ends in a letter": {
        "facets": [facet(0, 3, **{"$type": f"{FACET}#tag", "tag": "a"})]
    },
    "a facet without a feature": {"facets": [facet(0, 1)]},
    "a facet of no kind": {"facets": [facet(0, 1, **{"$type": f"{FACET}#bold"})]},
    "a mention by its name": {
        "facets": [facet(0, 2, **{"$type": f"{FACET}#mention", "did": "a.example"})]
    },
    "a tag with its sign": {
        "facets": [facet(0, 2, **{"$type": f"{FACET}#tag", "tag": "#a"})]
    },
    "half a reply": {"reply": {"root": PLACE}},
    "a reply to no record": {"reply": {"root": PLACE, "parent": {**PLACE, "cid": ""}}},
    "a card without a description": card("https://a.example", description=None),
    "a thumb of another size": card("https://a.example", thumb={**BLOB, "size": 8}),
    "a thumb that nobody uploaded": card(
        "https://a.example", thumb={**BLOB, "ref": {"$link": "bother"}}
    ),
    "no picture": pictured(),
    "five pictures": pictured(*[{"alt": "", "image": BLOB}] * 5),
    "a picture without its alt": pictured({"image": BLOB}),
    "a picture of no width": pictured(
        {"alt": "", "image": BLOB, "aspectRatio": {"width": 0, "height": 9}}
    ),
}
NO_ADDRESSES = (
    "paper.example/story",
    "https://paper.example/a b",
    "https://paper.example/a\nb",
    "ftp://paper.example/a",
    "https://",
    "https:///a",
    "//paper.example",
    "javascript:alert(1)",
    "",
    None,
    f"https://paper.example/{'a' * 8192}",
)


@pytest.mark.parametrize("name", FINE)
def test_it_takes_what_the_lexicon_allows(name: str) -> None:
    assert told(**FINE[name]) == ""


@pytest.mark.parametrize("name", WRONG)
def test_it_refuses_what_the_lexicon_forbids(name: str) -> None:
    assert told(**WRONG[name]) != ""


@pytest.mark.parametrize("uri", NO_ADDRESSES, ids=lambda uri: str(uri)[:30])
def test_a_link_is_an_address_that_readers_can_open(uri: object) -> None:
    assert "uri" in told(**linked(uri))
    assert "uri" in told(**card(uri))


def test_names_a_record_as_the_protocol_does() -> None:
    empty = "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua"

    assert bluesky_cid.of_record({}) == empty
