"""Marks: the icons, states and times that lists are made of, hundreds on a page.

They are drawn here: as macros that call macros they took half the time of the inbox.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from flask import Flask, url_for
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from desk import moments
from desk.models import Post
from desk.posts.marks import Mark
from web import current, states

TIMED = frozenset({"scheduled", "live"})  # the words that a time stands behind
ICON = Markup(
    '<svg class="icon %s" aria-hidden="true" focusable="false">'
    '<use href="#i-%s"></use></svg>'
)
SAID = Markup("<span>%s%s%s</span>")
PLAIN = Markup('<span class="state %s">%s%s</span>')
LINKED = Markup('<a class="state %s" href="%s">%s%s</a>')
TIME = Markup('<time datetime="%s" title="%s">%s</time>')


def add(app: Flask) -> None:
    app.jinja_env.globals.update(icon=icon, state=state, when=when)


@cache
def icon(name: str, style: str = "") -> Markup:
    return ICON % (style, name)


@pass_context
def state(
    context: Context,
    post: Post | Mark,
    now: datetime,
    channel: bool = True,
    linked: bool = True,
    timed: bool = True,
) -> Markup:
    """The state of a post; with its channel, as a link to it, with its time."""
    seen = states.look_of(post, context.get("holds") or ())
    time = post.published_at or post.due_at
    shown = icon(seen.icon, "turning" if seen.icon == "turn" else "")
    said = f"{post.channel.name}: {seen.word}" if channel else seen.word
    behind = when(time, now) if timed and time and seen.word in TIMED else ""
    words = SAID % (said, " " if behind else "", behind)
    if not linked:
        return PLAIN % (seen.style, shown, words)
    return LINKED % (seen.style, url_for("posts.page", post_id=post.id), shown, words)


def when(at: datetime, now: datetime) -> Markup:
    """A time: the clock alone on the newsroom's own day, else with its day."""
    zone = current.zone()
    day, clock = moments.day(at, zone), moments.clock(at, zone)
    shown = clock if day == moments.day(now, zone) else f"{day} {clock}"
    return TIME % (at.isoformat(), moments.local(at, zone), shown)
