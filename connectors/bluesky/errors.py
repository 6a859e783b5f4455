"""What Bluesky's refusals mean: each has a name, whatever its status."""

from __future__ import annotations

import json

from connectors.base import ConnectorError, Unauthorized
from connectors.http import Response, refusal

CREDENTIAL = {
    "ExpiredToken",
    "InvalidToken",
    "AuthMissing",
    "AuthenticationRequired",
    "AuthFactorTokenRequired",
    "AccountTakedown",
    "AccountDeactivated",
    "AccountNotFound",
    "RepoTakendown",
    "RepoDeactivated",
}


def refused(response: Response) -> ConnectorError:
    """The error for an answer that isn't a success."""
    if error_name(response) in CREDENTIAL:
        return Unauthorized(response.reason)
    return refusal(response, response.at)


def error_name(response: Response) -> str:
    """The name of its error, such as RecordNotFound; empty for a success."""
    if response.ok:
        return ""
    try:
        told = json.loads(response.body)
    except ValueError:
        return ""
    name = told.get("error") if isinstance(told, dict) else ""
    return name if isinstance(name, str) else ""
