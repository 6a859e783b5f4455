"""Team: who is on the desk, inviting them, and what each may do."""

from __future__ import annotations

from flask import Blueprint, render_template, session, url_for
from werkzeug.wrappers import Response

from desk import people
from desk.models import User
from desk.models.people import Role
from desk.people import team
from desk.people.rights import role_may
from web import answers, current, forms, keeping
from web.guards import Permission, may

bp = Blueprint("team", __name__)

ABOUT = {
    Role.ADMIN: "Runs the desk: channels, people, settings",
    Role.EDITOR: "Decides what goes out, and when",
    Role.AUTHOR: "Writes; an editor approves",
    Role.ANALYST: "Reads and exports, changes nothing",
}
MAY = (
    ("See posts, channels and records; export them", Permission.READ),
    ("Bring in articles, write and change posts", Permission.WRITE),
    ("Schedule, move, cancel and approve", Permission.PUBLISH),
    ("Hold everything, or one channel; check a channel", Permission.PUBLISH),
    ("Add, reconnect and retire channels", Permission.RUN),
    ("Invite people, change roles and settings", Permission.RUN),
)


@bp.get("/team")
@may(Permission.RUN)
def index() -> str:
    with current.reading() as at:
        return render_template(
            "team/index.html",
            members=team.members(at.session, at.now),
            about=ABOUT,
            roles=[role.value for role in Role],
            abilities=[
                (what, [role_may(role, permission) for role in Role])
                for what, permission in MAY
            ],
            shown=_shown_once(),
            at=at.now,
        )


@bp.post("/team/invite")
@may(Permission.RUN)
def invite() -> Response:
    email, name = forms.text("email", 320), forms.text("name", 500)
    with current.writing() as at:
        person, token = people.invite(
            at.session, email, name, forms.text("role", 20), at.now
        )
    keeping.has("invitation")
    _show_once(person, token)
    return answers.go("team.index")


@bp.post("/team/<int:user_id>/link")
@may(Permission.RUN)
def link(user_id: int) -> Response:
    """A new one-time link; the one before it ends."""
    with current.writing() as at:
        person, token = team.new_link(at.session, user_id, at.now)
    _show_once(person, token)
    return answers.go("team.index")


@bp.post("/team/<int:user_id>/role")
@may(Permission.RUN)
def role(user_id: int) -> Response:
    wanted = forms.text("role", 20)
    with current.writing() as at:
        me, seen = current.me().id, forms.stands()
        before = team.change_role(at.session, user_id, wanted, me, seen)
        person = team.find_person(at.session, user_id)
    answers.say(
        f"{person.name} is {_a(person.role)} from the next click on.",
        undo="team.undo_role",
        of=[user_id, before],
        stands=wanted,
    )
    return answers.go("team.index")


@bp.post("/team/undo-role")
@may(Permission.RUN)
def undo_role() -> Response:
    user_id, (before,) = forms.undone(1)
    with current.writing() as at:
        me, seen = current.me().id, forms.stands()
        team.change_role(at.session, user_id, before, me, seen)
        person = team.find_person(at.session, user_id)
    answers.say(f"Undone. {person.name} is {_a(before)} again.")
    return answers.go("team.index")


@bp.post("/team/<int:user_id>/disable")
@may(Permission.RUN)
def disable(user_id: int) -> Response:
    with current.writing() as at:
        me, seen = current.me().id, forms.stands()
        planned = team.disable(at.session, user_id, at.now, me, seen)
        person = team.find_person(at.session, user_id)
    said = f"{person.name} is signed out and can't sign in any more."
    if planned:
        posts = "post is" if planned == 1 else "posts are"
        said += f" {planned} of their {posts} still planned and will go out."
    answers.say(said)
    return answers.go("team.index")


@bp.post("/team/<int:user_id>/enable")
@may(Permission.RUN)
def enable(user_id: int) -> Response:
    with current.writing() as at:
        person = team.enable(at.session, user_id, forms.stands())
    answers.say(f"{person.name} may sign in again.")
    return answers.go("team.index")


@bp.post("/team/<int:user_id>/sessions/end")
@may(Permission.RUN)
def end_sessions(user_id: int) -> Response:
    with current.writing() as at:
        person = team.find_person(at.session, user_id)
        people.end_sessions(at.session, user_id, at.now)
    answers.say(f"{person.name} is signed out everywhere.")
    return answers.go("team.index")


def _show_once(person: User, token: str) -> None:
    """For the next page alone, and sealed: browsers keep cookies, and show them."""
    address = current.settings().address + url_for("sign_in.link", token=token)
    told = {"name": person.name, "link": address}
    session["shown_once"] = current.desk_opened().vault.seal(told, _bound()).decode()


def _shown_once() -> dict[str, str] | None:
    sealed = session.pop("shown_once", None)
    return sealed and current.desk_opened().vault.unseal(sealed.encode(), _bound())


def _bound() -> str:
    return f"a link that person {current.me().id} made"


def _a(role: str) -> str:
    return f"an {role}" if role[0] in "ae" else f"a {role}"
