"""Compose: a share, and the channels that it goes out on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from desk import articles, posts, shares
from desk.articles import correcting
from desk.channels import channel_sets
from desk.lifecycle import UNDECIDED, State
from desk.models import Post
from desk.posts import Seen
from desk.scheduling import Now, When, going, habits
from desk.scheduling.going import Hindrance, Plan
from desk.shares import commenting, leaving_out
from desk.shares.blank import open_blank_share
from web import (
    answers,
    cards,
    choices,
    current,
    forms,
    keeping,
    next_story,
    notices,
    post_forms,
    share_forms,
    sheets,
)
from web.guards import Permission, may

bp = Blueprint("shares", __name__)

NEEDS = {
    Hindrance.UNFIT: "To be mended first on {}: it is marked.",
    Hindrance.SLOTLESS: "No free slot on {}: pick a time, or now.",
    Hindrance.REPEATED: (
        "The same words go out on {} too near to that time: change one, or pick "
        "another time."
    ),
}


@bp.get("/shares/<int:share_id>")
@may(Permission.READ)
def page(share_id: int) -> str | Response:
    """Where a share is made; once that is done it shows what became of it."""
    with current.reading() as at:
        share = shares.load_for_page(at.session, share_id)
        article = share.article
        sheet = sheets.sheet(share_id, at)
        if sheet.is_out and not current.by_htmx():
            return answers.go("share_account.page", share_id=share_id)
        return render_template(
            "share/page.html",
            sheet=sheet,
            reading=article and articles.reading_of(article),
            differing=correcting.disagreements(article) if article else [],
            once=forms.idempotency_key(),
            came=next_story.came_from(),
            comments=commenting.list_comments(at.session, share_id),
            at=at.now,
        )


@bp.get("/shares/new")
@may(Permission.WRITE)
def new() -> str | Response:
    """To a share that says nothing yet: in no list before something is put on it."""
    with current.writing() as at:
        blank = open_blank_share(
            current.desk_opened(), at.session, now=at.now, by=current.actor()
        )
    if blank is None:
        return render_template("share/none.html", article=None)
    return answers.go("shares.page", share_id=blank.id)


@bp.post("/shares/<int:share_id>/write")
@may(Permission.WRITE)
def write(share_id: int) -> str:
    """Autosave of what is common to all: answers with what it changed."""
    with current.writing() as at:
        share, _ = share_forms.locked(share_id, at)
        saved = share_forms.write_fields(share, at)
    keeping.committed()
    if saved is None:
        keeping.leave()
    changed = [post.id for post in saved.changed] if saved else []
    with current.reading() as at:
        return render_template(
            "share/_written.html",
            sheet=sheets.sheet(share_id, at),
            changed=changed,
            saved=saved is not None,
            at=at.now,
        )


@bp.post("/shares/<int:share_id>/save")
@may(Permission.WRITE)
def save(share_id: int) -> Response:
    """Put in all that was written; without JavaScript also the way to another tab."""
    unseen = save_all(share_id).unseen
    if unseen:
        notices.tell_unseen(unseen)
    elif not forms.text("tab", 20):
        answers.say("Saved.")
    return back_to(share_id)


@bp.post("/shares/<int:share_id>/plan")
@may(Permission.WRITE)
def plan(share_id: int) -> str:
    """When it would go out, as it is chosen on the page. Changes nothing."""
    return _planned(share_id)


@bp.post("/shares/<int:share_id>/channels")
@may(Permission.WRITE)
def choose_channels(share_id: int) -> str:
    """Keep which channels are left out, then the same."""
    with current.writing() as at:
        its = shares.posts_of(at.session, share_id)
        left = share_forms.left_out(its)
        leaving_out.leave_out(at.session, share_id, left, current.actor())
    return _planned(share_id, kept=True)


def _planned(share_id: int, kept: bool = False) -> str:
    with current.reading() as at:
        its = shares.posts_of(at.session, share_id)
        chosen = choices.choice_in_form(
            [post for post in its if post.state in UNDECIDED], at
        )
        return render_template(
            "share/_planned.html",
            sheet=sheets.sheet(share_id, at, chosen),
            kept=kept,
            at=at.now,
        )


@bp.post("/shares/<int:share_id>/schedule")
@may(Permission.WRITE)
def schedule(share_id: int) -> Response:
    """Save all that was written, then give what is taken and can go out its time."""
    return _give_times(share_id, share_forms.common_time)


@bp.post("/shares/<int:share_id>/publish")
@may(Permission.PUBLISH)
def publish(share_id: int) -> Response:
    """The same, now: in ten seconds, in which Undo stops it."""
    return _give_times(share_id, lambda at: Now())


@dataclass(frozen=True)
class Saved:
    """A share's posts after the words of a form were put into them."""

    unseen: list[Post]  # they say by now, or stand, as its page never showed
    seen: dict[int, Seen]  # the others, as the form left them
    revision: int  # of the share


def save_all(share_id: int) -> Saved:
    """Keep the words that were sent, by themselves: a bad time loses none of them."""
    with current.writing() as at:
        share, its = share_forms.locked(share_id, at)
        unseen = share_forms.save(share, its, at)
        left = share_forms.left_out(its)
        leaving_out.leave_out(at.session, share_id, left, current.actor())
        seen = share_forms.seen_after([post for post in its if post not in unseen])
        revision = share.revision
    keeping.committed()
    return Saved(unseen, seen, revision)


@dataclass(frozen=True)
class Asked:
    """The times that a form asks for, and what stands in their way by now."""

    when: When  # for all that have none of their own
    taken: list[Post]
    rest: list[Post]  # that could go out as well
    times: Mapping[int, When]
    plan: Plan
    again: bool  # this very form gave one of them its time before


def _give_times(share_id: int, common: Callable[[current.Moment], When]) -> Response:
    ticked = forms.many("posts")
    saved = save_all(share_id)
    with current.reading() as at:
        asked = _asked(share_id, ticked, common(at), saved.seen, at)
    done = _given(share_id, asked, saved.seen)
    stays = _told_of_the_rest(asked.plan, saved.unseen)
    if not (done or asked.again or stays or ticked):
        answers.say("Nothing was scheduled: take a channel first.", kind="bad")
    if stays or isinstance(asked.when, Now) or not (done or asked.again):
        return back_to(share_id)
    return next_story.go_on(share_id)


def _asked(
    share_id: int,
    ticked: Collection[int],
    when: When,
    seen: Collection[int],
    at: current.Moment,
) -> Asked:
    found = shares.posts_of(at.session, share_id)
    its = [post for post in found if post.state in UNDECIDED and post.id in seen]
    taken = [post for post in its if post.id in ticked]
    times: dict[int, When] = {post.id: when for post in taken}
    if not isinstance(when, Now):  # which is for all of them
        times = share_forms.chosen_times(taken, when, at)
    return Asked(
        when,
        taken,
        rest=[post for post in its if post not in taken],
        times=times,
        plan=going.plan(current.desk_opened(), at.session, times, at.now),
        again=any(post.id in ticked and post_forms.is_done(post) for post in found),
    )


def _given(share_id: int, asked: Asked, seen: Mapping[int, Seen]) -> list[Post]:
    """What can go out has its time from now on, and the rest is left out."""
    with current.writing() as at:
        done = going.schedule(
            current.desk_opened(),
            at.session,
            share_id,
            asked.times,
            asked.plan,
            common=asked.when,
            now=at.now,
            by=current.actor(),
            seen=seen,
            keys={one.id: post_forms.idempotency_key_of(one) for one in asked.taken},
        )
        done = cards.in_order(done)
        if done:
            rest = {post.id: True for post in asked.rest}
            leaving_out.leave_out(at.session, share_id, rest, current.actor())
            left_out = {post.channel_id for post in asked.rest}
            habits.learn_left_out(at.session, current.me().id, left_out)
            _learn_section(at, share_id)
    if done:
        notices.wake_clock()
        notices.tell_scheduled(done, at.now, stays=bool(asked.plan.kept))
    return done


def _learn_section(at: current.Moment, share_id: int) -> None:
    """Offer the same channels to the next story of this section."""
    article = shares.find_share(at.session, share_id).article
    its = shares.posts_of(at.session, share_id)
    on = [post.channel_id for post in its if post.state != State.DRAFT]
    channel_sets.learn_section(at.session, article.section if article else "", on)


def _told_of_the_rest(planned: Plan, unseen: list[Post]) -> bool:
    """Does any of them need a hand before it goes out? It is said which."""
    if unseen:
        notices.tell_unseen(unseen)
    if planned.kept:
        _tell_kept(planned)
    return bool(unseen or planned.kept)


def _tell_kept(planned: Plan) -> None:
    """What stands in the way of the posts that were not scheduled."""
    with current.reading() as at:
        its = [posts.find_post(at.session, one) for one in planned.kept]
        names = {post.id: post.channel.name for post in its}
    said = [
        NEEDS[why].format(", ".join(names[one] for one in of))
        for why in Hindrance
        if (of := [one for one, kept in planned.kept.items() if kept is why])
    ]
    answers.say(" ".join(said), kind="bad")


def back_to(share_id: int) -> Response:
    """To the page, with the tab that was pressed, or was open, open."""
    said = {"tab": forms.text("tab", 20), "came": forms.text("came", 2000)}
    said = {name: value for name, value in said.items() if value}
    return answers.go("shares.page", share_id=share_id, **said)
