"""Cards of links that are no article's: read from their pages, ahead of the post."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from desk import db, pictures, posts, scheduling
from desk.desk import Desk
from desk.models import Post
from desk.picturing import accept
from desk.posts import editing, validation
from desk.posts.editing import Change, Typed
from desk.publishing import early_uploads, staging
from desk.scheduling import At
from tests import factories
from tests.fakes.bluesky import BlueskyFake
from tests.unit.picturing.made import picture
from tests.unit.publishing.bluesky_desk import with_bluesky
from tests.unit.reading.site import Site, Visit

PAGE = """<html><head><title>Ferry returns - The Gazette</title>
<meta property="og:title" content="Ferry returns &amp; sails">
<meta name="description" content="After eleven months.">
<meta property="og:image" content="/ferry.jpg">
<meta property="og:image:alt" content="A ferry"></head><body>…</body></html>"""
MINUTES = timedelta(minutes=3)


@pytest.fixture
def server() -> Iterator[BlueskyFake]:
    with BlueskyFake() as fake:
        yield fake


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        gives(running, "/ferry", PAGE.encode())
        gives(running, "/ferry.jpg", picture(), "image/jpeg")
        yield running


@pytest.fixture
def world(desk: Desk, server: BlueskyFake, site: Site) -> tuple[Desk, int]:
    return with_bluesky(desk, server, site)


def gives(site: Site, path: str, body: bytes, media_type: str = "text/html") -> None:
    site.answers[path] = partial(Visit.give, body=body, content_type=media_type)


def hand_made(
    world: tuple[Desk, int], link: str, later: timedelta = timedelta(), **values: Any
) -> int:
    desk, channel_id = world
    with desk.db.writing() as session:
        now = db.now(session)
        post = posts.create(
            session, channel_id, text="She sails", link=link, now=now, **values
        )
        scheduling.schedule(desk, session, post.id, At(now + later), now=now)
        return post.id


def send_now(desk: Desk, post_id: int) -> None:
    with desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(desk, session, post_id, At(now), now=now)
    factories.run_due(desk)


def published(server: BlueskyFake) -> dict[str, Any]:
    [standing] = server.repo.records.values()
    record: dict[str, Any] = standing["value"]
    return record


def remarks(desk: Desk, post_id: int) -> str:
    with desk.db.reading() as session:
        post = posts.find_post(session, post_id)
        return " ".join(validation.rendered(desk, post, post.text, post.alt).remarks)


def events(desk: Desk, post_id: int) -> list[str]:
    from desk import report

    with desk.db.reading() as session:
        return [one.what for one in report.account(session, post_id).events]


def stands(desk: Desk, post_id: int) -> Post:
    return factories.look_up(desk, post_id)


def test_a_post_made_by_hand_shows_the_card_of_its_link(
    world: tuple[Desk, int], server: BlueskyFake, site: Site
) -> None:
    link = site.url("/ferry?ref=mail")
    post_id = hand_made(world, link)

    factories.run_due(world[0])

    assert stands(world[0], post_id).state == "published"
    record = published(server)
    card = record["embed"]["external"]
    assert record["text"] == "She sails"
    assert (card["uri"], card["title"]) == (link, "Ferry returns & sails")
    assert card["description"] == "After eleven months."
    assert card["thumb"]["ref"]["$link"] in server.repo.blobs


def test_the_card_is_read_and_uploaded_ahead_of_the_post(
    world: tuple[Desk, int], server: BlueskyFake, site: Site
) -> None:
    desk = world[0]
    post_id = hand_made(world, site.url("/ferry"), MINUTES)
    with desk.db.reading() as session:
        due = staging.due_for_staging(session, db.now(session))

    early_uploads.upload_early(desk, post_id)

    assert due == [post_id]
    asked, uploads = list(site.asked), server.requests()
    assert asked == ["/ferry", "/ferry.jpg"]
    assert any("uploadBlob" in one for one in uploads)
    send_now(desk, post_id)
    assert published(server)["embed"]["external"]["title"] == "Ferry returns & sails"
    assert site.asked == asked
    assert sum("uploadBlob" in one for one in server.requests()) == 1


@pytest.mark.parametrize(
    ("page", "media_type", "why"),
    [
        (b"<html><body></body></html>", "text/html", "gives no title"),
        (b"", "text/html", "gives no title"),
        (b"Just words", "text/plain", "gives no title"),
        (b"%PDF-1.7", "application/pdf", "PDF"),
    ],
)
def test_a_page_without_a_card_keeps_no_post_and_is_said(
    world: tuple[Desk, int],
    server: BlueskyFake,
    site: Site,
    page: bytes,
    media_type: str,
    why: str,
) -> None:
    desk = world[0]
    gives(site, "/bare", page, media_type)
    post_id = hand_made(world, site.url("/bare"), MINUTES)
    assert "reads its page" in remarks(desk, post_id)

    early_uploads.upload_early(desk, post_id)

    assert "no card" in remarks(desk, post_id)
    assert why in remarks(desk, post_id)
    assert any("no card" in one and why in one for one in events(desk, post_id))
    send_now(desk, post_id)
    record = published(server)
    assert "embed" not in record
    assert record["facets"][0]["features"][0]["uri"] == site.url("/bare")


def test_a_page_that_does_not_answer_ahead_is_asked_again_when_it_is_due(
    world: tuple[Desk, int], server: BlueskyFake, site: Site
) -> None:
    desk = world[0]
    site.gives("/slow", b"busy", status=503)
    post_id = hand_made(world, site.url("/slow"), MINUTES)
    early_uploads.upload_early(desk, post_id)
    gives(site, "/slow", PAGE.encode())

    send_now(desk, post_id)

    card = published(server)["embed"]["external"]
    assert (card["title"], "thumb" in card) == ("Ferry returns & sails", True)


def test_a_page_that_does_not_answer_at_all_keeps_no_post(
    world: tuple[Desk, int], server: BlueskyFake, site: Site
) -> None:
    site.gives("/slow", b"busy", status=503)
    post_id = hand_made(world, site.url("/slow"))

    factories.run_due(world[0])

    assert "embed" not in published(server)
    assert any("answered 503" in one for one in events(world[0], post_id))


def test_a_page_inside_a_private_network_is_never_asked(
    world: tuple[Desk, int], server: BlueskyFake, site: Site
) -> None:
    post_id = hand_made(world, "http://127.0.0.1:1/ferry")

    factories.run_due(world[0])

    assert stands(world[0], post_id).state == "published"
    assert "embed" not in published(server)
    assert any("private network" in one for one in events(world[0], post_id))


def test_a_picture_that_is_none_leaves_a_card_without(
    world: tuple[Desk, int], server: BlueskyFake, site: Site
) -> None:
    gives(site, "/ferry.jpg", b"no picture", "image/jpeg")
    hand_made(world, site.url("/ferry"))

    factories.run_due(world[0])

    assert "thumb" not in published(server)["embed"]["external"]


def test_posts_with_one_link_ask_its_page_once(
    world: tuple[Desk, int], server: BlueskyFake, site: Site
) -> None:
    for _ in range(3):
        hand_made(world, site.url("/ferry"))

    factories.run_due(world[0])

    assert len(server.repo.records) == 3
    assert site.asked == ["/ferry", "/ferry.jpg"]


def test_another_link_is_looked_up_anew(
    world: tuple[Desk, int], server: BlueskyFake, site: Site
) -> None:
    desk = world[0]
    gives(site, "/other", b"<title>Another story</title>")
    post_id = hand_made(world, site.url("/ferry"), MINUTES)
    early_uploads.upload_early(desk, post_id)
    with desk.db.writing() as session:
        change = Change(link=site.url("/other"))
        editing.edit(desk, session, post_id, Typed(change, 1), now=db.now(session))

    early_uploads.upload_early(desk, post_id)
    send_now(desk, post_id)

    assert published(server)["embed"]["external"]["title"] == "Another story"


def test_a_picture_of_the_post_takes_the_cards_place(
    world: tuple[Desk, int], server: BlueskyFake, site: Site
) -> None:
    desk = world[0]
    with desk.db.writing() as session:
        kept = pictures.keep(
            session, desk.pictures, accept(picture()), db.now(session)
        ).id
    hand_made(world, site.url("/ferry"), picture_id=kept, alt="A ferry")

    factories.run_due(desk)

    assert published(server)["embed"]["$type"] == "app.bsky.embed.images"
    assert site.asked == []
