"""Filters: the small words and shapes that templates make of values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from itertools import groupby

from flask import Flask
from markupsafe import Markup, escape

from desk import moments, report
from desk.models import Event, Post
from web import current

STEP = timedelta(minutes=5)
BROWSERS = ("Firefox", "Edg", "Chrome", "Safari", "curl")
SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")
NAMES = {"Edg": "Edge", "Mac OS": "a Mac", "Linux": "Linux", "iPhone": "an iPhone"}


def add(app: Flask) -> None:
    app.jinja_env.filters.update(
        browser=browser,
        changes_to=changes_to,
        clock=_clock,
        datetime=datetime.isoformat,
        day=_day,
        disagreements=disagreements,
        form_time=_form_time,
        host=host,
        local=_local,
        relative=moments.relative,
        rounded_up=rounded_up,
        told=told,
        words=_words,
    )
    app.jinja_env.globals["epoch"] = datetime(1970, 1, 1, tzinfo=UTC)


def host(link: str) -> str:
    """The site that a link leads to."""
    return link.split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")


def browser(agent: str) -> str:
    """What a session's browser calls itself, as people would say it."""
    program = next((name for name in BROWSERS if name in agent), "A browser")
    system = next((name for name in SYSTEMS if name in agent), "")
    place = f" on {NAMES.get(system, system)}" if system else ""
    return NAMES.get(program, program) + place


def changes_to(theirs: str, mine: str) -> Markup:
    """My text, with what differs from theirs marked word by word."""
    old, new = re.findall(r"\s+|\S+", theirs), re.findall(r"\s+|\S+", mine)
    shown = Markup("")
    for kind, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        gone, come = escape("".join(old[a:b])), escape("".join(new[c:d]))
        if kind == "equal":
            shown += come
            continue
        shown += Markup("<del>{}</del>").format(gone) if gone else Markup("")
        shown += Markup("<ins>{}</ins>").format(come) if come else Markup("")
    return shown


def disagreements(
    said: Mapping[str, Mapping[str, str]],
) -> list[tuple[str, Mapping[str, str]]]:
    """What the article's sources tell differently."""
    return [
        (field.replace("_", " "), sources)
        for field, sources in said.items()
        if len(set(sources.values())) > 1
    ]


def told(events: Sequence[Event]) -> list[Event]:
    """The newest first; the same thing many times in a row is told once."""
    runs = groupby(reversed(events), key=lambda event: (event.what, event.by))
    return [next(run) for _, run in runs]


def rounded_up(at: datetime) -> datetime:
    """The next full five minutes that leave time to think."""
    later = at + STEP
    over = timedelta(minutes=later.minute % 5, seconds=later.second)
    return (later - over + STEP).replace(microsecond=0)


def _form_time(at: datetime) -> str:
    """As the browser's own field for a local time wants it."""
    return f"{at.astimezone(current.settings().zone):%Y-%m-%dT%H:%M}"


def _day(at: datetime) -> str:
    return f"{at.astimezone(current.settings().zone):%a %-d %b}"


def _clock(at: datetime) -> str:
    return moments.clock(at, current.settings().zone)


def _local(at: datetime) -> str:
    return moments.local(at, current.settings().zone)


def _words(post: Post, now: datetime) -> str:
    return report.state_words(post, current.settings().zone, now)
