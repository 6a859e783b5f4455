"""Holding: the buttons that stop everything, or a part, and those that lift it."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from desk import attention, holds, report
from web import answers, current, forms, keeping, notices
from web.guards import Permission, may

bp = Blueprint("holding", __name__)


@bp.post("/hold")
@may(Permission.PUBLISH)
def hold() -> Response:
    why, (scope, target) = forms.text("why", 300), _part()
    with current.writing() as at:
        held = holds.hold(
            at.session,
            scope=scope,
            target=target,
            why=why,
            by=current.actor(),
            now=at.now,
        )
        if scope == "desk":
            waiting = attention.waiting_words(report.planned(at.session))
            said = f"Everything is held: {waiting} until you lift it."
        else:
            covered = holds.scope_words(at.session, scope, target)
            said = f"Held: {covered}. Nothing of it goes out until you lift it."
    keeping.has("hold")
    if held.already_going_out:
        said += f" {held.already_going_out} already going out."
    undoable = scope == "desk" and held.hold_id is not None
    answers.say(
        said,
        kind="held",
        undo="holding.undo" if undoable else "",
        stands=[held.hold_id],
    )
    return _back(scope, target)


@bp.post("/lift")
@may(Permission.PUBLISH)
def lift() -> Response:
    return _lifted(*_part(), forms.stands())


@bp.post("/hold/undo")
@may(Permission.PUBLISH)
def undo() -> Response:
    """The hold of everything that one press began, where no other stands by now."""
    return _lifted("desk", "", forms.stands())


def _lifted(scope: str, target: str, over: str) -> Response:
    by = current.actor()
    with current.writing() as at:
        lifted = holds.lift(
            at.session, scope=scope, target=target, by=by, now=at.now, over=over
        )
    said = "The hold is lifted."
    if lifted.triage:
        said += f" {lifted.triage} fell due meanwhile and wait for you to decide."
    answers.say(said)
    notices.wake_clock()
    return _back(scope, target)


def _part() -> tuple[str, str]:
    """What the form is about; the whole desk where it names nothing."""
    return request.form.get("scope") or "desk", forms.text("target", 300).strip()


def _back(scope: str, target: str) -> Response:
    if scope == "post" and target.isdecimal():
        return answers.go("posts.page", post_id=int(target))
    return answers.go("status.board")
