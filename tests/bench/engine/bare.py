"""The ceiling: the same posts by clients that record nothing and promise nothing.

As a process: python -m tests.bench.engine.bare aiohttp ADDRESS POSTS AT_ONCE DUE
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

ROUTE = "/api/v1/statuses"


def measure(client: str, address: str, posts: int, at_once: int) -> float:
    """Posts a second of this client, from their due time to the last whole answer."""
    due = time.time() + 3.0
    words = [client, address, str(posts), str(at_once), str(due)]
    module = "tests.bench.engine.bare"
    said = subprocess.check_output([sys.executable, "-m", module, *words], timeout=900)
    return posts / (float(said) - due)


def body(number: int) -> bytes:
    status = {"status": f"{TEXT} {number}.", "visibility": "public"}
    return json.dumps(status).encode()


def headers(number: int) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Authorization": f"Bearer bare{number % 200}",
        "Idempotency-Key": f"bare-{number}",
    }


async def by_aiohttp(address: str, posts: int, at_once: int, due: float) -> None:
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

        await asyncio.sleep(due - time.time())
        await _gather(one_after_the_other, min(posts, at_once))


async def _gather(work: Callable[[], Awaitable[None]], times: int) -> None:
    await asyncio.gather(*(work() for _ in range(times)))


def by_urllib3(address: str, posts: int, at_once: int, due: float) -> None:
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
        time.sleep(due - time.time())
        list(threads.map(call, range(posts)))


def main(client: str, address: str, posts: int, at_once: int, due: float) -> None:
    if client == "aiohttp":
        asyncio.run(by_aiohttp(address, posts, at_once, due))
    else:
        by_urllib3(address, posts, at_once, due)
    print(time.time())


if __name__ == "__main__":
    name, place, *sizes, moment = sys.argv[1:]
    main(name, place, int(sizes[0]), int(sizes[1]), float(moment))
