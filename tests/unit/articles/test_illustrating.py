"""Pictures in and out of a post: one press each, and one press back."""

from __future__ import annotations

import pytest

from connectors.base import Shape
from desk import db
from desk.articles import illustrating
from desk.desk import Desk
from desk.lifecycle import IllegalMove
from desk.models import Post
from desk.people.actors import Actor
from desk.picturing import BadPicture
from desk.posts import editing, undo, validation
from desk.posts.editing import Change, Typed
from tests import factories
from tests.factories import look_up
from tests.unit.articles.taken import drafts, take


def remove(desk: Desk, post_id: int) -> Post:
    with desk.db.writing() as session:
        now = db.now(session)
        return illustrating.remove(desk, session, post_id, now=now, by=Actor("Ines"))


def bring_back(desk: Desk, post_id: int) -> None:
    with desk.db.writing() as session:
        undo.bring_back(desk, session, post_id, now=db.now(session), by=Actor("Ines"))


def change(desk: Desk, post_id: int, what: Change) -> None:
    with desk.db.writing() as session:
        revision = look_up(desk, post_id).revision
        now = db.now(session)
        editing.edit(desk, session, post_id, Typed(what, revision), now=now)


def seen(desk: Desk, post_id: int) -> validation.Rendered:
    post = look_up(desk, post_id)
    return validation.rendered(desk, post, post.text, post.alt)


def test_without_its_picture_a_post_shows_the_card_of_its_link(any_desk: Desk) -> None:
    (post,) = drafts(any_desk, take(any_desk, "Gazette"))
    assert seen(any_desk, post.id).pieces[0].preview.images

    remove(any_desk, post.id)

    preview = seen(any_desk, post.id).pieces[0].preview
    assert preview.images == ()
    assert preview.shape is Shape.ABOVE
    assert preview.card
    assert preview.card.title == "Harbour ferry returns after eleven months"


def test_the_articles_picture_comes_back_with_a_draft_of_its_alt(desk: Desk) -> None:
    (post,) = drafts(desk, take(desk, "Gazette"))
    remove(desk, post.id)

    illustrating.take_articles(desk, post.id, by=Actor("Ines"))

    again = look_up(desk, post.id)
    assert again.picture
    assert (again.alt, again.credit) == ("A ferry at the quay", "Noor Halvard")
    assert again.alt_is_draft


def test_undo_brings_back_what_an_editor_had_said_of_a_picture(any_desk: Desk) -> None:
    (post,) = drafts(any_desk, take(any_desk, "Gazette"))
    change(any_desk, post.id, Change(alt="My own words", credit="Me"))
    remove(any_desk, post.id)

    bring_back(any_desk, post.id)

    again = look_up(any_desk, post.id)
    assert (again.picture_id, again.alt) == (post.picture_id, "My own words")
    assert (again.credit, again.alt_is_draft) == ("Me", False)


def test_undo_ends_where_someone_wrote_on(desk: Desk) -> None:
    (post,) = drafts(desk, take(desk, "Gazette"))
    remove(desk, post.id)
    change(desk, post.id, Change(text="Written after that"))

    with pytest.raises(IllegalMove, match="was changed since"):
        bring_back(desk, post.id)


def test_an_article_without_a_picture_has_none_to_give(desk: Desk) -> None:
    channel = factories.make_channel(desk)
    post_id = factories.make_post(desk, channel)

    with pytest.raises(BadPicture, match="came without a picture"):
        illustrating.take_articles(desk, post_id, by=Actor("Ines"))


def test_what_is_no_picture_changes_nothing(desk: Desk) -> None:
    (post,) = drafts(desk, take(desk, "Gazette"))

    with pytest.raises(BadPicture):
        illustrating.upload(desk, post.id, b"<svg onload=alert(1)/>", by=Actor("Ines"))

    assert look_up(desk, post.id).fence == post.fence
