"""Mastodon, and the servers that speak its API."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from connectors import graphemes
from connectors.base import (
    Account,
    Besides,
    CantTell,
    Class,
    Connector,
    ConnectorError,
    Field,
    Finding,
    Found,
    Kind,
    Limits,
    Message,
    OnRecord,
    Prepared,
    Preview,
    Receipt,
    Sought,
    Staged,
    Unavailable,
)
from connectors.content_match import MENTION
from connectors.http import Client, Deadline
from connectors.links import links, normalize_url
from connectors.mastodon import fediverse
from connectors.mastodon.api import Api
from connectors.mastodon.status import named_id, receipt_of, receipt_of_answer
from connectors.mastodon.timeline import Timeline
from connectors.mastodon.uploads import upload

MEDIA_KEPT = timedelta(hours=12)  # Mastodon clears unused uploads after a day


class Mastodon(Connector):
    """JSON only: one server publishes an empty post when it is sent a form."""

    platform = "mastodon"
    title = "Mastodon"
    sign = "M3.5 3c0 5 1.5 8.5 6 10M12.5 3c0 3.5-.8 5.5-3.5 6.5"
    waits_cooperatively = True
    fields = (
        Field(
            "server",
            "Server, such as https://mastodon.social",
            kind=Kind.SERVER,
            hint="Where the account lives: what its name has behind the second @.",
        ),
        Field(
            "token",
            "Access token",
            secret=True,
            hint="Signed in there as the account: Preferences, Development, New "
            "application. It may read accounts and statuses, and write statuses and "
            "media. Open it when it is made: its access token stands there.",
        ),
    )
    default_limits = Limits(
        text=500,
        images=4,
        image_bytes=16_000_000,
        image_pixels=33_177_600,
        alt=1500,
        link=23,
        posts=300,  # calls, and a post takes one; one with a picture three
        reserve=60,
    )

    def __init__(
        self, credentials: Mapping[str, str], limits: Limits | None = None
    ) -> None:
        super().__init__(credentials, limits)
        token = credentials["token"].strip()
        self.server = _address(credentials["server"])
        headers = {"Authorization": f"Bearer {token}"}
        self.client = Client(self.server, headers, secrets=(token,))

    @property
    def host(self) -> str:
        return urlsplit(self.server).netloc

    def length(self, message: Message) -> int:
        """Letters as a reader counts them; any link costs the same."""
        text = _full_text(message)
        for link in reversed(links(text)):
            cost = "x" * self._cost(link.address)
            text = text[: link.start] + cost + text[link.end :]
        return graphemes.count(MENTION.sub(r"@\1", text))

    def _cost(self, address: str) -> int:
        cost = self.limits.link or len(address)
        if "." not in _server(address).strip("0123456789."):
            return max(cost, len(address))  # no name of the public web
        return cost

    def whose(self, handle: str) -> str:
        """A handle without a server is one of this server."""
        named = handle.removeprefix("@").casefold()
        return f"fediverse {named if '@' in named else f'{named}@{self.host}'}"

    def preview(self, message: Message) -> Preview:
        """A link that the text holds is not said twice."""
        seen = super().preview(message)
        return seen if seen.card else replace(seen, text=_full_text(message))

    def stage(self, message: Message) -> Staged:
        self.refuse(message)
        if not message.images:
            return Staged()
        try:
            uploaded = [
                upload(self.api, one, self._deadline()) for one in message.images
            ]
        except TimeoutError:
            raise Unavailable(f"{self.server} took too long over an image.") from None
        first = uploaded[0][1]
        return Staged({"media": [one for one, _ in uploaded]}, first + MEDIA_KEPT)

    def compose(
        self,
        message: Message,
        staged: Staged,
        key: str,
        at: datetime,
        after: Receipt | None = None,
    ) -> Prepared:
        self.refuse(message)
        media = staged.data.get("media", [])
        if not isinstance(media, list) or len(media) != len(message.images):
            raise Unavailable("The images are not uploaded yet; stage again.")
        body: dict[str, object] = {
            "status": _full_text(message),
            "visibility": "public",
        }
        if media:
            body["media_ids"] = media
        if message.language:
            body["language"] = message.language.split("-")[0].lower()
        if after:
            body["in_reply_to_id"] = after.remote_id
        return Prepared(key, json.dumps(body))

    def publish(self, prepared: Prepared) -> Receipt:
        response = self.client.post(
            "/api/v1/statuses",
            prepared.body,
            {"Idempotency-Key": prepared.key},
            seconds=self.deadline.total_seconds(),
            irreversible=True,
        )
        if response.ok and (made := receipt_of_answer(response, prepared, self.server)):
            return made
        raise self.api.without_receipt(response)

    def find(self, prepared: Prepared, since: datetime) -> Finding:
        return self.find_all([Sought(prepared, since, since + self.deadline)])[0]

    def find_all(
        self,
        sought: Sequence[Sought],
        known: Sequence[OnRecord] = (),
        besides: Callable[[], Besides] | None = None,
    ) -> list[Finding]:
        deadline = self._deadline()
        try:
            account, response = self.api.account()
            timeline = Timeline(self.client, account, deadline)
            found = timeline.find_all(sought, known, response, besides)
            return [
                self._named(one, finding, deadline) if one.named else finding
                for one, finding in zip(sought, found, strict=True)
            ]
        except ConnectorError as error:
            return [CantTell.by(error)] * len(sought)
        except TimeoutError:
            slow = CantTell(f"{self.server} took too long to list its posts.")
            return [slow] * len(sought)

    def _named(self, one: Sought, finding: Finding, deadline: Deadline) -> Finding:
        """What became of an attempt whose answer named an id: that very post."""
        if isinstance(finding, Found):
            return finding
        path = f"/api/v1/statuses/{quote(one.named, safe='')}"
        response = self.client.get(path, seconds=deadline.left())
        if response.ok and named_id(response) == one.named:
            return Found((receipt_of(response.entry(), self.server),))
        return CantTell(f"{self.server} named the post {one.named} and can't show it.")

    def check(self) -> Account:
        account, _ = self.api.account()
        instance = fediverse.instance(self.client, self._patience)
        nodeinfo = fediverse.nodeinfo(self.server, self._patience)
        found = fediverse.software(instance, nodeinfo)
        return Account(
            remote_id=f"{account['id']}@{self.host}",  # an id is a server's own
            name=f"@{account.get('acct') or account['id']}@{self.host}",
            software=found.name,
            version=found.version,
            exactly_once=found.exactly_once,
            limits=fediverse.limits(instance, self.default_limits),
            window=fediverse.WINDOW if found.exactly_once is Class.WINDOW else None,
            warnings=() if fediverse.says_length(instance) else (self._unsaid,),
        )

    @property
    def api(self) -> Api:
        return Api(self.client, self._patience)

    def _deadline(self) -> Deadline:
        """For an upload, or for a look, which are several calls each."""
        return Deadline(3 * self.deadline.total_seconds())

    @property
    def _patience(self) -> float:
        """Seconds for a call that only reads."""
        return self.deadline.total_seconds() / 4

    @property
    def _unsaid(self) -> str:
        return (
            f"{self.host} does not say how long a post may be: unknown, so the desk "
            f"takes {self.default_limits.text} letters, as most servers do."
        )


def _full_text(message: Message) -> str:
    """Text and link as one status; a link that the text holds isn't said twice."""
    link = message.link
    held = (normalize_url(one.address) for one in links(message.text))
    if not link or normalize_url(link) in held:
        return message.text
    return f"{message.text}\n\n{link}".strip()


def _server(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _address(server: str) -> str:
    """As people type it: without https://, or with a path behind it."""
    typed = server.strip()
    if "://" not in typed:
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        host = parts.netloc.encode("idna").decode()
    except ValueError:
        return typed  # the first call says what is wrong with it
    return f"{parts.scheme}://{host}"
