"""Times: what the desk understands of one that is being written, before any press."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from desk import moments
from web import current, forms
from web.guards import Permission, may

LONGEST = 100  # letters that are worth reading

bp = Blueprint("times", __name__)


@bp.get("/times/said")
@may(Permission.READ)
def said() -> str:
    """Of the one field that asks, whatever it is called."""
    written = next(map(forms.clean, request.args.values()), "").strip()[:LONGEST]
    with current.reading() as at:
        return render_template(
            "times/_said.html",
            found=moments.read_moment(written, current.zone(), at.now)
            if written
            else None,
            at=at.now,
        )
