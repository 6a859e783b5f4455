"""Compose: where a story leads, to its newest share."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk import articles, shares
from desk.articles import correcting
from web import current
from web.guards import Permission, may

bp = Blueprint("compose", __name__)


@bp.get("/articles/<int:article_id>")
@may(Permission.READ)
def page(article_id: int) -> str | Response:
    """Its newest share; a story that came while the desk had no channel has none."""
    with current.reading() as at:
        article = articles.find_article(at.session, article_id)
        newest = shares.newest_of(at.session, article_id)
        if newest is None:
            return render_template(
                "share/none.html",
                article=article,
                reading=articles.reading_of(article),
                differing=correcting.disagreements(article),
            )
    came = request.args.get("came")
    return redirect(url_for("shares.page", share_id=newest.id, came=came))
