"""A status: a post as a Mastodon server shows it, and what an answer names of ours."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from connectors.base import OTHERWISE, UNSHOWN, ConnectorError, Prepared, Receipt
from connectors.content_match import html_shows
from connectors.http import Response
from connectors.http.rate_limit import remaining_posts
from connectors.http.retry_after import has_zone, parse_date
from connectors.mastodon.fediverse import Json


def differences(status: Json, sent: Json) -> tuple[str, ...]:
    """What this post, which an answer named as ours, shows otherwise than was sent."""
    found = []
    if not isinstance(status.get("content"), str):
        found.append(UNSHOWN)
    elif not html_shows(text_of(status, "content"), str(sent["status"])):
        found.append(OTHERWISE)
    if count_images(status) != count_items(sent.get("media_ids")):
        found.append("It does not show the images that were sent.")
    if id_of(status, "in_reply_to_id") != id_of(sent, "in_reply_to_id"):
        found.append("It does not stand in its thread.")
    if (visibility := status.get("visibility")) not in (None, sent["visibility"]):
        found.append(f"The server made it {visibility}.")
    return tuple(found)


def receipt_of(status: Json, server: str) -> Receipt:
    """What this post is called, and where its readers find it."""
    remote_id = id_of(status, "id")
    place = _address(status) or f"{server}/web/statuses/{quote(remote_id, safe='')}"
    return Receipt(remote_id, place, parse_date(text_of(status, "created_at")))


def receipt_of_answer(
    response: Response, sent: Prepared, server: str
) -> Receipt | None:
    """The receipt of an answer to our own request: the id that it names is evidence.

    Whatever words it shows, and whether or not it names its address. None: no id.
    """
    status = _entry(response)
    if not id_of(status, "id"):
        return None
    made = receipt_of(status, server)
    author = status.get("account")
    total = author.get("statuses_count") if isinstance(author, dict) else None
    return replace(
        made,
        warnings=differences(status, json.loads(sent.body)),
        rate_limits=remaining_posts(response, "X-RateLimit"),
        age=_age(response, made, text_of(status, "created_at")),
        total=total if isinstance(total, int) else None,
    )


def named_id(response: Response) -> str:
    """The id of the post that an answer names, if it names one."""
    return id_of(_entry(response), "id")


def shows_a_post(response: Response) -> bool:
    """Whether what calls itself a refusal is a post that was taken."""
    entry = _entry(response)
    return bool(id_of(entry, "id") and {"content", "created_at"} <= set(entry))


def _entry(response: Response) -> Json:
    try:
        return response.entry()
    except ConnectorError:
        return {}


def _age(response: Response, made: Receipt, time: str) -> timedelta | None:
    """How old the post is, by the server's clock alone; None: it does not say."""
    if response.skew is None or made.published_at is None or not has_zone(time):
        return None
    return response.at + response.skew - made.published_at


def frame_of_status(status: Json) -> tuple[object, ...]:
    return count_images(status), id_of(status, "in_reply_to_id")


def frame_of_sent(sent: Json) -> tuple[object, ...]:
    return count_items(sent.get("media_ids")), id_of(sent, "in_reply_to_id")


def text_of(entry: Json, name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def id_of(entry: Json, name: str) -> str:
    """An id: text on Mastodon, a number on some of its likes, or nothing."""
    value = entry.get(name)
    return str(value) if isinstance(value, str | int) else ""


def _address(status: Json) -> str:
    """Where its readers find it; some likes of Mastodon give the uri alone."""
    told = text_of(status, "url") or text_of(status, "uri")
    return told if told.startswith(("http://", "https://")) else ""


def count_images(status: Json) -> int:
    return count_items(status.get("media_attachments"))


def count_items(value: object) -> int:
    return len(value) if isinstance(value, list) else 0
