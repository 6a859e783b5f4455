"""Answers: where to go after a form was sent, and what to say there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from desk.conflicts import mark
from desk.models import Post
from web import current, forms, shown


@dataclass(frozen=True)
class Account:
    """What one press did, at length: of which story, and each time with its channels.

    It travels in a cookie: numbers stand for channels.
    """

    about: str
    see: str  # an address
    times: list[tuple[str, list[tuple[int, int]]]]  # with how much is ahead on each
    more: int = 0  # times that are not told


def go(endpoint: str, **values: str | int) -> Response:
    """On to that page; the same with and without JavaScript."""
    return go_to(url_for(endpoint, **values))  # type: ignore[arg-type]  # mypy sees _method among them


def go_to(where: str) -> Response:
    """The same, to a path of this desk."""
    if current.by_htmx():
        return Response(status=200, headers={"HX-Redirect": where})
    return redirect(where, 303)


def back_to(post: Post) -> Response:
    """To the page that a post's form stood on: its share's, or its own."""
    if is_on_share(post):
        return go("shares.page", share_id=post.share_id, tab=post.id)
    return go("posts.page", post_id=post.id)


def is_on_share(post: Post) -> bool:
    """Did the form stand on the page where its share is written?"""
    return is_on_compose(post.share_id)


def is_on_compose(share_id: int) -> bool:
    path = forms.split(request.referrer or "").path
    return path == url_for("shares.page", share_id=share_id)


def onward(post_id: int) -> Response:
    """Back to the list that a post's button stood in, else to the post's page."""
    if forms.split(request.referrer or "").path == url_for("needs.index"):
        return go("needs.index")
    return go("posts.page", post_id=post_id)


def say(
    sentence: str,
    *,
    kind: str = "good",
    undo: str = "",
    of: Sequence[int | str] = (),
    undo_s: int | None = None,
    left: Iterable[Post] = (),
    stands: object = None,
    account: Account | None = None,
    stays: bool = False,
) -> None:
    """Shown on the next page, with an Undo button where `undo` is an endpoint.

    `undo_s`: for how many seconds there is something to undo; None: no matter.
    `left`: posts as they stand now; of one that is changed since, nothing is undone.
    `stays`: until it is closed, as bad news does.
    `stands`: anything else that the press left, which the Undo compares as well.
    """
    undo = "" if undo_s == 0 else undo
    told = {"text": sentence, "undo": undo, "of": forms.packed(of), "undo_s": undo_s}
    told["stays"] = stays
    told |= asdict(account) if account else {}
    told["stands"] = mark(shown.together(left) or stands)
    flash(told, kind)  # type: ignore[arg-type]  # flashed as JSON
