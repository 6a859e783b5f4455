"""A Bluesky session: who is signed in, where, and until when."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from connectors.base import Unauthorized
from connectors.bluesky.errors import refused
from connectors.http import Client, Response

EARLY = timedelta(minutes=10)  # before its access token ends
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

Json = dict[str, object]


@dataclass(frozen=True)
class Session:
    """What signing in gave; kept by the desk beside the credentials."""

    did: str
    server: str  # the account's own: it may be another than the one signed in at
    access: str = field(repr=False)
    refresh: str = field(repr=False)

    @classmethod
    def from_values(cls, values: Mapping[str, str]) -> Session | None:
        """The session in these credentials; None where there is none yet."""
        names = ("did", "pds", "access", "refresh")
        found = [values.get(f"session_{name}", "") for name in names]
        return cls(*found) if all(found) else None

    @classmethod
    def from_answer(cls, answer: Json, server: str) -> Session | None:
        """The session in a server's answer; None where something is missing."""
        found = [answer.get(name) for name in ("did", "accessJwt", "refreshJwt")]
        did, access, refresh = (one if isinstance(one, str) else "" for one in found)
        if not (did and access and refresh):
            return None
        return cls(did, _own_server(answer, server), access, refresh)

    def values(self) -> dict[str, str]:
        """What the desk keeps of it."""
        return {
            "session_did": self.did,
            "session_pds": self.server,
            "session_access": self.access,
            "session_refresh": self.refresh,
        }

    @property
    def by_main_password(self) -> bool:
        """Whether someone signed in with more than an app password."""
        return token_claims(self.access).get("scope") == "com.atproto.access"

    def refreshed(self, seconds: float) -> Session | None:
        """The next session; None where this one can't be refreshed any more."""
        ends = ends_at(self.refresh)
        if ends is not None and ends <= datetime.now(UTC):
            return None
        bearer = {"Authorization": f"Bearer {self.refresh}"}
        client = Client(self.server, bearer, secrets=(self.access, self.refresh))
        path = "/xrpc/com.atproto.server.refreshSession"
        response = client.request("POST", path, b"", {}, seconds)
        if response.ok:
            return _begun(response, self.server)
        if isinstance(error := refused(response), Unauthorized):
            return None
        raise error

    @property
    def renew_at(self) -> datetime:
        ends = ends_at(self.access)
        return ends - EARLY if ends else NEVER


def signed_in(
    server: str, credentials: Mapping[str, str], known: str, seconds: float
) -> Session:
    """A new session, for an app password. Servers allow 30 in five minutes.

    `known`: the account's identity, from an earlier session: its handle may change.
    """
    password = credentials["app_password"].strip()
    handle = credentials["handle"].strip().removeprefix("@")
    asked = {"identifier": known or handle, "password": password}
    response = Client(server, secrets=(password,)).post(
        "/xrpc/com.atproto.server.createSession", json.dumps(asked), seconds=seconds
    )
    if not response.ok:
        raise refused(response)
    return _begun(response, server)


def ends_at(token: str) -> datetime | None:
    """When a token says that it ends; None where it doesn't say."""
    ends = token_claims(token).get("exp")
    return datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) else None


def token_claims(token: str) -> Json:
    """What a token says of itself; nothing where it can't be read."""
    try:
        body = token.split(".")[1]
        told = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _begun(response: Response, server: str) -> Session:
    told = response.entry()
    if told.get("active") is False:
        raise Unauthorized(f"The account is {told.get('status') or 'inactive'}.")
    session = Session.from_answer(told, server)
    if session is None:
        raise response.lost("a session without its tokens")
    return session


def _own_server(answer: Json, server: str) -> str:
    """The server in the account's own document, where that is a safe one to call.

    The one signed in at may say anything: it leads nobody into a private network that
    it is not in itself.
    """
    document = answer.get("didDoc")
    services = document.get("service") if isinstance(document, dict) else None
    for one in services if isinstance(services, list) else []:
        if isinstance(one, dict) and str(one.get("id", "")).endswith("#atproto_pds"):
            told = str(one.get("serviceEndpoint", ""))
            if _leads_out(told, server):
                return server_address(told)
    return server


def _leads_out(told: str, server: str) -> bool:
    here = urlsplit(server)
    try:
        there = urlsplit(told)
    except ValueError:
        return False
    if not there.hostname or there.scheme not in ("https", here.scheme):
        return False
    return there.hostname == here.hostname or not _is_near(there.hostname)


def _is_near(host: str) -> bool:
    """Is this written as an address that is not a public one?"""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host.endswith(("localhost", ".local", ".internal"))


def server_address(server: str) -> str:
    """As people type it: without https://, or with a path behind it."""
    typed = server.strip()
    if "://" not in typed:
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
    except ValueError:
        return typed  # the first call says what is wrong with it
    return f"{parts.scheme}://{parts.netloc}"
