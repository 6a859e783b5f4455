"""Pictures: showing them, and putting them into posts and out again."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from desk import pictures
from desk.articles import illustrating
from desk.models import Picture, Post
from web import answers, current, forms, writing
from web.guards import Permission, may
from web.limits import takes_files

bp = Blueprint("pictures", __name__)

A_YEAR_S = 365 * 24 * 3600
ENDINGS = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@bp.get("/pictures/<sha256>.<ending>")
@may(Permission.READ)
def show(sha256: str, ending: str) -> Response:
    """A file that never changes, under its digest.

    Read whole: a browser that goes away would leave an open file behind.
    """
    path = current.desk_opened().pictures.path(sha256)
    if ending not in ENDINGS or not path.is_file():
        abort(404)
    answer = Response(path.read_bytes(), mimetype=ENDINGS[ending])
    answer.set_etag(sha256)
    answer.make_conditional(request)
    return _for_ever(answer)


@bp.get("/pictures/<sha256>/card.jpg")
@may(Permission.READ)
def card(sha256: str) -> Response:
    """The same picture, cut as the card of a link shows it."""
    kept = current.desk_opened().pictures
    if not kept.path(sha256).is_file():
        abort(404)
    current.release()  # a child cuts it, the first time
    data = pictures.card_of(kept, sha256)
    return _for_ever(Response(data, mimetype="image/jpeg"))


@bp.post("/posts/<int:post_id>/picture")
@may(Permission.WRITE)
@takes_files
def put(post_id: int) -> AnyResponse:
    """An editor's own picture."""
    file = forms.upload(f"picture-{post_id}")
    if file is None:
        raise forms.BadForm("Choose a picture first: a JPEG, PNG, WebP or GIF.")
    seen = writing.keep(post_id)[post_id]
    post = illustrating.upload(
        current.desk_opened(), post_id, file.read(), by=current.actor(), seen=seen
    )
    _say("The picture is in. Describe it for people who can't see it.", post)
    return writing.shown(post)


@bp.post("/posts/<int:post_id>/picture/articles")
@may(Permission.WRITE)
def put_articles(post_id: int) -> AnyResponse:
    """The article's picture, back in the post."""
    seen = writing.keep(post_id)[post_id]
    post = illustrating.take_articles(
        current.desk_opened(), post_id, by=current.actor(), seen=seen
    )
    _say("The article's picture is in this post.", post)
    return writing.shown(post)


@bp.post("/posts/<int:post_id>/picture/remove")
@may(Permission.WRITE)
def remove(post_id: int) -> AnyResponse:
    seen = writing.keep(post_id)[post_id]
    with current.writing() as at:
        post = illustrating.remove(
            current.desk_opened(),
            at.session,
            post_id,
            now=at.now,
            by=current.actor(),
            seen=seen,
        )
    shows = " Its link shows a card." if post.link else ""
    _say(f"The picture is out of this post.{shows}", post)
    return writing.shown(post)


def address(picture: Picture) -> str:
    """Where a signed-in browser finds this picture."""
    ending = next(k for k, kind in ENDINGS.items() if kind == picture.media_type)
    return url_for("pictures.show", sha256=picture.sha256, ending=ending)


def _say(sentence: str, post: Post) -> None:
    answers.say(sentence, undo="writing.undo", of=[post.id], left=[post])


def _for_ever(answer: Response) -> Response:
    answer.headers["Cache-Control"] = f"private, max-age={A_YEAR_S}, immutable"
    return answer
