"""The dashboard: what people see. Flask, and only Flask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `python -m web.assets` needs none of them, and starts at once
    from flask import Flask

    from connectors.base import Connector
    from desk.config import Settings


def create_app(
    settings: Settings | None = None,
    connectors: Mapping[str, type[Connector]] | None = None,
) -> Flask:
    """The dashboard, as gunicorn starts it: `web:create_app()`."""
    from desk import garbage
    from desk.config import Settings
    from web.app_factory import create_dashboard

    app = create_dashboard(settings or Settings(), connectors)
    if settings is None:  # a process of its own, which lives for this alone
        garbage.collect_less()
    return app
