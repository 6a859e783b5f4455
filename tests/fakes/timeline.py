"""What a fake Mastodon server holds: an account's posts, uploads and keys."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import regex

Json = dict[str, Any]
URL = re.compile(r"https?://\S+")
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
    posts: list[Json] = field(default_factory=list)
    media: dict[str, Json] = field(default_factory=dict)
    keys: dict[str, tuple[float, Json]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_ahead

    def add(self, asked: Json, key: str) -> Json:
        """Publish, or raise Invalid. Gives the status as the API shows it."""
        with self.lock:
            self._validate(asked)
            post = self._post(asked, key)
            self.posts.append(post)
            self._write_down(post)
            return self.shown(post)

    def known(self, key: str) -> Json | None:
        """The post that came with this key in the last hour."""
        at, post = self.keys.get(key, (0.0, {}))
        return post if post and time.monotonic() - at < 3600 else None

    def remember(self, key: str, status: Json) -> None:
        self.keys[key] = (time.monotonic(), status)

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

    def page(self, limit: int, max_id: str | None) -> list[Json]:
        """Newest first."""
        with self.lock:
            older = [
                post
                for post in reversed(self.posts)
                if max_id is None or int(post["id"]) < int(max_id)
            ]
            return [self.shown(post) for post in older[: min(limit, 40)]]

    def found(self, post_id: str) -> Json | None:
        return next((post for post in self.posts if post["id"] == post_id), None)

    def shown(self, post: Json) -> Json:
        return {
            "id": post["id"],
            "created_at": post["at"].replace("+00:00", "Z"),
            "url": post["url"],
            "uri": post["url"],
            "content": rendered(post["text"]),
            "visibility": post["visibility"],
            "language": post["language"],
            "in_reply_to_id": post["in_reply_to_id"],
            "reblog": None,
            "edited_at": None,
            "account": {"id": "1", "acct": "desk"},
            "media_attachments": [
                self.attachment(self.media[one["id"]]) for one in post["media"]
            ],
        }

    def _post(self, asked: Json, key: str) -> Json:
        now = self.now()
        text = asked.get("status", "")
        used = [self.media[media_id] for media_id in asked.get("media_ids", [])]
        for media in used:
            media["used"] = True
        # a snowflake: milliseconds, then a counter
        post_id = str((int(now.timestamp() * 1000) << 16) + len(self.posts))
        urls = URL.findall(text)
        return {
            "id": post_id,
            "key": key,
            "text": text,
            "link": urls[-1] if urls else None,
            "media": [
                {name: one[name] for name in ("id", "alt", "focus", "type", "sha256")}
                for one in used
            ],
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
        if not re.fullmatch("[a-z]{2,3}", asked.get("language") or "en"):
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
    short = URL.sub("x" * 23, text)
    short = re.sub(r"(^|[^/\w])@(\w+)@[\w.-]+\w", r"\1@\2", short)
    return len(regex.findall(r"\X", short))


def rendered(text: str) -> str:
    """HTML as Mastodon makes it: links shortened to the eye, wrapped in spans."""
    paragraphs = re.split(r"\n\n+", text)
    return "".join(
        f"<p>{'<br />'.join(map(_line, paragraph.splitlines()))}</p>"
        for paragraph in paragraphs
    )


def _line(line: str) -> str:
    pieces, end = [], 0
    for match in URL.finditer(line):
        pieces += [html.escape(line[end : match.start()]), _anchor(match[0])]
        end = match.end()
    pieces.append(html.escape(line[end:]))
    return re.sub(
        r"(^|\s)#(\w+)",
        r'\1<a href="/tags/\2" class="hashtag">#<span>\2</span></a>',
        "".join(pieces),
    )


def _anchor(url: str) -> str:
    scheme, rest = url.split("//", 1)
    shown, hidden = rest[:30], rest[30:]
    middle = f'<span class="ellipsis">{html.escape(shown)}</span>'
    return (
        f'<a href="{html.escape(url)}" target="_blank" rel="nofollow noopener">'
        f'<span class="invisible">{scheme}//</span>{middle}'
        f'<span class="invisible">{html.escape(hidden)}</span></a>'
    )
