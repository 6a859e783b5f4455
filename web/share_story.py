"""Share story: the story that a share without one is given."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from desk import articles, shares
from desk.articles import adopting, inbox
from desk.articles.filters import Which
from web import answers, current, forms
from web.guards import Permission, may
from web.shares import save_all

bp = Blueprint("share_story", __name__)

OFFERED = 12  # of what was found
LONGEST = 100  # words that are looked for


@bp.post("/shares/<int:share_id>/story/find")
@may(Permission.WRITE)
def find(share_id: int) -> Response:
    """Keep what was written, then look for a story."""
    save_all(share_id)
    return answers.go("share_story.page", share_id=share_id)


@bp.get("/shares/<int:share_id>/story")
@may(Permission.WRITE)
def page(share_id: int) -> str:
    """The newest stories, or those that say some words in their headline."""
    words = request.args.get("words", "")[:LONGEST]
    with current.reading() as at:
        found = inbox.page(at.session, Which(words=words), at.now)
        return render_template(
            "share/stories.html",
            share=shares.find_share(at.session, share_id),
            rows=found.rows[:OFFERED],
            words=words,
            at=at.now,
        )


@bp.post("/shares/<int:share_id>/story")
@may(Permission.WRITE)
def take(share_id: int) -> Response:
    """It is a share of this story from now on."""
    return _taken(share_id, forms.whole_number("story"))


@bp.post("/shares/<int:share_id>/story/read")
@may(Permission.WRITE)
def read(share_id: int) -> Response:
    """Keep what was written, read the link in it, and take that story."""
    save_all(share_id)
    desk = current.desk_opened()
    with current.reading() as at:
        link = adopting.link_to_read(shares.find_share(at.session, share_id))
        now = at.now
    if not link:
        raise forms.BadForm("There is no link in the text to read.")
    found = current.do_once("read", lambda: articles.read_story(desk, link, now))
    with current.writing() as at:
        story, _ = articles.keep_story(
            desk, at.session, *found, at.now, current.me().id
        )
        story_id = story.id
    return _taken(share_id, story_id, link)


def _taken(share_id: int, story_id: int, pasted: str = "") -> Response:
    desk, by = current.desk_opened(), current.actor()
    current.do_once(
        "taken",
        lambda: adopting.take_story(desk, share_id, story_id, by=by, pasted=pasted),
    )
    with current.reading() as at:
        headline = articles.find_article(at.session, story_id).headline
    answers.say(f"It is a share of “{headline}” now.")
    return answers.go("shares.page", share_id=share_id)
