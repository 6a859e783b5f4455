"""Bluesky, and any server that speaks the AT Protocol."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from connectors.base import (
    About,
    Account,
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
    NotThere,
    Prepared,
    Preview,
    Problem,
    Receipt,
    Rejected,
    Shape,
    Staged,
    Unauthorized,
)
from connectors.bluesky.cid import cid
from connectors.bluesky.errors import error_name, refused
from connectors.bluesky.mentions import accounts, mentions, unknown
from connectors.bluesky.record import (
    Json,
    dated,
    embed,
    receipt,
    record_key,
    reply,
    uri,
)
from connectors.bluesky.session import NEVER, Session, server_address, signed_in
from connectors.bluesky.text import (
    BYTES,
    bytes_over,
    count_letters,
    has_card,
    rich_text,
)
from connectors.http import Client, Response
from connectors.http.rate_limit import remaining_posts

POSTS = "app.bsky.feed.post"
POINTS = 2  # that a post costs
BLOBS_KEPT = timedelta(hours=1)  # servers clear away what no record names
THUMB_BYTES = 1_000_000
# A repository takes one write at a time, and whoever finds it taken tries again after
# ever longer pauses, for 5 s: of two at once 35 a second are stored, of 16 only 3.
AT_ONCE = 2
TOO_STRONG = (
    "This is the account's main password: make an app password and reconnect with it."
)


class Bluesky(Connector):
    """A record under a key of our own: the same bytes again are the same post."""

    platform = "bluesky"
    title = "Bluesky"
    sign = "M4.6 12.5a3 3 0 0 1-.2-6 3.9 3.9 0 0 1 7.5 1 2.5 2.5 0 0 1 .1 5z"
    waits_cooperatively = True
    at_once = AT_ONCE
    shape = Shape.ABOVE
    tells_cards = True
    dates_posts = True
    fields = (
        Field(
            "server",
            "Server",
            default="https://bsky.social",
            kind=Kind.SERVER,
            hint="Leave it as it is, unless the account lives on another server.",
        ),
        Field(
            "handle",
            "Handle, such as news.example.org",
            hint="The account's whole name, without the @: it stands on its profile.",
        ),
        Field(
            "app_password",
            "App password",
            secret=True,
            hint="Made on Bluesky by the account itself, under Settings, Privacy and "
            "security, App passwords. Not the password that it signs in with.",
        ),
    )
    default_limits = Limits(
        text=300,
        images=4,
        image_bytes=1_000_000,
        image_pixels=16_000_000,
        alt=2000,
        posts=1666,  # of 5,000 points an hour, at three each
        reserve=66,
        per=timedelta(hours=1),
    )

    def __init__(
        self, credentials: Mapping[str, str], limits: Limits | None = None
    ) -> None:
        super().__init__(credentials, limits)
        self.server = server_address(credentials["server"])
        self.session = Session.from_values(credentials)

    @property
    def host(self) -> str:
        """The account's own server, which need not be the one it signs in at."""
        return urlsplit(self.session.server if self.session else self.server).netloc

    def length(self, message: Message) -> int:
        return count_letters(rich_text(message).text)

    def over(self, message: Message) -> int:
        """In letters or, where those are long ones, in bytes."""
        return max(super().over(message), bytes_over(message))

    def problems(self, message: Message) -> list[Problem]:
        found = super().problems(message)
        if (over := bytes_over(message)) > 0:
            said = f"The text is {over} bytes over the limit of {BYTES:,}."
            found.append(Problem(said))
        card = message.card if has_card(message) else None
        if card and card.image and card.image.size > THUMB_BYTES:
            said = f"The link card's image is over {THUMB_BYTES:,} bytes."
            found.append(Problem(said, About.LINK))
        return found

    def preview(self, message: Message) -> Preview:
        card = message.card if has_card(message) else None
        return Preview(rich_text(message).text, message.images, card, self.shape)

    def renew_at(self) -> datetime | None:
        return self.session.renew_at if self.session else NEVER

    def renew(self) -> Mapping[str, str]:
        """Refresh the session; sign in only where there is none to refresh.

        Signing in is limited to 30 times in five minutes.
        """
        seconds = self.deadline.total_seconds()
        session = self.session.refreshed(seconds) if self.session else None
        if session is None:
            known = self.session.did if self.session else ""
            session = signed_in(self.server, self.credentials, known, seconds)
        return session.values()

    def stage(self, message: Message) -> Staged:
        self.refuse(message)
        card = message.card if has_card(message) else None
        images = (card.image,) if card and card.image else message.images
        dids = accounts(self._here().server, message.text)
        if not images:
            return Staged({"dids": dids} if dids else {})
        uploaded = [self._upload(image) for image in images]
        until = uploaded[0][1] + BLOBS_KEPT
        return Staged({"blobs": [blob for blob, _ in uploaded], "dids": dids}, until)

    def compose(
        self,
        message: Message,
        staged: Staged,
        key: str,
        at: datetime,
        after: Receipt | None = None,
    ) -> Prepared:
        self.refuse(message)
        said = rich_text(message)
        record: Json = {"$type": POSTS, "text": said.text}
        dids = staged.data.get("dids")
        known = mentions(said.text, dids) if isinstance(dids, dict) else []
        if facets := [*said.facets, *known]:
            record["facets"] = facets
        if message.language:
            record["langs"] = [message.language]
        if shown := embed(message, staged):
            record["embed"] = shown
        if after:
            record["reply"] = reply(after)
        body: Json = {
            "repo": self._here().did,
            "collection": POSTS,
            "record": dated(record, at),
            "rkey": record_key(record, key, at),
            "swapRecord": None,  # other words under this key are refused, not an edit
        }
        return Prepared(key, json.dumps(body))

    def redated(self, prepared: Prepared, at: datetime) -> Prepared:
        body = json.loads(prepared.body)
        body["record"] = dated(body["record"], at)
        return Prepared(prepared.key, json.dumps(body))

    def publish(self, prepared: Prepared) -> Receipt:
        response = self._client().post(
            "/xrpc/com.atproto.repo.putRecord",
            prepared.body,
            seconds=self.deadline.total_seconds(),
            irreversible=True,
        )
        body = json.loads(prepared.body)
        if error_name(response) == "InvalidSwap":
            return self._there_already(body, response)
        if not response.ok:
            raise refused(response)
        put = response.entry()
        if (put.get("uri"), put.get("cid")) != (uri(body), cid(body["record"])):
            raise response.lost("back another post than was sent")
        return replace(
            receipt(body),
            rate_limits=remaining_posts(response, "RateLimit", cost=POINTS),
            warnings=unknown(body["record"]),
        )

    def find(self, prepared: Prepared, since: datetime) -> Finding:
        """By its own key, so `since` is not needed."""
        body = json.loads(prepared.body)
        try:
            if self._here().did != body["repo"]:
                return CantTell("The post was made for another account.")
            there = self._stands(body)
        except ConnectorError as error:
            return CantTell.by(error)
        return Found((receipt(there),)) if there else NotThere()

    def check(self) -> Account:
        account = self._asked("com.atproto.server.getSession", self._client())
        if account.get("active") is False:
            raise Unauthorized(f"The account is {account.get('status') or 'inactive'}.")
        here = self._here()
        if account.get("did") != here.did:
            raise Unauthorized("The session belongs to another account.")
        anyone = Client(here.server)  # public, so the token stays at home
        server = self._asked("com.atproto.server.describeServer", anyone)
        health = anyone.get("/xrpc/_health", seconds=self._patience)
        version = health.entry().get("version", "") if health.ok else ""
        return Account(
            remote_id=here.did,
            name=f"@{account.get('handle') or here.did}",
            software="Bluesky",
            version=str(version),
            exactly_once=Class.EXACT if server.get("did") else Class.NONE,
            limits=_limits(self.default_limits, server.get("blobUploadLimit")),
            warnings=(TOO_STRONG,) if here.by_main_password else (),
        )

    @property
    def _patience(self) -> float:
        """Seconds for a call that only reads."""
        return self.deadline.total_seconds() / 4

    def _here(self) -> Session:
        if self.session is None:
            raise Unauthorized("The desk is not signed in to this account yet.")
        return self.session

    def _client(self) -> Client:
        here = self._here()
        secrets = (here.access, here.refresh, self.credentials["app_password"])
        bearer = {"Authorization": f"Bearer {here.access}"}
        return Client(here.server, bearer, secrets=secrets)

    def _asked(self, method: str, client: Client) -> Json:
        response = client.get(f"/xrpc/{method}", seconds=self._patience)
        if not response.ok:
            raise refused(response)
        return response.entry()

    def _stands(self, body: Json) -> Json | None:
        """Our post as it stands under its key, whatever time it says; None: it doesn't.

        Raises `Rejected` where it is another post.
        """
        query = {name: str(body[name]) for name in ("repo", "collection", "rkey")}
        path = "/xrpc/com.atproto.repo.getRecord"
        response = self._client().get(path, query, self.deadline.total_seconds())
        if error_name(response) == "RecordNotFound":
            return None
        if not response.ok:
            raise refused(response)
        stands = response.entry().get("value")
        if not isinstance(stands, dict) or _timeless(stands) != _timeless(
            body["record"]
        ):
            raise Rejected("Another post stands under its key.", duplicate=True)
        return {**body, "record": stands}

    def _there_already(self, body: Json, response: Response) -> Receipt:
        """A server may call the same bytes a change, too: look what stands there."""
        try:
            there = self._stands(body)
        except Rejected:
            raise
        except ConnectorError:
            there = None
        if there is None:
            raise response.lost("no word on what stands under the post's key")
        return receipt(there)

    def _upload(self, image: Image) -> tuple[Json, datetime]:
        response = self._client().request(
            "POST",
            "/xrpc/com.atproto.repo.uploadBlob",
            image.data,
            {"Content-Type": image.media_type},
            3 * self.deadline.total_seconds(),
        )
        if not response.ok:
            raise refused(response)
        blob = response.entry().get("blob")
        if not isinstance(blob, dict) or not blob.get("ref"):
            raise response.lost("an upload without a reference")
        return blob, response.at


def _timeless(record: object) -> Json:
    """A post whose answer was lost may have said a later time than we would now."""
    told = record if isinstance(record, dict) else {}
    return {name: value for name, value in told.items() if name != "createdAt"}


def _limits(usual: Limits, told: object) -> Limits:
    """The usual ones, with less for an image where the server takes less."""
    if not isinstance(told, int) or told <= 0:
        return usual
    return replace(usual, image_bytes=min(usual.image_bytes, told))
