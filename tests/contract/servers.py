"""A Mastodon connector, the post it is tried with, and the answers it meets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from connectors.base import (
    Message,
)
from connectors.mastodon import Mastodon
from tests.contract.conftest import PATIENT
from tests.fakes.mastodon import MastodonFake
from tests.fakes.platform import Kind, Trouble

LINK = "https://news.example/story?utm_source=desk&id=7"
HELLO = Message("Hello from the desk", LINK)
MEDIA = "POST /api/v2/media"
LISTING = "GET /api/v1/accounts/1/statuses"
SOURCE = "GET /api/v1/statuses/"

Starter = Callable[[str], MastodonFake]


def connected(server: MastodonFake, **changed: str) -> Mastodon:
    connector = Mastodon({**server.credentials(), **changed})
    connector.deadline = PATIENT
    return connector


def answer(status: int, body: str = "", **headers: str) -> Trouble:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Trouble(Kind.STATUS, status=status, body=body, headers=named)


def reworded(server: MastodonFake) -> Trouble:
    """The listing of a server that renders a post's text in its own way."""
    shown = server.timeline.shown(server.timeline.posts[0])
    shown["content"] = f'<p>Hello from <b>our</b> desk <a href="{LINK}">here</a></p>'
    return replace(answer(200, json.dumps([shown])), on=LISTING)
