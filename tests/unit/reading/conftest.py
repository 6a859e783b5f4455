"""A website on loopback, and a fetcher that may visit it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk.reading.fetching import Fetcher
from tests.unit.reading.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def fetcher(site: Site) -> Fetcher:
    return Fetcher(allow=site.origin, seconds=5)
