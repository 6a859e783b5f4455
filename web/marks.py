"""Marks: the icons, states and times that lists are made of, hundreds on a page.

They are drawn here: as macros that call macros they took half the time of the inbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from flask import Flask, g, url_for
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from connectors.base import Connector
from desk import moments
from desk.channels import channel_marks
from desk.models import Channel, Post
from desk.posts.marks import Mark, Named
from web import current, states

TIMED = frozenset({"scheduled", "live"})  # the words that a time stands behind
ICON = Markup(
    '<svg class="icon %s" aria-hidden="true" focusable="false">'
    '<use href="#i-%s"></use></svg>'
)
SAID = Markup("<span>%s%s%s</span>")
PLAIN = Markup('<span class="state %s">%s%s</span>')
LINKED = Markup('<a class="state %s" href="%s">%s%s</a>')
HUES = 4
A_WEEK = timedelta(days=6)
SIGN = Markup('<symbol id="s-%s" viewBox="0 0 16 16"><path d="%s"/></symbol>')
CHANNEL = Markup(
    '<span class="cs hue-%s" title="%s"><svg aria-hidden="true" focusable="false">'
    '<use href="#s-%s"></use></svg>%s<span class="unseen">%s</span></span>'
)
FACE = Markup(
    '<span class="cm%s hue-%s" title="%s" aria-hidden="true">'
    '<span class="face">%s</span>'
    '<svg class="glyph" focusable="false"><use href="#s-%s"></use></svg></span>'
)
LETTER = Markup('<b aria-hidden="true">%s</b>')
BETWEEN = Markup('<span class="unseen">, </span>')
TIME = Markup('<time datetime="%s" title="%s">%s</time>')


def add(app: Flask) -> None:
    app.jinja_env.globals.update(
        icon=icon,
        state=state,
        when=when,
        signs=signs,
        channel_marks=channel_marks_of,
        face=face,
        near=near,
    )


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


def near(at: datetime, now: datetime, day: str = "Today") -> Markup:
    """A time as people say it: "Today 17:30", "Mon 07:30", or with its date."""
    zone = current.zone()
    local, clock = at.astimezone(zone), moments.clock(at, zone)
    days = local.date() - now.astimezone(zone).date()
    if not days:
        said = f"{day} {clock}".strip()
    elif abs(days) <= A_WEEK:
        said = f"{local:%a} {clock}"
    else:
        said = f"{moments.day(at, zone)} {clock}"
    return TIME % (at.isoformat(), moments.local(at, zone), said)


def signs() -> Markup:
    """Our drawing for each platform, for the page to use as often as it likes."""
    installed = current.desk_opened().connectors
    named = {name: one.sign for name, one in installed.items()}
    drawn = (SIGN % one for one in {"none": Connector.sign, **named}.items())
    return Markup("").join(drawn)


def channel_marks_of(channels: Iterable[Channel | Named]) -> Markup:
    """The small marks of channels, each once, named for who can't see."""
    each = {channel.id: channel for channel in channels}
    return BETWEEN.join(map(_small, each.values()))


def face(channel: Channel | Named, style: str = "") -> Markup:
    """The mark of one channel, where its name stands beside it.

    Of a platform's first account the initial, of a further one the letter that tells it
    apart.
    """
    letter = _letters().get(channel.id) or channel.name[0].upper()
    space = " " if style else ""
    mark = f"{space}{style}", _hue(channel), channel.name, letter, _sign(channel)
    return FACE % mark


def _small(channel: Channel | Named) -> Markup:
    """Drawn once a page, which shows the same one in hundreds of places."""
    drawn: dict[int, Markup] = g.setdefault("channel_marks", {})
    if channel.id not in drawn:
        letter = _letters().get(channel.id, "")
        drawn[channel.id] = CHANNEL % (
            _hue(channel),
            channel.name,
            _sign(channel),
            LETTER % letter if letter else "",
            channel.name,
        )
    return drawn[channel.id]


def _letters() -> dict[int, str]:
    if "channel_letters" not in g:
        with current.reading() as at:
            g.channel_letters = channel_marks.letters(at.session)
    letters: dict[int, str] = g.channel_letters
    return letters


def _hue(channel: Channel | Named) -> int:
    return channel.id % HUES + 1


def _sign(channel: Channel | Named) -> str:
    """The drawing of its platform; of one that is not installed the usual one."""
    known = channel.platform in current.desk_opened().connectors
    return channel.platform if known else "none"
