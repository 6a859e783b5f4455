"""The account of a share that is out: its posts, what happened, and the next one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from desk import moments, posts, report, shares
from desk.articles import angles
from desk.attention import causes
from desk.lifecycle import EDITABLE, State
from desk.models import Event, Post, Share
from desk.publishing.lateness import live_words
from desk.report.happenings import events_of, happenings, list_posts_of
from desk.scheduling import undoing
from desk.shares import commenting, fitting, making
from web import answers, cards, current, forms, guards
from web.guards import Permission, may

bp = Blueprint("share_account", __name__)

OF_LATE = timedelta(hours=24)
FIRST = (  # the post beside the list, where none was chosen: what a person may act on
    frozenset({State.FAILED, State.MISSED, State.UNCONFIRMED}),
    frozenset({State.IN_REVIEW}),
    frozenset({State.SCHEDULED}),
)


@bp.get("/shares/<int:share_id>/posts")
@may(Permission.READ)
def page(share_id: int) -> str:
    with current.reading() as at:
        share = commenting.find_commented(at.session, share_id)
        its = _posts_of(share, at)
        events = events_of(at.session, its)
        chosen = _chosen(its)
        return render_template(
            "share_account/page.html",
            share=share,
            posts=its,
            number=_number(share, at),
            told=happenings(events, its, share.comments),
            comments=commenting.standing(share.comments),
            once=forms.idempotency_key(),
            at=at.now,
            **(_open(chosen, events, at) if chosen else {"card": None}),
        )


@bp.post("/shares/<int:share_id>/again")
@may(Permission.WRITE)
def share_again(share_id: int) -> Response:
    """What it says once more, as drafts to be looked at."""
    desk = current.desk_opened()
    fitted = fitting.for_share(desk, share_id)
    with current.writing() as at:
        made = making.share_again(
            desk, at.session, share_id, now=at.now, by=current.actor(), fitted=fitted
        )
    _tell_live_of_late(share_id)
    return _onward(made)


@bp.post("/shares/<int:share_id>/angle")
@may(Permission.WRITE)
def take_angle(share_id: int) -> Response:
    """The same story, with words that were not shared yet."""
    with current.reading() as at:
        article_id = shares.find_share(at.session, share_id).article_id
    if article_id is None:
        raise forms.BadForm("This share has no story, so it has no other angle.")
    desk, by = current.desk_opened(), current.actor()
    made = current.do_once("angle", lambda: angles.take_angle(desk, article_id, by=by))
    answers.say("A new angle of the same story: nothing of it has a time yet.")
    return _onward(made)


@bp.post("/shares/<int:share_id>/duplicate")
@may(Permission.WRITE)
def duplicate(share_id: int) -> Response:
    """All that its posts say, without their times."""
    with current.writing() as at:
        made = making.duplicate_share(
            current.desk_opened(), at.session, share_id, now=at.now, by=current.actor()
        )
    answers.say("A copy, with what each channel says of its own: it has no time yet.")
    return _onward(made)


def _tell_live_of_late(share_id: int) -> None:
    """Say on which channels readers have just seen this share."""
    with current.reading() as at:
        its = shares.posts_of(at.session, share_id)
        live = [post for post in its if post.state == State.PUBLISHED]
        since = at.now - OF_LATE
        late = defaultdict[str, list[str]](list)
        for post in live:
            if post.published_at and post.published_at > since:
                when = moments.relative(post.published_at, at.now)
                late[when].append(post.channel.name)
    said = "; ".join(f"{when} on {', '.join(names)}" for when, names in late.items())
    answers.say(
        f"A new share with the same text: nothing of it has a time yet. Live {said}."
        if said
        else "A new share with the same text: nothing of it has a time yet.",
        kind="held" if said else "good",
    )


def _onward(made: Share) -> Response:
    """To where the new one is written."""
    if made.article_id is not None:
        return answers.go("compose.page", article_id=made.article_id)
    return answers.go("share_account.page", share_id=made.id)


def _posts_of(share: Share, at: current.Moment) -> list[Post]:
    return cards.in_order(list_posts_of(at.session, share.id))


def _chosen(its: Sequence[Post]) -> Post | None:
    """The post that the address names, else the one that needs a look most."""
    asked = forms.number(request.args.get("post", ""))
    named = [post for post in its if post.id == asked]
    pressing = [post for states in FIRST for post in its if post.state in states]
    return next(iter([*named, *pressing, *its]), None)


def _open(post: Post, events: list[Event], at: current.Moment) -> dict[str, Any]:
    """What the panel beside the list says of a post, as its own page does."""
    written = post.state in EDITABLE and guards.allowed(Permission.WRITE)
    draw = cards.card_of if written else cards.saved_card_of
    return {
        "account": report.account_of(post, events),
        "card": draw(post, at),
        "sure": causes.sure(post),
        "partly": live_words(post),
        "silence": report.silence(at.session, post, at.now),
        "fixed": posts.REFUSALS.get(State(post.state), ""),
        "former": undoing.former_time(post, at.now),
    }


def _number(share: Share, at: current.Moment) -> tuple[int, int]:
    """Which share of its story it is, and of how many."""
    if share.article_id is None:
        return 1, 1
    ids = [one.id for one in shares.of_article(at.session, share.article_id)]
    return len(ids) - ids.index(share.id), len(ids)
