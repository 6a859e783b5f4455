"""Next story: where scheduling leads, on through the list that one came from."""

from __future__ import annotations

from flask import request, url_for
from werkzeug.wrappers import Response

from desk import shares
from desk.articles import inbox
from desk.articles.filters import Show, Which
from web import answers, current, forms

ENDED = "Every story here has a share."
OF_TIMES = ("calendar.index", "queue.index")  # back to that very place
OF_STORIES = ("inbox.home", "inbox.index")


def came_from() -> str:
    """The list that this page was opened from, with its filters; "" where none was."""
    opened = forms.split(request.referrer or "")
    named = request.args.get("came", f"{opened.path}?{opened.query}")
    path = forms.own_path(named) if named.startswith("/") else ""
    return path if _is_list(path, OF_TIMES + OF_STORIES) else ""


def go_on(share_id: int) -> Response:
    """To the next story that nobody shared; after the last to the list itself.

    Whoever wants so stays on the share, and sees what became of it.
    """
    came = forms.own_path(forms.text("came", 2000))
    if current.me().stays_on_share:
        return answers.go("shares.page", share_id=share_id, came=came)
    if _is_list(came, OF_TIMES):
        return answers.go_to(came)
    filters = forms.arguments(forms.split(came).query)
    with current.reading() as at:
        article_id = shares.find_share(at.session, share_id).article_id
        if article_id is None:
            return answers.go("shares.page", share_id=share_id)
        following = inbox.next_unshared(at.session, article_id, _which(filters), at.now)
    if following is not None:
        return answers.go("compose.page", article_id=following, came=came)
    answers.say(ENDED)
    return answers.go("inbox.index", **filters)


def _which(filters: dict[str, str]) -> Which:
    show = filters.get("show", "")
    chosen = Show(show) if show in set(Show) else Show.ALL
    named = (filters.get(name, "") for name in ("section", "words", "author"))
    return Which(chosen, *named)


def _is_list(path: str, endpoints: tuple[str, ...]) -> bool:
    return forms.split(path).path in {url_for(one) for one in endpoints}
