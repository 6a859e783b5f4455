"""The queue: what is planned, channel by channel, in the order it goes out."""

from __future__ import annotations

from flask import Blueprint, render_template

from desk import channels, report
from desk.lifecycle import State
from web import current
from web.guards import Permission, may

bp = Blueprint("queue", __name__)


@bp.get("/queue")
@may(Permission.READ)
def index() -> str:
    with current.reading() as at:
        planned = report.posts(at.session, state=State.SCHEDULED, limit=500)
        planned.sort(key=lambda post: (post.due_at or at.now, post.id))
        queues = [
            (channel, [post for post in planned if post.channel_id == channel.id])
            for channel in channels.listed(at.session)
        ]
        return render_template("queue/index.html", queues=queues, at=at.now)
