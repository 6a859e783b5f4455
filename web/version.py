"""The version, for browsers without a stream of it: did anything change since?"""

from __future__ import annotations

from flask import Blueprint, Response, request

from desk import report
from web import current
from web.guards import Permission, may

bp = Blueprint("live", __name__)


@bp.get("/version")
@may(Permission.READ)
def version() -> Response:
    """204 where nothing changed."""
    with current.reading() as at:
        found = report.version(at.session)
    if request.args.get("since") == str(found):
        return Response(status=204)
    return Response(str(found), mimetype="text/plain")
