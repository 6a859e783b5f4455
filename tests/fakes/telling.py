"""How a server tells of a post: which fields an answer has, and what stands in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

Json = dict[str, Any]
Change = Callable[[Json], Json]

ELSEWHERE = timezone(timedelta(hours=2))


def only(*names: str) -> Change:
    """These fields alone."""
    return lambda status: {name: status[name] for name in names}


def without(*names: str) -> Change:
    return lambda status: {
        name: value for name, value in status.items() if name not in names
    }


def saying(**changed: object) -> Change:
    """These values, whatever was asked for."""
    return lambda status: {**status, **changed}


def numbers(status: Json) -> Json:
    """Ids as numbers, as old servers and some new ones tell them."""
    account = {**status["account"], "id": int(status["account"]["id"])}
    told = status["id"]
    return {**status, "id": int(told) if told.isdecimal() else told, "account": account}


def another_account_id(status: Json) -> Json:
    """The account's id among servers, where it sees itself under one of its own."""
    return {**status, "account": {**status["account"], "id": "z-user-9"}}


def uri_for_url(status: Json) -> Json:
    """No `url`: a reader has to make do with the name it has among servers."""
    return without("url")({**status, "uri": status["url"]})


def elsewhere(status: Json) -> Json:
    """Its page lies on another host than the API."""
    page = f"https://www.paper.example/@desk/{status['id']}"
    return {**status, "url": page}


def relative(status: Json) -> Json:
    return {**status, "url": f"/@desk/{status['id']}"}


def timed(write: Callable[[datetime], object]) -> Change:
    """With its time written in this way."""
    return lambda status: {
        **status,
        "created_at": write(datetime.fromisoformat(status["created_at"])),
    }


def without_zone(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="milliseconds")


def with_microseconds(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"


def in_whole_seconds(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"


def in_another_zone(at: datetime) -> str:
    return at.astimezone(ELSEWHERE).isoformat(timespec="milliseconds")


def with_a_space(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def since_1970(at: datetime) -> float:
    return at.timestamp()


def all_of(*changes: Change) -> Change:
    """One after the other."""

    def changed(status: Json) -> Json:
        for change in changes:
            status = change(status)
        return status

    return changed
