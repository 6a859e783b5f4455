"""Pictures: showing them, and putting one of the editor's own into a post."""

from __future__ import annotations

from flask import Blueprint, abort, send_file, url_for
from werkzeug.wrappers import Response

from desk import channels, editing, pictures, posts
from desk.editing import Change
from desk.models import Picture, Post
from desk.picturing import accept, fit
from web import answers, current, forms
from web.guards import Permission, may

bp = Blueprint("pictures", __name__)

A_YEAR_S = 365 * 24 * 3600
ENDINGS = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


@bp.get("/pictures/<sha256>.<ending>")
@may(Permission.READ)
def show(sha256: str, ending: str) -> Response:
    """A file that never changes, under its digest."""
    path = current.desk_opened().pictures.path(sha256)
    if ending not in ENDINGS or not path.is_file():
        abort(404)
    answer = send_file(path, ENDINGS[ending], max_age=A_YEAR_S)
    answer.headers["Cache-Control"] = f"private, max-age={A_YEAR_S}, immutable"
    return answer


@bp.post("/posts/<int:post_id>/picture")
@may(Permission.WRITE)
def put(post_id: int) -> Response:
    """Take an editor's picture: hostile until proven, made to fit the channel."""
    file = forms.upload("picture")
    if file is None:
        raise forms.BadForm("Choose a picture first: a JPEG, PNG, WebP or GIF.")
    accepted = accept(file.read())
    with current.writing() as at:
        post = posts.found(at.session, post_id)
        limits = channels.connect(current.desk_opened(), post.channel).limits
        store = current.desk_opened().pictures
        kept = pictures.keep(at.session, store, fit(accepted.data, limits), at.now)
        _change(at, post, kept.id)
    answers.say("The picture is in. Describe it for people who can't see it.")
    return answers.back_to(post)


@bp.post("/posts/<int:post_id>/picture/remove")
@may(Permission.WRITE)
def remove(post_id: int) -> Response:
    with current.writing() as at:
        post = posts.found(at.session, post_id)
        _change(at, post, 0)
    answers.say("The picture is out of this post.")
    return answers.back_to(post)


def address(picture: Picture) -> str:
    """Where a signed-in browser finds this picture."""
    ending = next(k for k, kind in ENDINGS.items() if kind == picture.media_type)
    return url_for("pictures.show", sha256=picture.sha256, ending=ending)


def _change(at: current.Moment, post: Post, picture_id: int) -> None:
    """Another picture needs another description."""
    editing.edit(
        current.desk_opened(),
        at.session,
        post.id,
        Change(picture_id=picture_id, alt="", credit=""),
        post.revision,
        now=at.now,
        by=current.me().name,
    )
