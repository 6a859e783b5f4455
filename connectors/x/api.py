"""Calls to X: tweepy makes and signs them, and they leave by our one road."""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import requests
import tweepy
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from connectors.base import ConnectorError, Unauthorized, Unavailable
from connectors.http import Client, Response
from connectors.x.answers import problem_words

_TWEEPYS_HOST = "https://api.twitter.com"  # written into tweepy, and not X's any more

# They tell whole headers at DEBUG, and a token stands in these.
for _name in ("tweepy", "requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.INFO)


@dataclass(frozen=True)
class Keys:
    """OAuth 1.0a: two keys of the app and two of the account. They do not end."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)


@dataclass(frozen=True)
class Token:
    """OAuth 2: a token of the account, which ends after two hours."""

    bearer_token: str = field(repr=False)


@dataclass(frozen=True)
class Api:
    """X at one address, asked as one account."""

    server: str
    way: Keys | Token
    secrets: tuple[str, ...] = field(repr=False)

    def get(self, route: str, query: Mapping[str, str], seconds: float) -> Response:
        return self._call("GET", route, query, None, seconds)

    def post(
        self, route: str, body: str, seconds: float, irreversible: bool = False
    ) -> Response:
        """Send JSON text as it stands."""
        return self._call("POST", route, {}, body, seconds, irreversible)

    def _call(
        self,
        method: str,
        route: str,
        query: Mapping[str, str],
        body: str | None,
        seconds: float,
        irreversible: bool = False,
    ) -> Response:
        """One call on a session of its own. tweepy's verdict on it is not heard.

        It has errors that do not pickle, and trips over a list, HTML or nothing.
        """
        values = vars(self.way)
        if not all(
            value.isascii() and value.isprintable() for value in values.values()
        ):
            raise Unauthorized("A key or token holds characters that none of X's has.")
        road = _Road(self.secrets, seconds, irreversible)
        client = tweepy.Client(**values, wait_on_rate_limit=False)
        client.session = _Session(self.server, road, body)
        signed = isinstance(self.way, Keys)
        stumbled = ""
        try:
            client.request(method, route, params=dict(query), user_auth=signed)
        except ConnectorError:
            raise
        except Exception as error:
            stumbled = type(error).__name__
        if road.answer is None:
            raise Unavailable(f"The call to X could not be made ({stumbled}).")
        told = problem_words(road.answer.body, road.answer.status, self.secrets)
        return replace(road.answer, words=told)


class _Session(requests.Session):
    """What tweepy sends by: to our address, with our bytes, and following nothing."""

    def __init__(self, server: str, road: _Road, body: str | None) -> None:
        super().__init__()
        self.server = server
        self.body = body
        self.trust_env = False
        self.headers.clear()
        self.mount("https://", road)
        self.mount("http://", road)

    def request(
        self, method: Any, url: Any, *_: Any, **asked: Any
    ) -> requests.Response:
        """The address is put right before the signature is made for it."""
        headers = dict(asked["headers"])
        if self.body is not None:
            headers["Content-Type"] = "application/json"
        return super().request(
            method,
            self.server + str(url).removeprefix(_TWEEPYS_HOST),
            params=asked["params"],
            data=None if self.body is None else self.body.encode(),
            headers=headers,
            auth=asked["auth"],
            allow_redirects=False,
        )


class _Road(BaseAdapter):
    """requests' way to a network: `connectors/http/`, with all that it promises."""

    def __init__(
        self, secrets: tuple[str, ...], seconds: float, irreversible: bool
    ) -> None:
        super().__init__()
        self.secrets = secrets
        self.seconds = seconds
        self.irreversible = irreversible
        self.answer: Response | None = None

    def send(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> requests.Response:
        place = urlsplit(request.url or "")
        body = request.body.encode() if isinstance(request.body, str) else request.body
        self.answer = Client(
            f"{place.scheme}://{place.netloc}", secrets=self.secrets
        ).request(
            request.method or "GET",
            place._replace(scheme="", netloc="").geturl(),
            body,
            dict(request.headers),
            self.seconds,
            self.irreversible,
        )
        return _as_requests(self.answer, request)

    def close(self) -> None:
        """Nothing: each call closes its own connection."""


def _as_requests(
    answer: Response, request: requests.PreparedRequest
) -> requests.Response:
    made = requests.Response()
    made.status_code = answer.status
    made.headers = CaseInsensitiveDict(answer.headers)
    made.raw = io.BytesIO(answer.body)
    made.request = request
    made.url = request.url or ""
    return made
