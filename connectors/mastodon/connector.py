"""Mastodon, and the servers that speak its API."""

from __future__ import annotations

import json
import re
import time
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
    Image,
    Kind,
    Limits,
    Message,
    OnRecord,
    OutcomeUnknown,
    Prepared,
    Preview,
    Receipt,
    Rejected,
    Sought,
    Staged,
    Unauthorized,
    Unavailable,
)
from connectors.content_match import MENTION
from connectors.http import Client, Deadline, Response, refusal
from connectors.links import links, normalize_url
from connectors.mastodon import fediverse
from connectors.mastodon.fediverse import Json
from connectors.mastodon.timeline import (
    Timeline,
    answered,
    named,
    receipt,
    shows_a_post,
)

MEDIA_KEPT = timedelta(hours=12)  # Mastodon clears unused uploads after a day

# 403 for a credential that can't post; "This action is not allowed" is about the post
_CREDENTIAL = re.compile(r"token|scope|authori[sz]|authentic|login|suspend|disabled")
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class Mastodon(Connector):
    """JSON only: one server publishes an empty post when it is sent a form."""

    platform = "mastodon"
    title = "Mastodon"
    gives_way = True
    fields = (
        Field("server", "Server, such as https://mastodon.social", kind=Kind.SERVER),
        Field("token", "Access token", secret=True),
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
        text = _whole(message)
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
        return seen if seen.card else replace(seen, text=_whole(message))

    def stage(self, message: Message) -> Staged:
        self.refuse(message)
        if not message.images:
            return Staged()
        try:
            uploaded = [self._upload(image) for image in message.images]
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
        body: dict[str, object] = {"status": _whole(message), "visibility": "public"}
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
        if response.ok and (made := answered(response, prepared, self.server)):
            return made
        raise self._without_receipt(response)

    def find(self, prepared: Prepared, since: datetime) -> Finding:
        return self.find_all([Sought(prepared, since, since + self.deadline)])[0]

    def find_all(
        self,
        sought: Sequence[Sought],
        known: Sequence[OnRecord] = (),
        besides: Callable[[], Besides] | None = None,
    ) -> list[Finding]:
        deadline = Deadline(3 * self.deadline.total_seconds())
        try:
            account, response = self._account()
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
        if response.ok and named(response) == one.named:
            return Found((receipt(response.entry(), self.server),))
        return CantTell(f"{self.server} named the post {one.named} and can't show it.")

    def check(self) -> Account:
        account, _ = self._account()
        instance = self._instance()
        found = fediverse.software(instance, self._nodeinfo())
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
    def _patience(self) -> float:
        """Seconds for a call that only reads."""
        return self.deadline.total_seconds() / 4

    def _account(self) -> tuple[Json, Response]:
        """Who the token belongs to; a server may answer 400 to a bad one."""
        path = "/api/v1/accounts/verify_credentials"
        response = self.client.get(path, seconds=self._patience)
        if response.status in (400, 401, 403):
            raise Unauthorized(response.reason)
        if not response.ok:
            raise refusal(response, response.at)
        account = response.entry()
        if not account.get("id"):
            raise response.lost("an account without an id")
        return account, response

    def _instance(self) -> Json:
        """What the server says of itself; the older answer where the newer is short."""
        told: Json = {}
        for path in ("/api/v2/instance", "/api/v1/instance"):
            response = self.client.get(path, seconds=self._patience)
            if response.ok:
                told = fediverse.completed(told, response.entry())
            elif not told and response.status not in (404, 405, 410, 501):
                raise refusal(response, response.at)
            if fediverse.says_length(told):
                break
        return told

    @property
    def _unsaid(self) -> str:
        return (
            f"{self.host} does not say how long a post may be: unknown, so the desk "
            f"takes {self.default_limits.text} letters, as most servers do."
        )

    def _nodeinfo(self) -> Json:
        """What the server calls itself, where it says so on this very host."""
        anyone = Client(self.server)  # public, so the token stays at home
        listed = anyone.get("/.well-known/nodeinfo", seconds=self._patience)
        if not listed.ok:
            return {}
        for link in _entries(listed.entry().get("links")):
            href = urlsplit(str(link.get("href", "")))
            if href.netloc == self.host and href.path:
                response = anyone.get(href.path, seconds=self._patience)
                return response.entry() if response.ok else {}
        return {}

    def _upload(self, image: Image) -> tuple[str, datetime]:
        deadline = Deadline(3 * self.deadline.total_seconds())
        name = f"image.{_ENDINGS.get(image.media_type, 'bin')}"
        form: dict[str, str | tuple[str, bytes, str]] = {
            "file": (name, image.data, image.media_type),
            "focus": _focus(image.focus),
        }
        if image.description:
            form["description"] = image.description
        response = self.client.upload("/api/v2/media", form, deadline.left())
        if response.status == 404:  # before Mastodon 3.1.3, and elsewhere
            response = self.client.upload("/api/v1/media", form, deadline.left())
        if response.status != 202 and not response.ok:
            raise self._refused(response)
        return self._ready(response.entry(), response, deadline), response.at

    def _ready(self, media: Json, response: Response, deadline: Deadline) -> str:
        """The id of an upload, once the server has worked through it."""
        media_id = media.get("id")
        if not media_id:
            raise response.lost("an upload without an id")
        place = f"/api/v1/media/{quote(str(media_id), safe='')}"
        pause = 0.25
        while not media.get("url"):
            self._pause(pause, deadline)
            pause = min(pause * 2, 4)
            response = self.client.get(place, seconds=deadline.left())
            if response.status != 206 and not response.ok:
                raise self._refused(response)
            media = response.entry()
        return str(media_id)

    def _pause(self, seconds: float, deadline: Deadline) -> None:
        if deadline.used + seconds >= deadline.seconds:
            raise Unavailable(f"{self.server} is still working on the image.")
        time.sleep(seconds)

    def _without_receipt(self, response: Response) -> ConnectorError:
        """A refusal; or an answer in which the post may be named all the same."""
        if response.ok:
            return response.lost("back a post without its id")
        error = self._refused(response)
        shown = isinstance(error, Rejected) and shows_a_post(response)
        if shown or isinstance(error, OutcomeUnknown):
            return OutcomeUnknown(error.reason, named(response))
        return error

    def _refused(self, response: Response) -> ConnectorError:
        """What a refusal of a post or an upload means, told from its words."""
        said = response.words.lower()
        reason = response.reason
        match response.status:
            case 400 if "duplicate idempotency key" in said:  # Pixelfed
                return Rejected(reason, duplicate=True)
            case 400 if self._token_is_dead():
                return Unauthorized(reason)
            case 403 if _CREDENTIAL.search(said):
                return Unauthorized(reason)
            case 422 if "authenticated user" in said:  # the token of an app alone
                return Unauthorized(reason)
            case 422 if "not finished processing" in said:
                return Unavailable(reason)
            case _:
                return refusal(response, response.at)

    def _token_is_dead(self) -> bool:
        """A 400 may be about the token or about the post; its words are no help."""
        try:
            self._account()
        except ConnectorError as error:
            return isinstance(error, Unauthorized)
        return False


def _whole(message: Message) -> str:
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


def _focus(focus: tuple[float, float]) -> str:
    """Ours counts from the top left, Mastodon's from the middle, upwards."""
    return f"{focus[0] * 2 - 1:.2f},{1 - focus[1] * 2:.2f}"


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


def _entries(value: object) -> list[Json]:
    found = value if isinstance(value, list) else []
    return [entry for entry in found if isinstance(entry, dict)]
