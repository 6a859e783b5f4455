"""Known browsers: those in which a person signed in before, told by a cookie of theirs.

It lets nobody in. It only counts such a browser's tries apart from everyone else's, so
that a stranger who guesses can't keep a person out of their own desk.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from web import guards

LASTS_S = 400 * 24 * 3600  # browsers keep none for longer
MOST_PEOPLE = 8  # at one browser; who came first gives way
SALT = "known browser"


@dataclass(frozen=True)
class Browser:
    """What its cookie says; `people`: digests of emails."""

    key: str
    people: tuple[str, ...] = ()

    def knows(self, email: str) -> bool:
        return _digest(email) in self.people


def here() -> Browser:
    """The browser that asks; a new one where it has no cookie of ours."""
    try:
        said = _signer().loads(request.cookies.get(_name(), ""))
        return Browser(str(said["key"]), tuple(said["people"]))
    except (BadSignature, KeyError, TypeError):
        return Browser(secrets.token_urlsafe(12))


def remember(answer: Response | AnyResponse, email: str) -> None:
    """This person has signed in here."""
    browser = here()
    others = [one for one in browser.people if one != _digest(email)]
    known = [*others, _digest(email)][-MOST_PEOPLE:]
    answer.set_cookie(
        _name(),
        _signer().dumps({"key": browser.key, "people": known}),
        max_age=LASTS_S,
        secure=_name().startswith("__Host-"),
        httponly=True,
        samesite="Lax",
    )


def _name() -> str:
    return f"{guards.cookie_name()}-known"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)


def _digest(email: str) -> str:
    return sha256(email.encode()).hexdigest()[:32]
