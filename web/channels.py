"""Channels: our accounts, what each can promise, and whether it is well."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from desk import channels
from web import answers, current
from web.guards import Permission, may

bp = Blueprint("channels", __name__)


@bp.get("/channels")
@may(Permission.READ)
def index() -> str:
    with current.reading() as at:
        found = channels.listed(at.session)
        kinds = current.desk_opened().connectors
        return render_template(
            "channels/index.html", channels=found, kinds=kinds, at=at.now
        )


@bp.post("/channels/<int:channel_id>/check")
@may(Permission.PUBLISH)
def check(channel_id: int) -> Response:
    """Ask the platform who this account is, and whether it still lets us in."""
    account = channels.check(current.desk_opened(), channel_id, current.clock())
    answers.say(f"{account.name} answers: {account.software} {account.version}.")
    return answers.go("channels.index")
