"""The calendar: weeks, months and days of posts, and moving one to another time."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from desk import calendar_days, channels, posts
from desk.calendar_days import Standing, View
from desk.scheduling import calendar, moving, queueing
from desk.scheduling.queueing import OutOfDate
from web import answers, current, forms, moves, notices, post_forms
from web.guards import Permission, may

bp = Blueprint("calendar", __name__)
bp.register_error_handler(OutOfDate, moves.out_of_date)

FARTHEST = timedelta(days=5 * 366)


@bp.get("/calendar")
@may(Permission.READ)
def index() -> str:
    desk, channel_id = current.desk_opened(), _channel()
    zone = current.zone()
    with current.reading() as at:
        shown = calendar_days.span(_view(), _day(at.now.astimezone(zone).date()), zone)
        found = calendar.between(at.session, shown.since, shown.until, channel_id)
        free = calendar.free(at.session, desk, shown, found, at.now, channel_id)
        standing: list[Standing] = [*calendar.tiles(found), *free]
        return render_template(
            "calendar/index.html",
            span=shown,
            days=calendar_days.laid_out(shown, standing, at.now, zone),
            tray=calendar.unscheduled(at.session, channel_id),
            channels=channels.list_channels(at.session),
            channel_id=channel_id,
            tally=len(found),
            capped=len(found) == calendar.MOST,
            most=calendar.MOST,
            once=forms.idempotency_key(),
            at=at.now,
        )


@bp.get("/calendar/move/<int:post_id>")
@may(Permission.PUBLISH)
def mover(post_id: int) -> str:
    """The form of “Move to…”: a page of its own, or a dialog on the one before."""
    template = "calendar/_mover.html" if current.by_htmx() else "calendar/mover.html"
    with current.reading() as at:
        post = posts.find_post(at.session, post_id)
        return render_template(
            template,
            post=post,
            fixed=moving.fixed(post),
            free=queueing.free_slots(
                at.session, current.desk_opened(), post.channel_id, at.now, most=21
            ),
            back=moves.came_from(),
            once=forms.idempotency_key(),
            at=at.now,
        )


@bp.post("/calendar/move/<int:post_id>")
@may(Permission.PUBLISH)
def move(post_id: int) -> Response:
    """Where a drag, the arrow keys and “Move to…” all end."""
    seen, planned = forms.number_showed("seen"), post_forms.plan(post_id)
    with current.writing() as at:
        done = moving.move(
            current.desk_opened(),
            at.session,
            post_id,
            moves.time(at.now),
            seen,
            now=at.now,
            by=current.actor(),
            idempotency_key=moves.idempotency_key_of(post_id),
            planned=planned,
        )
    notices.tell_foreseen([done.post])
    return moves.moved("Moved to", done)


@bp.post("/calendar/draft/<int:post_id>")
@may(Permission.PUBLISH)
def to_draft(post_id: int) -> Response:
    with current.writing() as at:
        done = moving.to_draft(
            at.session,
            post_id,
            forms.number_showed("seen"),
            now=at.now,
            by=current.actor(),
        )
    undo = [one.written for one in done.former]
    answers.say(
        "Back to draft. Its text is kept, and nothing goes out.",
        undo="calendar.undo" if undo else "",
        of=undo,
    )
    return moves.shown_anew()


@bp.post("/calendar/undo")
@may(Permission.PUBLISH)
def undo() -> Response:
    """Undo a move: the former times, all of them or none."""
    with current.writing() as at:
        moving.put_back(
            current.desk_opened(),
            at.session,
            moves.former(),
            now=at.now,
            by=current.actor(),
        )
    notices.wake_clock()
    answers.say("Undone: it stands where it stood before.")
    return moves.shown_anew()


def _view() -> View:
    asked = request.args.get("view", View.WEEK)
    return View(asked) if asked in set(View) else View.WEEK


def _day(today: date) -> date:
    """The day that was asked for; today where none was."""
    asked = request.args.get("day")
    if not asked:
        return today
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        raise forms.BadForm(
            f"“{asked[:40]}” is no day. Write it like {today}, or go back to today."
        ) from None
    if abs(day - today) > FARTHEST:
        raise forms.BadForm("The calendar reaches five years back and ahead.")
    return day


def _channel() -> int | None:
    return forms.number(request.args.get("channel", ""))
