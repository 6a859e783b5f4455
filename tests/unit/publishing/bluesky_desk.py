"""A desk with a Bluesky channel on a fake server, and a little site to link to."""

from __future__ import annotations

from dataclasses import replace

from connectors.base import Connector
from connectors.bluesky import Bluesky
from desk.desk import Desk
from desk.reading import Fetcher
from tests import factories
from tests.fakes.bluesky import BlueskyFake
from tests.unit.reading.site import Site


def with_bluesky(desk: Desk, server: BlueskyFake, site: Site) -> tuple[Desk, int]:
    """The desk, which may fetch from the site, and its channel on the server."""
    known: dict[str, type[Connector]] = {**desk.connectors, "bluesky": Bluesky}
    fetcher = Fetcher(allow=site.origin, seconds=5)
    desk = replace(desk, connectors=known, fetcher=fetcher)
    values = server.credentials()
    return desk, factories.make_channel(desk, "Blue", "bluesky", **values)
