"""Correcting: what another source of the article said, or another of its pictures."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from desk import articles
from desk.articles import correcting
from web import answers, current, filters, forms, shares
from web.guards import Permission, may

bp = Blueprint("correcting", __name__)


@bp.post("/articles/<int:article_id>/said/<field>/<source>")
@may(Permission.WRITE)
def take(article_id: int, field: str, source: str) -> Response:
    """What this source said, in the place of what the desk chose."""
    _save_all()
    seen = forms.number(request.args.get("seen", ""))
    old, left = _taken(article_id, field, source, seen)
    answers.say(
        f"The {field} is from {filters.source(source)} now.",
        undo="correcting.back",
        of=[article_id, field, old, left],
    )
    return _back(article_id)


@bp.post("/articles/said/back")
@may(Permission.WRITE)
def back() -> Response:
    """Undo: what stood there before."""
    article_id, (field, source, left) = forms.undone(3)
    _taken(article_id, field, source, forms.number(left))
    answers.say("Undone.")
    return _back(article_id)


@bp.post("/articles/<int:article_id>/pictures/<key>")
@may(Permission.WRITE)
def choose_picture(article_id: int, key: str) -> Response:
    """Another picture of the page, with its own caption and credit."""
    _save_all()
    former = _led(article_id, key)
    answers.say(
        "That picture leads now, and the drafts that showed the other show it.",
        undo="correcting.picture_back" if former else "",
        of=[article_id, former, key] if former else [],
    )
    return _back(article_id)


@bp.post("/articles/pictures/back")
@may(Permission.WRITE)
def picture_back() -> Response:
    """Undo: what led before leads again, over the picture that was chosen."""
    article_id, (former, chosen) = forms.undone(2)
    _led(article_id, former, over=chosen)
    answers.say("Undone.")
    return _back(article_id)


def _led(article_id: int, key: str, over: str | None = None) -> str | None:
    """Let this picture lead; gives the key of what led before.

    Each part is done once, however often one after it gives way to another's writing.
    """
    desk, by = current.desk_opened(), current.actor()
    fetched = current.do_once(
        "fetch", lambda: correcting.fetch(desk, article_id, key, over)
    )
    chosen = current.do_once(
        "lead",
        lambda: correcting.lead(desk, article_id, key, fetched, over=over, by=by),
    )
    correcting.follow(desk, chosen, by=by)
    return chosen.former


def _taken(
    article_id: int, field: str, source: str, seen: int | None
) -> tuple[str, int]:
    """The source of what stood there, and the revision that this left."""
    with current.writing() as at:
        old = correcting.take(
            current.desk_opened(),
            at.session,
            article_id,
            field,
            source,
            by=current.actor(),
            seen=seen,
        )
        return old, articles.find_article(at.session, article_id).revision


def _save_all() -> None:
    """Whatever else was typed on the page of the button, so that none of it is lost."""
    share_id = forms.number(forms.text("share", 20))
    if share_id is not None:
        shares.save_all(share_id)


def _back(article_id: int) -> Response:
    """To the page that the button stood on."""
    share_id = forms.number(forms.text("share", 20))
    if share_id is None:
        return answers.go("compose.page", article_id=article_id)
    return answers.go("shares.page", share_id=share_id)
