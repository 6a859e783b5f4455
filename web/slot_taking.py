"""Slot taking: in the time box of Compose, a slot that another post has."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from desk import posts
from desk.scheduling import moving, taking
from desk.scheduling.queueing import OutOfDate
from desk.scheduling.taking import Offer, Taken
from web import answers, current, forms, moves, notices, post_forms, shares
from web.guards import Permission, may
from web.planned import near_words

bp = Blueprint("slot_taking", __name__)


@bp.post("/shares/<int:share_id>/take-slot")
@may(Permission.PUBLISH)
def take(share_id: int) -> Response:
    """It goes out then, and the other at the channel's next free slot, as was said."""
    saved = shares.save_all(share_id)
    post_id = forms.whole_number("take")
    if post_id not in saved.seen:
        notices.tell_unseen(saved.unseen)
        return shares.back_to(share_id)
    offer = _offer(post_id)
    planned, other = post_forms.plan(post_id), post_forms.plan(offer.other_id)
    with current.writing() as at:
        done = taking.take_slot(
            current.desk_opened(),
            at.session,
            post_id,
            offer,
            now=at.now,
            by=current.actor(),
            seen=saved.seen[post_id],
            planned=planned,
            planned_other=other,
        )
        told = _told(done, offer, at)
    notices.wake_clock()
    notices.tell_foreseen([done.post])
    undo = [one.written for one in done.former]
    answers.say(told, undo="slot_taking.undo", of=undo)
    return answers.go("shares.page", share_id=share_id)


@bp.post("/shares/take-slot/undo")
@may(Permission.PUBLISH)
def undo() -> Response:
    """Both stand where they stood before, or neither."""
    former = moves.former()
    with current.writing() as at:
        moving.put_back(
            current.desk_opened(), at.session, former, now=at.now, by=current.actor()
        )
        share_id = posts.find_post(at.session, former[0].post_id).share_id
    notices.wake_clock()
    answers.say("Undone: both stand where they stood before.")
    return answers.go("shares.page", share_id=share_id)


@bp.errorhandler(OutOfDate)
def _out_of_date(error: OutOfDate) -> Response:
    """Someone was faster: say so, and show how it stands now."""
    answers.say(str(error), kind="bad")
    return answers.go_to(moves.came_from())


def _offer(post_id: int) -> Offer:
    try:
        return Offer.read(forms.text(f"ahead-{post_id}", 200))
    except ValueError:
        raise forms.BadForm(
            "This button names nothing any more. Load the page again."
        ) from None


def _told(done: Taken, offer: Offer, at: current.Moment) -> str:
    """Both, and when; while the session is open that knows their channel and story."""
    taken, to = (near_words(one, at.now) for one in (offer.at, offer.to))
    other, name = done.other, done.post.channel.name
    title = other.article.headline if other.article else other.text.strip()
    line = title.partition("\n")[0]
    return f"It goes out on {name} {taken}. “{line}” moved to {to}."
