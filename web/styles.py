"""Styles: how the posts of a channel are written, with an example as it is changed."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from desk import articles, channels
from desk.articles import drafting
from desk.channels import channel_settings
from desk.conflicts import mark
from desk.writing import Angle, tagging, templates
from desk.writing.drafts import STAND_IN, Draft
from desk.writing.hashtags import MOST
from desk.writing.style import BadStyle, Place, Style, lines, pairs
from desk.writing.tagging import tagged
from web import answers, current, forms, keeping
from web.guards import Permission, may

bp = Blueprint("styles", __name__)


@bp.get("/channels/<int:channel_id>/words")
@may(Permission.PUBLISH)
def page(channel_id: int) -> str:
    with current.reading() as at:
        style = Style.of(channels.find_channel(at.session, channel_id).style)
    return _drawn(channel_id, style)


@bp.post("/channels/<int:channel_id>/words")
@may(Permission.PUBLISH)
def save(channel_id: int) -> Response:
    with current.reading() as at:
        channels.find_channel(at.session, channel_id)
    seen, style = forms.stands(), style_in_form()
    with current.writing() as at:
        saved = channel_settings.set_style(at.session, channel_id, style, seen)
        left = saved.style
    keeping.has(f"style-{channel_id}")
    answers.say(
        "Saved. It holds for posts that are drafted from now on.",
        undo="styles.undo",
        of=[channel_id],
        stands=left,
    )
    return answers.go("styles.page", channel_id=channel_id)


@bp.post("/channels/words/undo")
@may(Permission.PUBLISH)
def undo() -> Response:
    """As its posts were written before the last change."""
    (channel_id,) = forms.numbers_undone(1)
    with current.writing() as at:
        if not channel_settings.former_style(at.session, channel_id, forms.stands()):
            raise forms.BadForm(forms.NOTHING_TO_UNDO)
    answers.say("Undone: its posts are written as before.")
    return answers.go("styles.page", channel_id=channel_id)


@bp.post("/channels/<int:channel_id>/words/example")
@may(Permission.PUBLISH)
def example(channel_id: int) -> str:
    """What the newest article would say with the form as it stands, not saved yet."""
    try:
        style = style_in_form()
        style.check()
    except BadStyle as error:
        return render_template("channels/_example.html", wrong=str(error))
    return render_template("channels/_example.html", **_example(channel_id, style))


@bp.errorhandler(BadStyle)
def bad_style(error: BadStyle) -> Response:
    """The form again, as it was filled in, with what is wrong beside its field."""
    channel_id = (request.view_args or {})["channel_id"]
    return Response(_drawn(channel_id, None, error), 422)


def style_in_form() -> Style:
    """The form's values. Raises `BadStyle`."""
    place, many = forms.text("place", 10), forms.text("hashtags", 5)
    if place not in set(Place):
        raise BadStyle("Choose where the link goes.", "place")
    return Style(
        template=forms.text("template").strip() or templates.USUAL,
        first=forms.text("first", 20),
        place=Place(place),
        hashtags=int(many) if many.isdecimal() else 0,
        never=lines(forms.text("never")),
        mentions=pairs(forms.text("mentions")),
        tagged="tagged" in request.form,
        tags={name: forms.text(f"utm-{name}").strip() for name in tagging.PARAMETERS},
        numbered="numbered" in request.form,
    )


def _drawn(channel_id: int, style: Style | None, error: BadStyle | None = None) -> str:
    with current.reading() as at:
        channel = channels.find_channel(at.session, channel_id)
    shown = {"wrong": str(error)} if style is None else _example(channel_id, style)
    return render_template(
        "channels/style.html",
        channel=channel,
        filled=request.form if style is None else _filled(style),
        stands=mark(channel.style) if style else forms.stands(),
        error=error,
        names=templates.NAMES,
        tag_names=tagging.NAMES,
        usual=templates.USUAL,
        usual_tags=tagging.USUAL,
        kinds=list(Angle),
        most=MOST,
        **shown,
    )


def _filled(style: Style) -> dict[str, str]:
    """What stands in the fields, by their names."""
    ticked = {name: "on" for name in ("tagged", "numbered") if getattr(style, name)}
    return ticked | {
        "template": style.template,
        "first": style.first,
        "place": style.place.value,
        "hashtags": str(style.hashtags),
        "never": "\n".join(style.never),
        "mentions": "\n".join(f"{k} = {v}" for k, v in style.mentions.items()),
        **{f"utm-{name}": style.tags.get(name, "") for name in tagging.PARAMETERS},
    }


def _example(channel_id: int, style: Style) -> dict[str, object]:
    """The newest article, drafted like this; nothing where there is no article."""
    desk = current.desk_opened()
    with current.reading() as at:
        channel = channels.find_channel(at.session, channel_id)
        newest = articles.list_articles(at.session, 1)
        reading = articles.reading_of(newest[0]) if newest else None
        local_now = at.now.astimezone(current.zone())
    if reading is None:
        return {}
    connector = channels.connect(desk, channel)
    current.release()  # a child takes the article's words apart
    made = drafting.draft_at(local_now, reading, connector, style, channel.name)
    return {"made": made, "link": _link(made), "style": style, "from_": reading}


def _link(made: Draft) -> str | None:
    """As it would be sent, with a number that a post would have."""
    if made.link is None:
        return None
    return tagged(made.link, made.tags).replace(STAND_IN, "1234")
