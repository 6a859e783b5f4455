"""The status board: what goes out now, next, went out today, and needs a person."""

from __future__ import annotations

from flask import Blueprint, render_template

from desk.alerts import dispatch
from desk.report import boards
from web import current
from web.guards import Permission, may

bp = Blueprint("status", __name__)


@bp.get("/status")
@may(Permission.READ)
def board() -> str:
    return _shown("status/page.html")


@bp.get("/status/board")
@may(Permission.READ)
def columns() -> str:
    """The board alone, fetched anew when something changed."""
    return _shown("status/_board.html")


@bp.get("/counters")
@may(Permission.READ)
def counters() -> str:
    """The shell's counters, fetched anew when something changed."""
    return render_template("shell/_counters_anew.html")


def _shown(template: str) -> str:
    with current.reading() as at:
        found = boards.board(at.session, at.now, current.zone())
        untold = dispatch.failing(at.session)
        return render_template(template, board=found, untold=untold, at=at.now)
