"""What a fake Mastodon server holds: an account's posts, uploads and keys."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import regex

from tests.fakes import ids, marks, pages
from tests.fakes.drawing import Drawn
from tests.fakes.habits import Habits
from tests.fakes.marks import Mark, Sort
from tests.fakes.people import Town
from tests.fakes.redrawings import named
from tests.fakes.ways import Way

Json = dict[str, Any]
VISIBILITIES = ("public", "unlisted", "private", "direct")
KNOWN = {
    "status",
    "media_ids",
    "visibility",
    "language",
    "in_reply_to_id",
    "sensitive",
    "spoiler_text",
    "scheduled_at",  # as seen on real servers: read, and published at once
}


class Invalid(Exception):
    """The post breaks a rule of the server: a 422."""


@dataclass
class Timeline:
    """One account's side of the server. Every accepted post goes to the log at once."""

    address: str
    limit: int = 500
    log: Path | None = None
    clock_ahead: timedelta = timedelta()  # the server's clock, before ours
    habits: Habits = field(default_factory=Habits)
    posts: list[Json] = field(default_factory=list)
    media: dict[str, Json] = field(default_factory=dict)
    keys: dict[str, tuple[float, Json]] = field(default_factory=dict)
    came: dict[str, float] = field(default_factory=dict)  # when, by id
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def way(self) -> Way:
        return named(self.habits.way)

    @property
    def town(self) -> Town:
        return Town.of(self.address, self.habits.domains, self.habits.people)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_ahead

    def add(self, asked: Json, key: str) -> Json:
        """Publish, or raise Invalid. Gives the post, which holds the text as sent."""
        with self.lock:
            self._validate(asked)
            post = self._post(asked, key)
            self.came[post["id"]] = time.monotonic()
            self.posts.append(post)
            self._write_down(post)
            return post

    def known(self, key: str) -> Json | None:
        """The post that came with this key in the last hour."""
        at, post = self.keys.get(key, (0.0, {}))
        return post if post and time.monotonic() - at < 3600 else None

    def remember(self, key: str, post: Json) -> None:
        self.keys[key] = (time.monotonic(), post)

    def upload(self, data: bytes, kind: str, alt: str, focus: str, waits: int) -> Json:
        with self.lock:
            media_id = str(900_000 + len(self.media))
            self.media[media_id] = {
                "id": media_id,
                "alt": alt,
                "focus": focus,
                "type": kind,
                "sha256": hashlib.sha256(data).hexdigest(),
                "waits": waits,
                "used": False,
            }
            return self.media[media_id]

    def attachment(self, media: Json) -> Json:
        ready = media["waits"] <= 0
        return {
            "id": media["id"],
            "type": "image",
            "url": f"{self.address}/media/{media['id']}" if ready else None,
            "description": media["alt"] or None,
        }

    def page(self, asked: Mapping[str, str]) -> list[Json]:
        """What the listing knows by now; what it hides is missing from its page."""
        known = self._since(self.habits.lists_lag)
        hidden = self.habits.hides
        return [
            self.shown(post)
            for post in pages.page(known, asked, self.habits.page)
            if not (hidden and hidden in post["text"])
        ]

    def account(self) -> Json:
        """The account as it sees itself, with the count of its posts."""
        counted_ones = self._since(self.habits.count_lag)
        return {
            "id": "1",
            "username": "desk",
            "acct": "desk",
            "display_name": "The Desk",
            "url": f"{self.address}/@desk",
            "statuses_count": len(counted_ones),
            "last_status_at": counted_ones[-1]["at"][:10] if counted_ones else None,
        }

    def found(self, post_id: str) -> Json | None:
        return next((post for post in self.posts if post["id"] == post_id), None)

    def drawn(self, post: Json) -> Drawn:
        return self.way.draw(post["text"], self.town)

    def told(self, post: Json) -> Json:
        """What creating it answers."""
        return self.way.told(self._status(post))

    def shown(self, post: Json) -> Json:
        """As a listing shows it, and a look at its id."""
        return self.way.shown(self._status(post))

    def source(self, post: Json) -> Json:
        """The text as the server keeps it, for an editor to change."""
        text = self.drawn(post).source
        return {"id": post["id"], "text": text, "spoiler_text": post["spoiler_text"]}

    def _since(self, lag: float) -> list[Json]:
        with self.lock:
            before = time.monotonic() - lag
            return [post for post in self.posts if self.came[post["id"]] <= before]

    def _status(self, post: Json) -> Json:
        drawn = self.drawn(post)
        return {
            "id": post["id"],
            "created_at": post["at"].replace("+00:00", "Z"),
            "url": post["url"],
            "uri": f"{self.address}/users/desk/statuses/{post['id']}",
            "content": drawn.content,
            "spoiler_text": post["spoiler_text"],
            "visibility": post["visibility"],
            "language": post["language"],
            "in_reply_to_id": post["in_reply_to_id"],
            "reblog": None,
            "edited_at": None,
            "account": self.account(),
            "media_attachments": [
                self.attachment(self.media[one["id"]]) for one in post["media"]
            ],
            **drawn.more,
        }

    def _post(self, asked: Json, key: str) -> Json:
        now = self.now()
        text = asked.get("status", "")
        used = [self.media[media_id] for media_id in asked.get("media_ids", [])]
        for media in used:
            media["used"] = True
        post_id = ids.MADE[self.habits.ids](now, len(self.posts))
        urls = marks.links(text)
        return {
            "id": post_id,
            "key": key,
            "text": text,
            "link": urls[-1] if urls else None,
            "media": [
                {name: one[name] for name in ("id", "alt", "focus", "type", "sha256")}
                for one in used
            ],
            "spoiler_text": asked.get("spoiler_text", ""),
            "visibility": asked.get("visibility", "public"),
            "language": asked.get("language"),
            "in_reply_to_id": asked.get("in_reply_to_id"),
            "url": f"{self.address}/@desk/{post_id}",
            "at": now.isoformat(timespec="milliseconds"),
        }

    def _validate(self, asked: Json) -> None:
        if unknown := set(asked) - KNOWN:
            raise Invalid(f"Validation failed: unknown {', '.join(sorted(unknown))}")
        text, media = asked.get("status", ""), asked.get("media_ids", [])
        if not isinstance(text, str) or not isinstance(media, list):
            raise Invalid("Validation failed: a field has the wrong type")
        if not text.strip() and not media:
            raise Invalid("Validation failed: Text can't be blank")
        if counted(text) > self.limit:
            raise Invalid(f"Validation failed: Text limit of {self.limit} exceeded")
        if asked.get("visibility", "public") not in VISIBILITIES:
            raise Invalid("Validation failed: Visibility is not included in the list")
        language = asked.get("language") or "en"
        if not (language.isascii() and language.islower() and 2 <= len(language) <= 3):
            raise Invalid("Validation failed: Language is invalid")
        reply = asked.get("in_reply_to_id")
        if reply is not None and not self.found(reply):
            raise Invalid("The post you are replying to does not exist")
        self._validate_media(media)

    def _validate_media(self, media: list[Any]) -> None:
        if len(media) > 4:
            raise Invalid("Cannot attach more than 4 files")
        for media_id in media:
            found = self.media.get(media_id) if isinstance(media_id, str) else None
            if found is None or found["used"]:
                raise Invalid(f"Media with id {media_id} not found or already used")
            if found["waits"] > 0:
                raise Invalid("Cannot attach files that have not finished processing.")

    def _write_down(self, post: Json) -> None:
        if self.log is None:
            return
        with self.log.open("a") as file:
            file.write(json.dumps(post) + "\n")
            file.flush()
            os.fsync(file.fileno())


def counted(text: str) -> int:
    """The server's own count: graphemes, any link 23, a mention without its host."""
    pieces, end = [], 0
    for mark in marks.marks(text, marks.link, marks.mention):
        pieces += [text[end : mark.start], _as_counted(mark)]
        end = mark.end
    return len(regex.findall(r"\X", "".join([*pieces, text[end:]])))


def _as_counted(mark: Mark) -> str:
    return "x" * 23 if mark.sort is Sort.LINK else f"@{mark.name}"
