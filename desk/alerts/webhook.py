"""Webhook: alerts as signed JSON to one address, through the guard."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from urllib.parse import urlsplit

from ssrfguard import BlockedAddressError, BlockedURLError
from urllib3.exceptions import HTTPError

from desk.alerts import message
from desk.alerts.rules import Alert
from desk.alerts.transports import NotDelivered
from desk.desk import Desk
from desk.reading.guarded import Deadline, TooBig, post

SECONDS = 10.0  # for everything
ANSWER_CAP = 65_536
SIGNATURE = "Standfirst-Signature"


@dataclass(frozen=True)
class Webhook:
    desk: Desk
    name: str = "webhook"

    def send(self, alerts: Sequence[Alert], now: datetime) -> None:
        settings = self.desk.settings
        host = _host(settings.webhook_url)
        body = json.dumps(payload(alerts, settings.address)).encode()
        at = int(now.timestamp())
        headers = {
            "Content-Type": "application/json",
            SIGNATURE: signature(settings.webhook_secret, at, body),
        }
        status = self._post(host, body, headers)
        if not 200 <= status < 300:  # a redirect is not followed
            raise NotDelivered(f"The webhook at {host} answered {status}.")

    def _post(self, host: str, body: bytes, headers: dict[str, str]) -> int:
        url = self.desk.settings.webhook_url
        policy = self.desk.fetcher.policy(url)
        try:
            answer = post(url, policy, Deadline(SECONDS), ANSWER_CAP, body, headers)
        except (BlockedURLError, BlockedAddressError):
            raise NotDelivered(
                f"The webhook at {host} is no public address on port 80 or 443. If it "
                "is yours, name its host:port in STANDFIRST_FETCH_ALLOW."
            ) from None
        except (OSError, HTTPError, HTTPException, ValueError, TooBig) as error:
            kind = type(error).__name__  # its words may hold the whole address
            raise NotDelivered(
                f"The webhook at {host} did not answer ({kind})."
            ) from None
        return answer.status


def payload(alerts: Sequence[Alert], address: str) -> dict[str, object]:
    """The same news sent again has the same id: who has seen it may drop it."""
    told = [
        {
            "key": one.key,
            "words": one.words,
            "link": f"{address}{one.link}",
            "since": one.since.isoformat(),
        }
        for one in alerts
    ]
    keys = sorted(f"{one.key} {one.since.isoformat()}" for one in alerts)
    name = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]
    return {"id": name, "subject": message.subject(alerts), "news": told}


def signature(secret: str, at: int, body: bytes) -> str:
    """To be compared by the receiver, who also refuses what is over 5 min old."""
    signed = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "no host"
    except ValueError:
        return "no host"
