"""Forms: what people write into them, as the values that the desk wants."""

from __future__ import annotations

import secrets
from urllib.parse import SplitResult, urlsplit

from flask import request, session
from werkzeug.datastructures import FileStorage

from desk import links
from desk.models.base import LARGEST_ID

MOST_DIGITS = len(str(LARGEST_ID))
MAX_TEXT = 20_000  # of one post's text or alt, far over any platform's limit


class BadForm(Exception):
    """What was sent is no answer to this form; says what to do."""


def text(name: str, most: int = MAX_TEXT) -> str:
    """What stands in a field, with one kind of line end."""
    value = clean(request.form.get(name, ""))
    if len(value) > most:
        raise BadForm(
            f"This text has {len(value):,} characters, and the desk keeps {most:,} "
            "at most. Shorten it and save again."
        )
    return value


def clean(written: str) -> str:
    """What was written, with one kind of line end, and nothing that no text holds."""
    return written.replace("\r\n", "\n").replace("\x00", "")


def number(written: str) -> int | None:
    """The number of a row; None where none can have it."""
    if not (written.isascii() and written.isdecimal() and len(written) <= MOST_DIGITS):
        return None
    return found if (found := int(written)) <= LARGEST_ID else None


def whole(name: str) -> int:
    """A number that our own page put into the form."""
    value = number(request.form.get(name, ""))
    if value is None:
        raise BadForm("This form is not complete. Load the page again.")
    return value


def many(name: str) -> list[int]:
    """The numbers that are ticked."""
    found = (number(value) for value in request.form.getlist(name))
    return [one for one in found if one is not None]


def these() -> list[int]:
    """The numbers of what a button is about, one at the least."""
    found = many("of")
    if not found:
        raise BadForm("This button names nothing any more. Load the page again.")
    return found


def undone(count: int) -> list[str]:
    """What an Undo button brought along to say what it undoes; first a number."""
    values = request.form.getlist("of")
    if len(values) != count or number(values[0]) is None:
        raise BadForm("There is nothing to undo here any more.")
    return values


def split(address: str) -> SplitResult:
    """An address that a browser sent; nothing of it where it is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # read only when it is asked for
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


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
    if not printable or not path.startswith("/") or path.startswith("//"):
        return "/"
    parts = split(path)
    return "/" if parts.scheme or parts.netloc else path


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
