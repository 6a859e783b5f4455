"""The ceiling: the same posts by clients that record nothing and promise nothing.

As a process: python -m tests.bench.engine.bare aiohttp ADDRESS POSTS AT_ONCE
"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import urllib3

from tests.bench.engine.filling import TEXT
from tests.bench.engine.quiet import DISTURBED, Moment

TRIES = 3
ROUTE = "/api/v1/statuses"


def measure(client: str, address: str, posts: int, at_once: int) -> float:
    """Posts a second of this client, from their due time to the last whole answer.

    Several tries, where others disturb it: it is a ceiling.
    """
    words = [client, address, str(posts), str(at_once)]
    command = [sys.executable, "-m", "tests.bench.engine.bare", *words]
    best = 0.0
    for _ in range(TRIES):
        began = Moment.now()
        said = subprocess.check_output(command, timeout=900)
        best = max(best, posts / float(said))
        if began.others_until(Moment.now()) <= DISTURBED:
            break
    return best


def body(number: int) -> bytes:
    status = {"status": f"{TEXT} {number}.", "visibility": "public"}
    return json.dumps(status).encode()


def headers(number: int) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer bare{number % 200}",
        "Idempotency-Key": f"bare-{number}",
    }


async def by_aiohttp(address: str, posts: int, at_once: int) -> float:
    """Kept connections, as many tasks as there may be calls at once."""
    numbers = itertools.count()
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def one_after_the_other() -> None:
            while (number := next(numbers)) < posts:
                called = session.post(
                    address + ROUTE, data=body(number), headers=headers(number)
                )
                async with called as answer:
                    assert answer.status == 200
                    await answer.json()

        began = time.perf_counter()
        await _gather(one_after_the_other, min(posts, at_once))
        return time.perf_counter() - began


async def _gather(work: Callable[[], Awaitable[None]], times: int) -> None:
    await asyncio.gather(*(work() for _ in range(times)))


def by_urllib3(address: str, posts: int, at_once: int) -> float:
    """Kept connections, as many threads as there may be calls at once."""
    pool = urllib3.PoolManager(maxsize=at_once, retries=False)

    def call(number: int) -> None:
        answer = pool.request(
            "POST", address + ROUTE, body=body(number), headers=headers(number)
        )
        assert answer.status == 200
        answer.json()

    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(time.sleep, [0.5] * at_once))  # every thread is there
        began = time.perf_counter()
        list(threads.map(call, range(posts)))
        return time.perf_counter() - began


def main(client: str, address: str, posts: int, at_once: int) -> None:
    if client == "aiohttp":
        print(asyncio.run(by_aiohttp(address, posts, at_once)))
    else:
        print(by_urllib3(address, posts, at_once))


if __name__ == "__main__":
    name, place, *sizes = sys.argv[1:]
    main(name, place, int(sizes[0]), int(sizes[1]))
