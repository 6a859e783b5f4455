"""What X's answers mean: its problems, told apart by their type and their words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from connectors.base import (
    ConnectorError,
    RateLimit,
    RateLimited,
    Rejected,
    Unauthorized,
)
from connectors.http import Response, refusal
from connectors.http.error_text import platform_words, redact
from connectors.http.rate_limit import remaining_posts
from connectors.http.retry_after import retry_at

CREDIT_PAUSE = timedelta(hours=1)  # people add credit by hand, and X does not say when

_OF_CREDIT = {"usage-capped", "credits"}
_OF_CREDENTIAL = {
    "client-forbidden",
    "client-not-enrolled",
    "oauth1-permissions",
    "unsupported-authentication",
    "user-suspended",
}
_OF_POST = {"invalid-request", "resource-not-found", "disallowed-resource"}
_DUPLICATE = re.compile(r"duplicate content|status is a duplicate")
_BAD_CREDENTIAL = re.compile(
    r"suspended|temporarily locked|app permissions|unsupported authentication"
    r"|attached to a project|subset of x api"
)
_SAYS_NOTHING = "one or more parameters to your request was invalid"
_DAY_OF_ACCOUNT, _DAY_OF_APP = "X-User-Limit-24hour", "X-App-Limit-24hour"


def refused(response: Response) -> ConnectorError:
    """The error for an answer that is no success."""
    found = _meaning(response)
    if found is not None and not (
        response.status >= 500 or response.status // 100 == 3
    ):
        return found
    return refusal(response, response.at)


def without_data(response: Response) -> ConnectorError:
    """The error for a success without data: X may have said why it did nothing."""
    found = _meaning(response)
    if found is None and _kinds(response) & _OF_POST:
        return Rejected(response.reason)
    return found or response.lost("nothing of what it made")


def problem_words(body: bytes, status: int, secrets: tuple[str, ...]) -> str:
    """X's own words: the first error's, where the whole says only that there is one."""
    told = platform_words(status, body)
    if told.lower().startswith(_SAYS_NOTHING):
        errors = next(_problems(body), {}).get("errors")
        told = platform_words(status, json.dumps(errors).encode()) if errors else told
    return redact(secrets, told)


def _meaning(response: Response) -> ConnectorError | None:
    said = " ".join(_texts(response)).lower()
    kinds = _kinds(response)
    if response.status == 402 or kinds & _OF_CREDIT:
        return _out_of_credit(response)
    if response.status == 429 or "rate-limit-exceeded" in kinds:
        return _limited(response)
    if response.status == 401:
        return Unauthorized(response.reason)
    if _DUPLICATE.search(said):
        return Rejected(response.reason, duplicate=True)
    if response.status in (200, 201, 403) and _is_about_the_credential(response, said):
        return Unauthorized(response.reason)
    return None


def _is_about_the_credential(response: Response, said: str) -> bool:
    kinds = _kinds(response)
    if "not-authorized-for-resource" in kinds:
        about = {str(one.get("resource_type", "")) for one in _problems(response.body)}
        return not about & {"tweet", "post", "media"}  # one that we answer or show
    return bool(kinds & _OF_CREDENTIAL or _BAD_CREDENTIAL.search(said))


def _out_of_credit(response: Response) -> RateLimited:
    """Nothing is wrong with the credential: someone must pay, and then it goes on."""
    reason = (
        f"X says the credit is used up: add credit in its console. {response.reason}"
    )
    paid_at = max(_until(response), response.at + CREDIT_PAUSE)
    return RateLimited(reason, paid_at, shared=True)  # it is the app that pays


def _limited(response: Response) -> RateLimited:
    """All accounts of an app wait where the app's day is used up."""
    for day in remaining_posts(response, _DAY_OF_APP):
        if not day.left:
            return RateLimited(response.reason, day.until, shared=True)
    return RateLimited(response.reason, _until(response))


def rate_limits(response: Response) -> tuple[RateLimit, ...]:
    """What X's limits leave: of a quarter of an hour, and of two kinds of a day."""
    return (
        *remaining_posts(response, "X-Rate-Limit"),
        *remaining_posts(response, _DAY_OF_ACCOUNT),
        *remaining_posts(response, _DAY_OF_APP, shared=True),
    )


def _until(response: Response) -> datetime:
    """When to ask again: where a day is used up, its end counts, not the window's."""
    days = [day.until for day in rate_limits(response) if not day.left]
    return max([retry_at(response.headers, response.at, response.skew), *days])


def _kinds(response: Response) -> set[str]:
    """The last words of its problem types, such as "usage-capped"."""
    problems = _problems(response.body)
    return {str(one.get("type", "")).rpartition("/")[2] for one in problems}


def _texts(response: Response) -> Iterator[str]:
    for problem in _problems(response.body):
        for name in ("title", "detail", "message", "reason", "error"):
            if isinstance(value := problem.get(name), str):
                yield value


def _problems(body: bytes) -> Iterator[dict[str, object]]:
    """The whole, if it is an object, then each of its errors; a list is those alone."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        return
    if isinstance(whole, dict):
        yield whole
        whole = whole.get("errors")
    for error in whole if isinstance(whole, list) else ():
        if isinstance(error, dict):
            yield error
