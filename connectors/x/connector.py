"""X: posts through tweepy, counted and priced as X does."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from connectors import base
from connectors.base import (
    Account,
    Besides,
    CantTell,
    Class,
    Connector,
    ConnectorError,
    Finding,
    Image,
    Limits,
    Message,
    OnRecord,
    Prepared,
    Preview,
    Problem,
    Receipt,
    Rejected,
    Shape,
    Sought,
    Staged,
    Unauthorized,
    Unavailable,
)
from connectors.http import Deadline, Response
from connectors.x import access
from connectors.x.answers import rate_limits, refused, without_data
from connectors.x.api import Api, Token
from connectors.x.content_match import Json, answer_shows, full_text
from connectors.x.links import links
from connectors.x.prices import cost
from connectors.x.text import CASHTAG, LINK, REFUSED, weight
from connectors.x.timeline import Timeline, media_ids, receipt

LONG_TEXT = 25_000  # of an account that pays for it
SHORT_LIVED = "The token ends within two hours, and there is none to renew it with."
MEDIA_KEPT = timedelta(hours=24)  # where X does not say


class X(Connector):
    """It knows no keys: a repeat is refused as a duplicate, or is a second post."""

    platform = "x"
    title = "X"
    sign = "M3.5 4C6 4 10 12 12.5 12M12.5 4C10 4 6 12 3.5 12"
    waits_cooperatively = True
    fields = access.FIELDS
    default_limits = Limits(
        text=280,
        images=4,
        image_bytes=5_000_000,
        alt=1000,
        link=LINK,
        posts=100,
        reserve=10,
        per=timedelta(minutes=15),
    )
    settle = timedelta(seconds=40)  # its timelines lag; only then its count is proof
    refuses_repeats = timedelta(hours=24)  # it does not say how long; a day is safe
    shape = Shape.OVER

    def __init__(
        self, credentials: Mapping[str, str], limits: Limits | None = None
    ) -> None:
        super().__init__(credentials, limits)
        self.values = {name: value.strip() for name, value in credentials.items()}
        self.server = _address(self.values.get("server", ""))
        known = {"server", "client_id", access.ENDS_AT}
        kept = (value for name, value in self.values.items() if name not in known)
        self.secrets = tuple(filter(None, kept))

    @property
    def host(self) -> str:
        return urlsplit(self.server).netloc

    @property
    def app(self) -> str:
        return access.app(self.values)

    @property
    def api(self) -> Api:
        """Raises `Unauthorized` where no way in is given whole."""
        return Api(self.server, access.way(self.values), self.secrets)

    def length(self, message: Message) -> int:
        return weight(full_text(message))

    def problems(self, message: Message) -> list[Problem]:
        found = super().problems(message)
        cashtags = CASHTAG.findall(message.text)
        if len(cashtags) > 1:
            told = ", ".join(cashtags)
            found.append(Problem(f"X takes one cashtag in a post; this has {told}."))
        if match := REFUSED.search(message.text):
            said = f"X takes no text with the character U+{ord(match[0]):04X}."
            found.append(Problem(said))
        return found

    def remarks(self, message: Message) -> list[str]:
        alts = sum(1 for image in message.images if image.description)
        return [cost(linked=bool(links(full_text(message))), alts=alts)]

    def preview(self, message: Message) -> Preview:
        """A card stands for its link, where that is the last of the words."""
        seen = super().preview(message)
        return replace(seen, text=message.text) if seen.card else seen

    def stage(self, message: Message) -> Staged:
        self.refuse(message)
        if not message.images:
            return Staged()
        try:
            uploaded = [self._upload(image) for image in message.images]
        except TimeoutError:
            raise Unavailable("X took too long over an image.") from None
        ends = min(end for _, end in uploaded)
        return Staged({"media": [media for media, _ in uploaded]}, ends)

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
        body: dict[str, object] = {"text": full_text(message)}
        if media:
            body["media"] = {"media_ids": media}
        if after:
            body["reply"] = {"in_reply_to_tweet_id": after.remote_id}
        return Prepared(key, json.dumps(body))

    def publish(self, prepared: Prepared) -> Receipt:
        seconds = self.deadline.total_seconds()
        response = self.api.post("/2/tweets", prepared.body, seconds, irreversible=True)
        if not response.ok:
            raise refused(response)
        post = _data(response)
        post_id = str(post.get("id") or "")
        if not post_id.isdigit():
            raise response.lost("back a post without its id")
        theirs = response.at + (response.skew or timedelta())
        made = receipt(post_id, theirs)
        return replace(
            made,
            warnings=_differences(post, json.loads(prepared.body)),
            rate_limits=rate_limits(response),
            age=theirs - made.published_at if made.published_at else None,
        )

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
            timeline = Timeline(self.api, str(account["id"]), _count(account), deadline)
            return timeline.find_all(sought, known, response, besides)
        except ConnectorError as error:
            return [CantTell.by(error)] * len(sought)
        except TimeoutError:
            return [CantTell("X took too long to list its posts.")] * len(sought)

    def check(self) -> Account:
        account, _ = self._account()
        ends = isinstance(self.api.way, Token) and self.renew_at() is None
        return Account(
            remote_id=str(account["id"]),
            name=f"@{account.get('username') or account['id']}",
            software="X",
            version="2",
            exactly_once=Class.NATURAL,
            limits=self._limits(account),
            expires_at=access.ends_at(self.values) if ends else None,
            warnings=(SHORT_LIVED,) if ends else (),
        )

    def renew_at(self) -> datetime | None:
        return access.renew_at(self.values)

    def renew(self) -> Mapping[str, str]:
        seconds = self.deadline.total_seconds()
        return access.renewed(self.server, self.values, self.secrets, seconds)

    def _limits(self, account: Json) -> Limits:
        """Longer texts only where X says plainly that the account pays for them."""
        paid = account.get("subscription_type") in ("Premium", "PremiumPlus")
        return replace(self.default_limits, text=LONG_TEXT if paid else 280)

    def _account(self) -> tuple[Json, Response]:
        """Who the credentials belong to."""
        query = {"user.fields": "public_metrics,subscription_type"}
        seconds = self.deadline.total_seconds() / 4
        response = self.api.get("/2/users/me", query, seconds)
        if response.status == 403:
            raise Unauthorized(response.reason)
        if not response.ok:
            raise refused(response)
        account = _data(response)
        if not str(account.get("id") or "").isdigit():
            raise response.lost("an account without an id")
        return account, response

    def _upload(self, image: Image) -> tuple[str, datetime]:
        """The id of an upload with its alt text, and when X forgets it."""
        deadline = Deadline(3 * self.deadline.total_seconds())
        picture = {
            "media": base64.b64encode(image.data).decode(),
            "media_category": "tweet_image",
        }
        response = self._told("/2/media/upload", picture, deadline)
        media = _data(response)
        media_id = str(media.get("id") or "")
        if not media_id.isdigit():
            raise response.lost("an upload without an id")
        self._await(media_id, media, deadline)
        if image.description:
            self._describe(media_id, image.description, deadline)
        kept = media.get("expires_after_secs")
        lasts = timedelta(seconds=kept) if isinstance(kept, int) else MEDIA_KEPT
        return media_id, response.at + lasts

    def _await(self, media_id: str, media: Json, deadline: Deadline) -> None:
        """Wait for as long as X works on it; most images are ready at once."""
        while (state := _processing(media).get("state", "succeeded")) != "succeeded":
            if state == "failed":
                raise Rejected("X could not read the image.")
            pause = _processing(media).get("check_after_secs", 1)
            self._pause(pause if isinstance(pause, int) else 1, deadline)
            query = {"command": "STATUS", "media_id": media_id}
            response = self.api.get("/2/media/upload", query, deadline.left())
            if not response.ok:
                raise refused(response)
            media = _data(response)

    def _pause(self, seconds: float, deadline: Deadline) -> None:
        if deadline.used + seconds >= deadline.seconds:
            raise Unavailable("X is still working on the image.")
        time.sleep(seconds)

    def _describe(self, media_id: str, alt: str, deadline: Deadline) -> None:
        described = {"id": media_id, "metadata": {"alt_text": {"text": alt}}}
        try:
            self._told("/2/media/metadata", described, deadline)
        except Rejected as error:
            if "media_id" not in error.reason:
                raise  # else it is X's own simulator, which wants the older name
            older = {**described, "media_id": media_id}
            self._told("/2/media/metadata", older, deadline)

    def _told(self, route: str, body: Json, deadline: Deadline) -> Response:
        response = self.api.post(route, json.dumps(body), deadline.left())
        if not response.ok:
            raise refused(response)
        _data(response)
        return response


def _data(response: Response) -> Json:
    """What a success tells of; one that tells of errors alone is none."""
    data = response.entry().get("data")
    if not isinstance(data, dict):
        raise without_data(response)
    return data


def _differences(post: Json, sent: Json) -> tuple[str, ...]:
    """What this post, which an answer named as ours, says otherwise than was sent."""
    told, text = post.get("text"), str(sent["text"])
    if not isinstance(told, str):
        return (base.UNSHOWN,)
    long = weight(text) > 280  # X may answer with how it begins
    same = answer_shows(told, text, media=bool(media_ids(sent)), long=long)
    return () if same else (base.OTHERWISE,)


def _processing(media: Json) -> Json:
    found = media.get("processing_info")
    return found if isinstance(found, dict) else {}


def _count(account: Json) -> int | None:
    metrics = account.get("public_metrics")
    told = metrics if isinstance(metrics, dict) else {}
    count = told.get("tweet_count", told.get("post_count"))
    return count if isinstance(count, int) else None


def _address(server: str) -> str:
    """As people type it: without https://, or with a stroke behind it."""
    typed = server.rstrip("/") or "https://api.x.com"
    return typed if "://" in typed else f"https://{typed}"
