"""An account's posts on a Mastodon server, and which of them are ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from connectors.base import (
    Besides,
    Finding,
    OnRecord,
    Sought,
    Unclear,
)
from connectors.content_match import (
    comparable,
    comparables_of_html,
    normalized_links,
    similarity,
)
from connectors.html_text import html_to_text
from connectors.http import Client, Deadline, Response, refusal
from connectors.http.retry_after import has_zone, parse_date
from connectors.mastodon import source_cache
from connectors.mastodon.fediverse import Json
from connectors.mastodon.source_cache import CACHE
from connectors.mastodon.status import (
    frame_of_sent,
    frame_of_status,
    id_of,
    receipt_of,
    text_of,
)
from connectors.platform_clock import PlatformClock, platform_clock
from connectors.reconciliation import Asked, Judge, Listing, Shown, too_early

PAGE = 40  # what Mastodon gives at most
PAGES = 25
EMPTY = "The server lists no posts, yet counts some."
NO_SOURCE = (400, 403, 404, 405, 410, 501)  # it has none, or keeps it from us


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
        time = text_of(status, "created_at")
        at = parse_date(time)
        if at is None:
            raise Unclear("The server lists a post without its time.")
        visibility = status.get("visibility")
        told = receipt_of(status, self.client.base)
        if visibility not in (None, "public"):
            told = replace(told, warnings=(f"The server made it {visibility}.",))
        return Shown(
            told,
            at,
            comparables_of_html(text_of(status, "content"), wanted),
            frame_of_status(status),
            own=self._by_us(status) and not status.get("reblog"),
            # Mastodon counts boosts, and no direct messages
            counted=self._by_us(status) and visibility != "direct",
            zoned=has_zone(time),
            text=html_to_text(text_of(status, "content"), wanted),
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
            id_of(status, "id"): text_of(status, "edited_at")
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
            return text_of(response.entry(), "text")
        return "" if response.status in NO_SOURCE else None

    def _by_us(self, status: Json) -> bool:
        """Of an account that is not named, all that its own listing shows."""
        author = status.get("account")
        if not isinstance(author, dict):
            return True
        named = {id_of(author, "id"), text_of(author, "acct").casefold()}
        return not named.isdisjoint(
            {str(self.account["id"]), text_of(self.account, "acct").casefold()} - {""}
        )


def _asked(by: PlatformClock, sought: Sought) -> Asked:
    sent = json.loads(sought.prepared.body)
    return by.asked(sought, comparable(str(sent["status"])), frame_of_sent(sent))


def _links(sought: Sequence[Sought]) -> set[str]:
    sent = (json.loads(one.prepared.body) for one in sought)
    return {link for one in sent for link in normalized_links(str(one["status"]))}
