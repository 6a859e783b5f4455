"""Forms: what people write into them, as the values that the desk wants."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import request, session
from werkzeug.datastructures import FileStorage

from desk import links

MAX_TEXT = 20_000  # of one post's text or alt, far over any platform's limit


class BadForm(Exception):
    """What was sent is no answer to this form; says what to do."""


def text(name: str, most: int = MAX_TEXT) -> str:
    """What stands in a field, with one kind of line end."""
    value = request.form.get(name, "").replace("\r\n", "\n").replace("\x00", "")
    if len(value) > most:
        raise BadForm(
            f"This text has {len(value):,} characters, and the desk keeps {most:,} "
            "at most. Shorten it and save again."
        )
    return value


def whole(name: str) -> int:
    """A number that our own page put into the form."""
    value = request.form.get(name, "")
    if not value.isdecimal() or len(value) > 18:
        raise BadForm("This form is not complete. Load the page again.")
    return int(value)


def many(name: str) -> list[int]:
    """The numbers that are ticked."""
    return [int(v) for v in request.form.getlist(name) if v.isdecimal() and len(v) < 19]


def undone(count: int) -> list[str]:
    """What an Undo button brought along to say what it undoes."""
    values = request.form.getlist("of")
    if len(values) != count or not values[0].isdecimal() or len(values[0]) > 18:
        raise BadForm("There is nothing to undo here any more.")
    return values


def upload(name: str) -> FileStorage | None:
    """The file that was chosen, if one was."""
    file = request.files.get(name)
    return file if file and file.filename else None


def once_key() -> str:
    """A new key for a form, which makes sending it twice the same as once."""
    return secrets.token_urlsafe(16)


def own_path(asked: str | None) -> str:
    """A path on this desk, for after signing in; the inbox for anything else."""
    path = (asked or "").rstrip("?")
    printable = path.isprintable() and "\\" not in path
    parts = urlsplit(path) if printable else None
    if parts is None or parts.scheme or parts.netloc or not path.startswith("/"):
        return "/"
    return "/" if path.startswith("//") else path


def belong_to(person_id: int) -> None:
    """Pages of this browser are this person's; a token of anybody else's ends.

    Theirs lives on through signing out and in again: what they typed can be sent.
    """
    if session.get("person") != person_id:
        session.clear()
        session["person"] = person_id


def link(name: str) -> str:
    """A web address, which this form needs. Raises `NoLink`."""
    if value := links.typed(text(name)):
        return value
    raise BadForm(f"The link is missing. {links.WRITE_IT}")
