"""Needs you: what waits for a person, by cause, with the buttons that settle it."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, url_for
from werkzeug.wrappers import Response

from desk import attention, posts
from desk.attention import causes, deciding
from desk.attention.causes import Cause
from desk.lifecycle import State
from desk.models import Post
from desk.people.rights import needs_approval
from desk.scheduling import NOW_IN, When, approving, planning, undoing
from web import (
    answers,
    cards,
    current,
    forms,
    keeping,
    notices,
    planned,
    post_forms,
    shown,
)
from web.cards import Card
from web.guards import Permission, may

MOST_OF_SHARE = 60  # posts that one approval is about: a share has one a channel

bp = Blueprint("needs", __name__)  # its address: screens call it “Needs you”


@bp.get("/needs")
@may(Permission.READ)
def index() -> str:
    return _shown("attention/page.html")


@bp.get("/needs/list")
@may(Permission.READ)
def groups() -> str:
    """The list alone, fetched anew when something changed."""
    return _shown("attention/_list.html")


@bp.post("/needs/send-again")
@may(Permission.PUBLISH)
def send_again() -> Response:
    """Every post of a group, where none of them can be out already."""
    its = forms.these()
    with current.writing() as at:
        found = [posts.find_post(at.session, one) for one in its]
        states = {post.state for post in found}
        seen = {post.id: post_forms.seen_by_form(post) for post in found}
        done = deciding.send_all(
            current.desk_opened(),
            at.session,
            its,
            now=at.now,
            by=current.actor(),
            wait=NOW_IN,
            seen=seen,
        )
    notices.tell_unsaved(done.sent)
    if done.sent:
        notices.wake_clock()
        apart = ", 30 s apart on each channel" if len(done.sent) > 1 else ""
        answers.say(
            f"{_posts(len(done.sent))} out again{apart}.",
            undo="posts.restore" if states <= undoing.GIVEN_UP else "posts.undo",
            of=[post.id for post in done.sent],
            undo_s=planned.undoable_s(done.sent, at.now),
            left=done.sent,
        )
    if done.kept:
        answers.say(" ".join(done.kept), kind="held")
    if done.left:
        answers.say(" ".join(dict.fromkeys(done.left)), kind="bad")
    return answers.go("needs.index")


@bp.post("/needs/drop")
@may(Permission.PUBLISH)
def drop() -> Response:
    """None of a group goes out."""
    its = forms.these()
    with current.writing() as at:
        gone = deciding.drop_all(
            at.session,
            its,
            now=at.now,
            by=current.actor(),
            seen=shown.by_each(its),
        )
    many = f"{len(gone)} posts" if len(gone) != 1 else "The post"
    answers.say(
        f"{many} will not go out.",
        undo="posts.restore",
        of=[post.id for post in gone],
        left=gone,
    )
    return answers.go("needs.index")


@bp.post("/posts/<int:post_id>/approve")
@may(Permission.PUBLISH)
def approve(post_id: int) -> Response:
    """At the time its author wanted, unless the editor chose another."""
    planned_ = post_forms.plan(post_id, unless_timed=True)
    with current.writing() as at:
        post = approving.approve(
            current.desk_opened(),
            at.session,
            post_id,
            forms.number_showed("revision"),
            _chosen(at),
            now=at.now,
            by=current.actor(),
            seen=shown.by(post_id),
            planned=planned_,
        )
    notices.tell_unsaved([post])
    notices.tell_foreseen([post])
    notices.wake_clock()
    _tell_approved(post, at)
    return answers.onward(post_id)


@bp.post("/needs/approve-all")
@may(Permission.PUBLISH)
def approve_all() -> Response:
    """What one share asks for, all of it or nothing: as each author wanted it."""
    its = forms.these(MOST_OF_SHARE)
    seen, desk = shown.by_each(its), current.desk_opened()
    with current.reading() as at:
        plans = planning.plan(desk, at.session, its, at.now, slot=True)
    with current.writing() as at:
        posts.lock_all(at.session, its)
        done = [
            approving.approve(
                desk,
                at.session,
                one,
                forms.number_showed(f"revision-{one}"),
                now=at.now,
                by=current.actor(),
                seen=seen[one],
                planned=plans[one],
            )
            for one in sorted(its)
        ]
    notices.tell_unsaved(done)
    notices.tell_foreseen(done)
    notices.wake_clock()
    with current.reading() as told:
        times = planned.times_in_words(cards.find_anew(done, told), at.now)
    answers.say(
        f"Approved{planned.on_channels(done)}: {times}.",
        undo="needs.wait_again",
        of=[post.id for post in done],
        undo_s=planned.undoable_s(done, at.now),
        left=done,
    )
    return answers.go("needs.index")


@bp.post("/posts/<int:post_id>/changes")
@may(Permission.PUBLISH)
def ask_for_changes(post_id: int) -> Response:
    with current.writing() as at:
        post = approving.ask_for_changes(
            at.session,
            post_id,
            forms.text("what", 1000),
            now=at.now,
            by=current.actor(),
            seen=shown.by(post_id),
        )
    keeping.has(f"asked-{post_id}")
    answers.say(
        "Back with its author as a draft, with your note.",
        undo="needs.wait_again",
        of=[post_id],
        left=[post],
    )
    return answers.onward(post_id)


@bp.post("/needs/wait-again")
@may(Permission.PUBLISH)
def wait_again() -> Response:
    """Undo an approval, or a wish for changes."""
    with current.writing() as at:
        for post_id in shown.undone(at.session):
            approving.wait_again(at.session, post_id, now=at.now, by=current.actor())
    answers.say("Undone: it waits for approval again.")
    return answers.go("needs.index")


def _shown(template: str) -> str:
    with current.reading() as at:
        groups = causes.needing(at.session, at.now)
        mine, awaiting = _mine(at), _awaiting(groups)
        return render_template(
            template,
            groups=groups,
            channels=attention.channels(at.session, at.now),
            cards=_cards([*awaiting, *mine], at),
            mine=mine,
            authors=approving.senders(at.session, [post.id for post in awaiting]),
            reconnect=_reconnect,
            once=forms.idempotency_key(),
            at=at.now,
        )


def _awaiting(groups: list[causes.Group]) -> list[Post]:
    told = [one for group in groups for one in group.troubles]
    return [one.post for one in told if one.group.cause is Cause.REVIEW]


def _mine(at: current.Moment) -> list[Post]:
    """Their own posts that wait for approval, or came back."""
    if not needs_approval(current.me().role):
        return []
    return approving.own(at.session, current.me())


def _cards(shown: list[Post], at: current.Moment) -> dict[int, Card]:
    """What is to go out, as the approver must see it."""
    wait = [post for post in shown if post.state == State.IN_REVIEW]
    return {card.post.id: card for card in cards.saved_cards_of(wait, at)}


def _reconnect(channel_id: int) -> str:
    """The page on which a channel gets new credentials."""
    if "channels.page" in current_app.view_functions:
        return url_for("channels.page", channel_id=channel_id)
    return url_for("channels.index")


def _chosen(at: current.Moment) -> When | None:
    return post_forms.chosen_time(at) if forms.text("when", 20) else None


def _tell_approved(post: Post, at: current.Moment) -> None:
    answers.say(
        f"Approved: it goes out {planned.times_in_words([post], at.now)}.",
        undo="needs.wait_again",
        of=[post.id],
        undo_s=planned.undoable_s([post], at.now),
        left=[post],
    )


def _posts(count: int) -> str:
    return f"{count} posts go" if count != 1 else "1 post goes"
