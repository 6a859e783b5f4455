"""Connecting: the form that a platform's fields draw, for a new channel or an old."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from connectors.base import Connector, Field
from desk import channels
from desk.channels import fields
from desk.channels.accounts import OtherAccount
from desk.channels.fields import BadChannel
from desk.models import Channel
from desk.outbound_limit import Crowded
from desk.refusal import Refusal
from web import answers, current, errors, forms, notices
from web.guards import Permission, may

bp = Blueprint("connecting", __name__)


@dataclass(frozen=True)
class Line:
    """One field as it is drawn; a secret's value is never sent back."""

    field: Field
    value: str
    kept: bool = False  # a secret that the desk holds already
    taken: tuple[tuple[str, str], ...] = ()  # channels there are, with what each has

    @property
    def name(self) -> str:
        return f"field-{self.field.name}"


@bp.get("/channels/add")
@may(Permission.RUN)
def choose() -> str:
    kinds = sorted(current.desk_opened().connectors.values(), key=_title)
    return render_template("channels/choose.html", kinds=kinds)


@bp.get("/channels/add/<platform>")
@may(Permission.RUN)
def form(platform: str) -> str | Response:
    desk = current.desk_opened()
    if platform not in desk.connectors:
        return errors.error_page(
            404, f"This desk has no connector called “{platform}”."
        )
    kind = desk.connectors[platform]
    presets = {field.name: fields.preset(desk, field) for field in kind.fields}
    return _drawn_new(kind, presets)


@bp.post("/channels/add/<platform>")
@may(Permission.RUN)
def add(platform: str) -> Response:
    """Ask who the account is; kept only where the platform answers."""
    desk = current.desk_opened()
    kind = fields.kind_of(desk, platform)
    name, values = forms.text("name", 500), _written(kind)
    now = current.clock()
    asked = current.do_once(
        "ask", lambda: channels.ask_new(desk, platform, name, values, now)
    )
    channel_id = channels.keep_new(desk, platform, name, asked, now, current.actor())
    return answers.go("channels.page", channel_id=channel_id, welcome="yes")


@bp.get("/channels/<int:channel_id>/reconnect")
@may(Permission.RUN)
def again(channel_id: int) -> str:
    return _drawn_again(channel_id)


@bp.post("/channels/<int:channel_id>/reconnect")
@may(Permission.RUN)
def reconnect(channel_id: int) -> Response:
    """New credentials; a secret that is left empty stays as it is."""
    desk = current.desk_opened()
    with current.reading() as at:
        channel = channels.find_channel(at.session, channel_id)
    values = _written(fields.kind_of(desk, channel.platform), keeping=True)
    now, over = current.clock(), forms.stands()
    asked = current.do_once(
        "ask", lambda: channels.ask_again(desk, channel_id, values, now, over)
    )
    account = channels.keep_again(
        desk,
        channel_id,
        asked,
        now,
        typed=forms.text("typed", 300),
        by=current.actor(),
        over=over,
    )
    answers.say(f"{channel.name} is connected as {account.name}.")
    notices.wake_clock()
    return answers.go("channels.page", channel_id=channel_id)


@bp.errorhandler(Crowded)
def not_asked(error: Crowded) -> Response:
    """Told beside the form, which keeps its secrets; without a script on a new one."""
    if current.by_htmx():
        return errors.error_page(error.status, error.sentence)
    return not_connected(error)


@bp.errorhandler(BadChannel)
def not_connected(error: Refusal) -> Response:
    """The form again with what was wrong; nothing was kept, and no secret is shown."""
    named = request.view_args or {}
    if "channel_id" in named:
        return Response(_drawn_again(named["channel_id"], error), 422)
    kind = current.desk_opened().connectors.get(named.get("platform", ""))
    if kind is None:
        return errors.error_page(404, str(error))
    return Response(_drawn_new(kind, _written(kind), error), 422)


def _drawn_new(
    kind: type[Connector], values: dict[str, str], error: Refusal | None = None
) -> str:
    with current.reading() as at:
        others = channels.list_channels(at.session)
    others = [one for one in others if one.platform == kind.platform]
    lines = [
        Line(field, _open(field, values), taken=_taken(field, others))
        for field in kind.fields
    ]
    return render_template(
        "channels/add.html",
        kind=kind,
        groups=_grouped(lines),
        name=forms.text("name", 500),
        error=error,
    )


def _drawn_again(channel_id: int, error: Refusal | None = None) -> str:
    desk = current.desk_opened()
    with current.reading() as at:
        channel = channels.find_channel(at.session, channel_id)
    kind = fields.kind_of(desk, channel.platform)
    kept = channels.kept_secrets(desk, channel)
    values = _written(kind) if error else channel.settings
    lines = [
        Line(field, _open(field, values), field.name in kept) for field in kind.fields
    ]
    return render_template(
        "channels/reconnect.html",
        kind=kind,
        channel=channel,
        groups=_grouped(lines),
        stands=channels.connected_as(channel),
        error=error,
        other=error.account_name if isinstance(error, OtherAccount) else "",
    )


def _written(kind: type[Connector], keeping: bool = False) -> dict[str, str]:
    """What stands in the fields; `keeping`: without the secrets left as they are."""
    values = {}
    for field in kind.fields:
        value = forms.text(f"field-{field.name}", 5000)
        forgotten = f"forget-{field.name}" in request.form
        if keeping and field.secret and not value and not forgotten:
            continue
        values[field.name] = value
    return values


def _open(field: Field, values: dict[str, str]) -> str:
    return "" if field.secret else str(values.get(field.name, ""))


def _taken(field: Field, others: list[Channel]) -> tuple[tuple[str, str], ...]:
    """What the platform's other channels have there; of a secret nothing is told."""
    if field.secret:
        return ()
    found = ((one.name, str(one.settings.get(field.name, ""))) for one in others)
    return tuple((name, value) for name, value in found if value)


def _grouped(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    """Fields that stand together, in the platform's order."""
    by_group = groupby(lines, key=lambda line: line.field.group)
    return [(heading, list(found)) for heading, found in by_group]


def _title(kind: type[Connector]) -> str:
    return kind.title.lower()
