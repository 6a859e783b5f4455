"""Post undo: the ways back from what one press did to when posts go out."""

from __future__ import annotations

from werkzeug.wrappers import Response

from desk import posts, report, scheduling
from desk.scheduling import undoing
from web import answers, current, forms, notices, shown
from web.guards import Permission, may
from web.posts import bp


@bp.post("/posts/restore")
@may(Permission.PUBLISH)
def restore() -> Response:
    """Undo a cancelling, a taking back or a move: as it stood before."""
    its = forms.these(forms.MOST_UNDONE)
    with current.writing() as at:
        shown.refuse_changed(at.session, its)
        back = undoing.put_back(
            current.desk_opened(),
            at.session,
            its,
            now=at.now,
            by=current.actor(),
        )
    notices.wake_clock()
    if len(back) != 1:
        answers.say(f"Undone: {len(back)} posts are back.")
        return answers.go("needs.index")
    with current.reading() as at:
        stands = report.state_words(
            posts.find_post(at.session, back[0].id), current.zone(), at.now
        )
    answers.say(f"Undone. {stands.removesuffix('.')}.")
    return answers.onward(back[0].id)


@bp.post("/posts/undo")
@may(Permission.WRITE)
def undo() -> Response:
    """Undo a scheduling: every post that was scheduled together is a draft again."""
    its = forms.these(forms.MOST_UNDONE)
    with current.writing() as at:
        shown.refuse_changed(at.session, its)
        for post_id in its:
            post = scheduling.to_draft(
                at.session, post_id, now=at.now, by=current.actor()
            )
    answers.say("Undone: nothing goes out, and every text is kept.")
    return answers.go("shares.page", share_id=post.share_id)
