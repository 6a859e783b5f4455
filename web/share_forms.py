"""Share forms: what a person wrote into a share, as a form says it, and keeping it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request

from desk import merging, moments, shares
from desk.lifecycle import Priority
from desk.models import Post, Share
from desk.posts import Seen, following
from desk.scheduling import NextSlot, When, at_or_now
from desk.shares import autosaving, editing
from desk.shares.editing import About, Change, Doing, Saved, Typed
from desk.shares.rendering import Field
from web import current, forms, keeping, planned, post_forms

NAMES = {  # of a field in `began-…`, and of the place where a browser keeps its words
    Field.TEXT: "text",
    Field.LINK: "link",
    Field.PICTURES: "pictures",
    Field.NOTE: "note",
    Field.LABELS: "labels",
    Field.PRIORITY: "class",
}
ONE_OR_OTHER = frozenset({Field.LINK, Field.PRIORITY})
OF_PICTURE = re.compile(r"share-(?:alt|credit)-([0-9]{1,18})")


def save(share: Share, its: Sequence[Post], at: current.Moment) -> list[Post]:
    """Put in all that this form says: into posts of the share, then into itself.

    So what was typed for one channel alone stands before the share's words reach the
    others. Gives the posts that stand otherwise than its page showed.
    """
    in_form = post_forms.posts_in_form(its)
    written = [post_forms.save(post, at) for post in in_form]
    unseen = [post for post in written if post_forms.is_unseen(post)]
    _save_fields(share, at)
    return unseen


def _save_fields(share: Share, at: current.Moment) -> None:
    """Put the share's own words in."""
    typed, by = typed_in_form(share), current.actor()
    saved = editing.save_share(
        current.desk_opened(), at.session, share.id, typed, now=at.now, by=by
    )
    _tell_kept(saved.share, typed)


def write_fields(share: Share, at: current.Moment) -> Saved | None:
    """What autosave does; None: it would change what is sent."""
    typed, by = typed_in_form(share), current.actor()
    saved = autosaving.autosave_share(
        current.desk_opened(), at.session, share.id, typed, now=at.now, by=by
    )
    if saved is not None:
        _tell_kept(saved.share, autosaving.finished(typed))
    return saved


def locked(share_id: int, at: current.Moment) -> tuple[Share, list[Post]]:
    """A share and its posts, for a change of several. Raises `NoSuchShare`."""
    share = shares.locked(at.session, share_id, current.actor())
    return share, following.posts_of(at.session, share)


def typed_in_form(share: Share) -> Typed:
    """What this form's person wrote, and from where each field began.

    Raises `Conflict`, `Unsaid`.
    """
    return Typed(_change_in_form(share), share.revision, _began_in_form())


def _change_in_form(share: Share) -> Change:
    """Without what says what its page showed."""
    about = _about_pictures()
    labels = _written("share-labels")
    priority = _written("share-class")
    return Change(
        text=_written("share-text"),
        link=_written("share-link"),
        pictures=editing.described(share, about) if about else None,
        priority=Priority(priority) if priority in set(Priority) else None,
        note=_written("share-note"),
        labels=None if labels is None else _labels(labels),
    )


def _began_in_form() -> dict[Field, int]:
    """The revision of the share that each of its fields began from. Raises `Unsaid`."""
    named = {one: f"began-{name}" for one, name in NAMES.items()}
    sent = {one: name for one, name in named.items() if name in request.form}
    return {one: forms.number_showed(name) for one, name in sent.items()}


CALLED = {  # in the sentence that says who changed it
    Field.TEXT: "this text",
    Field.LINK: "this link",
    Field.PICTURES: "what is said of the pictures",
    Field.NOTE: "this note",
    Field.LABELS: "these labels",
    Field.PRIORITY: "this class",
}


def saved_words(share: Share, fields: Collection[Field], now: datetime) -> str:
    """Who saved these meanwhile, and when: each of them once."""
    doings = editing.last_doings(share, fields)
    said: dict[tuple[str, str], list[str]] = {}
    for one in (one for one in CALLED if one in fields):
        said.setdefault(_saved_by(doings.get(one), now), []).append(CALLED[one])
    each = [f"{who} saved {' and '.join(its)}{at}" for (who, at), its in said.items()]
    return f"{'; '.join(each)}, while you were writing."


def _saved_by(doing: Doing | None, now: datetime) -> tuple[str, str]:
    """Who, and at what time: such as "Mika Oduya" and " at 17:03"."""
    if doing is None:
        return "Somebody else", ""
    at = f" at {planned.near_words(doing.at, now)}"
    if doing.person_id is not None and doing.person_id == current.me().id:
        return "You", f"{at} in another window"
    return doing.who or "The desk", at


@dataclass(frozen=True)
class Differing:
    """A field of a form on which its writer and somebody else disagree."""

    field: Field
    name: str
    label: str
    mine: str
    theirs: str
    place: str  # in a browser that keeps its words
    gone: bool = False  # the share has no such field any more: words of a lost picture

    @property
    def began(self) -> str:
        """The field that names the revision which its words began from."""
        return f"began-{NAMES[self.field]}"

    @property
    def before(self) -> str:
        """What the page showed when they were begun."""
        return forms.text(self.was)

    @property
    def both(self) -> str:
        """What two people wrote, in one; of what can be one thing only, mine."""
        if self.field is Field.LABELS:
            return merging.merge_lists(self.theirs, self.mine)
        if self.field in ONE_OR_OTHER:
            return self.mine
        return merging.merge_words(self.before, self.theirs, self.mine)

    @property
    def was(self) -> str:
        """The field that names what its page showed."""
        return f"was-{self.name}"


def differing(share: Share, fields: Collection[Field]) -> list[Differing]:
    """Each that this form says, and the share says otherwise."""
    said = dict(_fields_of(share))
    found = []
    for name, (one, label, theirs) in said.items():
        mine = _written(name)
        if one in fields and mine is not None and mine != theirs:
            place = place_in_browser(share, one)
            found.append(Differing(one, name, label, mine, theirs, place))
    return [*found, *_about_lost_pictures(share, said)]


def _about_lost_pictures(share: Share, known: Collection[str]) -> Iterator[Differing]:
    """What was written about pictures that the share shows no more."""
    place = place_in_browser(share, Field.PICTURES)
    for name in request.form:
        mine = _written(name) if OF_PICTURE.fullmatch(name) else None
        if mine is not None and name not in known:
            label = "About a picture that was taken out"
            yield Differing(Field.PICTURES, name, label, mine, "", place, gone=True)


def _fields_of(share: Share) -> Iterator[tuple[str, tuple[Field, str, str]]]:
    """What the fields of a form would say of it now, by their names."""
    yield "share-text", (Field.TEXT, "Text", share.text)
    yield "share-link", (Field.LINK, "Link", share.link or "")
    for seen in share.pictures:
        number = seen.picture_id
        yield f"share-alt-{number}", (Field.PICTURES, "Alt text", seen.alt)
        yield f"share-credit-{number}", (Field.PICTURES, "Credit", seen.credit)
    yield "share-note", (Field.NOTE, "Note", share.note)
    yield "share-labels", (Field.LABELS, "Labels", labels_in_form(share))
    yield "share-class", (Field.PRIORITY, "Class", share.priority)


def labels_in_form(share: Share) -> str:
    return ", ".join(label.name for label in share.labels)


def place_in_browser(share: Share, one: Field) -> str:
    """What a browser calls this field, for which it keeps words."""
    return f"share-{share.id}-{NAMES[one]}"


def chosen_time(at: current.Moment, post_id: int | None = None) -> When | None:
    """The time that was picked, for a post alone or for all; None: none was."""
    name = "at" if post_id is None else f"at-{post_id}"
    written = forms.text(name, 100)
    if not written.strip():
        return None
    return at_or_now(moments.parse(written, current.zone(), at.now), at.now)


def chosen_times(
    its: Sequence[Post], common: When, at: current.Moment
) -> dict[int, When]:
    """When each of these is to go out: by its own time, or by that of all."""
    return {post.id: chosen_time(at, post.id) or common for post in its}


def common_time(at: current.Moment) -> When:
    """The next free slot of each channel, or one time for all. Never now by itself."""
    if forms.text("when", 20) == "slot":
        return NextSlot()
    picked = chosen_time(at)
    if picked is None:
        example = moments.example_time(at.now, current.zone())
        raise forms.BadForm(f"Pick a time first, such as 18:30 or {example}.")
    return picked


def left_out(its: Sequence[Post]) -> dict[int, bool]:
    """Of each post that this form asks about, and whose tick somebody changed there."""
    ticked, took = forms.many("posts"), forms.many("took")
    asked = [post.id for post in its if f"text-{post.id}" in request.form]
    return {one: one in took for one in asked if (one in ticked) != (one in took)}


def seen_after(its: Sequence[Post]) -> dict[int, Seen]:
    """These as this very form left them."""
    return {post.id: Seen.of(post) for post in its}


def _labels(written: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip() for one in written.split(","))))


def _about_pictures() -> dict[int, About]:
    numbers = {
        found[1] for name in request.form if (found := OF_PICTURE.fullmatch(name))
    }
    said = {int(one): _about(one) for one in numbers}
    return {one: about for one, about in said.items() if about != About()}


def _about(number: str) -> About:
    return About(
        alt=_written(f"share-alt-{number}"),
        credit=_written(f"share-credit-{number}"),
        looked_at=f"checked-{number}" in request.form,
    )


def _written(name: str) -> str | None:
    """A field's text; None where there is no such field, or nobody wrote in it."""
    if name not in request.form:
        return None
    said = forms.text(name)
    was = f"was-{name}"
    return None if was in request.form and forms.text(was) == said else said


def _tell_kept(share: Share, typed: Typed) -> None:
    """Whatever is typed next into what was written begins from here.

    Not into the rest: somebody else may have changed it since its page was drawn.
    """
    for one in NAMES:
        if getattr(typed.change, one) is not None:
            keeping.has(place_in_browser(share, one), share.revision)
