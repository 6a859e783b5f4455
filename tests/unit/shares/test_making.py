"""New shares: of words alone, again, another angle, and a copy of all there is."""

from __future__ import annotations

import pytest

from desk import channels, db, shares
from desk.articles import angles
from desk.articles.angles import NoAngle
from desk.channels import channel_settings
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post, Share
from desk.models.people import Role
from desk.people.actors import Actor
from desk.people.rights import NotYours
from desk.posts.editing import Change
from desk.shares import fitting, making
from desk.shares.editing import Change as ShareChange
from desk.shares.editing import Shown
from desk.shares.making import New, NoChannel
from desk.writing.style import Style
from tests.factories import actor, look_up, make_channel, make_person
from tests.unit.articles.taken import drafts, take
from tests.unit.publishing import steps
from tests.unit.shares.sharing import INES, edit, keep_picture, own, save, share_of


def make(
    desk: Desk, new: New, *channel_ids: int, key: str | None = None, by: Actor = INES
) -> Share:
    with desk.db.reading() as session:
        its = [one for one in channels.list_channels(session) if one.id in channel_ids]
    seen = new.pictures[0].picture_id if new.pictures else None
    fitted = fitting.of_picture(desk, seen, its)
    with desk.db.writing() as session:
        return making.make_share(
            desk,
            session,
            new,
            channel_ids,
            now=db.now(session),
            by=by,
            fitted=fitted,
            idempotency_key=key,
        )


def again(desk: Desk, share_id: int) -> Share:
    fitted = fitting.for_share(desk, share_id)
    with desk.db.writing() as session:
        now = db.now(session)
        return making.share_again(
            desk, session, share_id, now=now, by=INES, fitted=fitted
        )


def duplicate(desk: Desk, share_id: int) -> Share:
    with desk.db.writing() as session:
        now = db.now(session)
        return making.duplicate_share(desk, session, share_id, now=now, by=INES)


def posts_of(desk: Desk, share: Share) -> list[Post]:
    with desk.db.reading() as session:
        ids = [post.id for post in shares.posts_of(session, share.id)]
    return [look_up(desk, post_id) for post_id in ids]


def test_a_plain_message_goes_to_every_channel_in_its_style(any_desk: Desk) -> None:
    bay, coast = (make_channel(any_desk, name) for name in ("Bay", "Coast"))
    with any_desk.db.writing() as session:
        channel_settings.set_style(session, coast, Style(template="Desk: {teaser}"))
    shown = Shown(keep_picture(any_desk), alt="A quay", credit="Noor")
    link = "https://saltmere.example/live"

    share = make(any_desk, New("Rain", link, (shown,), labels=("Weather",)), bay, coast)

    one, two = posts_of(any_desk, share)
    assert (one.text, two.text) == ("Rain", "Desk: Rain")
    assert {(p.link, p.alt, p.picture_id) for p in (one, two)} == {
        (link, "A quay", shown.picture_id)
    }
    assert {p.state for p in (one, two)} == {State.DRAFT}
    assert own(any_desk, one.id) == own(any_desk, two.id) == set()
    assert [label.name for label in share_of(any_desk, one.id).labels] == ["Weather"]


def test_the_same_key_makes_one_share(any_desk: Desk) -> None:
    bay = make_channel(any_desk, "Bay")

    made, same = (make(any_desk, New("Rain"), bay, key="k") for _ in range(2))

    assert made.id == same.id
    assert len(posts_of(any_desk, made)) == 1


def test_a_share_goes_somewhere_and_is_made_by_who_may_write(any_desk: Desk) -> None:
    reader = actor(make_person(any_desk, "Rita", Role.ANALYST))

    with pytest.raises(NoChannel):
        make(any_desk, New("Rain"))
    with pytest.raises(NotYours):
        make(any_desk, New("Rain"), make_channel(any_desk), by=reader)


def test_again_says_what_is_common_on_each_channel(any_desk: Desk) -> None:
    first, second = drafts(any_desk, take(any_desk, "Aldon", "Bay"))
    edit(any_desk, second.id, Change(text="In other words", picture_id=0, alt=""))
    save(any_desk, first.share_id, ShareChange(text="Back", labels=("Ferry",)))
    steps.alter(any_desk, first.id, state=State.PUBLISHED)

    share = again(any_desk, first.share_id)

    one, two = posts_of(any_desk, share)
    whole = share_of(any_desk, first.id).pictures[0].picture_id
    assert share.id != first.share_id
    assert share.article_id == first.article_id
    assert (one.text, two.text) == ("Back", "Back")
    assert (one.picture_id, two.picture_id) == (first.picture_id, whole)
    assert {(p.state, p.due_at) for p in (one, two)} == {(State.DRAFT, None)}
    assert own(any_desk, one.id) == own(any_desk, two.id) == set()
    assert [label.name for label in share_of(any_desk, one.id).labels] == ["Ferry"]
    assert one.candidates == look_up(any_desk, first.id).candidates


def test_the_link_of_a_copy_says_its_own_post(any_desk: Desk) -> None:
    make_channel(any_desk, "Aldon")
    with any_desk.db.writing() as session:
        style = Style(template="{teaser}\n{link}", tagged=True)
        channel_settings.set_style(session, 1, style)
    (first,) = drafts(any_desk, take(any_desk))

    (copy,) = posts_of(any_desk, again(any_desk, first.share_id))

    assert f"post-{first.id}" in first.text
    assert f"post-{copy.id}" in copy.text
    assert f"post-{first.id}" not in f"{copy.text} {copy.candidates}"


def test_a_duplicate_keeps_what_each_says_of_its_own(any_desk: Desk) -> None:
    first, second, third = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    edit(any_desk, second.id, Change(text="In other words", picture_id=0, alt=""))
    steps.alter(any_desk, third.id, state=State.CANCELLED)

    one, two = posts_of(any_desk, duplicate(any_desk, first.share_id))

    assert (one.text, two.text) == (first.text, "In other words")
    assert (one.picture_id, two.picture_id) == (first.picture_id, None)
    assert own(any_desk, one.id) == set()
    assert own(any_desk, two.id) == {"text", "pictures"}


def test_another_angle_is_the_next_candidate_that_was_not_shared(
    any_desk: Desk,
) -> None:
    first, _ = drafts(any_desk, take(any_desk, "Aldon", "Bay"))

    share = angles.take_angle(any_desk, first.article_id or 0, by=INES)

    one, two = posts_of(any_desk, share)
    assert share.text not in ("", share_of(any_desk, first.id).text)
    assert share.text in [said["text"] for said in first.candidates]
    assert one.text == two.text == share.text
    assert own(any_desk, one.id) == set()
    for _ in first.candidates[2:]:
        angles.take_angle(any_desk, first.article_id or 0, by=INES)
    with pytest.raises(NoAngle):
        angles.take_angle(any_desk, first.article_id or 0, by=INES)


def test_a_channel_that_came_later_joins_the_newest_share(any_desk: Desk) -> None:
    (first,) = drafts(any_desk, take(any_desk, "Aldon"))

    one, two = drafts(any_desk, take(any_desk, "Bay"))

    assert one.share_id == two.share_id == first.share_id
