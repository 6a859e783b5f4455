"""The queue: what is planned, channel by channel, in the order it goes out."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from desk.scheduling import queues, reordering
from desk.scheduling.queueing import OutOfDate
from desk.scheduling.reordering import Step
from web import current, forms, moves, notices
from web.guards import Permission, may

bp = Blueprint("queue", __name__)
bp.register_error_handler(OutOfDate, moves.out_of_date)

VERBS = {
    Step.NEXT: "It goes out next:",
    Step.UP: "Moved up to",
    Step.DOWN: "Moved down to",
}


@bp.get("/queue")
@may(Permission.READ)
def index() -> str:
    with current.reading() as at:
        return render_template(
            "queue/index.html",
            queues=queues.list_queues(at.session, current.desk_opened(), at.now),
            once=forms.idempotency_key(),
            at=at.now,
        )


@bp.post("/queue/<int:post_id>/order")
@may(Permission.PUBLISH)
def move(post_id: int) -> Response:
    """Send next, up, down, or to a place in the order."""
    to = _wanted()
    with current.writing() as at:
        done = reordering.move(
            current.desk_opened(),
            at.session,
            post_id,
            to,
            forms.showed("seen"),
            now=at.now,
            by=current.actor(),
            idempotency_key=moves.idempotency_key_of(post_id),
        )
    notices.tell_foreseen([done.post])
    return moves.moved(VERBS[to] if isinstance(to, Step) else "Moved to", done)


def _wanted() -> Step | int:
    to = forms.text("to", 20)
    return Step(to) if to in set(Step) else forms.whole_number("to")
