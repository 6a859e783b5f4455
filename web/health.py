"""Health: whether this process is up, and whether it can work."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import text

from web import current

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> Response:
    with current.reading() as at:
        at.session.execute(text("SELECT 1 FROM installation"))
    return Response("ready\n", mimetype="text/plain")
