"""Errors: what the desk refuses, as a status and a sentence, on a page or in place."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from flask import Flask, Response, render_template, request, url_for
from flask.globals import request_ctx
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from desk import report, shares
from desk.merging import merge_words
from desk.models import Post
from desk.outbound_limit import Crowded
from desk.posts import working_copies
from desk.posts.editing import Conflict
from desk.posts.working_copies import OtherWords
from desk.refusal import Refusal
from desk.shares.editing import Conflict as ShareConflict
from web import current, forms, post_forms, share_forms
from web.guards import SignedOut

SENTENCES = {
    400: "The desk could not make sense of this request. Go back and try again.",
    404: "There is nothing at this address. It may have been moved or mistyped.",
    405: "This address takes another kind of request. Go back and use its button.",
    413: (
        "This is more than the desk takes at once: 12 MB for a picture, 8 MB for "
        "text, 2,000 fields in a form. Paste the article alone, or a smaller picture."
    ),
    429: "Too many tries. Wait a few minutes, then sign in again.",
    500: (
        "Something broke on our side; it is in the log. What you had saved is "
        "kept. Try again, and if it stays, tell whoever runs this desk."
    ),
}

OLD_FORM = "Desk-Form-Old"  # the page is older than the sign-in
WRITTEN_IN = frozenset(
    {
        "compose",
        "correcting",
        "inbox",
        "pictures",
        "posts",
        "share_pictures",
        "shares",
        "writing",
    }
)

log = structlog.get_logger(__name__)


def add(app: Flask) -> None:
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(Crowded, _crowded)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(ShareConflict, _share_conflict)
    app.register_error_handler(OtherWords, _other_words)
    app.register_error_handler(SignedOut, _signed_out)
    app.register_error_handler(CSRFError, _not_our_form)
    app.register_error_handler(DataError, _not_data)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(RequestEntityTooLarge, _http)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def _refused(error: Refusal) -> Response:
    return error_page(error.status, error.sentence)


def _crowded(error: Crowded) -> Response:
    return error_page(error.status, error.sentence, again=True)


def _signed_out(_error: Exception) -> Response:
    return error_page(
        401,
        "You are signed out. Sign in in another tab, then come back here and send "
        "this again: what you wrote is still on the page.",
        again=True,
    )


def _not_our_form(_error: Exception) -> Response:
    answer = error_page(
        403,
        "This page is older than your sign-in, so the desk has done nothing yet. Try "
        "once more; if that does not help, allow the desk's cookies.",
        again=True,
    )
    answer.headers[OLD_FORM] = "yes"
    return answer


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    return error_page(status, SENTENCES.get(status, SENTENCES[400]))


def _too_many(error: RateLimitExceeded) -> Response:
    said = error.limit.error_message if error.limit else None
    return error_page(429, said if isinstance(said, str) else SENTENCES[429])


def _not_data(error: DataError) -> Response:
    """A value that no column holds, such as a text with a NUL in it."""
    log.warning(
        "the database takes no such value",
        page=current.page(),
        why=type(error.orig).__name__,
    )
    return error_page(400, SENTENCES[400])


def _broken(error: Exception) -> Response:
    log.error("a page broke", page=current.page(), exc_info=error)
    return error_page(500, SENTENCES[500])


def error_page(status: int, sentence: str, again: bool = False) -> Response:
    """The sentence: in place where htmx asked, else as a page.

    With `again`, the page holds what was written, to be sent once more.
    """
    if request_ctx.url_adapter is None:  # without a host, no page has its links
        return Response(sentence, status, mimetype="text/plain")
    if current.by_htmx():
        return _in_place(status, sentence)
    page = render_template(
        "errors/page.html",
        status=status,
        sentence=sentence,
        back=_back(),
        again=_written() if again else [],
    )
    return Response(page, status)


def _written() -> list[tuple[str, str]]:
    """What came from a form of ours that people write in; never a password."""
    ours = "Origin" in request.headers or "Sec-Fetch-Site" in request.headers
    if not ours or request.blueprint not in WRITTEN_IN:  # guards looked at the two
        return []
    sent = request.form.items(multi=True)
    return [(name, value) for name, value in sent if name != "csrf_token"]


def _in_place(status: int, sentence: str) -> Response:
    answer = Response(render_template("errors/_notice.html", sentence=sentence), status)
    answer.headers["HX-Retarget"] = "#toasts"
    answer.headers["HX-Reswap"] = "innerHTML show:top"
    return answer


def _conflict(error: Conflict) -> Response:
    """Both, side by side; nothing that either wrote is lost."""
    with current.reading() as at:
        account, now = report.account(at.session, error.post_id), at.now
    theirs = account.post
    values = {k: v for k, v in request.form.items(multi=True) if k != "csrf_token"}
    ticked = forms.values_of("posts")
    values.pop("posts", None)
    template = (
        "compose/_conflict.html" if current.by_htmx() else "compose/conflict.html"
    )
    body = render_template(
        template,
        post=theirs,
        change=account.last_by_hand,
        theirs=working_copies.post_words(theirs),
        differing=list(_differing(theirs)),
        both=_both(theirs),
        written=_written_over(theirs),
        values=values,
        ticked=ticked,
        action=_action(theirs.id),
        at=now,
    )
    return _to_choose(body)


def _share_conflict(error: ShareConflict) -> Response:
    """Both, for each field that two people changed; nothing of either is lost."""
    with current.reading() as at:
        share = shares.find_share(at.session, error.share_id)
        differing = share_forms.differing(share, error.fields)
        meanwhile = share_forms.saved_words(share, error.fields, at.now)
    sent = [(k, v) for k, v in request.form.items(multi=True) if k != "csrf_token"]
    template = "share/_conflict.html" if current.by_htmx() else "share/conflict.html"
    body = render_template(
        template,
        share=share,
        revision=error.revision,
        differing=differing,
        meanwhile=meanwhile,
        sent=sent,
        action=url_for("shares.save", share_id=share.id),
    )
    return _to_choose(body)


def _other_words(error: OtherWords) -> Response:
    """Two texts of one person, side by side; nothing went over anything."""
    with current.reading() as at:
        post = report.account(at.session, error.post_id).post
    template = (
        "compose/_other_words.html" if current.by_htmx() else "compose/other_words.html"
    )
    mine, kept = vars(error.mine), vars(error.kept)
    body = render_template(
        template,
        post=post,
        sentence=str(error),
        mine=error.mine,
        kept=error.kept,
        differing=[name for name in working_copies.TEXTS if mine[name] != kept[name]],
        saved=working_copies.post_words(post),
        newest=f"text-{post.id}" in request.form,
    )
    return _to_choose(body)


def _to_choose(body: str) -> Response:
    answer = Response(body, 409)
    if current.by_htmx():
        answer.headers["HX-Retarget"] = "#toasts"
        answer.headers["HX-Reswap"] = "innerHTML show:top"
    return answer


def _differing(theirs: Post) -> Iterator[tuple[str, str, str]]:
    """Each field on which writer and post disagree: its name, and what both say."""
    mine = _written_over(theirs)
    for name, said in working_copies.post_words(theirs).items():
        if name == "text" or mine.get(name, said) != said:
            yield name, mine.get(name, said), said


def _both(theirs: Post) -> dict[str, str]:
    """What the writer and the post say, in one, of each field on which they differ."""
    return {
        name: mine
        if name == "link"  # there is one only
        else merge_words(forms.text(f"was-{name}-{theirs.id}"), said, mine)
        for name, mine, said in _differing(theirs)
    }


def _written_over(theirs: Post) -> dict[str, str]:
    """What was written into the fields of this form."""
    said = vars(post_forms.change_in_form(theirs))
    return {name: said[name] for name in working_copies.TEXTS if said[name] is not None}


def _action(post_id: int) -> str:
    """Where the form goes again; autosave's answer becomes a real saving.

    So does that to a new picture, whose file the form can't hold.
    """
    if request.endpoint in ("posts.write", "pictures.put"):
        return url_for("posts.save", post_id=post_id)
    return request.path


def _back() -> str:
    """The page that the form stood on, where the browser told us and it is ours."""
    before = request.referrer or ""
    own = f"{request.scheme}://{request.host}/"
    return before[len(own) - 1 :] if before.startswith(own) else "/"
