"""The shell: what every page shows around its own."""

from __future__ import annotations

from typing import Any

from flask import Flask, get_flashed_messages, url_for

from desk import holds, report
from web import assets, current, filters, pictures, states


def add(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_around)
    app.jinja_env.globals.update(
        asset=asset,
        built=lambda: bool(assets.named()),
        look=states.look,
        picture_address=pictures.address,
        said=lambda: get_flashed_messages(with_categories=True),
    )
    filters.add(app)


def asset(name: str) -> str:
    """The address of a script or style; its name changes with its content."""
    return url_for("static", filename=assets.named().get(name, name))


def _around() -> dict[str, Any]:
    """The zone for everyone; counters, holds and clock for who is signed in."""
    person, zone = current.user(), current.settings().zone
    if person is None:
        return {"me": None, "zone": zone}
    with current.reading() as at:
        return {
            "me": person,
            "zone": zone,
            "desk_now": at.now,
            "version": report.version(at.session),
            "holds": holds.active(at.session),
            **report.counts(at.session),
        }
