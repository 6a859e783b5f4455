"""Post forms: what a person wrote over posts, as a form says it, and keeping it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import request

from desk import moments
from desk.lifecycle import UNDECIDED, Priority, State
from desk.models import Post
from desk.posts import Seen, editing, working_copies
from desk.posts.editing import Change, Shown, Typed, Written
from desk.posts.working_copies import Page
from desk.scheduling import NextSlot, Now, When, at_or_now, planning
from desk.scheduling.planning import Planned
from web import cards, current, forms, keeping, shown


def posts_in_form(its: Iterable[Post]) -> list[Post]:
    """The posts whose words are in this form, in the page's order."""
    return cards.in_order(post for post in its if f"text-{post.id}" in request.form)


def save(post: Post, at: current.Moment) -> Post:
    """Put what was written into the post; the same form again changes nothing.

    Into a post that stands otherwise than its page showed, only as autosave does.
    """
    if _second_click(post) or (is_moved(post) and change_in_form(post) == Change()):
        keeping.has(place_in_browser(post), _begins_from(post))
        return post
    if is_moved(post):
        return write(post, at).post  # into no post that its page never showed so
    saved = editing.edit(
        current.desk_opened(),
        at.session,
        post.id,
        _typed(post),
        now=at.now,
        by=current.actor(),
        person_id=current.me().id,
    )
    keeping.has(place_in_browser(post), _begins_from(saved))
    return saved


def write(post: Post, at: current.Moment) -> Written:
    """What autosave does: saves a draft, and a working copy of anything scheduled."""
    written = editing.autosave(
        current.desk_opened(),
        at.session,
        post.id,
        _typed(post),
        now=at.now,
        by=current.actor(),
        person_id=current.me().id,
    )
    copy = written.copy
    keeping.has(
        place_in_browser(post), copy.revision if copy else _begins_from(written.post)
    )
    return written


def set_aside(post: Post, at: current.Moment) -> None:
    """Keep the letters that no autosave has brought yet, where this form has some.

    Raises `OtherWords`: what another tab wrote there, this page can't set aside. And
    `Unsaid` where nobody knows which words it showed.
    """
    words = vars(change_in_form(post))
    typed = {
        name: words[name] for name in working_copies.TEXTS if words[name] is not None
    }
    me, page = current.me().id, _page(post)
    if page.shown.keys() != set(working_copies.TEXTS):
        raise forms.Unsaid(forms.UNSAID)
    revision = _revision(post)
    working_copies.refuse_unseen(at.session, post, me, typed, revision, page)
    if typed:
        working_copies.keep(at.session, post, me, typed, revision, at.now, page)


def change_in_form(post: Post) -> Change:
    """What this form's person wrote, on the page as it stood when they opened it."""
    return _said(post).since(_shown(post))


def is_unseen(post: Post) -> bool:
    """Does the post say by now, or stand, as this form's page never showed?"""
    if is_done(post):
        return False
    moved = is_moved(post)
    return moved or (_revision(post) != post.revision and not _shows_all(post))


def is_moved(post: Post) -> bool:
    """Did someone decide on the post, or time it, since this form's page was drawn?"""
    return not shown.standing_by(post.id).holds(post)


def is_done(post: Post) -> bool:
    """Did this very form give the post its time?"""
    key = idempotency_key_of(post)
    return key is not None and post.idempotency_key == key and post.state != State.DRAFT


def seen_by_form(post: Post) -> Seen:
    """What this form's page showed of the post. Raises `Unsaid`."""
    return replace(shown.by(post.id), approved=post.state not in UNDECIDED)


def place_in_browser(post: Post) -> str:
    """What a browser calls this post, which keeps words for it."""
    return f"post-{post.id}"


def _typed(post: Post) -> Typed:
    """All that the form says of this post, and from where it began."""
    return Typed(_said(post), _revision(post), _shown(post), _page(post))


def _said(post: Post) -> Change:
    """All that the form says of this post, written or not."""
    return Change(
        text=_given(f"text-{post.id}"),
        alt=_given(f"alt-{post.id}"),
        credit=_given(f"credit-{post.id}"),
        link=_given(f"link-{post.id}"),
    )


def _shown(post: Post) -> Shown:
    """What its page said there, before anybody wrote on it."""
    return {name: _given(f"was-{name}-{post.id}") for name in working_copies.TEXTS}


def _page(post: Post) -> Page:
    """What its page knows of this person's working copy, where it is new enough."""
    seen = {name: _given(f"seen-{name}-{post.id}") for name in working_copies.TEXTS}
    shown = {name: text for name, text in seen.items() if text is not None}
    return Page(forms.text(f"page-{post.id}", 100), shown)


def _revision(post: Post) -> int:
    return forms.number_showed(f"revision-{post.id}")


def _begins_from(post: Post) -> int:
    """The revision of what is written next on this page.

    The page's own, as long as some word there is older than the post.
    """
    return post.revision if _shows_all(post) else _revision(post)


def _shows_all(post: Post) -> bool:
    """Does this form's page show all that the post says?"""
    arranged = shown.by_card(post.id).arranged
    as_shown = Seen(None, arranged=arranged).holds(post)
    return as_shown and editing.says(post, _said(post))


def _second_click(post: Post) -> bool:
    """Is this the second half of a double click?"""
    again = idempotency_key_of(
        post
    ) is not None and post.idempotency_key == idempotency_key_of(post)
    return (
        again
        and post.state not in UNDECIDED
        and editing.says(post, change_in_form(post))
    )


def idempotency_key_of(post: Post) -> str | None:
    """The form's key, made this post's own: a double click schedules once."""
    key = forms.text("once", 100)
    return f"{key}:{post.id}" if key else None


def chosen_time(at: current.Moment) -> When:
    """The time that was chosen: now, the next free slot, or one that was written.

    A written time that has come is now, too: it can be undone.
    """
    match forms.text("when", 20):
        case "slot":
            return NextSlot()
        case "now":
            return Now()
        case _:
            written = moments.parse(forms.text("at", 100), current.zone(), at.now)
            return at_or_now(written, at.now)


def plan(post_id: int, unless_timed: bool = False) -> Planned:
    """What its time takes, found before the transaction that gives it.

    `unless_timed`: where the form names no time, it may want the next free slot.
    """
    asked = forms.text("when", 20)
    slot = asked == "slot" or (unless_timed and not asked)
    with current.reading() as at:
        desk = current.desk_opened()
        return planning.plan(desk, at.session, [post_id], at.now, slot)[post_id]


def chosen_priority() -> str | None:
    """The class that was chosen, where one was."""
    chosen = forms.text("priority", 20)
    if not chosen:
        return None
    if chosen not in set(Priority):
        raise forms.BadForm(
            f"There is no class “{chosen}”. Choose breaking, normal or evergreen."
        )
    return chosen


def _given(name: str) -> str | None:
    """A field's text; None where the form has no such field."""
    return forms.text(name) if name in request.form else None
