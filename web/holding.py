"""Holding: the button that stops everything, and the one that lets it go on."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from desk import holds, needs, report
from web import answers, cards, current, forms
from web.guards import Permission, may

bp = Blueprint("holding", __name__)


@bp.post("/hold")
@may(Permission.PUBLISH)
def hold() -> Response:
    why = forms.text("why", 300)
    with current.writing() as at:
        held = holds.hold(at.session, why=why, by=current.me().name, now=at.now)
        waiting = report.planned(at.session)
    said = f"Everything is held: {needs.waiting_words(waiting)} until you lift it."
    if held.already_going_out:
        said += f" {held.already_going_out} already going out."
    answers.say(said, kind="held", undo="holding.lift")
    return answers.go("status.board")


@bp.post("/lift")
@may(Permission.PUBLISH)
def lift() -> Response:
    with current.writing() as at:
        lifted = holds.lift(at.session, by=current.me().name, now=at.now)
    said = "The hold is lifted."
    if lifted.triage:
        said += f" {lifted.triage} fell due meanwhile and wait for you to decide."
    answers.say(said)
    cards.wake_clock()
    return answers.go("status.board")
