"""Post decisions: a person says of one post what the desk can't tell."""

from __future__ import annotations

from werkzeug.wrappers import Response

from desk.attention import deciding
from desk.publishing import live_twice
from web import answers, current, forms, keeping, notices, shown
from web.guards import Permission, may
from web.posts import bp


@bp.post("/posts/<int:post_id>/live")
@may(Permission.PUBLISH)
def confirm_live(post_id: int) -> Response:
    """“It is live, here”: a person settles what the desk can't tell."""
    seen, url = shown.by(post_id), forms.link("url")
    with current.writing() as at:
        deciding.confirm_live(
            at.session,
            post_id,
            url,
            now=at.now,
            by=current.actor(),
            seen=seen,
        )
    keeping.has(f"live-{post_id}")
    answers.say("Noted: it is live.")
    return answers.onward(post_id)


@bp.post("/posts/<int:post_id>/absent")
@may(Permission.PUBLISH)
def confirm_absent(post_id: int) -> Response:
    """“It is not there”: send it again."""
    with current.writing() as at:
        deciding.confirm_absent(
            at.session,
            post_id,
            now=at.now,
            by=current.actor(),
            seen=shown.by(post_id),
        )
    answers.say("It goes out again now.")
    notices.wake_clock()
    return answers.onward(post_id)


@bp.post("/posts/<int:post_id>/leave")
@may(Permission.PUBLISH)
def leave(post_id: int) -> Response:
    """A thread that is partly live stays as it is."""
    with current.writing() as at:
        deciding.leave(
            at.session,
            post_id,
            now=at.now,
            by=current.actor(),
            seen=shown.by(post_id),
        )
    answers.say("Left as it is. Its page can still send the rest.")
    return answers.onward(post_id)


@bp.post("/posts/<int:post_id>/deleted")
@may(Permission.PUBLISH)
def deleted(post_id: int) -> Response:
    """One of two live ones was deleted by hand."""
    url = forms.link("url")
    with current.writing() as at:
        post = deciding.deleted(
            at.session,
            post_id,
            url,
            now=at.now,
            by=current.actor(),
            seen=shown.by(post_id),
        )
        left = live_twice.double_words(post)
    answers.say(f"Noted. {left}" if left else "Noted: it is live once.")
    return answers.onward(post_id)
