"""What the fake X holds: an account's posts and uploads, and what it shows of them."""

from __future__ import annotations

import base64
import binascii
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

from tests.fakes import x_entities
from tests.fakes.x_access import Refused

Json = dict[str, Any]
ACCOUNT = "1001"
PLACE = "https://x.com/i/web/status/"
ID = re.compile(r"[0-9]{1,19}")
KINDS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")
USUAL, LONG_SHOWN = 280, 274
NOTES = ("note_post", "note_tweet")  # the whole of a long one, by either name
SHOWN = 26  # letters of a link that readers see
EPOCH_MS = 1_288_834_974_657


def invalid(detail: str) -> Refused:
    return Refused(400, "Invalid Request", detail, "invalid-request")


def forbidden(detail: str) -> Refused:
    return Refused(403, "Forbidden", detail)


@dataclass
class Posts:
    """One account's side of X. Every accepted post goes to the log at once."""

    log: Path | None = None
    limit: int = 280
    memory: timedelta = timedelta(days=1)  # in which the same text is a duplicate
    media_lasts: int = 86_400  # seconds until X forgets an upload
    media_waits: int = 0  # polls until an upload is ready
    clock_ahead: timedelta = timedelta()
    lists_lag: float = 0.0  # seconds until a listing shows a post
    count_lag: float = 0.0  # and until the account's count of posts holds it
    posts: list[Json] = field(default_factory=list)
    media: dict[str, Json] = field(default_factory=dict)
    came: dict[str, float] = field(default_factory=dict)  # when, by id
    lock: threading.RLock = field(default_factory=threading.RLock)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_ahead

    def add(self, asked: Json) -> Json:
        """Publish, or raise `Refused`. Gives what X answers."""
        with self.lock:
            self._validate(asked)
            post = self._post(asked)
            self.came[post["id"]] = time.monotonic()
            self.posts.append(post)
            self._write_down(post)
            return self._answered(post)

    def upload(self, asked: Json) -> Json:
        _only(asked, {"media", "media_category", "additional_owners"})
        if asked.get("media_category") != "tweet_image":
            raise invalid("media_category is not one of [tweet_image]")
        try:
            data = base64.b64decode(asked.get("media", ""), validate=True)
        except (binascii.Error, TypeError):
            raise invalid("media is not base64") from None
        if not data.startswith(KINDS) or len(data) > 5 * 1024 * 1024:
            raise invalid("media type unrecognized or too large")
        with self.lock:
            media_id = str(7_000_000_000 + len(self.media))
            self.media[media_id] = {
                "alt": "",
                "ends": time.monotonic() + self.media_lasts,
                "waits": self.media_waits,
                "used": False,
            }
            return self.uploaded(media_id)

    def uploaded(self, media_id: str) -> Json:
        media = self.media[media_id]
        told: Json = {"id": media_id, "media_key": f"3_{media_id}", "size": 9}
        told["expires_after_secs"] = self.media_lasts
        if media["waits"]:
            media["waits"] -= 1
            waits = {"state": "in_progress", "check_after_secs": 0}
            told["processing_info"] = waits
        return told

    def polled(self, media_id: str) -> Json:
        if media_id not in self.media:
            raise invalid("BadRequest: Not found")
        return self.uploaded(media_id)

    def describe(self, asked: Json) -> Json:
        _only(asked, {"id", "metadata"})
        media = self.media.get(asked.get("id", ""))
        text = asked.get("metadata", {}).get("alt_text", {}).get("text")
        if media is None or not isinstance(text, str) or not 0 < len(text) <= 1000:
            raise invalid("The alt text or the media ID is invalid.")
        media["alt"] = text
        return {"id": asked["id"], "associated_metadata": asked["metadata"]}

    def page(self, size: int, token: str, fields: set[str]) -> Json:
        """Newest first."""
        start = int(token or 0)
        known = self._since(self.lists_lag)
        older = known[::-1][start : start + size]
        meta: Json = {"result_count": len(older)}
        if start + size < len(known):
            meta["next_token"] = str(start + size)
        found = [self.shown(post, fields) for post in older]
        return {"data": found, "meta": meta} if found else {"meta": meta}

    def count(self) -> int:
        """How many the account is said to have."""
        return len(self._since(self.count_lag))

    def _since(self, lag: float) -> list[Json]:
        with self.lock:
            return [
                post
                for post in self.posts
                if time.monotonic() - self.came[post["id"]] >= lag
            ]

    def shown(self, post: Json, fields: set[str]) -> Json:
        long, urls = self._shortened(post["text"], post)
        text = self._cut(long, post)
        whole = {
            "id": post["id"],
            "text": text,
            "edit_history_post_ids": [post["id"]],
            "created_at": post["at"][:19] + ".000Z",  # as X tells it: whole seconds
            "entities": {"urls": [one for one in urls if one["url"] in text]},
            **{name: {"text": long, "entities": {"urls": urls}} for name in NOTES},
            "attachments": {"media_keys": [f"3_{one}" for one in post["media_ids"]]},
        }
        if not post["media_ids"]:
            del whole["attachments"]
        if text == long:
            whole = {name: whole[name] for name in whole if name not in NOTES}
        default = {"id", "text", "edit_history_post_ids"}
        return {name: whole[name] for name in whole if name in fields | default}

    def _answered(self, post: Json) -> Json:
        return self.shown(post, set())

    def _cut(self, text: str, post: Json) -> str:
        """A long post's `text` is its beginning, and leads to the whole of it."""
        if x_entities.length(post["text"]) <= USUAL:
            return text
        return f"{text[:LONG_SHOWN].rstrip()}… https://t.co/{post['id'][-6:]}L"

    def _shortened(self, text: str, post: Json) -> tuple[str, list[Json]]:
        """With every link, and the place of its pictures, behind X's own short one."""
        pieces, urls, end = [], list[Json](), 0
        for link in x_entities.links(text):
            url = f"https://t.co/{post['id'][-6:]}{len(urls)}"
            pieces += [text[end : link.start], url]
            urls.append(_entity(url, link.url, "".join(pieces)))
            end = link.end
        told = "".join([*pieces, text[end:]])
        if post["media_ids"]:
            place = f"https://x.com/desk/status/{post['id']}/photo/1"
            url = f"https://t.co/{post['id'][-6:]}m"
            told = f"{told} {url}".strip()
            key = f"3_{post['media_ids'][0]}"
            urls.append(_entity(url, place, told) | {"media_key": key})
        return html.escape(told, quote=False), urls

    def _post(self, asked: Json) -> Json:
        now = self.now()
        milliseconds = int(now.timestamp() * 1000) - EPOCH_MS
        media_ids = asked.get("media", {}).get("media_ids", [])
        for media_id in media_ids:
            self.media[media_id]["used"] = True
        text = asked.get("text", "")
        found = x_entities.links(text)
        return {
            "id": str((milliseconds << 22) + len(self.posts)),
            "text": text,
            "link": found[-1].url if found else None,
            "media_ids": media_ids,
            "alts": [self.media[media_id]["alt"] for media_id in media_ids],
            "reply_to": asked.get("reply", {}).get("in_reply_to_tweet_id"),
            "at": now.isoformat(timespec="milliseconds"),
        }

    def _validate(self, asked: Json) -> None:
        _only(asked, {"text", "media", "reply"})
        text = asked.get("text", "")
        media_ids = asked.get("media", {}).get("media_ids", [])
        _only(asked.get("media", {}), {"media_ids"})
        _only(asked.get("reply", {}), {"in_reply_to_tweet_id"})
        if not isinstance(text, str) or not (text.strip() or media_ids):
            raise invalid("text is not valid")
        if x_entities.length(text) > self.limit:
            raise forbidden("Your Tweet text is too long.")
        if len(re.findall(r"\$[A-Z]{2,6}\b", text)) > 1:
            raise forbidden("Your post may hold one cashtag only.")
        self._validate_media(media_ids)
        self._validate_place(asked.get("reply", {}).get("in_reply_to_tweet_id"))
        since = (self.now() - self.memory).isoformat()
        if any(post["text"] == text and post["at"] > since for post in self.posts):
            raise forbidden(
                "You are not allowed to create a Tweet with duplicate content."
            )

    def _validate_place(self, reply: object) -> None:
        if reply is None:
            return
        if not isinstance(reply, str) or not ID.fullmatch(reply):
            raise invalid("$.reply.in_reply_to_tweet_id: does not match ^[0-9]{1,19}$")
        if all(post["id"] != reply for post in self.posts):
            raise invalid("Your reply tweet ID is invalid.")

    def _validate_media(self, media_ids: object) -> None:
        if not isinstance(media_ids, list) or len(media_ids) > 4:
            raise invalid("$.media.media_ids: at most 4 are allowed")
        for one in media_ids:
            if not isinstance(one, str) or not ID.fullmatch(one):
                raise invalid("$.media.media_ids[0]: does not match ^[0-9]{1,19}$")
            media = self.media.get(one)
            if media is None or media["used"] or media["ends"] <= time.monotonic():
                raise invalid("Your media IDs are invalid.")

    def _write_down(self, post: Json) -> None:
        if self.log is None:
            return
        with self.log.open("a") as file:
            file.write(json.dumps(post) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _entity(url: str, leads_to: str, text: str) -> Json:
    """A link at the end of this text."""
    place = {"start": len(text) - len(url), "end": len(text)}
    shown = leads_to.partition("://")[2].removeprefix("www.")
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
    return {**place, "url": url, "expanded_url": leads_to, "display_url": shown}


def _only(asked: Json, known: set[str]) -> None:
    if unknown := set(asked) - known:
        raise invalid(f"$.{min(unknown)}: is not defined in the schema")
