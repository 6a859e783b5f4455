"""The shell: what every page shows around its own, and the places it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, get_flashed_messages, request, url_for

from desk import holds, preferences, report
from web import (
    addresses,
    assets,
    covers,
    current,
    filters,
    guards,
    marks,
    pictures,
    states,
)
from web.guards import Permission


@dataclass(frozen=True)
class Place:
    """One entry of the navigation; it shows where its page is there and allowed."""

    endpoint: str
    label: str
    icon: str
    key: str  # pressed after g
    permission: Permission = Permission.READ

    @property
    def room(self) -> str:
        return self.endpoint.split(".")[0]


PLACES = (
    Place("inbox.index", "Inbox", "inbox", "i"),
    Place("calendar.index", "Calendar", "calendar", "c"),
    Place("queue.index", "Queue", "queue", "q"),
    Place("needs.index", "Needs you", "needs", "n"),
    Place("status.board", "Status", "status", "s"),
    Place("records.index", "Records", "records", "r"),
    Place("channels.index", "Channels", "channels", "h"),
    Place("team.index", "Team", "team", "t", Permission.RUN),
    Place("settings.index", "Settings", "settings", "e", Permission.RUN),
    Place("people.you", "You", "you", "y"),
)
READERS_FIRST = frozenset({"status.board", "records.index"})
WITHIN = {
    "changes": "inbox",
    "channel_sets": "channels",
    "compose": "inbox",
    "connecting": "channels",
    "share_pictures": "inbox",
    "shares": "inbox",
    "share_account": "inbox",
    "styles": "channels",
    "weekly": "queue",
}  # rooms without a place of their own
IN_REACH = 4  # in the bottom bar of a small screen; the others are under "More"


def add(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_around)
    app.jinja_env.globals.update(
        asset=asset,
        built=lambda: bool(assets.hashed_names()),
        covers_of=covers.covers_of,
        look=states.look_of,
        picture_address=pictures.address,
        times_of=covers.times_of,
        said=lambda: get_flashed_messages(with_categories=True),
    )
    addresses.add(app)
    filters.add(app)
    marks.add(app)


def asset(name: str) -> str:
    """The address of a script or style; its name changes with its content."""
    return url_for("static", filename=assets.hashed_names().get(name, name))


def places() -> list[Place]:
    """Where whoever is signed in may go, what they use most first."""
    shown = [
        place
        for place in PLACES
        if place.endpoint in current_app.view_functions
        and guards.allowed(place.permission)
    ]
    if guards.allowed(Permission.WRITE):
        return shown
    return sorted(shown, key=lambda place: place.endpoint not in READERS_FIRST)


def _around() -> dict[str, Any]:
    """Counters, holds, the clock and its zone, for who is signed in.

    The version is that of the moment which the page shows: what changes while it is
    drawn is told by the stream, not taken as seen.
    """
    person = current.user()
    if person is None:
        return {"me": None}
    with current.reading() as at:
        standing = holds.list_holds(at.session)
        return {
            "me": person,
            "zone": current.zone(),
            "desk_name": preferences.desk_name(at.session),
            "places": places(),
            "in_reach": IN_REACH,
            "room": WITHIN.get(request.blueprint or "", request.blueprint),
            "desk_now": at.now,
            "version": report.version(at.session),
            "holds": standing,
            "covers": holds.hold_coverage(at.session, standing),
            **vars(report.counts(at.session, at.now)),
        }
