"""Channels: our accounts, whether each is well, and what it is told to do."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from werkzeug.wrappers import Response

from connectors.base import Class
from desk import channels, holds
from desk.attention import health
from desk.channels import (
    accounts,
    channel_sets,
    channel_settings,
    guarantees,
    waiting,
)
from desk.channels.fields import BadChannel
from desk.lifecycle import DEADLINES, Priority
from desk.outbound_limit import Crowded
from web import answers, current, errors, forms, keeping, notices, offered_sets
from web.guards import Permission, may

bp = Blueprint("channels", __name__)


@bp.get("/channels")
@may(Permission.READ)
def index() -> str:
    desk = current.desk_opened()
    with current.reading() as at:
        return render_template(
            "channels/index.html",
            checkups=health.checkups(at.session, desk, at.now),
            retired=channel_settings.list_retired(at.session),
            sets=channel_sets.named_sets(at.session),
            set_mark=offered_sets.set_mark,
            kinds=desk.connectors,
            guarantee_words=guarantees.guarantee_words,
            ends=health.ends,
            at=at.now,
        )


@bp.get("/channels/<int:channel_id>")
@may(Permission.READ)
def page(channel_id: int) -> str:
    return shown(channel_id)


@bp.post("/channels/<int:channel_id>/check")
@may(Permission.PUBLISH)
def check(channel_id: int) -> Response:
    """Ask the platform who this account is, and whether it still lets us in."""
    g.checking = True  # what it is told then changes the channel, refused or not
    desk, now, over = current.desk_opened(), current.clock(), forms.stands()
    checked = current.do_once("ask", lambda: channels.ask(desk, channel_id, now, over))
    account = channels.heed(desk, channel_id, checked, now, over)
    software = " ".join(filter(None, [account.software, account.version]))
    said = [f"{account.name} answers: {software}.", *account.warnings]
    answers.say(" ".join([*said, _still(channel_id)]).strip())
    notices.wake_clock()
    return _back(channel_id)


@bp.post("/channels/<int:channel_id>/hold")
@may(Permission.PUBLISH)
def hold(channel_id: int) -> Response:
    why, by = forms.text("why", 300).strip(), current.actor()
    with current.writing() as at:
        name = channels.find_channel(at.session, channel_id).name
        held = holds.hold(
            at.session,
            scope="channel",
            target=str(channel_id),
            why=why,
            by=by,
            now=at.now,
        )
    keeping.has(f"hold-{channel_id}")
    said = f"{name} is held: nothing goes out on it until you lift it."
    if held.already_going_out:
        said += f" {held.already_going_out} already going out."
    answers.say(said, kind="held")
    return _back(channel_id)


@bp.post("/channels/<int:channel_id>/lift")
@may(Permission.PUBLISH)
def lift(channel_id: int) -> Response:
    with current.writing() as at:
        name = channels.find_channel(at.session, channel_id).name
        lifted = holds.lift(
            at.session,
            scope="channel",
            target=str(channel_id),
            by=current.actor(),
            now=at.now,
            over=forms.stands(),
        )
    said = f"The hold on {name} is lifted."
    if lifted.triage:
        said += f" {lifted.triage} fell due meanwhile and wait for you to decide."
    answers.say(said)
    notices.wake_clock()
    return _back(channel_id)


@bp.post("/channels/<int:channel_id>/settings")
@may(Permission.RUN)
def settings(channel_id: int) -> Response:
    """Its name, and what it asks of posts; all of it or nothing."""
    minutes = {priority: _minutes(priority) for priority in Priority}
    with current.writing() as at:
        channel_settings.refuse_overtaken(at.session, channel_id, forms.stands())
        channel_settings.rename(at.session, channel_id, forms.text("name", 500))
        channel_settings.require_alt(
            at.session, channel_id, "require_alt" in request.form
        )
        channel_settings.keep_order(at.session, channel_id, "in_order" in request.form)
        channel_settings.set_deadlines(at.session, channel_id, minutes)
    keeping.has(f"channel-{channel_id}")
    answers.say("Saved. Posts that have their time already keep their deadline.")
    return answers.go("channels.page", channel_id=channel_id)


@bp.post("/channels/<int:channel_id>/promise")
@may(Permission.RUN)
def promise(channel_id: int) -> Response:
    """Which class of exactly-once holds, against what the check says."""
    choice = forms.text("choice", 30)
    with current.writing() as at:
        before = channel_settings.override_class(
            at.session, channel_id, choice, forms.stands()
        )
        now = guarantees.guarantee_words(channels.find_channel(at.session, channel_id))
    answers.say(
        f"Saved: {now}.",
        undo="channels.undo_promise",
        of=[channel_id, before],
        stands=choice,
    )
    return answers.go("channels.page", channel_id=channel_id)


@bp.post("/channels/promise/undo")
@may(Permission.RUN)
def undo_promise() -> Response:
    channel_id, (before,) = forms.undone(1)
    with current.writing() as at:
        channel_settings.override_class(at.session, channel_id, before, forms.stands())
        now = guarantees.guarantee_words(channels.find_channel(at.session, channel_id))
    answers.say(f"Undone: {now}.")
    return answers.go("channels.page", channel_id=channel_id)


@bp.post("/channels/<int:channel_id>/retire")
@may(Permission.RUN)
def retire(channel_id: int) -> Response:
    with current.writing() as at:
        channel = channel_settings.retire(
            at.session, channel_id, at.now, forms.stands()
        )
    answers.say(
        f"{channel.name} is retired: nothing goes out on it. Its posts are kept.",
        undo="channels.bring_back",
        of=[channel_id],
        stands=channel.retired_at,
    )
    return answers.go("channels.index")


@bp.post("/channels/bring-back")
@may(Permission.RUN)
def bring_back() -> Response:
    (channel_id,) = forms.numbers_undone(1)
    with current.writing() as at:
        channel = channel_settings.bring_back(at.session, channel_id, forms.stands())
    answers.say(f"{channel.name} is back in use.")
    return answers.go("channels.page", channel_id=channel.id)


@bp.errorhandler(Crowded)
@bp.errorhandler(BadChannel)
def bad_channel(error: BadChannel | Crowded) -> Response:
    """A check that was refused is told on the page, which shows what it changed."""
    if not g.get("checking"):
        return errors.error_page(422, str(error))
    answers.say(str(error), kind="bad")
    return _back((request.view_args or {})["channel_id"])


def shown(channel_id: int) -> str:
    desk = current.desk_opened()
    with current.reading() as at:
        found = health.checkup(at.session, desk, channel_id, at.now)
        return render_template(
            "channels/page.html",
            checkup=found,
            channel=found.channel,
            kind=desk.connectors.get(found.channel.platform),
            limits=accounts.limit_words(found.channel),
            guarantee_words=guarantees.guarantee_words,
            guarantee=guarantees.guarantee_of(found.channel),
            guarantees=guarantees.GUARANTEES,
            learned=Class(found.channel.exactly_once),
            off=channel_settings.OFF,
            deadlines=DEADLINES,
            ends=health.ends,
            welcome="welcome" in request.args,
            stands=channel_settings.settings_of(found.channel),
            at=at.now,
        )


def _still(channel_id: int) -> str:
    """What it waits for all the same: our own count asks nobody."""
    with current.reading() as at:
        channel = channels.find_channel(at.session, channel_id)
        says = waiting.wait_words(channel, current.zone())
    return f"{says}." if says else ""


def _minutes(priority: Priority) -> int | None:
    written = forms.text(f"minutes-{priority}", 20).strip()
    if not written:
        return None
    if not written.isdecimal() or len(written) > 6:
        raise forms.BadForm(
            f"“{written}” is no number of minutes. Leave it empty for the usual time."
        )
    return int(written)


def _back(channel_id: int) -> Response:
    """To the list where the button stood in it, else to the channel's page."""
    before = forms.split(request.referrer or "").path
    for listing in ("channels.index", "needs.index"):
        if before == url_for(listing):
            return answers.go(listing)
    return answers.go("channels.page", channel_id=channel_id)
