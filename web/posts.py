"""One post: what will be or was sent, how it went, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from desk import posts, report, scheduling
from desk.attention import causes, deciding
from desk.lifecycle import EDITABLE, State
from desk.models import Post
from desk.posts import Seen, working_copies
from desk.posts.editing import TYPED_INTO
from desk.publishing import maybe_live
from desk.publishing.lateness import live_words
from desk.scheduling import NOW_IN, undoing
from web import (
    answers,
    cards,
    current,
    forms,
    guards,
    keeping,
    notices,
    planned,
    post_forms,
    shown,
)
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


@bp.post("/posts/<int:post_id>/write")
@may(Permission.WRITE)
def write(post_id: int) -> str:
    """Autosave: answers with the preview, the count and what stands against it."""
    with current.writing() as at:
        written = post_forms.write(posts.find_post(at.session, post_id), at)
    keeping.committed()
    if written.post.state in TYPED_INTO:
        written.refuse_overtaken()
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
    with current.writing() as at:
        written = post_forms.write(posts.find_post(at.session, post_id), at)
    keeping.committed()
    if written.post.state in TYPED_INTO:
        written.refuse_overtaken()
    return answers.back_to(written.post)


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
            current.desk_opened(),
            at.session,
            post_id,
            now=at.now,
            by=current.actor(),
            seen=shown.by(post_id),
        )
    answers.say("It goes out again now.")
    notices.wake_clock()
    return answers.onward(post_id)


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
