"""An account's posts on a Mastodon server, and which of them is ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import quote

from connectors.base import CantTell, Finding, Found, NotThere, Receipt, Unclear
from connectors.fediverse import Json
from connectors.http import Client, refusal
from connectors.sameness import near, same, shares_link, shows
from connectors.waiting import written
from connectors.wire import Deadline

PAGE = 40  # what Mastodon gives at most
PAGES = 25


def not_carried(status: Json, sent: Json) -> str:
    """What of our post is missing in this one; nothing: it is as it was sent."""
    if not shows(_text(status, "content"), str(sent["status"])):
        return "text"
    return _frame_not_carried(status, sent)


def _frame_not_carried(status: Json, sent: Json) -> str:
    """The same for all that is not its words."""
    if not (_name(status, "id") and _address(status)):
        return "id and address"
    if _images(status) != _count(sent.get("media_ids")):
        return "images"
    if _name(status, "in_reply_to_id") != _name(sent, "in_reply_to_id"):
        return "place in its thread"
    return "" if status.get("visibility") == sent["visibility"] else "visibility"


def receipt(status: Json) -> Receipt:
    at = written(_text(status, "created_at"))
    return Receipt(_name(status, "id"), _address(status), at)


@dataclass
class Listing:
    """The posts of one account, newest first, read page by page."""

    client: Client
    account: Json
    deadline: Deadline
    doubtful: str = field(default="", init=False)

    def search(self, sent: Json, since: datetime) -> Finding:
        """Ours among those after `since`, which is by the platform's own clock."""
        found = [
            self._receipt(status, sent)
            for status in self._statuses(since)
            if self._created(status) >= since and self._is_ours(status, sent)
        ]
        if found:
            return Found(tuple(sorted(found, key=lambda one: _order(one))))
        return CantTell(self.doubtful) if self.doubtful else NotThere()

    def _statuses(self, since: datetime) -> Iterator[Json]:
        """Every post back to the first older one; raises when it can't get there."""
        max_id: str | None = None
        seen: set[str] = set()
        for _ in range(PAGES):
            page = self._page(max_id)
            if not page:
                return self._end(seen)
            yield from page
            if self._created(page[-1]) < since:
                return None
            max_id = str(page[-1]["id"])
            if max_id in seen:
                raise Unclear("The server shows the same page again and again.")
            seen.add(max_id)
        raise Unclear(f"There are over {PAGE * PAGES} posts since then.")

    def _end(self, seen: set[str]) -> None:
        """A listing without posts, of an account that has some, hides something."""
        if not seen and self.account.get("statuses_count"):
            raise Unclear("The server lists no posts, yet counts some.")

    def _page(self, max_id: str | None) -> list[Json]:
        query = {"limit": str(PAGE)}
        if max_id:
            query["max_id"] = max_id
        place = quote(str(self.account["id"]), safe="")
        path = f"/api/v1/accounts/{place}/statuses"
        response = self.client.get(path, query, self.deadline.left())
        if response.status != 200:
            raise refusal(response, response.at)
        page = response.json()
        if not isinstance(page, list):
            raise response.lost("a listing of another shape")
        if not all(isinstance(entry, dict) and entry.get("id") for entry in page):
            raise response.lost("a listing without ids")
        return page

    def _created(self, status: Json) -> datetime:
        at = written(_text(status, "created_at"))
        if at is None:
            raise Unclear("The server lists a post without its time.")
        return at

    def _is_ours(self, status: Json, sent: Json) -> bool:
        """Surely ours. One that may be, and can't be told, makes the look doubtful."""
        if status.get("reblog") or not self._by_us(status):
            return False
        if not self._says_ours(status, str(sent["status"])):
            return False
        missing = _frame_not_carried(status, sent)
        if missing in ("", "visibility"):
            return True
        self.doubtful = f"A post like it is there, without the {missing}."
        return False

    def _says_ours(self, status: Json, text: str) -> bool:
        """Whether its words are ours: as shown, or else as its source has them."""
        content = _text(status, "content")
        if shows(content, text):
            return True
        if not near(content, text):
            return False
        source = self._source(status)
        if source is not None and same(source, text):
            return True
        if source is None or status.get("edited_at") or shares_link(content, text):
            self.doubtful = "A post like it is there, in other words."
        return False

    def _source(self, status: Json) -> str | None:
        path = f"/api/v1/statuses/{quote(str(status['id']), safe='')}/source"
        response = self.client.get(path, seconds=self.deadline.left())
        return _text(response.entry(), "text") if response.ok else None

    def _by_us(self, status: Json) -> bool:
        author = status.get("account")
        return isinstance(author, dict) and _name(author, "id") == str(
            self.account["id"]
        )

    def _receipt(self, status: Json, sent: Json) -> Receipt:
        if status.get("visibility") == sent["visibility"]:
            return receipt(status)
        told = f"The server made it {status.get('visibility')}."
        return replace(receipt(status), warnings=(told,))


def _order(found: Receipt) -> datetime:
    assert found.published_at is not None  # noqa: S101  _created read it
    return found.published_at


def _text(entry: Json, name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""


def _name(entry: Json, name: str) -> str:
    """An id: text on Mastodon, a number on some of its likes, or nothing."""
    value = entry.get(name)
    return str(value) if isinstance(value, str | int) else ""


def _address(status: Json) -> str:
    """Where its readers find it; some likes of Mastodon give the uri alone."""
    told = _text(status, "url") or _text(status, "uri")
    return told if told.startswith(("http://", "https://")) else ""


def _images(status: Json) -> int:
    return _count(status.get("media_attachments"))


def _count(value: object) -> int:
    return len(value) if isinstance(value, list) else 0
