"""Changes: what a colleague has typed over a post and not saved, shown on asking.

Never in the field: nobody writes on in another's half-written words by mistake.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from desk import posts
from desk.posts import working_copies
from web import current
from web.guards import Permission, may

bp = Blueprint("changes", __name__)


@bp.get("/posts/<int:post_id>/changes/<int:person_id>")
@may(Permission.WRITE)
def page(post_id: int, person_id: int) -> str:
    """By itself; with JavaScript, the part of it that stands in the post's page."""
    with current.reading() as at:
        post = posts.find_post(at.session, post_id)
        copy = working_copies.find_copy(at.session, post_id, person_id)
        return render_template(
            "changes/_change.html" if current.by_htmx() else "changes/page.html",
            post=post,
            copy=copy,
            typed=working_copies.typed_words(post, copy),
            saved=working_copies.post_words(post),
            at=at.now,
        )
