"""The desk, opened: what every face needs to call the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.base import Connector
from desk import home_folder, keyring, skew
from desk.config import Settings
from desk.db import POOL, Database
from desk.picturing.storage import Pictures
from desk.reading.fetching import Fetcher
from desk.sandbox import MEGABYTE
from desk.vault import Vault


@dataclass(frozen=True)
class Desk:
    """Settings, records, secrets, pictures, the way out to pages, and connectors."""

    settings: Settings
    db: Database
    vault: Vault
    pictures: Pictures
    fetcher: Fetcher
    connectors: Mapping[str, type[Connector]]

    @classmethod
    def open(
        cls,
        settings: Settings,
        connectors: Mapping[str, type[Connector]],
        at_once: int = POOL,
    ) -> Desk:
        """Open the desk that these settings describe. Makes the home folder.

        `at_once`: so many sessions stay connected. Raises `Locked` where the keys at
        hand are not this desk's.
        """
        home_folder.open_home(settings.home)
        kept = Pictures(settings.home / "pictures", settings.keep_free_mb * MEGABYTE)
        database = Database(settings.database, at_once)
        try:
            vault = keyring.open_vault(settings, database)
            skew.check_skew(database)
        finally:
            database.engine.dispose()  # none stays open: its owner may fork
        return cls(
            settings=settings,
            db=database,
            vault=vault,
            pictures=kept,
            fetcher=Fetcher(allow=settings.fetch_allow),
            connectors=connectors,
        )
