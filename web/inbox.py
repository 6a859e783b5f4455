"""The inbox: the paste field, and the articles that came in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk import articles
from desk.articles import arrivals, filters, inbox
from desk.articles.filters import Show, Which
from desk.articles.inbox import Page
from desk.models import Arrival
from desk.models.arrivals import Arriving
from desk.posts import Seen
from desk.reading import File
from desk.reading.links import lines_of_links
from desk.scheduling import queueing, sharing, undoing
from desk.shares import commenting
from web import (
    answers,
    current,
    forms,
    free_times,
    guards,
    keeping,
    notices,
    shown,
    story_notices,
)
from web.guards import Permission, may
from web.limits import takes_files

bp = Blueprint("inbox", __name__)

FILTERS = ("show", "section", "author", "words", "before")
AGAIN = "again"  # lines that became no story stand in the paste field
LARGEST_PASTE = 8_000_000  # the desk has its own, smaller limit, and says so


@bp.get("/")
@may(Permission.READ)
def home() -> str | Response:
    """Where signing in leads: the inbox, and status for whoever only reads."""
    if guards.allowed(Permission.WRITE):
        return index()
    return redirect(url_for("status.board"))


@bp.get("/inbox")
@may(Permission.READ)
def index() -> str:
    return _shown("inbox/index.html", forms.numbers_asked("stories"))


@bp.post("/articles")
@may(Permission.WRITE)
@takes_files
def take() -> Response:
    """Read what was pasted or dropped, and open it in compose.

    Several links are read by workers, and the inbox says how far each is.
    """
    file = forms.upload("file")
    source = (
        File(file.filename or "The file", file.read())
        if file
        else forms.text("source", LARGEST_PASTE)
    )
    if isinstance(source, str) and (lines := lines_of_links(source)):
        return _take_links(lines)
    desk, now = current.desk_opened(), current.clock()
    read = current.do_once("read", lambda: articles.read_in(desk, source, now))
    taken = current.do_once(
        "kept", lambda: articles.keep_read(desk, read, now, current.me().id)
    )
    keeping.has("inbox")
    if taken.known:
        with current.writing() as at:
            inbox.bring_back(at.session, taken.article_id)
        answers.say("This article was here already: these are its posts.")
    return answers.go("compose.page", article_id=taken.article_id)


def _take_links(lines: Sequence[str]) -> Response:
    with current.writing() as at:
        made = arrivals.take_links(at.session, lines, at.now, current.me().id)
        wrong = any(one.state == Arriving.NO_LINK for one in made)
    keeping.has("inbox")
    notices.wake_clock()
    return to_inbox(**{"lines": AGAIN} if wrong else {})


@bp.get("/arrivals")
@may(Permission.WRITE)
def arriving() -> str:
    """How far the links are that this person pasted: fetched anew as they are read."""
    with current.reading() as at:
        its = arrivals.list_arrivals(at.session, current.me().id)
        return render_template("inbox/_arrivals.html", arrivals=its)


@bp.post("/arrivals/put-away")
@may(Permission.WRITE)
def put_away() -> Response:
    """They were read, or looked at: the list of them goes."""
    with current.writing() as at:
        arrivals.put_away(at.session, current.me().id)
    return to_inbox()


@bp.post("/articles/<int:article_id>/share")
@may(Permission.WRITE)
def share(article_id: int) -> Response:
    """Its drafts at each channel's next free slot, as they are."""
    desk = current.desk_opened()
    with current.reading() as at:
        plan = sharing.plan(desk, at.session, article_id, at.now, _shown_drafts())
    with current.writing() as at:
        done = sharing.share(desk, at.session, plan, now=at.now, by=current.actor())
    story_notices.tell(article_id, done, plan, at.now)
    notices.wake_clock()
    return anew()


@bp.post("/articles/unshare")
@may(Permission.WRITE)
def unshare() -> Response:
    """Undo a sharing: its posts are drafts again."""
    with current.writing() as at:
        its = shown.undone(at.session)
        undoing.take_back(at.session, its, now=at.now, by=current.actor())
    answers.say("Undone: nothing of it goes out, and every text is kept.")
    return anew()


@bp.post("/articles/<int:article_id>/dismiss")
@may(Permission.WRITE)
def dismiss(article_id: int) -> Response:
    with current.writing() as at:
        article = inbox.dismiss(at.session, article_id, at.now, forms.stands())
    answers.say(
        "Dismissed. Its posts stay as they are.",
        undo="inbox.back",
        of=[article_id],
        stands=article.dismissed_at,
    )
    return anew()


@bp.post("/articles/back")
@may(Permission.WRITE)
def back() -> Response:
    """Undo a dismissal, of one or of several that were dismissed together."""
    its = forms.these(inbox.SHOWN)
    with current.writing() as at:
        for article_id in sorted(its):
            inbox.bring_back(at.session, article_id, forms.stands())
    answers.say(
        "It is back in the inbox."
        if len(its) == 1
        else f"{len(its)} stories are back in the inbox."
    )
    return anew()


def _shown_drafts() -> dict[int, Seen]:
    """The drafts that the button's page showed. Raises `Unsaid`."""
    named = forms.many("posts")
    if not named:
        raise forms.Unsaid(forms.UNSAID)
    return {one: shown.standing_by(one) for one in named}


def anew(ticked: Collection[int] = ()) -> Response:
    """The list in place, else the inbox as it was filtered; with these still ticked."""
    if current.by_htmx():
        return Response(_shown("inbox/_anew.html", ticked), mimetype="text/html")
    where = url_for("inbox.index", **_asked(), stories=list(ticked) or None)  # type: ignore[arg-type]  # mypy sees _method among them
    return redirect(where, 303)


def to_inbox(**more: str) -> Response:
    """The whole page, as the list was filtered."""
    return answers.go("inbox.index", **_asked(), **more)


def _asked() -> dict[str, str]:
    """How the list is filtered: by this address, or by the one the form stood on."""
    sent = request.method == "POST"
    query = forms.split(request.referrer or "").query if sent else request.query_string
    asked = forms.arguments(query if isinstance(query, str) else query.decode())
    return {name: asked[name] for name in FILTERS if asked.get(name)}


def _shown(template: str, ticked: Collection[int] = ()) -> str:
    asked = _asked()
    show, words = asked.get("show", ""), asked.get("words", "")[: forms.MOST_SHOWN]
    chosen = Show(show) if show in set(Show) else Show.ALL
    which = Which(chosen, asked.get("section", ""), words, asked.get("author", ""))
    before, until = asked.get("before", ""), forms.number(forms.value_of("until"))
    with current.reading() as at:
        page = inbox.page(at.session, which, at.now, forms.number(before), until)
        return render_template(
            template,
            page=page,
            free=_free(page, at),
            comments=_comments(page, at),
            counts=filters.counts(at.session, at.now),
            sections=inbox.sections(at.session),
            authors=inbox.authors(at.session),
            show=chosen,
            section=which.section,
            author=which.author,
            words=words,
            arrivals=_arrivals(at),
            again=request.args.get("lines") == AGAIN,
            first=not before,
            ticked=ticked,
            free_for=free_times.free_for,
            at=at.now,
        )


def _arrivals(at: current.Moment) -> list[Arrival]:
    if not guards.allowed(Permission.WRITE):
        return []
    return arrivals.list_arrivals(at.session, current.me().id)


def _comments(page: Page, at: current.Moment) -> Mapping[int, int]:
    """How many each share has to which a row of the page leads."""
    newest = [row.newest_share for row in page.rows if row.newest_share]
    return commenting.count_comments(at.session, newest) if newest else {}


def _free(page: Page, at: current.Moment) -> dict[int, datetime | None]:
    """The next free slot of each channel that a story of the page is not shared on."""
    channels = {post.channel.id for row in page.rows for post in row.drafts}
    desk = current.desk_opened()
    return queueing.next_slots(at.session, desk, channels, at.now) if channels else {}
