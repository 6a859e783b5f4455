"""The paper: the desk's own public page, with its feeds and pictures."""

from __future__ import annotations

from email.utils import format_datetime
from hashlib import sha256

from flask import Blueprint, Response, abort, render_template, request, send_file
from flask import jsonify as as_json

from connectors import paper
from connectors.paper import PaperPost
from web import current

bp = Blueprint("paper", __name__, url_prefix="/paper")

ON_THE_PAGE = 60
IN_A_FEED = 40
A_YEAR_S = 365 * 24 * 3600


@bp.get("")
def front() -> str:
    return render_template("paper/front.html", posts=_posts(ON_THE_PAGE))


@bp.get("/<slug>")
def story(slug: str) -> str:
    found = paper.post(_folder(), slug)
    if found is None:
        abort(404)
    return render_template("paper/story.html", post=found)


@bp.get("/feed.atom")
def atom() -> Response:
    posts = _posts(IN_A_FEED)
    body = render_template("paper/feed.atom.xml", posts=posts, address=_address())
    return _feed(Response(body, mimetype="application/atom+xml"), posts)


@bp.get("/feed.json")
def json() -> Response:
    posts = _posts(IN_A_FEED)
    feed = as_json(
        version="https://jsonfeed.org/version/1.1",
        title="Paper",
        home_page_url=f"{_address()}/paper",
        feed_url=f"{_address()}/paper/feed.json",
        items=[_item(post) for post in posts],
    )
    feed.mimetype = "application/feed+json"
    return _feed(feed, posts)


@bp.get("/pictures/<name>")
def picture(name: str) -> Response:
    path = paper.picture(_folder(), name)
    if path is None:
        abort(404)
    return send_file(path, max_age=A_YEAR_S)


def _folder() -> str:
    return str(current.settings().home / "paper")


def _address() -> str:
    return current.settings().address


def _posts(limit: int) -> list[PaperPost]:
    return paper.posts(_folder(), limit)


def _feed(answer: Response, posts: list[PaperPost]) -> Response:
    """Readers that ask every minute are told at once that nothing is new."""
    newest = posts[0].published_at if posts else None
    if newest:
        answer.headers["Last-Modified"] = format_datetime(newest, usegmt=True)
    answer.set_etag(sha256(answer.get_data()).hexdigest()[:32])
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.make_conditional(request)
    return answer


def _item(post: PaperPost) -> dict[str, object]:
    item: dict[str, object] = {
        "id": f"{_address()}/paper/{post.slug}",
        "url": f"{_address()}/paper/{post.slug}",
        "content_text": post.text,
        "date_published": post.published_at.isoformat(),
    }
    if post.link:
        item["external_url"] = post.link
    if post.language:
        item["language"] = post.language
    if post.images:
        item["image"] = f"{_address()}/paper/pictures/{post.images[0].file}"
    return item
