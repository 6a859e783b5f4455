"""Moves: what the queue and the calendar answer when a post has been moved."""

from __future__ import annotations

from datetime import datetime

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from desk import moments
from desk.models import Post
from desk.scheduling.moving import Former, Moved
from desk.scheduling.queueing import OutOfDate
from web import answers, current, forms, notices


def time(now: datetime) -> datetime:
    """The time that was chosen: a free slot, or what is written."""
    name = "slot" if forms.text("to", 20) == "slot" else "at"
    return moments.parse(forms.text(name, 100), current.zone(), now)


def idempotency_key_of(post_id: int) -> str | None:
    """The form's key, made this post's own: a double click moves once."""
    key = forms.text("once", 100)
    return f"{key}:{post_id}" if key else None


def former() -> list[Former]:
    """What an Undo button puts back."""
    try:
        return [Former.read(text) for text in forms.few_values_of("of")]
    except ValueError:
        raise forms.BadForm(forms.NOTHING_TO_UNDO) from None


def moved(verb: str, done: Moved) -> Response:
    """Tell the new time, with Undo, and show the page anew."""
    notices.wake_clock()
    undo = [one.written for one in done.former]
    sentence = f"{verb} {_standing(done.post)}."
    answers.say(sentence, undo="calendar.undo" if undo else "", of=undo)
    return shown_anew()


def shown_anew(status: int = 200) -> Response:
    """Back to the page; in place, only what to say: it then fetches itself anew."""
    if not current.by_htmx():
        return redirect(_back(), 303)
    told = render_template("calendar/_told.html")
    return Response(told, status, mimetype="text/html")


def out_of_date(error: OutOfDate) -> Response:
    """Someone was faster: say so, and show how it stands now."""
    answers.say(str(error), kind="bad")
    return shown_anew(409)


def came_from() -> str:
    """The page that led here, where the browser told us and it is ours."""
    before, own = request.referrer or "", request.host_url
    return before[len(own) - 1 :] if before.startswith(own) else "/queue"


def _standing(post: Post) -> str:
    zone = current.zone()
    return moments.local(post.due_at, zone) if post.due_at else "no time"


def _back() -> str:
    return forms.own_path(request.form.get("back") or came_from())
