"""Rate limits: how many more posts a platform takes, as its answer's headers say."""

from __future__ import annotations

from connectors.base import RateLimit
from connectors.http.response import Response
from connectors.http.retry_after import wait_ends_at


def remaining_posts(
    response: Response, limit: str, *, cost: int = 1, shared: bool = False
) -> tuple[RateLimit, ...]:
    """What `limit` leaves, such as "X-RateLimit"; nothing where it can't be read.

    `cost`: of one post, in what the platform counts. `shared`: by the whole app.
    """
    left = response.headers.get(f"{limit}-Remaining", "").strip()
    reset = response.headers.get(f"{limit}-Reset", "")
    until = wait_ends_at(reset, response.at, response.skew)
    if until is None or not (left.isascii() and left.isdigit()) or len(left) > 12:
        return ()
    return (RateLimit(int(left) // cost, until, shared),)
