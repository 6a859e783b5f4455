"""Cards: one post as an editor writes it, with its count and what stands against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import request

from connectors.base import About, Problem
from desk import links, moments, posts, wakeup
from desk.lifecycle import Priority, State
from desk.models import Post, WorkingCopy
from desk.posts import Seen, copies, editing, repeats, validation
from desk.posts.copies import Page, Words
from desk.posts.editing import TYPED_INTO, Change, Shown, Written
from desk.posts.validation import Piece
from desk.scheduling import At, NextSlot, Now, When, foreseen, queueing
from desk.writing.hashtags import hashtags
from desk.writing.style import Style
from web import answers, current, forms, keeping, shown

OFFERED = 3  # hashtags to choose from
FIELDS = {  # in the form
    About.TEXT: "text",
    About.LINK: "link",
    About.IMAGE: "picture",
    About.ALT: "alt",
}


@dataclass(frozen=True)
class Card:
    """One post as someone writes it: its own words, or those of their working copy."""

    post: Post
    words: Words
    copy: WorkingCopy | None
    seen: validation.Rendered
    next_slot: datetime | None
    foreseen: tuple[str, ...] = ()  # what would keep it beyond its time, or now

    @property
    def text(self) -> str:
        return self.words.text

    @property
    def alt(self) -> str:
        return self.words.alt

    @property
    def revision(self) -> int:
        """From which these words began: what a form that saves them must name."""
        return self.words.revision if self.unsaved else self.post.revision

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return self.seen.pieces

    @property
    def replies(self) -> bool:
        """Does its link go in a reply of its own?"""
        return self.seen.replies

    @property
    def written(self) -> int:
        """How many parts its words fill, the reply with the link not counted."""
        return len(self.pieces) - self.replies

    @property
    def longest(self) -> Piece:
        return self.seen.longest

    @property
    def problems(self) -> tuple[Problem, ...]:
        if unfinished := links.problem(self.words.link):
            return (Problem(unfinished, About.LINK), *self.seen.problems)
        return self.seen.problems

    @property
    def over(self) -> int:
        return self.longest.over

    @property
    def unsaved(self) -> bool:
        """Is something written that would not be sent?"""
        return self.words.differs(self.post)

    @property
    def overtaken(self) -> bool:
        """Did someone change the post since these words began?"""
        return self.unsaved and self.words.revision != self.post.revision

    @property
    def hashtags(self) -> tuple[str, ...]:
        """What the topics of its article make, to press into the text."""
        article, style = self.post.article, Style.of(self.post.channel.style)
        return hashtags(article.topics, OFFERED, style.never) if article else ()

    @property
    def warnings(self) -> list[str]:
        """What to mind of the post and, where that stands nowhere else, its article."""
        article = self.post.article
        return [*(article.warnings if article else ()), *self.post.warnings]

    @property
    def undoable(self) -> bool:
        return self.post.former is not None

    def field_of(self, problem: Problem) -> str:
        """Where this problem is mended."""
        return f"{FIELDS[problem.about]}-{self.post.id}"

    def stands_against(self, when: When) -> bool:
        """Can this post not be given such a time?"""
        slotless = isinstance(when, NextSlot) and self.next_slot is None
        return bool(self.problems) or slotless


def card_of(post: Post, at: current.Moment) -> Card:
    """The card of a post as whoever is signed in writes it."""
    return cards_of([post], at)[0]


def cards_of(its: Sequence[Post], at: current.Moment) -> list[Card]:
    """The same of several."""
    ids = [post.id for post in its]
    return _drawn(its, at, copies.find_copies(at.session, ids, current.me().id))


def saved_card_of(post: Post, at: current.Moment) -> Card:
    """The card of a post as it goes out, whatever is being typed over it."""
    return saved_cards_of([post], at)[0]


def saved_cards_of(its: Sequence[Post], at: current.Moment) -> list[Card]:
    """The same of several."""
    return _drawn(its, at, {})


def _drawn(
    its: Sequence[Post], at: current.Moment, mine: Mapping[int, WorkingCopy]
) -> list[Card]:
    """Counted and drawn by their channels' own connectors."""
    desk, on = current.desk_opened(), {post.channel_id for post in its}
    free = queueing.next_slots(at.session, desk, on, at.now)
    return [_card(post, at, mine.get(post.id), free[post.channel_id]) for post in its]


def _card(
    post: Post, at: current.Moment, copy: WorkingCopy | None, free: datetime | None
) -> Card:
    words = copies.typed_words(post, copy)
    return Card(
        post=post,
        words=words,
        copy=copy,
        seen=validation.rendered(current.desk_opened(), post, words.text, words.alt),
        next_slot=free,
        foreseen=foreseen_of(post, at, words.text),
    )


def foreseen_of(
    post: Post, at: current.Moment, text: str | None = None
) -> tuple[str, ...]:
    """What the desk knows of its time, and of what it says then."""
    desk, zone = current.desk_opened(), current.zone()
    return tuple(foreseen.remarks(desk, at.session, post, at.now, zone, text))


def tell_foreseen(scheduled: Iterable[Post]) -> None:
    """Say what may keep these from going out in time, as they stand by now."""
    with current.reading() as at:
        found = [
            said for post in find_anew(scheduled, at) for said in foreseen_of(post, at)
        ]
    if found:
        answers.say(" ".join(dict.fromkeys(found)), kind="held")


def find_anew(its: Iterable[Post], at: current.Moment) -> list[Post]:
    """The same posts as they stand in this moment, to be drawn or told of."""
    return [posts.find_post(at.session, post.id) for post in its]


def posts_in_form(its: Iterable[Post]) -> list[Post]:
    """The posts whose words are in this form, in the page's order."""
    return in_order(post for post in its if f"text-{post.id}" in request.form)


def in_order(its: Iterable[Post]) -> list[Post]:
    return sorted(its, key=lambda post: (post.channel.name.lower(), post.id))


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
        _said(post),
        _revision(post),
        now=at.now,
        by=current.actor(),
        person_id=current.me().id,
        shown=_shown(post),
        page=_page(post),
    )
    keeping.has(place_in_browser(post), _begins_from(saved))
    return saved


def write(post: Post, at: current.Moment) -> Written:
    """What autosave does: saves a draft, and a working copy of anything scheduled."""
    written = editing.autosave(
        current.desk_opened(),
        at.session,
        post.id,
        _said(post),
        _revision(post),
        now=at.now,
        by=current.actor(),
        person_id=current.me().id,
        shown=_shown(post),
        page=_page(post),
    )
    copy = written.copy
    keeping.has(
        place_in_browser(post), copy.revision if copy else _begins_from(written.post)
    )
    return written


def set_aside(post: Post, at: current.Moment) -> None:
    """Keep the letters that no autosave has brought yet, where this form has some.

    Raises `OtherWords`: what another tab wrote there, this page can't set aside.
    """
    words = vars(change_in_form(post))
    typed = {name: words[name] for name in copies.TEXTS if words[name] is not None}
    me, page = current.me().id, _page(post)
    revision = _revision(post) if typed or page.shown else 0
    copies.refuse_unseen(at.session, post, me, typed, revision, page)
    if typed:
        copies.keep(at.session, post, me, typed, revision, at.now, page)


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
    return replace(shown.by(post.id), approved=post.state not in TYPED_INTO)


def tell_unsaved(given: Iterable[Post]) -> None:
    """Say what this person wrote over these and did not save: it does not go out."""
    with current.reading() as at:
        mine = [post for post in find_anew(given, at) if _has_unsaved(post, at)]
        names = ", ".join(post.channel.name for post in mine)
    if names:
        answers.say(
            f"Your unsaved words for {names} are not in it: they are kept on its page.",
            kind="held",
        )


def _has_unsaved(post: Post, at: current.Moment) -> bool:
    copy = copies.find_copy(at.session, post.id, current.me().id)
    return copies.typed_words(post, copy).differs(post)


def tell_unseen(unseen: Iterable[Post]) -> None:
    """Say that nothing was done with these, and why."""
    with current.reading() as at:
        names = ", ".join(post.channel.name for post in find_anew(unseen, at))
    answers.say(
        f"Changed on {names} since you opened this page: read it as it stands now, "
        "then press again.",
        kind="held",
    )


def place_in_browser(post: Post) -> str:
    """What a browser calls this post, which keeps words for it."""
    return f"post-{post.id}"


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
    return {name: _given(f"was-{name}-{post.id}") for name in copies.TEXTS}


def _page(post: Post) -> Page:
    """What its page knows of this person's working copy, where it is new enough."""
    seen = {name: _given(f"seen-{name}-{post.id}") for name in copies.TEXTS}
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
        and post.state not in TYPED_INTO
        and editing.says(post, change_in_form(post))
    )


def stands_against(card: Card, when: When, at: current.Moment) -> bool:
    """Can this post not go out at that time, by itself or for another of its words?"""
    if card.stands_against(when):
        return True
    due_at = when.due_at if isinstance(when, At) else at.now
    if isinstance(when, NextSlot) and card.next_slot is not None:
        due_at = card.next_slot
    desk = current.desk_opened()
    post = card.post
    return bool(repeats.stands_against(desk, at.session, post, post.text, due_at))


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
            return At(written) if written > at.now else Now()


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


def wake_clock() -> None:
    wakeup.call(current.settings())


def _given(name: str) -> str | None:
    """A field's text; None where the form has no such field."""
    return forms.text(name) if name in request.form else None
