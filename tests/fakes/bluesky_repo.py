"""What a fake Bluesky server holds: one account's posts and uploads, and its rules."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import regex

from connectors.bluesky_cid import cid  # seen right on a real server
from tests.fakes.platform import Seen

Json = dict[str, Any]

DID = "did:plc:standfirstfakeaccount23"
POSTS = "app.bsky.feed.post"
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
IMAGE_BYTES = 1_000_000


class Refused(Exception):
    """The answer to a request that this server will not do."""

    def __init__(self, status: int, error: str, message: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.answer = {"error": error, "message": message or error}


@dataclass
class Repo:
    """What one account has published, and uploaded."""

    records: dict[str, Json] = field(default_factory=dict)  # by rkey
    blobs: dict[str, Json] = field(default_factory=dict)  # by cid
    edits: int = 0
    taken: dict[str, datetime] = field(default_factory=dict)  # when a record came

    def put(self, rkey: str, asked: Json) -> Json:
        record, made = asked["record"], cid(asked["record"])
        standing = self.records.get(rkey)
        if standing and standing["cid"] == made:
            return standing  # the same bytes: nothing happens
        if standing and "swapRecord" in asked and asked["swapRecord"] is None:
            raise Refused(400, "InvalidSwap", f"Record was at {standing['cid']}")
        self.edits += standing is not None
        self.taken.setdefault(rkey, datetime.now(UTC))
        self.records[rkey] = {"uri": uri(rkey), "cid": made, "value": record}
        return self.records[rkey]

    def upload(self, data: bytes, media_type: str) -> Json:
        block = b"\x01\x55\x12\x20" + hashlib.sha256(data).digest()
        made = "b" + base64.b32encode(block).decode().lower().rstrip("=")
        self.blobs[made] = {
            "$type": "blob",
            "ref": {"$link": made},
            "mimeType": media_type,
            "size": len(data),
        }
        return self.blobs[made]


def faults(record: Json, blobs: dict[str, Json]) -> str:
    """What is wrong with a record; nothing: it may be published."""
    text = record["text"]
    if record["$type"] != POSTS or datetime.fromisoformat(record["createdAt"]) is None:
        return "not a post"
    if len(regex.findall(r"\X", text)) > 300:
        return "grapheme too big (maximum 300) at $.record.text"
    if len(text.encode()) > 3000:
        return "string too big (maximum 3000) at $.record.text"
    for facet in record.get("facets", []):
        if wrong := _facet_fault(facet, text.encode()):
            return wrong
    if not {"root", "parent"} >= set(record.get("reply", {})):
        return "a reply names its root and its parent"
    return _embed_fault(record.get("embed"), blobs)


def _facet_fault(facet: Json, text: bytes) -> str:
    start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
    if not 0 <= start < end <= len(text):
        return "a facet outside of the text"
    try:
        text[start:end].decode()
    except ValueError:
        return "a facet inside of a letter"
    return "" if facet["features"] else "a facet without a feature"


def _embed_fault(embed: Json | None, blobs: dict[str, Json]) -> str:
    if embed is None:
        return ""
    if embed["$type"] == "app.bsky.embed.external":
        card = embed["external"]
        if not (card["uri"] and isinstance(card["title"], str)):
            return "a card needs its uri and title"
        pictures = [card["thumb"]] if "thumb" in card else []
    elif embed["$type"] == "app.bsky.embed.images":
        if len(embed["images"]) > 4 or any("alt" not in i for i in embed["images"]):
            return "4 images at most, each with its alt"
        pictures = [image["image"] for image in embed["images"]]
    else:
        return "an unknown embed"
    for picture in pictures:
        if picture != blobs.get(picture["ref"]["$link"]):
            return "a blob that was never uploaded"
        if picture["size"] > IMAGE_BYTES:
            return f"blob too big (maximum {IMAGE_BYTES})"
    return ""


def seen(standing: Json) -> Seen:
    """As a reader's app shows it: a shortened link leads where its facet says."""
    record = standing["value"]
    embed = record.get("embed", {})
    features = [one for facet in record.get("facets", []) for one in facet["features"]]
    links = [one["uri"] for one in features if "uri" in one]
    if "external" in embed:
        links.append(embed["external"]["uri"])
    rkey = standing["uri"].rpartition("/")[2]
    names = [standing["uri"], standing["cid"]]
    if reply := record.get("reply"):
        names += [reply["root"]["uri"], reply["root"]["cid"]]
    return Seen(
        remote_id=" ".join(names),
        url=f"https://bsky.app/profile/{DID}/post/{rkey}",
        text=record["text"],
        link=links[-1] if links else None,
        alts=tuple(image["alt"] for image in embed.get("images", [])),
        at=datetime.fromisoformat(record["createdAt"]),
        key=rkey,
    )


def uri(rkey: str) -> str:
    return f"at://{DID}/{POSTS}/{rkey}"
