"""The two ways in to X: four keys that stay, or a token that is made anew."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from connectors.base import ConnectorError, Field, Unauthorized
from connectors.http import Client, Response, refusal
from connectors.http.retry_after import parse_date
from connectors.x.api import Keys, Token

_KEYS = "OAuth 1.0a keys"
_TOKENS = "OAuth 2 tokens"
_APP = "In X's developer console, under your app's keys and tokens"
_MADE = "What X gave when the account allowed the app to post"
ENDS_AT = "oauth2_ends_at"  # kept beside the credentials, by our clock
EARLY = timedelta(minutes=10)  # a token is renewed before it ends
USUAL = timedelta(hours=2)  # for which X's tokens last


def _secret(name: str, label: str, hint: str, group: str) -> Field:
    return Field(name, label, secret=True, required=False, hint=hint, group=group)


FIELDS = (
    Field(
        "server",
        "API address (leave as it is)",
        default="https://api.x.com",
        hint="Another one only for a server of your own that speaks X's API.",
    ),
    _secret("consumer_key", "API key", f"{_APP}: consumer key.", _KEYS),
    _secret("consumer_secret", "API key secret", f"{_APP}: consumer secret.", _KEYS),
    _secret(
        "access_token",
        "Access token",
        f"{_APP}, made for the account with permission to read and write.",
        _KEYS,
    ),
    _secret(
        "access_token_secret",
        "Access token secret",
        "Shown once, together with the access token.",
        _KEYS,
    ),
    Field(
        "client_id",
        "Client ID",
        required=False,
        hint=f"{_APP}: OAuth 2.0. Needed to renew the token.",
        group=_TOKENS,
    ),
    _secret(
        "client_secret",
        "Client secret",
        f"{_APP}: OAuth 2.0. Only an app that X calls confidential has one.",
        _TOKENS,
    ),
    _secret(
        "oauth2_access_token",
        "Access token (OAuth 2)",
        f"{_MADE}; it lasts two hours.",
        _TOKENS,
    ),
    _secret(
        "refresh_token",
        "Refresh token",
        f"{_MADE} and to stay connected (offline.access). It renews the access token.",
        _TOKENS,
    ),
)
_FOUR = tuple(field for field in FIELDS if field.group == _KEYS)


def way(values: Mapping[str, str]) -> Keys | Token:
    """Which of the two is given whole, the keys first; raises `Unauthorized`."""
    missing = [field.label for field in _FOUR if not values.get(field.name)]
    if not missing:
        return Keys(*(values[field.name] for field in _FOUR))
    if token := values.get("oauth2_access_token"):
        return Token(token)
    if values.get("refresh_token"):
        raise Unauthorized("The OAuth 2 access token is not made yet: check again.")
    if len(missing) < len(_FOUR):
        raise Unauthorized(f"X needs all four keys. Missing: {', '.join(missing)}.")
    raise Unauthorized("X needs its four OAuth 1.0a keys, or an OAuth 2 access token.")


def app(values: Mapping[str, str]) -> str:
    """The app that both ways in belong to, as a digest: a key is nobody else's."""
    keys = all(values.get(field.name) for field in _FOUR)
    name = values.get("consumer_key" if keys else "client_id", "")
    return hashlib.sha256(f"x {name}".encode()).hexdigest()[:16] if name else ""


def renew_at(values: Mapping[str, str]) -> datetime | None:
    """When the token must be made anew; None: it can't be, or need not."""
    whole = all(values.get(field.name) for field in _FOUR)
    if whole or not values.get("refresh_token"):
        return None
    ends = ends_at(values)
    return ends - EARLY if ends else datetime.fromtimestamp(0, UTC)


def ends_at(values: Mapping[str, str]) -> datetime | None:
    return parse_date(values.get(ENDS_AT, ""))


def renewed(
    server: str, values: Mapping[str, str], secrets: tuple[str, ...], seconds: float
) -> Mapping[str, str]:
    """A new access token. The refresh token is used up by it, and a new one comes."""
    client_id = values.get("client_id", "")
    if not client_id:
        raise Unauthorized("To renew its token, X needs the client ID.")
    asked = {"grant_type": "refresh_token", "refresh_token": values["refresh_token"]}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if secret := values.get("client_secret"):
        pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    else:
        asked["client_id"] = client_id
    response = Client(server, secrets=secrets).request(
        "POST", "/2/oauth2/token", urlencode(asked).encode(), headers, seconds
    )
    if not response.ok:
        raise _refused(response)
    return _kept(response, values)


def _refused(response: Response) -> ConnectorError:
    """X answers 400 to a refresh token that ended, was used, or was taken back."""
    if response.status in (400, 401, 403):
        return Unauthorized(response.reason)
    return refusal(response, response.at)


def _kept(response: Response, values: Mapping[str, str]) -> Mapping[str, str]:
    made = response.entry()
    token, following = made.get("access_token"), made.get("refresh_token")
    if not isinstance(token, str) or not token:
        raise response.lost("no access token")
    lasts = made.get("expires_in")
    seconds = lasts if isinstance(lasts, int) else USUAL.total_seconds()
    return {
        "oauth2_access_token": token,
        "refresh_token": following
        if isinstance(following, str)
        else values["refresh_token"],
        ENDS_AT: (response.at + timedelta(seconds=seconds)).isoformat(),
    }
