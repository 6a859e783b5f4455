"""Signing in: with a password or a one-time link; and signing out."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from desk import people, preferences
from desk.models import User
from web import answers, current, forms, guards, known_browsers
from web.guards import Permission, may
from web.limits import (
    SIGN_INS,
    SIGN_INS_AS,
    STRANGERS_AS,
    count_use_of_link,
    count_wrong_link,
    is_known,
    limiter,
    person_from_elsewhere,
    person_from_here,
)

bp = Blueprint("sign_in", __name__)


@bp.get("/sign-in")
def door() -> str | Response:
    after = forms.own_path(request.args.get("next"))
    if current.user():
        return redirect(after)
    session["after"] = after  # for whoever signs in by a link instead
    return render_template("sign_in/door.html", after=after)


@bp.post("/sign-in")
@limiter.limit(SIGN_INS, exempt_when=is_known)
@limiter.limit(SIGN_INS_AS, key_func=person_from_here)
@limiter.limit(STRANGERS_AS, key_func=person_from_elsewhere, exempt_when=is_known)
def with_password() -> Response:
    email, password = forms.text("email", 320), forms.text("password", 4096)
    with current.reading() as at:
        person = people.with_password(at.session, email, password)
    with current.writing() as at:
        people.refuse_changed(at.session, person)
        token = _begin(at, person)
    return _let_in(person, token, forms.own_path(request.form.get("next")))


@bp.get("/sign-in/<token>")
def link(token: str) -> str:
    """Shows a button, so that whatever opens links ahead does not use it up."""
    with current.reading() as at:
        person = _linked(at, token)
        desk_name = preferences.desk_name(at.session)
    return render_template(
        "sign_in/link.html", person=person, token=token, desk_name=desk_name
    )


@bp.post("/sign-in/<token>")
def use_link(token: str) -> Response:
    name, password = forms.text("name", 500), forms.text("password", 4096)
    with current.reading() as at:
        person = _linked(at, token)
        desk_name = preferences.desk_name(at.session)
    count_use_of_link()
    chosen = people.choose(person, password, desk_name) if password else None
    with current.writing() as at:
        person = people.use_link(at.session, token, at.now, name, chosen)
        begun = _begin(at, person)
    return _let_in(person, begun, session.get("after") or url_for("inbox.home"))


@bp.post("/sign-out")
@may(Permission.READ)
def sign_out() -> Response:
    with current.writing() as at:
        people.revoke(at.session, current.me().id, g.session_id, at.now)
    session.pop("_flashes", None)
    leaving = answers.go("sign_in.door")
    secure = guards.cookie_name().startswith("__Host-")
    leaving.delete_cookie(guards.cookie_name(), secure=secure, samesite="Lax")
    return leaving


def _linked(at: current.Moment, token: str) -> User:
    try:
        return people.linked(at.session, token, at.now)
    except people.SignInRefused:
        count_wrong_link()
        raise


def _begin(at: current.Moment, person: User) -> str:
    """A new session, in the transaction that found who they are; gives its token."""
    if "session_id" in g:
        people.revoke(at.session, g.user.id, g.session_id, at.now)
    agent = request.headers.get("User-Agent", "")
    return people.begin_session(at.session, person.id, agent, at.now)


def _let_in(person: User, token: str, after: str) -> Response:
    """Their pages that are open here may still be sent."""
    forms.belong_to(person.id)
    session.pop("after", None)
    coming = redirect(after)
    name = guards.cookie_name()
    coming.set_cookie(
        name,
        token,
        max_age=int(people.ABSOLUTE.total_seconds()),
        secure=name.startswith("__Host-"),
        httponly=True,
        samesite="Lax",
    )
    known_browsers.remember(coming, person.email)
    return coming
