"""Shown: what a page shows of a post, and how its buttons say so.

A post that stands otherwise when a button is pressed was changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from desk import conflicts, posts
from desk.conflicts import mark
from desk.models import Post, WorkingCopy
from desk.posts import Seen, arrangement, stands, working_copies
from desk.posts.marks import Mark
from desk.posts.working_copies import TEXTS
from web import forms


def fields(post: Post) -> dict[str, int | str]:
    """The hidden fields of a button's form."""
    return {f"revision-{post.id}": post.revision, f"stood-{post.id}": stands(post)}


def by(post_id: int) -> Seen:
    """What the page of this button showed. Raises `Unsaid`."""
    return Seen(
        forms.number_showed(f"revision-{post_id}"),
        stood=forms.showed(f"stood-{post_id}"),
    )


def by_each(post_ids: Iterable[int]) -> dict[int, Seen]:
    """The same of several; each says its own."""
    return {one: by(one) for one in post_ids}


def together(its: Iterable[Post]) -> list[tuple[int, int, str]]:
    """How all of these stand, for one mark: a cookie has no room for each."""
    return sorted((post.id, post.revision, stands(post)) for post in its)


def left(post: Post) -> str:
    """The mark of one of them, for a button that undoes something of it."""
    return mark(together([post]))


def left_together(its: Iterable[Post]) -> str:
    """The mark of several, as an Undo of them all says it."""
    return mark(together(its))


def drafts_together(its: Iterable[Post | Mark]) -> str:
    """How the drafts of a story stand, for the tick of its row."""
    return mark(sorted((post.id, stands(post)) for post in its))


def undone(session: Session) -> list[int]:
    """The posts that this Undo button is about, locked. Raises as the next one does."""
    wanted = forms.these(forms.MOST_UNDONE)
    refuse_changed(session, wanted)
    return wanted


def refuse_changed(session: Session, post_ids: Iterable[int]) -> None:
    """Lock these posts, which a button undoes something of.

    Raises `Overtaken` where one stands otherwise than its page showed, and `Unsaid`.
    """
    wanted = list(post_ids)
    posts.lock_all(session, wanted)
    its = [posts.find_post(session, one, lock=True) for one in wanted]
    conflicts.refuse_changed(forms.stands(), together(its))


def by_card(post_id: int) -> Seen:
    """What the card of this form showed beside its words. Raises `Unsaid`."""
    return Seen(
        None,
        stood=forms.showed(f"stood-{post_id}"),
        arranged=forms.showed(f"arranged-{post_id}"),
    )


def standing_by(post_id: int) -> Seen:
    """The state and time alone, by form or address. Raises `Unsaid`."""
    return Seen(None, stood=forms.showed(f"stood-{post_id}"))


def saved(post: Post) -> Seen:
    """What a press may take for granted of a post whose words its form has saved.

    That is these words, and all else as its page showed it.
    """
    its = by_card(post.id)
    return replace(Seen.of(post), stood=its.stood, arranged=its.arranged)


def standing(post: Post | Mark) -> dict[str, str]:
    """For the address of a button whose form has the revision that words began from."""
    return {f"stood-{post.id}": stands(post)}


def copy_fields(post: Post, copy: WorkingCopy | None) -> dict[str, int | str]:
    """The hidden fields of a button that discards one's own words, shown beside it."""
    words = working_copies.typed_words(post, copy)
    seen = {f"seen-{name}-{post.id}": getattr(words, name) for name in TEXTS}
    return {f"revision-{post.id}": words.revision, **seen}


def arranging(post: Post) -> dict[str, str]:
    """For the card of a post: what it shows that no words tell."""
    return {f"arranged-{post.id}": arrangement(post)}
