"""Campaigns: several shares of one story over days, planned by one press."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from desk import articles, channels, shares
from desk.models import Channel, Post
from desk.scheduling import campaigns
from desk.scheduling.campaigns import Campaign, Made, Step, Wanted
from web import (
    answers,
    cards,
    current,
    forms,
    guards,
    notices,
    planned,
    shown,
    story_notices,
)
from web.guards import Permission, may

bp = Blueprint("campaigns", __name__)

MADE, WAS_THERE = 1, 0  # of a share, for the Undo of a press


@dataclass(frozen=True)
class Shown:
    """A share that is planned: its words, its times, and where it has none."""

    step: Step
    times: list[tuple[datetime, list[Channel]]]
    slotless: list[str]


@bp.get("/articles/<int:article_id>/campaign")
@may(Permission.WRITE)
def page(article_id: int) -> str:
    """What would be said, and when, before anybody presses."""
    wanted = _wanted(request.args)
    with current.reading() as at:
        articles.find_article(at.session, article_id)
    current.release()  # the words are written without a session
    found = _plan(article_id, wanted)
    with current.reading() as at:
        its = {one.id: one for one in channels.list_channels(at.session)}
        return render_template(
            "campaign/page.html",
            article=articles.find_article(at.session, article_id),
            campaign=found,
            steps=[_shown(step, its) for step in found.steps],
            why_not=campaigns.why_not(found),
            shares=campaigns.SHARES,
            days=campaigns.DAYS,
            at=at.now,
        )


@bp.post("/articles/<int:article_id>/campaign")
@may(Permission.WRITE)
def make(article_id: int) -> Response:
    """All of them, each at its slots."""
    wanted, seen = _wanted(request.form), forms.stands()
    found = current.do_once("plan", lambda: _plan(article_id, wanted, pictured=True))
    with current.writing() as at:
        made = campaigns.make(
            current.desk_opened(),
            at.session,
            found,
            now=at.now,
            by=current.actor(),
            over=seen,
        )
    _tell(made)
    notices.wake_clock()
    return answers.go("inbox.index")


@bp.post("/campaigns/undo")
@may(Permission.WRITE)
def undo() -> Response:
    """Take it back: the shares that it made are out, the one before it is as it was."""
    its = forms.pairs_undone(campaigns.SHARES[-1])
    with current.writing() as at:
        of = {how: _posts_of(at, its, how) for how in (MADE, WAS_THERE)}
        shown.refuse_changed(at.session, [*of[MADE], *of[WAS_THERE]])
        campaigns.take_back(
            at.session, of[MADE], of[WAS_THERE], now=at.now, by=current.actor()
        )
    answers.say("Undone: the story is as it was, and nothing of the campaign goes out.")
    return answers.go("inbox.index")


def _wanted(said: Mapping[str, str]) -> Wanted:
    """The usual one, where nothing is said. Raises `BadCampaign`."""
    usual = Wanted()
    of, over = said.get("shares", str(usual.shares)), said.get("days", str(usual.days))
    return Wanted(forms.number(of) or 0, forms.number(over) or 0)


def _plan(article_id: int, wanted: Wanted, *, pictured: bool = False) -> Campaign:
    return campaigns.plan(
        current.desk_opened(), article_id, wanted, by=current.actor(), pictured=pictured
    )


def _shown(step: Step, its: Mapping[int, Channel]) -> Shown:
    at_time = defaultdict[datetime, list[Channel]](list)
    slotless = []
    for channel_id, slot_at in step.slots.items():
        if slot_at is None:
            slotless.append(its[channel_id].name)
        else:
            at_time[slot_at].append(its[channel_id])
    return Shown(step, sorted(at_time.items()), slotless)


def _posts_of(at: current.Moment, its: list[tuple[int, int]], how: int) -> list[int]:
    found = [shares.posts_of(at.session, share) for kind, share in its if kind == how]
    return [post.id for some in found for post in some]


def _tell(made: Made) -> None:
    notices.tell_foreseen(made.scheduled)
    asks = not guards.allowed(Permission.PUBLISH)
    with current.reading() as at:
        its = [shares.posts_of(at.session, one.id) for one in made.shares]
        given = cards.find_anew(made.scheduled, at)
        times = planned.times_in_words(given, at.now)
        left = _left(cards.find_anew(made.left, at))
    was_there = made.was_there and made.was_there.id
    verb = "Sent for approval" if asks else "Scheduled"
    on = planned.on_channels(story_notices.apart(given))
    answers.say(
        f"{verb} {len(made.shares)} shares{on}: {times}. {left}".strip(),
        undo="campaigns.undo",
        of=[f"{WAS_THERE if s.id == was_there else MADE}:{s.id}" for s in made.shares],
        undo_s=planned.undoable_s(given, at.now),
        left=[post for some in its for post in some],
    )


def _left(its: list[Post]) -> str:
    names = ", ".join(dict.fromkeys(post.channel.name for post in its))
    return f"Drafts still on {names}: no free slot, or to be mended." if its else ""
