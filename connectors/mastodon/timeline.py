"""An account's posts on a Mastodon server, and which of them are ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from connectors import base
from connectors.base import (
    Besides,
    ConnectorError,
    Finding,
    OnRecord,
    Prepared,
    Receipt,
    Sought,
    Unclear,
)
from connectors.content_match import (
    comparable,
    comparables_of_html,
    html_shows,
    normalized_links,
    similarity,
)
from connectors.html_text import html_to_text
from connectors.http import Client, Deadline, Response, refusal
from connectors.http.rate_limit import remaining_posts
from connectors.http.retry_after import has_zone, parse_date
from connectors.mastodon import source_cache
from connectors.mastodon.fediverse import Json
from connectors.mastodon.source_cache import CACHE
from connectors.platform_clock import PlatformClock, platform_clock
from connectors.reconciliation import Asked, Judge, Listing, Shown, too_early

PAGE = 40  # what Mastodon gives at most
PAGES = 25
EMPTY = "The server lists no posts, yet counts some."
NO_SOURCE = (400, 403, 404, 405, 410, 501)  # it has none, or keeps it from us


def differences(status: Json, sent: Json) -> tuple[str, ...]:
    """What this post, which an answer named as ours, shows otherwise than was sent."""
    found = []
    if not isinstance(status.get("content"), str):
        found.append(base.UNSHOWN)
    elif not html_shows(_text(status, "content"), str(sent["status"])):
        found.append(base.OTHERWISE)
    if _images(status) != _count(sent.get("media_ids")):
        found.append("It does not show the images that were sent.")
    if _name(status, "in_reply_to_id") != _name(sent, "in_reply_to_id"):
        found.append("It does not stand in its thread.")
    if (visibility := status.get("visibility")) not in (None, sent["visibility"]):
        found.append(f"The server made it {visibility}.")
    return tuple(found)


def receipt(status: Json, server: str) -> Receipt:
    """What this post is called, and where its readers find it."""
    remote_id = _name(status, "id")
    place = _address(status) or f"{server}/web/statuses/{quote(remote_id, safe='')}"
    return Receipt(remote_id, place, parse_date(_text(status, "created_at")))


def answered(response: Response, sent: Prepared, server: str) -> Receipt | None:
    """The receipt of an answer to our own request: the id that it names is evidence.

    Whatever words it shows, and whether or not it names its address. None: no id.
    """
    status = _entry(response)
    if not _name(status, "id"):
        return None
    made = receipt(status, server)
    author = status.get("account")
    total = author.get("statuses_count") if isinstance(author, dict) else None
    return replace(
        made,
        warnings=differences(status, json.loads(sent.body)),
        rooms=remaining_posts(response, "X-RateLimit"),
        age=_age(response, made, _text(status, "created_at")),
        total=total if isinstance(total, int) else None,
    )


def named(response: Response) -> str:
    """The id of the post that an answer names, if it names one."""
    return _name(_entry(response), "id")


def shows_a_post(response: Response) -> bool:
    """Whether what calls itself a refusal is a post that was taken."""
    entry = _entry(response)
    return bool(_name(entry, "id") and {"content", "created_at"} <= set(entry))


def _entry(response: Response) -> Json:
    try:
        return response.entry()
    except ConnectorError:
        return {}


@dataclass
class Timeline:
    """The posts of one account, newest first, read page by page."""

    client: Client
    account: Json
    deadline: Deadline
    _read_so_far: list[Json] = field(default_factory=list)

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
        wanted = _links(sought)
        first, page_skew = self._page(None)
        begun = [self._shown(status, wanted) for status in first]
        skew = asked_who.skew
        by = platform_clock(skew if skew is not None else page_skew, begun, known)
        asked = [_asked(by, one) for one in sought]
        since = min(one.doubtful_from for one in asked)
        counted = any(one.total is not None for one in known)
        read_at = asked_who.at
        listing = self._read(first, wanted, since, read_at, to_the_end=not counted)
        listing = replace(listing, ahead=by.ahead)
        if listing.total and not listing.shown:
            return [too_early(EMPTY, one) for one in sought]
        if besides:
            late = besides()
            known, asked = late.known, asked + [_asked(by, one) for one in late.sought]
            listing = self._anew(listing, wanted, _links(late.sought))
        judge = Judge(asked, listing, known)
        if judge.unsettled() and (unknown := judge.unknown()):
            judge = Judge(asked, self._with_sources(listing, unknown, judge), known)
        return judge.findings()[: len(sought)]

    def _anew(
        self, listing: Listing, wanted: Collection[str], more: Collection[str]
    ) -> Listing:
        """The same listing, in which anchors may stand for these links, too."""
        if not set(more) - set(wanted):
            return listing
        both = {*wanted, *more}
        shown = tuple(self._shown(status, both) for status in self._read_so_far)
        return replace(listing, shown=shown)

    def _read(
        self,
        first: list[Json],
        wanted: Collection[str],
        since: datetime,
        read_at: datetime,
        *,
        to_the_end: bool,
    ) -> Listing:
        """Back to the first post that is older, or to the account's first one.

        A page that is not full may be the last: one more tells, `to_the_end`.
        """
        shown: list[Shown] = []
        past = whole = False
        for page in self._pages(first):
            if past:
                break
            shown += [self._shown(status, wanted) for status in page]
            self._read_so_far += page
            past = shown[-1].at < since
            if past and (len(page) >= PAGE or not to_the_end):
                break
        else:
            whole = True
        total = self.account.get("statuses_count")
        counted = total if isinstance(total, int) else None
        return Listing(tuple(shown), whole, counted, read_at)

    def _pages(self, page: list[Json]) -> Iterator[list[Json]]:
        """Every page; raises where there is no end of them."""
        seen: set[str] = set()
        for _ in range(PAGES):
            if not page:
                return
            yield page
            max_id = str(page[-1]["id"])
            if max_id in seen:
                raise Unclear("The server shows the same page again and again.")
            seen.add(max_id)
            page, _ = self._page(max_id)
        raise Unclear(f"There are over {PAGE * PAGES} posts since then.")

    def _page(self, max_id: str | None) -> tuple[list[Json], timedelta | None]:
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
        return page, response.skew

    def _shown(self, status: Json, wanted: Collection[str]) -> Shown:
        time = _text(status, "created_at")
        at = parse_date(time)
        if at is None:
            raise Unclear("The server lists a post without its time.")
        visibility = status.get("visibility")
        told = receipt(status, self.client.base)
        if visibility not in (None, "public"):
            told = replace(told, warnings=(f"The server made it {visibility}.",))
        return Shown(
            told,
            at,
            comparables_of_html(_text(status, "content"), wanted),
            _frame(status),
            own=self._by_us(status) and not status.get("reblog"),
            # Mastodon counts boosts, and no direct messages
            counted=self._by_us(status) and visibility != "direct",
            zoned=has_zone(time),
            text=html_to_text(_text(status, "content"), wanted),
        )

    def _with_sources(
        self, listing: Listing, unknown: Sequence[Shown], judge: Judge
    ) -> Listing:
        """The same, with what the authors wrote, for the likeliest of the unknown."""
        wanted = [one.sought for one in judge.unsettled()]
        texts = [str(json.loads(one.prepared.body)["status"]) for one in wanted]

        def likeness(shown: Shown) -> float:
            return max(similarity(text, shown.text) for text in texts)

        likely = sorted(unknown, key=likeness, reverse=True)
        found = self._sources([one.receipt.remote_id for one in likely])
        shown = [
            replace(one, words=(*one.words, comparable(found[one.receipt.remote_id])))
            if found.get(one.receipt.remote_id)
            else one
            for one in listing.shown
        ]
        return replace(listing, shown=tuple(shown))

    def _sources(self, post_ids: Sequence[str]) -> dict[str, str]:
        """What the authors of these posts wrote, as far as it is told by now."""
        account = f"{self.client.base} {self.account['id']}"
        edited = {
            _name(status, "id"): _text(status, "edited_at")
            for status in self._read_so_far
        }
        found: dict[str, str] = {}
        asked = 0
        for post_id in post_ids:
            post = (post_id, edited.get(post_id, ""))
            told = CACHE.get(account, post)
            if told is None and asked < source_cache.AT_ONCE:
                if not CACHE.may_ask(account):
                    continue
                asked += 1
                told = self._source(post_id)
                if told is not None:
                    CACHE.keep(account, post, told)
            found[post_id] = told or ""
        return found

    def _source(self, post_id: str) -> str | None:
        """Empty: the server tells none; None: it may tell it another time."""
        path = f"/api/v1/statuses/{quote(post_id, safe='')}/source"
        response = self.client.get(path, seconds=self.deadline.left())
        if response.ok:
            return _text(response.entry(), "text")
        return "" if response.status in NO_SOURCE else None

    def _by_us(self, status: Json) -> bool:
        """Of an account that is not named, all that its own listing shows."""
        author = status.get("account")
        if not isinstance(author, dict):
            return True
        return _name(author, "id") == str(self.account["id"])


def _asked(by: PlatformClock, sought: Sought) -> Asked:
    sent = json.loads(sought.prepared.body)
    return by.asked(sought, comparable(str(sent["status"])), _frame_of(sent))


def _links(sought: Sequence[Sought]) -> set[str]:
    sent = (json.loads(one.prepared.body) for one in sought)
    return {link for one in sent for link in normalized_links(str(one["status"]))}


def _age(response: Response, made: Receipt, time: str) -> timedelta | None:
    """How old the post is, by the server's clock alone; None: it does not say."""
    if response.skew is None or made.published_at is None or not has_zone(time):
        return None
    return response.at + response.skew - made.published_at


def _frame(status: Json) -> tuple[object, ...]:
    return _images(status), _name(status, "in_reply_to_id")


def _frame_of(sent: Json) -> tuple[object, ...]:
    return _count(sent.get("media_ids")), _name(sent, "in_reply_to_id")


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
