"""An account's posts on X, and which of them is ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain

from connectors.base import Besides, Finding, OnRecord, Receipt, Sought, Unclear
from connectors.http import Deadline, Response
from connectors.http.retry_after import parse_date
from connectors.platform_clock import PlatformClock, platform_clock
from connectors.reconciliation import Asked, Judge, Listing, Shown, too_early
from connectors.x.answers import refused
from connectors.x.api import Api
from connectors.x.content_match import Json, comparable, comparables_of_post

PAGE = 100  # what X gives at most
PAGES = 8
PLACE = "https://x.com/i/web/status/"  # leads on to the account's own address

_FIELDS = {
    "post.fields": "created_at,entities,attachments,note_post",
    "tweet.fields": "created_at,entities,attachments,note_tweet",  # its older name
}
_EPOCH_MS = 1_288_834_974_657  # since when X's ids count milliseconds


def receipt(post_id: str, at: datetime) -> Receipt:
    """Of a post made about then: its id tells the moment."""
    return Receipt(post_id, f"{PLACE}{post_id}", _moment(post_id, at, _LOOSE) or at)


_LOOSE = timedelta(days=1)
_SECOND = timedelta(seconds=1)  # what created_at is told in


def _moment(post_id: str, near_by: datetime, within: timedelta) -> datetime | None:
    """When an id was made; None where its number is of another kind."""
    milliseconds = (int(post_id) >> 22) + _EPOCH_MS if post_id.isdigit() else 0
    try:
        at = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if abs(at - near_by) <= within else None


EMPTY = "X lists no posts, yet counts some."
Page = tuple[list[Json], bool]  # its posts, and whether it is the last


@dataclass
class Timeline:
    """The posts of one account, newest first, read page by page."""

    api: Api
    account_id: str
    count: int | None  # of its posts, as X tells
    deadline: Deadline

    def find_all(
        self,
        sought: Sequence[Sought],
        known: Sequence[OnRecord],
        asked_who: Response,
        besides: Callable[[], Besides] | None = None,
    ) -> list[Finding]:
        """What became of each of these attempts, told from one listing.

        `asked_who`: the answer that told the account, and its count, just before.
        """
        pages = self._pages()
        first = next(pages)
        begun = [self._shown(post) for post in first[0]]
        by = platform_clock(asked_who.skew, begun, known)
        asked = [_asked(by, one) for one in sought]
        since = min(one.doubtful_from for one in asked)
        listing = self._read(chain([first], pages), since, asked_who.at)
        listing = replace(listing, ahead=by.ahead)
        if listing.total and not listing.shown:
            return [too_early(EMPTY, one) for one in sought]
        if besides:
            late = besides()
            known, asked = late.known, asked + [_asked(by, one) for one in late.sought]
        return Judge(asked, listing, known).findings()[: len(sought)]

    def _read(
        self, pages: Iterable[Page], since: datetime, read_at: datetime
    ) -> Listing:
        """Back to the first post that is older, or to the account's first one."""
        shown: list[Shown] = []
        whole = False
        for page, last in pages:
            shown += [self._shown(post) for post in page]
            whole = last
            if shown and shown[-1].at < since:
                break
        return Listing(tuple(shown), whole, self.count, read_at)

    def _pages(self) -> Iterator[Page]:
        """Every page, in order; raises where there is no end of them."""
        token: str | None = None
        before: datetime | None = None  # the time of the post above
        for _ in range(PAGES):
            page, token = self._page(token)
            more = bool(token) or len(page) >= PAGE
            for post in page:
                at = self._at(post)
                if more and before is not None and at > before + _SECOND:
                    raise Unclear("X lists the posts in no order.")
                before = at
            yield page, not token
            if not token:
                return
        raise Unclear(f"There are over {PAGE * PAGES} posts since then.")

    def _shown(self, post: Json) -> Shown:
        at = self._at(post)
        return Shown(
            Receipt(str(post["id"]), f"{PLACE}{post['id']}", at),
            at,
            comparables_of_post(post),
            (_images(post),),
            own=not _repost(post),
        )

    def _page(self, token: str | None) -> tuple[list[Json], str | None]:
        """A page, and what leads to the next one."""
        posts: list[Json] = []
        for name in _FIELDS:
            response = self._asked(name, token)
            if response.status == 400 and name != list(_FIELDS)[-1]:
                continue
            posts, following = _read(response)
            if all(post.get("created_at") for post in posts):
                return posts, following
        raise Unclear("X lists a post without its time.")

    def _asked(self, fields: str, token: str | None) -> Response:
        query = {"max_results": str(PAGE), fields: _FIELDS[fields]}
        if token:
            query["pagination_token"] = token
        route = f"/2/users/{self.account_id}/tweets"
        return self.api.get(route, query, self.deadline.left())

    def _at(self, post: Json) -> datetime:
        at = parse_date(str(post.get("created_at", "")))
        if at is None:
            raise Unclear("X lists a post without its time.")
        return _moment(str(post["id"]), at, _SECOND) or at


def _asked(by: PlatformClock, sought: Sought) -> Asked:
    sent = json.loads(sought.prepared.body)
    return by.asked(sought, comparable(str(sent["text"])), (len(media_ids(sent)),))


def media_ids(sent: Json) -> list[str]:
    media = sent.get("media")
    found = media.get("media_ids") if isinstance(media, dict) else None
    return found if isinstance(found, list) else []


def _read(response: Response) -> tuple[list[Json], str | None]:
    if response.status != 200:
        raise refused(response)
    whole = response.entry()
    posts, meta = whole.get("data", []), whole.get("meta", {})
    if whole.get("errors") or not isinstance(posts, list) or not isinstance(meta, dict):
        raise response.lost("a listing of another shape")
    if not all(isinstance(post, dict) and post.get("id") for post in posts):
        raise response.lost("a listing without ids")
    token = meta.get("next_token")
    return posts, token if isinstance(token, str) else None


def _images(post: Json) -> int:
    attachments = post.get("attachments")
    keys = attachments.get("media_keys") if isinstance(attachments, dict) else None
    return len(keys) if isinstance(keys, list) else 0


def _repost(post: Json) -> bool:
    return str(post.get("text", "")).startswith("RT @")
