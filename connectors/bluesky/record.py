"""The record of a Bluesky post: its embed, its place in a thread, its name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.base import Card, Image, Message, Receipt, Rejected, Staged, Unavailable
from connectors.bluesky.cid import cid
from connectors.bluesky.text import has_card
from connectors.bluesky.tid import moment, tid

Json = dict[str, object]

BEHIND = timedelta(milliseconds=1)  # a thread's parts are told apart by it


def embed(message: Message, staged: Staged) -> Json | None:
    """The images, or else the card of the link."""
    blobs = staged.data.get("blobs", [])
    card = message.card if has_card(message) else None
    wanted = len(message.images) or int(bool(card and card.image))
    if not isinstance(blobs, list) or len(blobs) != wanted:
        raise Unavailable("The images are not uploaded yet; stage again.")
    if card:
        return _external(message.link or "", card, blobs)
    if not blobs:
        return None
    shown = zip(message.images, blobs, strict=True)
    pictures = [_picture(image, blob) for image, blob in shown]
    return {"$type": "app.bsky.embed.images", "images": pictures}


def _external(link: str, card: Card, blobs: list[object]) -> Json:
    external: Json = {
        "uri": link,
        "title": card.title,
        "description": card.description,
    }
    if blobs:
        external["thumb"] = blobs[0]
    return {"$type": "app.bsky.embed.external", "external": external}


def _picture(image: Image, blob: object) -> Json:
    ratio = {"width": image.width, "height": image.height}
    return {"alt": image.description, "image": blob, "aspectRatio": ratio}


def reply(after: Receipt) -> Json:
    """The part before, and the first one of its thread: a remote id names both."""
    names = _names(after)
    parent = {"uri": names[0], "cid": names[1]}
    root = {"uri": names[2], "cid": names[3]} if len(names) > 3 else parent
    return {"root": root, "parent": parent}


def dated(record: Json, at: datetime) -> Json:
    """The record with its time: `at`, or just behind the part before it."""
    if before := _parent_key(record):
        at = max(at, moment(before) + BEHIND)
    created = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return {**record, "createdAt": created.replace("+00:00", "Z")}


def record_key(record: Json, key: str, at: datetime) -> str:
    return tid(at, key, _parent_key(record))


def _parent_key(record: Json) -> str:
    """The record key of the part before; empty: there is none."""
    reply = record.get("reply")
    return reply["parent"]["uri"].rpartition("/")[2] if isinstance(reply, dict) else ""


def _names(after: Receipt) -> list[str]:
    names = after.remote_id.split()
    if len(names) < 2:
        raise Rejected(
            "The part before is known by its link only, and Bluesky wants more to "
            "hang a reply on it: publish this part by itself."
        )
    return names


def receipt(body: Json) -> Receipt:
    """What names this post: its address and digest, and those of its thread's root."""
    record = body["record"]
    assert isinstance(record, dict)  # noqa: S101  compose made it
    names = [uri(body), cid(record)]
    if reply := record.get("reply"):
        names += [reply["root"]["uri"], reply["root"]["cid"]]
    return Receipt(
        " ".join(names),
        f"https://bsky.app/profile/{body['repo']}/post/{body['rkey']}",
        datetime.fromisoformat(record["createdAt"]),
    )


def uri(body: Json) -> str:
    return f"at://{body['repo']}/{body['collection']}/{body['rkey']}"
