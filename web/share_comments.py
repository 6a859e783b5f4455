"""Comments on a share: what colleagues say about it, wherever it is shown."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from desk.shares import commenting
from web import answers, current, forms, keeping
from web.guards import Permission, may

bp = Blueprint("comments", __name__)


@bp.get("/shares/<int:share_id>/comments")
@may(Permission.READ)
def listed(share_id: int) -> str:
    """What changes by itself while someone watches."""
    with current.reading() as at:
        found = commenting.list_comments(at.session, share_id)
        return render_template(
            "comments/_listed.html", comments=found, share_id=share_id, at=at.now
        )


@bp.post("/shares/<int:share_id>/comments")
@may(Permission.COMMENT)
def add(share_id: int) -> str | Response:
    with current.writing() as at:
        commenting.add_comment(
            at.session,
            share_id,
            forms.text("comment"),
            now=at.now,
            by=current.actor(),
            idempotency_key=forms.text("once", 100) or None,
        )
    keeping.has(f"comment-on-{share_id}")
    return _shown(share_id)


@bp.post("/comments/<int:comment_id>/edit")
@may(Permission.COMMENT)
def edit(comment_id: int) -> str | Response:
    with current.writing() as at:
        comment = commenting.edit_comment(
            at.session,
            comment_id,
            forms.text("comment"),
            now=at.now,
            by=current.actor(),
            over=forms.stands(),
        )
    keeping.has(f"comment-{comment_id}")
    answers.say(
        "Your comment is changed.",
        undo="comments.undo_edit",
        of=[comment_id],
        stands=commenting.as_it_stands(comment),
    )
    return _shown(comment.share_id)


@bp.post("/comments/<int:comment_id>/remove")
@may(Permission.COMMENT)
def remove(comment_id: int) -> str | Response:
    with current.writing() as at:
        comment = commenting.remove_comment(
            at.session,
            comment_id,
            now=at.now,
            by=current.actor(),
            over=forms.stands(),
        )
    answers.say(
        "Your comment is taken back.",
        undo="comments.bring_back",
        of=[comment_id],
        stands=commenting.as_it_stands(comment),
    )
    return _shown(comment.share_id)


@bp.post("/comments/former")
@may(Permission.COMMENT)
def undo_edit() -> Response:
    (comment_id,) = forms.numbers_undone(1)
    with current.writing() as at:
        comment = commenting.undo_edit(
            at.session,
            comment_id,
            now=at.now,
            by=current.actor(),
            over=forms.stands(),
        )
    answers.say("Undone: your comment says what it said.")
    return _back_to(comment.share_id)


@bp.post("/comments/back")
@may(Permission.COMMENT)
def bring_back() -> Response:
    (comment_id,) = forms.numbers_undone(1)
    with current.writing() as at:
        comment = commenting.bring_comment_back(
            at.session, comment_id, by=current.actor(), over=forms.stands()
        )
    answers.say("Undone: your comment is back.")
    return _back_to(comment.share_id)


def _shown(share_id: int) -> str | Response:
    """In its place, where there is JavaScript: what is typed around it stays."""
    if not current.by_htmx():
        return _back_to(share_id)
    with current.reading() as at:
        return render_template(
            "comments/_anew.html",
            comments=commenting.list_comments(at.session, share_id),
            share_id=share_id,
            once=forms.idempotency_key(),
            at=at.now,
        )


def _back_to(share_id: int) -> Response:
    """To the page of the share that the form stood on."""
    if answers.is_on_compose(share_id):
        return answers.go("shares.page", share_id=share_id, _anchor="comments")
    return answers.go("share_account.page", share_id=share_id, _anchor="comments")
