"""Weekly times: the slots of one channel, on a grid of days and times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from desk import channels, slots
from desk.scheduling import queueing
from desk.scheduling.queueing import OutOfDate
from desk.slots import DAYS, PRESETS, BadSlot, Weekly
from web import answers, current, forms
from web.guards import Permission, may

bp = Blueprint("weekly", __name__)

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@bp.get("/queue/<int:channel_id>/times")
@may(Permission.PUBLISH)
def page(channel_id: int) -> str:
    with current.reading() as at:
        channel = channels.find_channel(at.session, channel_id)
        weekly = frozenset(channels.weekly_slots(at.session, channel_id))
        return render_template(
            "queue/weekly.html",
            channel=channel,
            written=slots.slots_as_text(weekly),
            ticked={(slot.local_time, slot.weekday) for slot in weekly},
            times=sorted({slot.local_time for slot in weekly}),
            next_slot=queueing.next_slot(
                at.session, current.desk_opened(), channel_id, at.now
            ),
            days=list(zip(DAYS, NAMES, strict=True)),
            presets={
                count: ", ".join(f"{clock:%H:%M}" for clock in clocks)
                for count, clocks in PRESETS.items()
            },
            at=at.now,
        )


@bp.post("/queue/<int:channel_id>/times")
@may(Permission.PUBLISH)
def change(channel_id: int) -> Response:
    """Save what is ticked, and do what the button says with it."""
    forms.showed("seen")  # one is always there: the page may show no times at all
    seen, ticked = _read("seen"), _read("slot")
    do = forms.text("do", 20)
    if do == "enter" and forms.text("time", 20):
        do = "add"
    wanted, said = _done(do, ticked)
    with current.writing() as at:
        queueing.set_weekly(at.session, channel_id, wanted, seen)
    undo = [
        str(channel_id),
        ";".join(slots.slots_as_text(seen)),
        ";".join(slots.slots_as_text(wanted)),
    ]
    answers.say(said, undo="weekly.undo", of=undo if wanted != seen else ())
    return answers.go("weekly.page", channel_id=channel_id)


@bp.post("/queue/times/undo")
@may(Permission.PUBLISH)
def undo() -> Response:
    """The weekly times as they stood before, where nobody changed them since."""
    channel_id, (before, after) = forms.undone(2)
    former, now = (_parsed(forms.few(one.split(";"))) for one in (before, after))
    with current.writing() as at:
        queueing.set_weekly(at.session, channel_id, former, now)
    answers.say("The former weekly times are back.")
    return answers.go("weekly.page", channel_id=channel_id)


@bp.errorhandler(OutOfDate)
def out_of_date(error: OutOfDate) -> Response:
    answers.say(str(error), kind="bad")
    named = (request.view_args or {}).get("channel_id") or forms.undone(2)[0]
    return answers.go("weekly.page", channel_id=int(named))


def _done(do: str, ticked: Weekly) -> tuple[Weekly, str]:
    """The weekly times after this button, and what to say of it."""
    match do.split(" ", 1):
        case ["add", *_]:
            at, days = _clock(forms.text("time", 20)), forms.few_values_of("day")
            if not days:
                raise forms.BadForm("Tick the days that get this time.")
            return slots.added(ticked, at, _days(days)), f"Added {at:%H:%M}."
        case ["remove", clock]:
            at = _clock(clock)
            return slots.without(ticked, at), (
                f"Removed {at:%H:%M}. Posts that stand there keep their time."
            )
        case ["monday"]:
            return slots.as_monday(ticked), "Tuesday to Friday are like Monday now."
        case ["preset", count] if count.isdecimal() and int(count) in PRESETS:
            return slots.a_day(int(count)), f"{count} slots a day."
        case _:
            return ticked, "Saved. Posts that stand elsewhere keep their time."


def _read(name: str) -> Weekly:
    return _parsed(forms.few_values_of(name))


def _parsed(texts: Iterable[str]) -> Weekly:
    return frozenset(slot for text in texts if text for slot in slots.parse(text))


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text.strip().zfill(5)).replace(second=0, tzinfo=None)
    except ValueError:
        raise BadSlot(f"“{text}” is no time of day. Write it like 09:30.") from None


def _days(names: Iterable[str]) -> list[int]:
    return [DAYS.index(name) for name in names if name in DAYS]
