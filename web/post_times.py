"""Post times: one post gets its time, or loses it; and the ways back from that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from werkzeug.wrappers import Response

from desk import posts, report, scheduling
from desk.lifecycle import State
from desk.models import Post
from desk.posts import Seen
from desk.publishing import maybe_live
from desk.scheduling import NOW_IN, undoing
from web import answers, current, keeping, notices, planned, post_forms, shown
from web.guards import Permission, may
from web.posts import bp


@bp.post("/posts/<int:post_id>/schedule")
@may(Permission.PUBLISH)
def schedule(post_id: int) -> Response:
    """A new time: picked, the next free slot, or now."""
    saved = _saved_first(post_id)
    if saved.unseen:
        return answers.back_to(saved.post)
    planned_ = post_forms.plan(post_id)
    with current.writing() as at:
        moved = posts.find_post(at.session, post_id).state == State.SCHEDULED
        post = scheduling.schedule(
            current.desk_opened(),
            at.session,
            post_id,
            post_forms.chosen_time(at),
            now=at.now,
            by=current.actor(),
            idempotency_key=post_forms.idempotency_key_of(
                posts.find_post(at.session, post_id)
            ),
            priority=post_forms.chosen_priority(),
            seen=saved.seen,
            planned=planned_,
        )
    notices.tell_foreseen([post])
    notices.tell_unsaved([post])
    _tell(post, at.now, "posts.restore" if moved else "posts.undo")
    return answers.onward(post_id)


@bp.post("/posts/<int:post_id>/retry")
@may(Permission.PUBLISH)
def retry(post_id: int) -> Response:
    """Again, in ten seconds, in which Undo stops it."""
    saved = _saved_first(post_id)
    if saved.unseen:
        return answers.back_to(saved.post)
    with current.writing() as at:
        given_up = posts.find_post(at.session, post_id).state in undoing.GIVEN_UP
        post = scheduling.retry(
            current.desk_opened(),
            at.session,
            post_id,
            now=at.now,
            by=current.actor(),
            wait=NOW_IN,
            seen=saved.seen,
        )
    notices.tell_unsaved([post])
    notices.tell_foreseen([post])
    _tell(post, at.now, "posts.restore" if given_up else "posts.undo")
    return answers.onward(post_id)


@bp.post("/posts/<int:post_id>/draft")
@may(Permission.PUBLISH)
def to_draft(post_id: int) -> Response:
    with current.writing() as at:
        post = scheduling.to_draft(
            at.session,
            post_id,
            now=at.now,
            by=current.actor(),
            seen=shown.by(post_id),
        )
        back = undoing.former_time(post, at.now) is not None
    answers.say(
        "Back to draft. Its text is kept, and nothing goes out.",
        undo="posts.restore" if back else "",
        of=[post_id],
        left=[post],
    )
    return answers.onward(post_id)


@bp.post("/posts/<int:post_id>/cancel")
@may(Permission.PUBLISH)
def cancel(post_id: int) -> Response:
    with current.writing() as at:
        post = scheduling.cancel(
            at.session,
            post_id,
            now=at.now,
            by=current.actor(),
            seen=shown.by(post_id),
        )
        open_ = maybe_live.earlier_words(post)
    said = f"not sent again. {open_}" if open_ else "it will not go out."
    answers.say(f"Cancelled: {said}", undo="posts.restore", of=[post_id], left=[post])
    return answers.onward(post_id)


@bp.post("/posts/restore")
@may(Permission.PUBLISH)
def restore() -> Response:
    """Undo a cancelling, a taking back or a move: as it stood before."""
    with current.writing() as at:
        back = undoing.put_back(
            current.desk_opened(),
            at.session,
            shown.undone(at.session),
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
    with current.writing() as at:
        its = shown.undone(at.session)
        drafts = undoing.take_back(at.session, its, now=at.now, by=current.actor())
    answers.say("Undone: nothing goes out, and every text is kept.")
    return answers.go("shares.page", share_id=drafts[-1].share_id)


@dataclass(frozen=True)
class Saved:
    """A post after the words of a form were put into it."""

    post: Post
    seen: Seen
    unseen: bool  # it says by now what the page never showed


def _saved_first(post_id: int) -> Saved:
    """Put the words of this form in before anything is sent, where it has some."""
    with current.writing() as at:
        post = posts.find_post(at.session, post_id)
        saved = [post_forms.save(one, at) for one in post_forms.posts_in_form([post])]
        unseen = any(post_forms.is_unseen(one) for one in saved)
        if unseen:
            notices.tell_unseen([post])
    keeping.committed()
    seen = shown.saved(post) if saved else post_forms.seen_by_form(post)
    return Saved(post, seen, unseen)


def _tell(post: Post, now: datetime, undo: str) -> None:
    notices.wake_clock()
    answers.say(
        f"{planned.planned_words([post], now)}.",
        undo=undo,
        of=[post.id],
        undo_s=planned.undoable_s([post], now),
        left=[post],
    )
