"""Guards: who is asking, and whether they may. Every route is closed by default."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from desk import people
from desk.people.rights import NotYours, role_may
from desk.people.rights import Permission as Permission  # views name it beside `may`
from desk.refusal import Refusal, RefusalKind
from web import current, forms

View = TypeVar("View", bound=Callable[..., object])

PUBLIC = frozenset(
    {
        "static",
        "sign_in.door",
        "sign_in.with_password",
        "sign_in.link",
        "sign_in.use_link",
        "health.healthz",
        "health.readyz",
        "paper.front",
        "paper.story",
        "paper.atom",
        "paper.json",
        "paper.picture",
    }
)
PUBLIC_PREFIXES = ("/hooks/",)


class SignedOut(Exception):
    """Nobody is signed in, and this was no page that signing in leads back to."""


class FromElsewhere(Refusal):
    """The request was made by another site's page."""

    kind = RefusalKind.FORBIDDEN


def may(permission: Permission) -> Callable[[View], View]:
    """This view is for whoever has the permission."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]  # read in `_guard`
        return view

    return mark


def allowed(permission: str) -> bool:
    """May whoever is signed in do this? (Templates ask, to offer no dead button.)"""
    person = current.user()
    return person is not None and role_may(person.role, permission)


def cookie_name() -> str:
    secure = current.settings().address.startswith("https://")
    return "__Host-desk" if secure else "desk"


def add(app: Flask) -> None:
    app.before_request(_refuse_other_sites)
    app.before_request(_guard)
    app.jinja_env.globals["allowed"] = allowed


def _refuse_other_sites() -> None:
    """Beside the CSRF token: what the browser itself says about where this is from."""
    if request.method in current.SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        foreign = site not in {"same-origin", "none"}
    else:
        foreign = origin is not None and forms.split(origin).netloc != request.host
    if foreign:
        raise FromElsewhere(
            "Another site's page sent this, so the desk did nothing. Use our own page."
        )


def _guard() -> AnyResponse | None:
    _recognise()
    endpoint = request.endpoint
    if endpoint is None or is_public(endpoint, request.path):
        return None
    if current.user() is None:
        return _to_the_door()
    view = current_app.view_functions[endpoint]
    permission = getattr(view, "permission", Permission.RUN)
    if not allowed(permission):
        raise NotYours.without(permission)
    g.needs = permission  # asked for again where something is written
    return None


def is_public(endpoint: str, path: str) -> bool:
    return endpoint in PUBLIC or path.startswith(PUBLIC_PREFIXES)


def _recognise() -> None:
    token = request.cookies.get(cookie_name(), "")
    if not token:
        return
    with current.reading() as at:
        found = people.signed_in(at.session, token, at.now)
    if found is None:
        return
    g.user, g.session_id = found.user, found.id
    if people.stale(found, at.now):
        with current.writing() as at:
            people.see(at.session, found.id, at.now)


def _to_the_door() -> AnyResponse:
    if request.method not in current.SAFE_METHODS:
        raise SignedOut
    if current.by_htmx():  # a page that is open: what is being typed there stays
        return Response(status=401)
    return redirect(url_for("sign_in.door", next=forms.own_path(request.full_path)))
