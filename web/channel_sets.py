"""Channel sets: taken in Compose, kept from there, changed beside the channels."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from desk import shares
from desk.channels import channel_sets
from desk.shares import leaving_out
from web import answers, current, forms
from web.guards import Permission, may
from web.offered_sets import EVERY
from web.shares import back_to, save_all

bp = Blueprint("channel_sets", __name__)


@bp.post("/shares/<int:share_id>/sets/take")
@may(Permission.WRITE)
def take(share_id: int) -> Response:
    """The share goes out on the channels of this set, and on no other."""
    save_all(share_id)
    number = forms.whole_number("set")
    with current.writing() as at:
        its = shares.posts_of(at.session, share_id)
        on = {post.channel_id for post in its}
        if number != EVERY:
            on = set(channel_sets.find_set(at.session, number).channels)
        choices = {post.id: post.channel_id not in on for post in its}
        leaving_out.leave_out(at.session, share_id, choices, current.actor())
    return back_to(share_id)


@bp.post("/shares/<int:share_id>/sets")
@may(Permission.PUBLISH)
def keep(share_id: int) -> Response:
    """The channels that are taken there become a set of this name."""
    save_all(share_id)
    ticked = forms.many("posts")
    with current.writing() as at:
        its = shares.posts_of(at.session, share_id)
        on = [post.channel_id for post in its if post.id in ticked]
        made = channel_sets.keep_set(at.session, forms.text("set-name", 500), on)
        answers.say(f"“{made.name}” is a set of {_channels(len(made.channels))} now.")
    return back_to(share_id)


@bp.post("/channels/sets/<int:set_id>")
@may(Permission.PUBLISH)
def change(set_id: int) -> Response:
    with current.writing() as at:
        name, on = forms.text("set-name", 500), forms.many("channels")
        one = channel_sets.change_set(at.session, set_id, name, on, forms.stands())
        answers.say(f"“{one.name}” is a set of {_channels(len(one.channels))} now.")
    return answers.go("channels.index")


@bp.post("/channels/sets/<int:set_id>/remove")
@may(Permission.PUBLISH)
def remove(set_id: int) -> Response:
    with current.writing() as at:
        name = channel_sets.remove_set(at.session, set_id, forms.stands())
    answers.say(f"“{name}” is no set any more. Its channels stay as they are.")
    return answers.go("channels.index")


def _channels(count: int) -> str:
    return f"{count} channel{'' if count == 1 else 's'}"
