"""You: your name, theme, password, and where you are signed in."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from desk import people, preferences
from web import csrf, current, forms, keeping
from web.guards import Permission, may
from web.limits import SIGN_INS_AS, limiter, oneself

bp = Blueprint("people", __name__)


@bp.get("/you")
@may(Permission.READ)
def you() -> str:
    with current.reading() as at:
        sessions = people.sessions_of(at.session, current.me().id, at.now)
        fresh = people.is_fresh(people.session_of(at.session, g.session_id), at.now)
    return render_template(
        "people/you.html", sessions=sessions, here=g.session_id, fresh=fresh
    )


@bp.get("/you/signed-in")
@may(Permission.READ)
def signed_in() -> dict[str, str]:
    """Who is signed in, and a token for a page of theirs that is older than that.

    Only our own pages can read the answer.
    """
    return {"person": keeping.kept_for(), "token": csrf.token()}


@bp.post("/you/theme")
@may(Permission.READ)
def theme() -> Response:
    with current.writing() as at:
        people.set_theme(at.session, current.me().id, forms.text("theme", 20))
    return redirect(url_for("people.you"))


@bp.post("/you/scheduling")
@may(Permission.READ)
def after_scheduling() -> Response:
    """Where scheduling a share leads."""
    with current.writing() as at:
        people.set_staying(at.session, current.me().id, forms.text("after", 20))
    return redirect(url_for("people.you"))


@bp.post("/you/password")
@may(Permission.READ)
@limiter.limit(SIGN_INS_AS, key_func=oneself)
def password() -> Response:
    """A new password signs every other browser out."""
    old, new = forms.text("old", 4096), forms.text("password", 4096)
    with current.reading() as at:
        here, now = people.session_of(at.session, g.session_id), at.now
        desk_name = preferences.desk_name(at.session)
    people.prove(current.me(), here, old, now)
    chosen = people.choose(current.me(), new, desk_name)
    with current.writing() as at:
        here = people.session_of(at.session, g.session_id)
        people.change_password(at.session, here, chosen, at.now)
    flash("Your password is set. Other browsers were signed out.", "good")
    return redirect(url_for("people.you"))


@bp.post("/you/sessions/<int:session_id>/end")
@may(Permission.READ)
def end_session(session_id: int) -> Response:
    with current.writing() as at:
        people.revoke(at.session, current.me().id, session_id, at.now)
    return redirect(url_for("people.you"))
