"""Settings: where the newsroom is, and what it calls its desk."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from desk import moments, preferences
from desk.lifecycle import DEADLINES
from web import answers, current, forms, keeping
from web.guards import Permission, may

bp = Blueprint("settings", __name__)


@bp.get("/settings")
@may(Permission.RUN)
def index() -> str:
    with current.reading() as at:
        return render_template(
            "settings/index.html",
            regions=preferences.places(at.now),
            chosen=preferences.chosen_zone(at.session),
            usual=current.settings().zone_name,
            name=preferences.desk_name(at.session),
            longest=preferences.LONGEST_NAME,
            deadlines={kind: moments.span(late) for kind, late in DEADLINES.items()},
            at=at.now,
        )


@bp.post("/settings/zone")
@may(Permission.RUN)
def zone() -> Response:
    with current.writing() as at:
        before = preferences.set_zone(
            at.session, forms.text("zone", 80), forms.stands()
        )
        chosen = preferences.chosen_zone(at.session)
        now = preferences.zone(at.session, current.settings())
    answers.say(
        f"The newsroom's times are in {now.key} now. Planned posts keep their instant.",
        undo="settings.undo_zone",
        of=[before],
        stands=chosen,
    )
    return answers.go("settings.index")


@bp.post("/settings/zone/undo")
@may(Permission.RUN)
def undo_zone() -> Response:
    with current.writing() as at:
        preferences.set_zone(at.session, forms.text("of", 80), forms.stands())
        now = preferences.zone(at.session, current.settings())
    answers.say(f"Undone. The newsroom's times are in {now.key} again.")
    return answers.go("settings.index")


@bp.post("/settings/name")
@may(Permission.RUN)
def name() -> Response:
    with current.writing() as at:
        preferences.set_desk_name(at.session, forms.text("name", 500), forms.stands())
    keeping.has("desk-name")
    answers.say("The name is saved.")
    return answers.go("settings.index")
