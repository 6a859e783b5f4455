"""Keeping: what the browser is told, so that nothing typed is lost on the way here.

The browser keeps the words of every field that stands in an element with `data-keeps`,
by person, until an answer says that the desk has them.
"""

from __future__ import annotations

from hashlib import sha256

from flask import Flask, Response, g

from web import current, forms

HEADER = "Desk-Kept"
LEFT = "Desk-Left"  # to the person: no autosave will ever take these words


def add(app: Flask) -> None:
    app.after_request(_tell)
    app.jinja_env.globals["kept_for"] = kept_for
    app.jinja_env.globals["page_key"] = forms.idempotency_key  # another for each tab


def kept_for() -> str:
    """Whose words a browser keeps: a name that fits one desk alone."""
    person = current.user()
    if person is None:
        return ""
    who = f"{person.id} since {person.created_at.isoformat()}"
    return sha256(who.encode()).hexdigest()[:32]


def has(place: str, revision: int | None = None) -> None:
    """The words that this request brought for that place are in its transaction.

    `revision`: the one that whatever is typed next begins from.
    """
    name = place if revision is None else f"{place}={revision}"
    g.setdefault("has", []).append(name)


def committed() -> None:
    """They are on record, whatever else this request is refused."""
    g.committed = True


def leave() -> None:
    """The words of this request are for a person to save: what has its time stays."""
    g.left = True


def _tell(response: Response) -> Response:
    if "has" in g and (response.status_code < 400 or "committed" in g):
        response.headers[HEADER] = " ".join(g.has)
    if "left" in g:
        response.headers[LEFT] = "yes"
    return response
