"""The inbox: the paste field, and the articles that came in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from desk import articles, report
from desk.models import Article, Post
from web import answers, current, forms, guards
from web.guards import Permission, may

bp = Blueprint("inbox", __name__)

SHOWN = 60
LARGEST_PASTE = 8_000_000  # the desk has its own, smaller limit, and says so


@bp.get("/")
@may(Permission.READ)
def home() -> str | Response:
    """Where signing in leads: the inbox, and status for whoever only reads."""
    if guards.allowed(Permission.WRITE):
        return index()
    return redirect(url_for("status.board"))


@bp.get("/inbox")
@may(Permission.READ)
def index() -> str:
    with current.reading() as at:
        shown = articles.listed(at.session, SHOWN)
        posts = report.posts(at.session, limit=SHOWN * 8)
        rows = [(article, _of(article, posts)) for article in shown]
        return render_template("inbox/index.html", rows=rows)


@bp.post("/articles")
@may(Permission.WRITE)
def take() -> Response:
    """Read what was pasted, and open it in compose."""
    source = forms.text("source", LARGEST_PASTE)
    taken = articles.take(
        current.desk_opened(), source, current.clock(), current.me().id
    )
    if taken.known:
        answers.say("This article was here already: these are its posts.")
    return answers.go("compose.page", article_id=taken.article_id)


def _of(article: Article, posts: list[Post]) -> list[Post]:
    return [post for post in posts if post.article_id == article.id]
