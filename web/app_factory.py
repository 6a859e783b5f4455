"""The app factory: its parts, in the order in which they must be added."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from whitenoise import WhiteNoise

from connectors import installed
from connectors.base import Connector
from desk import logs
from desk.config import Settings
from desk.desk import Desk
from desk.models.base import LARGEST_ID
from web import (
    assets,
    attention,
    calendar,
    campaigns,
    changes,
    channel_sets,
    channels,
    compose,
    compression,
    connecting,
    correcting,
    courtesy,
    csrf,
    current,
    errors,
    etags,
    guards,
    headers,
    health,
    holding,
    inbox,
    keeping,
    limits,
    paper,
    parsing_queue,
    people,
    pictures,
    post_decisions,
    post_times,
    post_words,
    posts,
    queue,
    records,
    sent,
    share_account,
    share_comments,
    share_pictures,
    share_story,
    shares,
    shell,
    sign_in,
    slot_taking,
    status,
    stories,
    styles,
    team,
    times,
    version,
    weekly,
    writing,
)
from web import settings as settings_rooms
from web.reruns import Dashboard

PARTS = (
    compression,  # after all else that is done to an answer
    etags,
    headers,
    courtesy,  # before anything is asked of the database
    guards,  # whoever is out is told so first
    parsing_queue,
    errors,
    shell,
    keeping,
)
ROOMS = (
    inbox,
    stories,
    campaigns,
    share_account,
    share_comments,
    compose,
    share_pictures,
    share_story,
    shares,
    posts,
    changes,
    post_words,
    post_times,
    post_decisions,
    pictures,
    writing,
    status,
    attention,
    records,
    queue,
    styles,
    weekly,
    calendar,
    correcting,
    channels,
    channel_sets,
    connecting,
    holding,
    people,
    team,
    times,
    settings_rooms,
    sign_in,
    slot_taking,
    version,
    health,
    paper,
)

LARGEST_REQUEST = 12_000_000  # a picture from a camera
LARGEST_TEXT = 8_000_000  # over the desk's own limit, so that the desk can say so
THREADS = 8  # of a web process, as the Procfile starts it: each holds one session
A_YEAR_S = 365 * 24 * 3600

log = structlog.get_logger(__name__)


Connectors = Mapping[str, type[Connector]]


class Number(IntegerConverter):
    """The number of a row in an address; nothing is at one that no row can have."""

    def __init__(self, map: Map, max: int = LARGEST_ID) -> None:
        super().__init__(map, max=max)


def create_dashboard(settings: Settings, connectors: Connectors | None = None) -> Flask:
    app = bare_app(settings, "web", connectors)
    for part in PARTS:
        part.add(app)
    csrf.add(app)
    limits.add(app, settings)
    for blueprint in dict.fromkeys(room.bp for room in ROOMS):  # some share one
        app.register_blueprint(blueprint)
    _serve_assets(app)
    return app


def bare_app(
    settings: Settings, name: str, connectors: Connectors | None = None
) -> Flask:
    """An application that knows the desk and its secrets, and nothing else yet."""
    logs.of_settings(settings)
    app = Dashboard(name, root_path=str(Path(__file__).parent))
    app.url_map.converters["int"] = Number
    desk = Desk.open(settings, connectors or installed(), THREADS)
    https = settings.address.startswith("https://")
    app.extensions["desk"] = desk
    current.add(app)
    sent.add(app)
    app.config.update(
        SECRET_KEY=desk.vault.derive("web sessions"),
        SESSION_COOKIE_NAME="__Host-form" if https else "form",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a page left open over lunch can still be sent
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_TEXT,
    )
    if settings.public_url:  # one proxy stands in front, and says who asks
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)  # type: ignore[method-assign]  # Flask's documented way
    return app


def _serve_assets(app: Flask) -> None:
    if not assets.hashed_names():
        log.warning(
            "the front end is not built: pages work as plain forms, without style. "
            "Build it with: python -m web.assets"
        )
        return
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's documented way
        app.wsgi_app,
        root=str(assets.STATIC),
        prefix="static/",
        max_age=A_YEAR_S,  # every name carries a hash
        add_headers_function=headers.of_asset,
    )
