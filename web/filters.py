"""Filters: the small words and shapes that templates make of values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from itertools import groupby

from flask import Flask
from markupsafe import Markup, escape

from desk import channels, holds, moments, report
from desk.articles.rows import Step
from desk.attention import TroubledChannel
from desk.attention.causes import Sure
from desk.channels import waiting
from desk.conflicts import mark
from desk.lifecycle import State
from desk.models import Channel, Event, Post, WorkingCopy
from desk.posts import bundles, reasons, working_copies
from desk.posts.marks import Mark
from desk.publishing import live_twice
from desk.reading.article import Reading
from desk.shares import commenting
from web import arriving, current, forms, planned, shown

STEP = timedelta(minutes=5)
LONGEST_TITLE = 110
GONE, COME = Markup("<del>{} </del>"), Markup("<ins>{}</ins>{}")
WORDS = re.compile(r"\S+\s*|^\s+")
BROWSERS = ("Firefox", "Edg", "Chrome", "Safari", "curl")
SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")
NAMES = {"Edg": "Edge", "Mac OS": "a Mac", "Linux": "Linux", "iPhone": "an iPhone"}


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
    old, new = WORDS.findall(theirs), WORDS.findall(mine)
    there, here = ([word.strip(" ") for word in one] for one in (old, new))
    same = SequenceMatcher(None, there, here)
    shown = Markup("")
    for kind, a, b, c, d in same.get_opcodes():
        come = "".join(new[c:d])
        if kind == "equal":
            shown += escape(come)
            continue
        if gone := "".join(old[a:b]).strip():
            shown += GONE.format(gone)
        words = come.rstrip()
        shown += COME.format(words, come[len(words) :]) if words else escape(come)
    return shown


def drawn(text: str, link: str | None, over: int) -> Markup:
    """A post's text, its link as links look, and what is too much of it marked."""
    there = link is not None and link in text
    words, behind = text.rsplit(link, 1) if link and there else (text, "")
    end = len(words.rstrip())
    kept = max(0, end - over)
    shown = escape(words[:kept])
    if over:
        shown += Markup("<mark>{}</mark>").format(words[kept:end])
    shown += escape(words[end:])
    if there:
        shown += Markup('<span class="address">{}</span>{}').format(link, behind)
    return shown


SOURCES = {
    "json-ld": "what it tells search engines",
    "opengraph": "what it shares",
    "twitter": "its card on X",
    "h1": "its own heading",
    "title": "the browser's title",
    "meta": "its description",
    "page": "what readers see",
    "figure": "beside the picture",
    "byline": "its byline",
    "label": "its list of facts",
    "signature": "the last line",
}


def source(name: str) -> str:
    """A source of an article, as an editor would call it."""
    return SOURCES.get(name, name)


def newest_first(events: Sequence[Event]) -> list[Event]:
    """The newest first; the same thing many times in a row is told once."""
    runs = groupby(reversed(events), key=_doing)
    return [next(run) for _, run in runs]


def _doing(event: Event) -> tuple[str, int | str]:
    return event.what, event.person_id or event.by


def title(post: Post) -> str:
    """What lists call a post: how its text begins, else its article's headline."""
    first = post.text.strip().split("\n")[0]
    headline = post.article.headline if post.article else ""
    words = first or headline or "A post without text"
    return (
        words if len(words) <= LONGEST_TITLE else f"{words[:LONGEST_TITLE].rstrip()}…"
    )


def late(post: Post) -> str:
    """How late it went out, such as "0.04 s late"; empty where it did not.

    Early: an earlier try was found live after the post had been given another time.
    """
    seconds = report.lateness_s(post)
    if seconds is None:
        return ""
    return f"{duration(seconds)} {'early' if seconds < 0 else 'late'}"


def duration(seconds: float) -> str:
    """A span of time as people say it: 0.04 s, 12 s, 4 min, 2 h 5 min."""
    whole = round(abs(seconds))
    if whole < 10:
        return f"{abs(seconds):.2f} s"
    if whole < 60:
        return f"{whole} s"
    minutes, hours = whole // 60, whole // 3600
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {whole % 60} s" if minutes < 10 else f"{minutes} min"


def millis(seconds: float) -> str:
    """The same to the millisecond, where that says something."""
    if abs(seconds) >= 60:
        return duration(seconds)
    return f"{max(seconds, 0):.3f} s"


def rounded_up(at: datetime) -> datetime:
    """The next full five minutes that leave time to think."""
    later = at + STEP
    over = timedelta(minutes=later.minute % 5, seconds=later.second)
    return (later - over + STEP).replace(microsecond=0)


def _form_time(at: datetime) -> str:
    """As the browser's own fields for a local day and time want it."""
    return f"{at.astimezone(current.zone()):%Y-%m-%dT%H:%M}"


def _written_time(at: datetime, now: datetime) -> str:
    """As a person would type it into a field for a time."""
    return moments.as_written(at, current.zone(), now)


def _example_time(now: datetime) -> str:
    return moments.example_time(now, current.zone())


def _said_time(at: datetime, now: datetime) -> str:
    """The same said back, with the zone that it is in."""
    zone = current.zone()
    return f"{moments.as_written(at, zone, now)} {at.astimezone(zone):%Z}"


def _day(at: datetime) -> str:
    return moments.day(at, current.zone())


def _near_day(at: datetime, now: datetime) -> str:
    return moments.near_day(at, now, current.zone())


def _clock(at: datetime) -> str:
    return moments.clock(at, current.zone())


def _seconds(at: datetime) -> str:
    """The time of day to the second, for what went out."""
    return f"{at.astimezone(current.zone()):%H:%M:%S}"


def _precise(at: datetime) -> str:
    """The time of day to the millisecond, as attempts are on record."""
    local = at.astimezone(current.zone())
    return f"{local:%H:%M:%S}.{local.microsecond // 1000:03}"


def _told_times(
    times: Sequence[tuple[str, list[tuple[int, int]]]],
) -> list[tuple[datetime, list[Channel], str]]:
    """What an `Account` tells, with the channels that its numbers stand for."""
    with current.reading() as at:
        known = {one.id: one for one in channels.list_channels(at.session)}
    return [
        (
            datetime.fromisoformat(said),
            [known[id_] for id_, _ in on if id_ in known],
            planned.ahead_words([(known[id_], n) for id_, n in on if id_ in known]),
        )
        for said, on in times
    ]


def _waits(channel: Channel) -> str:
    """What a channel waits for, and until when."""
    return waiting.wait_words(channel, current.zone())


def _kept_by(channel: Channel) -> list[str]:
    """What keeps its posts that its platform's good answer ends."""
    with current.reading() as at:
        return channels.kept_by(at.session, channel, at.now)


def _trouble(troubled: TroubledChannel, now: datetime) -> str:
    return troubled.words(current.zone(), now)


def _local(at: datetime) -> str:
    return moments.local(at, current.zone())


def _published(reading: Reading) -> str:
    """When the article came out: a day, where its source names no hour."""
    if reading.published_at is None:
        return ""
    if reading.only_day:
        return moments.whole_day(reading.published_at)
    return _local(reading.published_at)


def _why(post: Post, now: datetime) -> str:
    """The reason alone, where the state stands beside it."""
    plain = post.state in (State.FAILED, State.MISSED) or post.triage
    return post.reason if plain and post.reason else _words(post, now)


def _words(post: Post, now: datetime) -> str:
    return report.state_words(post, current.zone(), now)


def _writer(copy: WorkingCopy, post: Post | Mark, now: datetime) -> str:
    """Whose a working copy is, and since when: "Anna is writing, 14:02"."""
    me = current.user()
    return working_copies.writer(post, copy, current.zone(), now, me.id if me else None)


def _change(copy: WorkingCopy, post: Post, now: datetime) -> str:
    """The same in a sentence, of a colleague's."""
    return working_copies.change_words(post, copy, current.zone(), now)


FILTERS: dict[str, Callable[..., object]] = {
    # times and lengths
    "clock": _clock,
    "datetime": datetime.isoformat,
    "day": _day,
    "form_time": _form_time,
    "written_time": _written_time,
    "example_time": _example_time,
    "said_time": _said_time,
    "local": _local,
    "precise": _precise,
    "near_day": _near_day,
    "near_words": planned.near_words,
    "relative": moments.relative,
    "duration": duration,
    "lateness": report.lateness_s,
    "late": late,
    "millis": millis,
    "seconds": _seconds,
    "rounded_up": rounded_up,
    # words of others and of ours
    "browser": browser,
    "changes_to": changes_to,
    "drawn": drawn,
    "host": host,
    "source": source,
    "title": title,
    "words": _words,
    "published": _published,
    # what is known of a post, a channel or a hold
    "arrived": arriving.arrived_words,
    "unread_lines": arriving.unread_lines,
    "bundled": bundles.bundle_all,
    "neighbours": bundles.bundle_neighbours,
    "live_twice": live_twice.double_parts,
    "held_for": holds.hold_reason,
    "reason": reasons.reason_words,
    "returned": reasons.was_sent_back,
    "told": newest_first,
    "told_times": _told_times,
    "trouble": _trouble,
    "waits": _waits,
    "way_out": waiting.way_out,
    "why": _why,
    "writer": _writer,
    "change": _change,
    # what a form says back
    "copy_shown": shown.copy_fields,
    "kept_by": _kept_by,
    "lifted_with": holds.lifted_with,
    "own_path": forms.own_path,
    "mark": mark,
    "left": shown.left,
    "left_together": shown.left_together,
    "drafts_together": shown.drafts_together,
    "unpacked": forms.unpacked,
    "shown": shown.fields,
    "stood": shown.standing,
    "stands_as": commenting.as_it_stands,
    "arranging": shown.arranging,
}


def add(app: Flask) -> None:
    app.jinja_env.filters.update(FILTERS)
    facts = {"State": State, "Step": Step, "Sure": Sure}  # to compare with
    app.jinja_env.globals.update(facts)
    app.jinja_env.globals["second"] = timedelta(seconds=1)
    app.jinja_env.globals["epoch"] = datetime(1970, 1, 1, tzinfo=UTC)
