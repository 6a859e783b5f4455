"""How the fake X knows its callers: by real signatures, and by tokens that rotate."""

from __future__ import annotations

import base64
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from oauthlib.oauth1 import RequestValidator, SignatureOnlyEndpoint

APP_TOKEN = "fake-token-of-the-app-alone"
CLIENT_ID = "fake-client"

KEYS = {
    "consumer_key": "fake-consumer-key-2b7e",
    "consumer_secret": "fake-consumer-secret-81c4",
    "access_token": "1001-fake-access-token-55aa",
    "access_token_secret": "fake-access-token-secret-90d1",
}


class Refused(Exception):
    """The caller may not: a status, and what X says with it."""

    def __init__(self, status: int, title: str, detail: str, kind: str = "") -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"title": title, "detail": detail, "status": status}
        self.body["type"] = f"https://api.x.com/2/problems/{kind}" if kind else "about"


class _Validator(RequestValidator):  # type: ignore[misc]  # oauthlib ships no types
    """The four keys, and every nonce once."""

    enforce_ssl = False
    client_key_length = access_token_length = nonce_length = (10, 80)
    dummy_client = "nobody-at-all"

    def __init__(self) -> None:
        super().__init__()
        self._nonces: set[tuple[str, str]] = set()

    def check_client_key(self, key: str) -> bool:
        return True

    def check_access_token(self, token: str) -> bool:
        return True

    def validate_timestamp_and_nonce(
        self, client_key: str, timestamp: str, nonce: str, *_: object, **__: object
    ) -> bool:
        fresh = abs(int(timestamp) - time.time()) < 300
        new = (timestamp, nonce) not in self._nonces
        self._nonces.add((timestamp, nonce))
        return fresh and new

    def validate_client_key(self, client_key: str, request: object) -> bool:
        return client_key == KEYS["consumer_key"]

    def get_client_secret(self, client_key: str, request: object) -> str:
        return KEYS["consumer_secret"]

    def get_access_token_secret(self, client: str, token: str, request: object) -> str:
        known = token == KEYS["access_token"]
        return KEYS["access_token_secret"] if known else "another secret"


@dataclass
class Access:
    """Who may call. OAuth 2 tokens end, and a refresh token can be used once."""

    client_secret: str = ""  # a confidential app has one
    lasts: float = 7200
    tokens: dict[str, float] = field(default_factory=dict)  # until when
    refresh_tokens: list[str] = field(default_factory=list)  # the last one is good
    lock: threading.Lock = field(default_factory=threading.Lock)
    signatures: SignatureOnlyEndpoint = field(
        default_factory=lambda: SignatureOnlyEndpoint(_Validator())
    )

    def grant(self) -> tuple[str, str]:
        """A new access token and the refresh token that follows it."""
        token = f"fake-bearer-{secrets.token_urlsafe(12)}"
        following = f"fake-refresh-{secrets.token_urlsafe(12)}"
        self.tokens = {token: time.monotonic() + self.lasts}
        self.refresh_tokens.append(following)
        return token, following

    def admit(self, method: str, uri: str, authorization: str) -> None:
        """Raise `Refused` where this caller may not."""
        if authorization == f"Bearer {APP_TOKEN}":
            raise Refused(
                403,
                "Unsupported Authentication",
                "Authenticating with OAuth 2.0 Application-Only is forbidden here.",
                "unsupported-authentication",
            )
        if not self._known(method, uri, authorization):
            raise Refused(401, "Unauthorized", "Unauthorized")

    def _known(self, method: str, uri: str, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        if scheme == "Bearer":
            return self.tokens.get(token, 0) > time.monotonic()
        if scheme != "OAuth":
            return False
        sent = {"Authorization": authorization}
        try:
            with self.lock:
                return bool(self.signatures.validate_request(uri, method, "", sent)[0])
        except ValueError:
            return False  # no header of that kind

    def refresh(self, form: str, authorization: str) -> dict[str, object]:
        """New tokens for a refresh token; a second use of one ends them all."""
        asked = dict(parse_qsl(form))
        with self.lock:
            self._check_client(asked, authorization)
            known = self.refresh_tokens
            if asked.get("refresh_token") not in known:
                raise _invalid("Value passed for the token was invalid.")
            if asked["refresh_token"] != known[-1]:
                self.tokens.clear()
                known.clear()
                raise _invalid("Value passed for the token was invalid.")
            token, following = self.grant()
        return {
            "token_type": "bearer",
            "expires_in": int(self.lasts),
            "access_token": token,
            "refresh_token": following,
            "scope": "tweet.read tweet.write users.read media.write offline.access",
        }

    def _check_client(self, asked: Mapping[str, str], authorization: str) -> None:
        if asked.get("grant_type") != "refresh_token":
            raise _invalid("Missing required parameter [grant_type].")
        if self.client_secret:
            pair = f"{CLIENT_ID}:{self.client_secret}".encode()
            expected = f"Basic {base64.b64encode(pair).decode()}"
            if authorization != expected:
                raise Refused(401, "unauthorized_client", "Missing valid authorization")
        elif asked.get("client_id") != CLIENT_ID:
            raise _invalid("Missing required parameter [client_id].")


def _invalid(detail: str) -> Refused:
    refused = Refused(400, "invalid_request", detail)
    refused.body = {"error": "invalid_request", "error_description": detail}
    return refused
