"""Health: whether this process is up, and whether the desk can publish."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from desk import readiness
from web import current

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """For monitors: 503 with the reasons, where posts don't go out as they should."""
    current.release()
    found = readiness.reasons(current.desk_opened())
    return jsonify(ready=not found, reasons=found), 503 if found else 200
