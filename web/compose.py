"""Compose: an article, and the posts that are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from desk import articles, moments, posts, report, scheduling
from desk.articles import correcting
from desk.lifecycle import State
from desk.models import Post
from desk.scheduling import At, Now, When, habits, queueing
from desk.scheduling.habits import Habit
from desk.scheduling.planning import Planned
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

bp = Blueprint("compose", __name__)

OPEN = frozenset({State.DRAFT, State.IN_REVIEW})


@bp.get("/articles/<int:article_id>")
@may(Permission.READ)
def page(article_id: int) -> str:
    with current.reading() as at:
        article = articles.find_article(at.session, article_id)
        its = cards.in_order(report.list_posts(at.session, article_id=article_id))
        made = cards.cards_of([post for post in its if post.state in OPEN], at)
        habit = habits.habit_of(at.session, current.me().id)
        return render_template(
            "compose/page.html",
            article=article,
            reading=articles.reading_of(article),
            differing=correcting.disagreements(article),
            cards=made,
            many=len(made),
            others=[post for post in its if post.state not in OPEN],
            habit=habit,
            when_chosen=_usual(habit, made),
            picked=habits.next_time(habit, at.now, current.zone()),
            once=forms.idempotency_key(),
            at=at.now,
        )


@bp.post("/articles/<int:article_id>/schedule")
@may(Permission.WRITE)
def schedule(article_id: int) -> Response:
    """Save every text, then give each ticked post that can go out its time."""
    return _give_times(article_id, post_forms.chosen_time)


@bp.post("/articles/<int:article_id>/publish")
@may(Permission.PUBLISH)
def publish(article_id: int) -> Response:
    """The same, now: in ten seconds, in which Undo stops it."""
    return _give_times(article_id, lambda at: Now())


def _give_times(article_id: int, chosen: Callable[[current.Moment], When]) -> Response:
    wanted = forms.many("posts")
    saved = save_all(article_id)
    ticked = [post_id for post_id in saved if post_id in wanted]
    with current.reading() as at:
        when = chosen(at)
        fit, left = _planned(ticked, when, at)
    with current.writing() as at:
        posts.hold(at.session, ticked)
        found = [posts.find_post(at.session, one, lock=True) for one in ticked]
        unseen = [post for post in found if post_forms.is_unseen(post)]
        going = [post for post in found if post.id in fit and post not in unseen]
        done = _schedule_all(going, fit, when, at)
        if done:
            _learn(at, saved, ticked, when)
    left = [card for card in left if card.post.id not in {post.id for post in unseen}]
    if done:
        _tell(done, at.now)
    if unseen:
        notices.tell_unseen(unseen)
    return _after(article_id, done, left, unseen, when)


def _planned(
    ticked: list[int], when: When, at: current.Moment
) -> tuple[dict[int, Planned], list[Card]]:
    """What was found for those that can go out, and the cards of those that can't."""
    drawn = cards.cards_of([posts.find_post(at.session, one) for one in ticked], at)
    left = [card for card in drawn if cards.stands_against(card, when, at)]
    fit = [card for card in drawn if card not in left]
    return {card.post.id: card.planned for card in fit}, left


@bp.post("/articles/<int:article_id>/save")
@may(Permission.WRITE)
def save(article_id: int) -> Response:
    """What “Save” does where there is no JavaScript to do it by itself."""
    saved = save_all(article_id)
    with current.reading() as at:
        its = [posts.find_post(at.session, one) for one in saved]
        unseen = [post for post in its if post_forms.is_moved(post)]
    if unseen:
        notices.tell_unseen(unseen)
    else:
        answers.say("Saved.")
    return answers.go("compose.page", article_id=article_id)


def save_all(article_id: int) -> list[int]:
    """Keep the words that were sent, by themselves: a bad time loses none of them."""
    with current.writing() as at:
        its = report.list_posts(at.session, article_id=article_id)
        posts.hold(at.session, [post.id for post in post_forms.posts_in_form(its)])
        saved = [post_forms.save(post, at).id for post in post_forms.posts_in_form(its)]
    keeping.committed()
    return saved


def _usual(habit: Habit, made: list[Card]) -> str:
    """How this person timed their last posts, where it can be done here."""
    with_slot = sum(card.next_slot is not None for card in made)
    if habit.when == "at" or (habit.when == "slot" and with_slot):
        return habit.when
    return "slot" if made and with_slot == len(made) else "at"


def _learn(at: current.Moment, saved: list[int], ticked: list[int], when: When) -> None:
    """Offer the same channels and way of timing the next time; but never "now"."""
    left_out = [
        posts.find_post(at.session, id_).channel_id
        for id_ in saved
        if id_ not in ticked
    ]
    known = habits.habit_of(at.session, current.me().id)
    clock = known.clock
    if isinstance(when, At):
        clock = moments.clock(when.due_at, current.zone())
    usual = known.when if isinstance(when, Now) else forms.text("when", 20)
    habit = Habit(left_out, usual, clock)
    habits.keep(at.session, current.me().id, habit)


def _schedule_all(
    its: list[Post], plans: Mapping[int, Planned], when: When, at: current.Moment
) -> list[Post]:
    in_turn = sorted(its, key=queueing.by_channel)
    done = (_schedule(post, plans[post.id], when, at) for post in in_turn)
    return cards.in_order(done)


def _schedule(post: Post, planned_: Planned, when: When, at: current.Moment) -> Post:
    return scheduling.schedule(
        current.desk_opened(),
        at.session,
        post.id,
        when,
        now=at.now,
        by=current.actor(),
        idempotency_key=post_forms.idempotency_key_of(post),
        priority=post_forms.chosen_priority(),
        seen=shown.by_card(post.id),
        planned=planned_,
    )


def _after(
    article_id: int, done: list[Post], left: list[Card], unseen: list[Post], when: When
) -> Response:
    """To the board where all went well, else back to what needs a hand."""
    if done:
        notices.wake_clock()
    if left:
        answers.say(_needed(left, when), kind="bad")
    if left or unseen or not done:
        return answers.go("compose.page", article_id=article_id)
    return answers.go("status.board")


def _needed(left: list[Card], when: When) -> str:
    """What stands in the way of the posts that were not scheduled."""
    bad = sum(1 for card in left if card.problems)
    rest = [card for card in left if not card.problems]
    slotless = [card.post.channel.name for card in rest if card.stands_against(when)]
    again = [one.post.channel.name for one in rest if not one.stands_against(when)]
    said = []
    if bad:
        needs = "post needs" if bad == 1 else "posts need"
        said.append(f"{bad} {needs} a change first: it is marked below.")
    if slotless:
        said.append(f"No free slot on {', '.join(slotless)}: pick a time, or now.")
    if again:
        said.append(
            f"The same words go out on {', '.join(again)} too near to that time: "
            "change one, or pick another time."
        )
    return " ".join(said)


def _tell(scheduled: list[Post], now: datetime) -> None:
    notices.tell_foreseen(scheduled)
    with current.reading() as at:
        done = cards.find_anew(scheduled, at)
        asked = any(post.state == State.IN_REVIEW for post in done)
        where = planned.on_channels(done)
        said = f"Sent for approval{where}: {planned.times_in_words(done, now)}"
        answers.say(
            f"{said if asked else planned.planned_words(done, now, where)}.",
            undo="posts.undo",
            of=[post.id for post in done],
            undo_s=planned.undoable_s(done, now),
            left=done,
        )
