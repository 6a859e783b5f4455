"""Uploads of images to a Mastodon server, which works on them for a while."""

from __future__ import annotations

import time
from datetime import datetime
from urllib.parse import quote

from connectors.base import Image, Unavailable
from connectors.http import Deadline, Response
from connectors.mastodon.api import Api
from connectors.mastodon.fediverse import Json

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def upload(api: Api, image: Image, deadline: Deadline) -> tuple[str, datetime]:
    """The id of an upload that is ready to be shown, and when it was taken."""
    name = f"image.{_ENDINGS.get(image.media_type, 'bin')}"
    form: dict[str, str | tuple[str, bytes, str]] = {
        "file": (name, image.data, image.media_type),
        "focus": _focus(image.focus),
    }
    if image.description:
        form["description"] = image.description
    response = api.client.upload("/api/v2/media", form, deadline.left())
    if response.status == 404:  # before Mastodon 3.1.3, and elsewhere
        response = api.client.upload("/api/v1/media", form, deadline.left())
    if response.status != 202 and not response.ok:
        raise api.refused(response)
    return _await_ready(api, response.entry(), response, deadline), response.at


def _await_ready(api: Api, media: Json, response: Response, deadline: Deadline) -> str:
    """The id of an upload, once the server has worked through it."""
    media_id = media.get("id")
    if not media_id:
        raise response.lost("an upload without an id")
    place = f"/api/v1/media/{quote(str(media_id), safe='')}"
    pause = 0.25
    while not media.get("url"):
        _pause(api, pause, deadline)
        pause = min(pause * 2, 4)
        response = api.client.get(place, seconds=deadline.left())
        if response.status != 206 and not response.ok:
            raise api.refused(response)
        media = response.entry()
    return str(media_id)


def _pause(api: Api, seconds: float, deadline: Deadline) -> None:
    if deadline.used + seconds >= deadline.seconds:
        raise Unavailable(f"{api.client.base} is still working on the image.")
    time.sleep(seconds)


def _focus(focus: tuple[float, float]) -> str:
    """Ours counts from the top left, Mastodon's from the middle, upwards."""
    return f"{focus[0] * 2 - 1:.2f},{1 - focus[1] * 2:.2f}"
