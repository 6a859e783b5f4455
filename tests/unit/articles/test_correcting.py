"""What another source said, or another picture of the page, taken and given back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from desk import articles
from desk.articles import correcting
from desk.articles.correcting import NotSaid
from desk.desk import Desk
from desk.models import Article
from desk.models.people import Role
from desk.people import team
from desk.people.actors import Actor
from desk.people.rights import NotYours
from desk.posts.editing import Change
from desk.reading import Fetcher, Unreadable
from tests.factories import actor, look_up, make_channel, make_person, now_of
from tests.unit.articles.taken import drafts
from tests.unit.picturing.made import picture
from tests.unit.reading.site import Site
from tests.unit.shares.sharing import edit, own, share_of

STORY = (
    "The council of Marrow Bay voted on Monday to repair the old pier before the "
    "winter storms arrive. Work takes six weeks and costs 86,000 crowns."
)
PAGE = """<html lang="en"><head><title>Pier Saved | The Courier</title>
<meta property="og:title" content="Town Repairs Its Pier">
<meta property="og:site_name" content="The Courier">
<meta property="og:image" content="/pier.jpg"></head><body><article>
<h1>The Pier Stays</h1>
<figure><img src="/pier.jpg" alt="A pier"><figcaption>The pier on Monday. (AFP/Jo Doe)
</figcaption></figure><p>{}</p>
<figure><img src="/lamp.jpg" alt="A lamp"><figcaption>The lamp at its end. (AFP/Ann Lee)
</figcaption></figure></article>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        running.gives("/pier.jpg", picture(size=(600, 400)), "image/jpeg")
        running.gives("/lamp.jpg", picture(size=(500, 400)), "image/jpeg")
        running.gives("/pier", PAGE.format(STORY).encode())
        yield running


@pytest.fixture
def visiting(any_desk: Desk, site: Site) -> Desk:
    make_channel(any_desk, "Gazette")
    return replace(any_desk, fetcher=Fetcher(allow=site.origin, seconds=5))


@pytest.fixture
def article_id(visiting: Desk, site: Site) -> int:
    link = site.url("/pier")
    return articles.take(visiting, link, now_of(visiting), None).article_id


def found(desk: Desk, article_id: int) -> Article:
    with desk.db.reading() as session:
        return articles.find_article(session, article_id)


def take(desk: Desk, article_id: int, field: str, source: str) -> str:
    with desk.db.writing() as session:
        return correcting.take(
            desk, session, article_id, field, source, by=Actor("Ines")
        )


def differing(desk: Desk, article_id: int) -> dict[str, list[tuple[str, str]]]:
    told = correcting.disagreements(found(desk, article_id))
    return {one.field: one.others for one in told}


def test_the_runner_up_is_shown_without_the_sites_name(
    visiting: Desk, article_id: int
) -> None:
    assert found(visiting, article_id).headline == "Town Repairs Its Pier"
    assert differing(visiting, article_id) == {
        "headline": [("h1", "The Pier Stays"), ("title", "Pier Saved")]
    }


def test_the_runner_up_is_taken_and_given_back(visiting: Desk, article_id: int) -> None:
    before = take(visiting, article_id, "headline", "h1")

    assert found(visiting, article_id).headline == "The Pier Stays"
    assert ("opengraph", "Town Repairs Its Pier") in (
        differing(visiting, article_id)["headline"]
    )

    take(visiting, article_id, "headline", before)

    assert found(visiting, article_id).headline == "Town Repairs Its Pier"
    assert found(visiting, article_id).revision == 3


def test_a_paste_is_one_source_and_differs_from_nothing(any_desk: Desk) -> None:
    paste = f"The Pier Stays\n\nThe pier on Monday. Photo: Jo Doe/AFP\n\n{STORY}"
    taken = articles.take(any_desk, paste, now_of(any_desk), None)

    assert found(any_desk, taken.article_id).credit == "Jo Doe/AFP"
    assert differing(any_desk, taken.article_id) == {}


def test_what_no_source_said_is_not_taken(visiting: Desk, article_id: int) -> None:
    for field, source in (("headline", "twitter"), ("slug", "h1"), ("link", "fetched")):
        with pytest.raises(NotSaid):
            take(visiting, article_id, field, source)


def test_a_credit_goes_into_the_drafts_that_had_the_old_one(
    visiting: Desk, article_id: int
) -> None:
    (post,) = drafts(visiting, article_id)
    assert post.credit == "AFP/Jo Doe"
    with visiting.db.writing() as session:
        article = articles.find_article(session, article_id)
        article.said = {**article.said, "credit": {"json-ld": "Jo Doe for AFP"}}

    before = take(visiting, article_id, "credit", "json-ld")
    assert look_up(visiting, post.id).credit == "Jo Doe for AFP"
    assert before == correcting.READ
    assert share_of(visiting, post.id).pictures[0].credit == "Jo Doe for AFP"
    assert own(visiting, post.id) == set()

    take(visiting, article_id, "credit", before)
    assert look_up(visiting, post.id).credit == "AFP/Jo Doe"


def test_another_picture_comes_with_its_words_and_into_untouched_drafts(
    visiting: Desk, article_id: int
) -> None:
    (post,) = drafts(visiting, article_id)
    was = found(visiting, article_id)
    assert [one["caption"] for one in was.others] == ["The lamp at its end."]

    (lamp,) = articles.reading_of(was).others
    former = correcting.choose_picture(visiting, article_id, lamp.key, by=Actor("Ines"))
    assert former

    now, draft = found(visiting, article_id), look_up(visiting, post.id)
    assert (now.caption, now.credit) == ("The lamp at its end.", "AFP/Ann Lee")
    assert draft.credit == "AFP/Ann Lee"
    assert draft.picture_id != post.picture_id
    assert [one["caption"] for one in now.others] == ["The pier on Monday."]
    (seen,) = share_of(visiting, post.id).pictures
    assert (seen.picture_id, seen.credit) == (now.picture_id, "AFP/Ann Lee")
    assert own(visiting, post.id) == set()

    correcting.choose_picture(
        visiting, article_id, former, over=lamp.key, by=Actor("Ines")
    )

    again, draft = found(visiting, article_id), look_up(visiting, post.id)
    assert (again.picture_id, again.caption) == (was.picture_id, was.caption)
    assert (draft.picture_id, draft.credit) == (post.picture_id, post.credit)


def test_a_draft_with_its_own_picture_keeps_it(visiting: Desk, article_id: int) -> None:
    (post,) = drafts(visiting, article_id)
    edit(visiting, post.id, Change(alt="As I see it"))

    (lamp,) = articles.reading_of(found(visiting, article_id)).others
    correcting.choose_picture(visiting, article_id, lamp.key, by=Actor("Ines"))

    assert look_up(visiting, post.id).picture_id == post.picture_id
    assert own(visiting, post.id) == {"pictures"}


def test_a_picture_that_is_gone_leaves_everything_as_it_was(
    visiting: Desk, article_id: int, site: Site
) -> None:
    was = found(visiting, article_id)
    (lamp,) = articles.reading_of(was).others
    site.gives("/lamp.jpg", b"gone", "text/html")

    with pytest.raises(Unreadable, match="add a picture by hand"):
        correcting.choose_picture(visiting, article_id, lamp.key, by=Actor("Ines"))
    with pytest.raises(NotSaid):
        correcting.choose_picture(visiting, article_id, "another", by=Actor("Ines"))

    now = found(visiting, article_id)
    assert (now.picture_id, now.revision) == (was.picture_id, was.revision)


def test_who_lost_their_role_while_a_picture_came_chooses_none(
    visiting: Desk, article_id: int
) -> None:
    was = found(visiting, article_id)
    (lamp,) = articles.reading_of(was).others
    ann = make_person(visiting, "Ann", Role.AUTHOR)
    with visiting.db.writing() as session:
        team.change_role(session, ann.id, Role.ANALYST)

    with pytest.raises(NotYours):
        correcting.choose_picture(visiting, article_id, lamp.key, by=actor(ann))

    assert found(visiting, article_id).picture_id == was.picture_id


def test_another_picture_is_known_by_itself_and_not_by_its_place(
    visiting: Desk, article_id: int
) -> None:
    (lamp,) = articles.reading_of(found(visiting, article_id)).others
    gull = {"url": "https://elsewhere.example/gull.jpg", "caption": "A gull."}
    with visiting.db.writing() as session:
        article = articles.find_article(session, article_id)
        article.others = [gull, *article.others]

    correcting.choose_picture(visiting, article_id, lamp.key, by=Actor("Ines"))

    now = found(visiting, article_id)
    assert now.caption == "The lamp at its end."
    assert [one["caption"] for one in now.others] == ["A gull.", "The pier on Monday."]


def test_a_picture_that_leads_already_or_is_none_of_the_page_is_refused(
    visiting: Desk, article_id: int
) -> None:
    (lamp,) = articles.reading_of(found(visiting, article_id)).others
    correcting.choose_picture(visiting, article_id, lamp.key, by=Actor("Ines"))
    was = found(visiting, article_id)

    with pytest.raises(NotSaid):
        correcting.choose_picture(visiting, article_id, lamp.key, by=Actor("Ben"))

    now = found(visiting, article_id)
    assert (now.picture_id, now.revision) == (was.picture_id, was.revision)


def test_undo_of_a_picture_stops_where_another_leads_by_now(
    visiting: Desk, article_id: int
) -> None:
    (lamp,) = articles.reading_of(found(visiting, article_id)).others
    former = correcting.choose_picture(visiting, article_id, lamp.key, by=Actor("Ines"))
    assert former
    gull = {"url": "https://elsewhere.example/gull.jpg", "caption": "A gull."}
    with visiting.db.writing() as session:
        article = articles.find_article(session, article_id)
        article.image_url, article.caption = gull["url"], gull["caption"]

    with pytest.raises(NotSaid):
        correcting.choose_picture(
            visiting, article_id, former, over=lamp.key, by=Actor("Ines")
        )

    assert found(visiting, article_id).caption == "A gull."
