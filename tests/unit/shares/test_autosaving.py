"""What is typed into a share goes in by itself, as long as it changes nothing timed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import db, scheduling
from desk.desk import Desk
from desk.lifecycle import Priority
from desk.models import Share
from desk.posts import editing as posts
from desk.scheduling import At
from desk.shares import editing
from desk.shares.autosaving import autosave_share
from desk.shares.editing import About, Change, Conflict, Saved, Shown, Typed
from desk.shares.rendering import Field
from tests.factories import look_up
from tests.unit.articles.taken import drafts, take
from tests.unit.shares.sharing import INES, edit, keep_picture, save, share_of

HOUR = timedelta(hours=1)


def autosave(
    desk: Desk, share_id: int, change: Change, began: dict[Field, int] | None = None
) -> Saved | None:
    with desk.db.writing() as session:
        revision = session.get_one(Share, share_id).revision
        typed = Typed(change, revision, began or {})
        now = db.now(session)
        return autosave_share(desk, session, share_id, typed, now=now, by=INES)


def schedule(desk: Desk, post_id: int) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        at = At(now + HOUR)
        scheduling.schedule(desk, session, post_id, at, now=now, by=INES)


def test_drafts_say_it_at_once(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))

    autosave(any_desk, first.share_id, Change(text="Typed"))

    assert [look_up(any_desk, one.id).text for one in (first, second)] == ["Typed"] * 2


@pytest.mark.parametrize(
    "change",
    [
        Change(text="Typed"),
        Change(link="https://paper.example/other"),
        Change(priority=Priority.BREAKING),
    ],
)
def test_what_has_its_time_keeps_all_from_being_saved(
    any_desk: Desk, change: Change
) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    schedule(any_desk, second.id)
    before = look_up(any_desk, first.id), look_up(any_desk, second.id)

    saved = autosave(any_desk, first.share_id, change)

    after = look_up(any_desk, first.id), look_up(any_desk, second.id)
    assert saved is None
    assert [post.revision for post in after] == [post.revision for post in before]
    assert share_of(any_desk, first.id).revision == 1


def test_a_timed_post_with_its_own_words_keeps_nobody_from_it(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    edit(any_desk, second.id, posts.Change(text="In other words"))
    schedule(any_desk, second.id)

    autosave(any_desk, first.share_id, Change(text="Typed"))

    assert look_up(any_desk, first.id).text == "Typed"
    assert look_up(any_desk, second.id).text == "In other words"


def test_a_note_is_never_sent_and_is_always_saved(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    schedule(any_desk, second.id)

    autosave(any_desk, first.share_id, Change(note="Ask first", labels=("ferry",)))

    share = share_of(any_desk, first.id)
    assert (share.note, [one.name for one in share.labels]) == ("Ask first", ["ferry"])


def test_a_link_that_is_none_yet_waits_and_the_text_goes_in(any_desk: Desk) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    link = share_of(any_desk, first.id).link

    autosave(any_desk, first.share_id, Change(text="Typed", link="https://pa"))

    share = share_of(any_desk, first.id)
    assert (share.text, share.link) == ("Typed", link)


def test_each_field_conflicts_by_the_revision_that_it_began_from(
    any_desk: Desk,
) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    share_id = first.share_id
    save(any_desk, share_id, Change(link="https://paper.example/theirs"))  # revision 2
    autosave(any_desk, share_id, Change(text="Typed"), {Field.TEXT: 1})

    autosave(any_desk, share_id, Change(text="Typed on"), {Field.TEXT: 3})
    mine = Change(link="https://paper.example/mine")
    with pytest.raises(Conflict) as caught:
        autosave(any_desk, share_id, mine, {Field.TEXT: 4, Field.LINK: 1})

    assert caught.value.fields == {Field.LINK}
    assert share_of(any_desk, first.id).text == "Typed on"


def test_what_is_written_about_a_picture_stays_with_that_picture(
    any_desk: Desk,
) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    picture_id = keep_picture(any_desk)
    shown = Shown(picture_id, "A drafted alt text", "Noor Halvard", alt_is_draft=True)
    save(any_desk, first.share_id, Change(pictures=(shown,)))
    share = share_of(any_desk, first.id)

    typed = editing.described(share, {picture_id: About(alt="A ferry at the quay")})
    looked_at = editing.described(share, {picture_id: About(looked_at=True)})

    assert typed == (Shown(picture_id, "A ferry at the quay", "Noor Halvard"),)
    assert looked_at == (Shown(picture_id, "A drafted alt text", "Noor Halvard"),)
    with pytest.raises(Conflict):
        editing.described(share, {picture_id + 1: About(alt="Of another picture")})
