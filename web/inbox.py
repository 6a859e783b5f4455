"""The inbox: the paste field, and the articles that came in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from desk import articles, scheduling
from desk.articles import inbox
from desk.articles.inbox import Show
from desk.models import Post
from desk.posts import Seen
from desk.reading import File
from desk.scheduling import sharing
from desk.scheduling.sharing import Plan
from web import answers, cards, current, forms, guards, keeping, notices, planned, shown
from web.guards import Permission, may
from web.limits import takes_files

bp = Blueprint("inbox", __name__)

FILTERS = ("show", "section", "before")
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
    return _shown("inbox/index.html")


@bp.post("/articles")
@may(Permission.WRITE)
@takes_files
def take() -> Response:
    """Read what was pasted or dropped, and open it in compose."""
    file = forms.upload("file")
    source = (
        File(file.filename or "The file", file.read())
        if file
        else forms.text("source", LARGEST_PASTE)
    )
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


@bp.post("/articles/<int:article_id>/share")
@may(Permission.WRITE)
def share(article_id: int) -> Response:
    """Its drafts at each channel's next free slot, as they are."""
    desk = current.desk_opened()
    with current.reading() as at:
        plan = sharing.plan(desk, at.session, article_id, at.now, _shown_drafts())
    with current.writing() as at:
        shared = sharing.share(
            desk,
            at.session,
            plan,
            now=at.now,
            by=current.actor(),
        )
    notices.tell_foreseen(shared)
    _tell(shared, plan)
    notices.wake_clock()
    return _anew()


@bp.post("/articles/unshare")
@may(Permission.WRITE)
def unshare() -> Response:
    """Undo a sharing: its posts are drafts again."""
    its = forms.these(forms.MOST_UNDONE)
    with current.writing() as at:
        shown.refuse_changed(at.session, its)
        for post_id in its:
            scheduling.to_draft(at.session, post_id, now=at.now, by=current.actor())
    answers.say("Undone: nothing of it goes out, and every text is kept.")
    return _anew()


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
    return _anew()


@bp.post("/articles/back")
@may(Permission.WRITE)
def back() -> Response:
    """Undo a dismissal."""
    (article_id,) = forms.numbers_undone(1)
    with current.writing() as at:
        inbox.bring_back(at.session, article_id, forms.stands())
    answers.say("It is back in the inbox.")
    return _anew()


def _shown_drafts() -> dict[int, Seen]:
    """The drafts that the button's page showed. Raises `Unsaid`."""
    named = forms.many("posts")
    if not named:
        raise forms.Unsaid(forms.UNSAID)
    return {one: shown.standing_by(one) for one in named}


def _anew() -> Response:
    """The list in place, else the inbox as it was filtered."""
    if current.by_htmx():
        return Response(_shown("inbox/_anew.html"), mimetype="text/html")
    return redirect(url_for("inbox.index", **_asked()), 303)  # type: ignore[arg-type]  # mypy sees _method among them


def _asked() -> dict[str, str]:
    """How the list is filtered: by this address, or by the one the form stood on."""
    sent = request.method == "POST"
    query = forms.split(request.referrer or "").query if sent else request.query_string
    asked = forms.arguments(query if isinstance(query, str) else query.decode())
    return {name: asked[name] for name in FILTERS if asked.get(name)}


def _shown(template: str) -> str:
    asked = _asked()
    show, section = asked.get("show", ""), asked.get("section", "")
    before = asked.get("before", "")
    chosen = Show(show) if show in set(Show) else Show.ALL
    with current.reading() as at:
        return render_template(
            template,
            page=inbox.page(
                at.session,
                chosen,
                section,
                forms.number(before),
            ),
            sections=inbox.sections(at.session),
            show=chosen,
            section=section,
            first=not before,
            at=at.now,
        )


def _tell(shared: list[Post], plan: Plan) -> None:
    left = []
    if plan.unfit:
        left.append(f"Open it to mend what {', '.join(plan.unfit)} can't take.")
    if plan.slotless:
        left.append(f"No free slot on {', '.join(plan.slotless)}.")
    if plan.returned:
        where = ", ".join(plan.returned)
        left.append(f"Changes were asked on {where}: open it to make them.")
    if plan.changed:
        where = ", ".join(plan.changed)
        left.append(f"Changed on {where} since you opened this page: look again.")
    said = " ".join(left)
    if not shared:
        answers.say(f"Nothing was scheduled. {said}".strip(), kind="bad")
        return
    verb = "Scheduled" if guards.allowed(Permission.PUBLISH) else "Sent for approval"
    with current.reading() as at:
        times = planned.times_in_words(cards.find_anew(shared, at), at.now)
    answers.say(
        f"{verb}{planned.on_channels(shared)}: {times}. {said}".strip(),
        undo="inbox.unshare",
        of=[post.id for post in shared],
        left=shared,
    )
