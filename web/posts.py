"""One post: what will be or was sent, and how it went.

What can be pressed there stands beside it, by the same name (`posts.…`): `post_words`,
`post_times`, `post_decisions`.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from desk import posts, report
from desk.attention import causes
from desk.lifecycle import EDITABLE, State
from desk.models import Post
from desk.publishing.lateness import live_words
from desk.scheduling import undoing
from web import cards, current, forms, guards
from web.guards import Permission, may

bp = Blueprint("posts", __name__)


@bp.get("/posts/<int:post_id>")
@may(Permission.READ)
def page(post_id: int) -> str:
    with current.reading() as at:
        account = report.account(at.session, post_id)
        post = account.post
        written = post.state in EDITABLE and guards.allowed(Permission.WRITE)
        return render_template(
            "posts/page.html",
            account=account,
            card=cards.card_of(post, at) if written else cards.saved_card_of(post, at),
            once=forms.idempotency_key(),
            **_known(post, at),
        )


@bp.get("/posts/<int:post_id>/account")
@may(Permission.READ)
def account(post_id: int) -> str:
    """What changes by itself while someone watches."""
    with current.reading() as at:
        found = report.account(at.session, post_id)
        known = _known(found.post, at)
        done = known["fixed"] or known["partly"]  # nobody writes it any more
        return render_template(
            "posts/_account_anew.html",
            account=found,
            card=cards.saved_card_of(found.post, at) if done else None,
            post=found.post,
            once=forms.idempotency_key(),
            **known,
        )


def _known(post: Post, at: current.Moment) -> dict[str, Any]:
    """What is known of a post beside its account, and the way back."""
    return {
        "sure": causes.sure(post),
        "partly": live_words(post),
        "silence": report.silence(at.session, post, at.now),
        "fixed": posts.REFUSALS.get(State(post.state), ""),
        "former": undoing.former_time(post, at.now),
        "at": at.now,
    }
