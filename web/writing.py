"""Writing: what one press does to the words of several posts, and its way back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from desk import posts, report
from desk.lifecycle import UNDECIDED
from desk.models import Post, Share
from desk.posts import Seen, parts, spreading
from desk.posts.editing import Change
from desk.posts.spreading import Plans, Spread
from desk.posts.undo import bring_back, change_with_undo
from desk.shares import fitting
from desk.shares.editing import follow_share
from desk.shares.fitting import NOTHING, Fitted
from desk.shares.rendering import Field
from web import (
    answers,
    current,
    forms,
    keeping,
    notices,
    post_forms,
    share_forms,
    sheets,
)
from web.guards import Permission, may
from web.shown import saved, undone

bp = Blueprint("writing", __name__)

FOLLOWED = frozenset({Field.TEXT, Field.PICTURES, Field.LINK})


@bp.post("/posts/<int:post_id>/spread")
@may(Permission.WRITE)
def spread(post_id: int) -> Response:
    """This post's text on every channel of its article where it fits."""
    kept = keep(post_id, siblings=True)
    with current.reading() as at:
        plans = spreading.plan(current.desk_opened(), at.session, post_id)
    with current.writing() as at:
        post = posts.find_post(at.session, post_id)
        unseen = [
            one
            for one in post_forms.posts_in_form(_its(post, at))
            if post_forms.is_unseen(one)
        ]
        if unseen:
            notices.tell_unseen(unseen)
        else:
            changed = [post, *_spread(post_id, at, kept, plans)]
    return shown(*(unseen or changed))


def _spread(
    post_id: int, at: current.Moment, seen: Mapping[int, Seen], plans: Plans
) -> list[Post]:
    done = spreading.spread(
        current.desk_opened(),
        at.session,
        post_id,
        now=at.now,
        by=current.actor(),
        seen=seen,
        plans=plans,
    )
    _tell(done)
    return done.changed


@bp.post("/posts/<int:post_id>/thread")
@may(Permission.WRITE)
def thread(post_id: int) -> Response:
    """The text in several parts, or in one again."""
    on = forms.text("thread", 5) == "on"
    post = _arranged(post_id, Change(thread=on))
    many = len(post.parts) - parts.has_reply(post)
    said = f"A thread of {many} parts." if on else "One post again."
    answers.say(said, undo="writing.undo", of=[post_id], left=[post])
    return shown(post)


@bp.post("/posts/<int:post_id>/link-place")
@may(Permission.WRITE)
def link_place(post_id: int) -> Response:
    """The link with the post, or in a first reply."""
    in_reply = forms.text("link-place", 10) == "reply"
    post = _arranged(post_id, Change(link_in_reply=in_reply))
    said = "goes in a first reply" if in_reply else "goes with the post"
    answers.say(f"The link {said}.", undo="writing.undo", of=[post_id], left=[post])
    return shown(post)


@bp.post("/posts/<int:post_id>/follow")
@may(Permission.WRITE)
def follow(post_id: int) -> Response:
    """What it says of its own gives way to what its share says."""
    fields = _fields_named()
    seen = keep(post_id)[post_id]
    fitted = NOTHING
    if Field.PICTURES in fields:
        fitted = _as_shared(post_id)
    with current.writing() as at:
        post = follow_share(
            current.desk_opened(),
            at.session,
            post_id,
            fields,
            now=at.now,
            by=current.actor(),
            seen=seen,
            fitted=fitted,
        )
    said = f"{post.channel.name} follows the share again."
    answers.say(said, undo="writing.undo", of=[post_id], left=[post])
    return shown(post)


def _fields_named() -> list[Field]:
    """In which a button makes a post follow again."""
    named = forms.values_of("follow")
    if not named or not set(named) <= FOLLOWED:
        raise forms.BadForm("This button names nothing any more. Load the page again.")
    return [Field(one) for one in named]


def _as_shared(post_id: int) -> Fitted:
    """The picture of its share, as each channel takes it."""
    with current.reading() as at:
        share_id = posts.find_post(at.session, post_id).share_id
    current.release()
    return fitting.for_share(current.desk_opened(), share_id)


@bp.post("/posts/former")
@may(Permission.WRITE)
def undo() -> Response:
    """What stood in these posts before one press changed them."""
    desk, by = current.desk_opened(), current.actor()
    with current.writing() as at:
        back = [
            bring_back(desk, at.session, post_id, now=at.now, by=by)
            for post_id in undone(at.session)
        ]
    answers.say("Undone: it says what it said before.")
    return shown(*back)


def _arranged(post_id: int, change: Change) -> Post:
    """Changed, once whatever stands in the form's fields is saved by itself."""
    seen = keep(post_id)[post_id]
    with current.writing() as at:
        return change_with_undo(
            current.desk_opened(),
            at.session,
            post_id,
            change,
            now=at.now,
            by=current.actor(),
            seen=seen,
        )


def keep(post_id: int, *, siblings: bool = False) -> dict[int, Seen]:
    """Save the words of this form, before one press changes this post.

    Those of its siblings only where the press changes them, too, or where no script
    saves them by itself. Gives what the press may take for granted of these posts:
    their words as saved, and all else as the page showed it.
    Raises `NotYours`, and `Conflict` where someone else changed one of these
    meanwhile; all are kept by then.
    """
    with current.writing() as at:
        post = posts.find_post(at.session, post_id)
        its = _its(post, at) if siblings or not current.by_htmx() else [post]
        share = _share_in_form(post, at)
        posts.lock_all(
            at.session, [post_id, *(one.id for one in post_forms.posts_in_form(its))]
        )
        post = posts.locked(at.session, post_id, current.actor())
        written = [post_forms.write(one, at) for one in post_forms.posts_in_form(its)]
        if share is not None:
            share_forms.write_fields(share, at)
    keeping.committed()
    for one in written:
        one.refuse_overtaken()
    return {one.id: saved(one) for one in [post, *(one.post for one in written)]}


def _share_in_form(post: Post, at: current.Moment) -> Share | None:
    """The post's share, locked, where no script saves its words by itself."""
    if current.by_htmx() or "share-text" not in request.form:
        return None
    return share_forms.locked(post.share_id, at)[0]


def _its(post: Post, at: current.Moment) -> list[Post]:
    """All posts of its article; of a post without one itself."""
    if post.article_id is None:
        return [post]
    return report.list_posts(at.session, article_id=post.article_id)


def shown(*changed: Post) -> Response:
    """In place, on the page of their share; else back to the page of the button."""
    first = changed[0]
    if not answers.is_on_share(first):
        return answers.back_to(first)
    drawn = all(post.state in UNDECIDED for post in changed)  # the rest has no tab
    if not (drawn and current.by_htmx()):
        return answers.go("shares.page", share_id=first.share_id, tab=first.id)
    with current.reading() as at:
        body = render_template(
            "share/_written.html",
            sheet=sheets.sheet(first.share_id, at),
            changed=[post.id for post in changed],
            saved=True,
            told=True,
            at=at.now,
        )
    return Response(body, mimetype="text/html")


def _tell(done: Spread) -> None:
    """Where the text went, and where it does not fit."""
    names = ", ".join(post.channel.name for post in done.too_long)
    left = f" Too long for {names}: left as it was." if names else ""
    if not done.changed:
        said = "Nothing was changed." if left else "Every channel says this already."
        answers.say(f"{said}{left}", kind="held")
        return
    many = len(done.changed)
    handles = ", ".join(post.channel.name for post in done.with_strangers)
    check = f" Check its handles on {handles}." if handles else ""
    answers.say(
        f"This text is on {many} more channel{'s' if many > 1 else ''}.{left}{check}",
        undo="writing.undo",
        of=[post.id for post in done.changed],
        left=done.changed,
    )
