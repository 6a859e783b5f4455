"""Post words: what a person writes over one post, saved, set aside or chosen."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from desk import posts
from desk.lifecycle import UNDECIDED
from desk.posts import working_copies
from desk.posts.editing import Written
from web import answers, cards, current, forms, keeping, notices, post_forms
from web.guards import Permission, may
from web.posts import bp


@bp.post("/posts/<int:post_id>/write")
@may(Permission.WRITE)
def write(post_id: int) -> str:
    """Autosave: answers with the preview, the count and what stands against it."""
    written = _keep(post_id)
    draw = cards.saved_card_of if written.copy is None else cards.card_of
    with current.reading() as at:
        card = draw(posts.find_post(at.session, post_id), at)
        return render_template("compose/_written.html", card=card, at=at.now)


@bp.post("/posts/<int:post_id>/save")
@may(Permission.WRITE)
def save(post_id: int) -> Response:
    """Put what was written into what will be sent, in one step."""
    with current.writing() as at:
        post = posts.find_post(at.session, post_id)
        if post_forms.is_unseen(post_forms.save(post, at)):
            notices.tell_unseen([post])
        else:
            answers.say("Saved. This is what will be sent.")
    return answers.back_to(post)


@bp.post("/posts/<int:post_id>/copy/discard")
@may(Permission.WRITE)
def discard_copy(post_id: int) -> Response:
    """Their own working copy, and nobody else's."""
    with current.writing() as at:
        post = posts.find_post(at.session, post_id, lock=True)
        post_forms.set_aside(post, at)
        gone = working_copies.discard(at.session, post_id, current.me().id, at.now)
    answers.say(
        "Your working copy is gone: the post says what it said.",
        undo="posts.bring_copy_back",
        of=[post_id],
        stands=gone.discarded_at,
    )
    return answers.back_to(post)


@bp.post("/posts/copy/back")
@may(Permission.WRITE)
def bring_copy_back() -> Response:
    """Undo a discarding; what was typed since is shown beside it."""
    (post_id,) = forms.numbers_undone(1)
    with current.writing() as at:
        post = posts.find_post(at.session, post_id, lock=True)
        working_copies.bring_back(at.session, post.id, current.me().id, forms.stands())
    answers.say("Your working copy is back.")
    return answers.back_to(post)


@bp.post("/posts/<int:post_id>/copy/choose")
@may(Permission.WRITE)
def choose_words(post_id: int) -> Response:
    """Of two texts that this person wrote over a post: nothing goes out by it."""
    written = _keep(post_id)
    return answers.back_to(written.post)


def _keep(post_id: int) -> Written:
    """What was typed, by itself. Raises `Conflict`, once it is kept."""
    with current.writing() as at:
        written = post_forms.write(posts.find_post(at.session, post_id), at)
    keeping.committed()
    if written.post.state in UNDECIDED:
        written.refuse_overtaken()
    return written
