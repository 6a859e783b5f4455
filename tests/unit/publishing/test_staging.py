"""Minutes ahead: uploads, refusals told at once, and a look at the story."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image
from sqlalchemy.exc import OperationalError

from connectors.base import OutcomeUnknown, Rejected, Unauthorized, Unavailable
from desk import db
from desk.desk import Desk
from desk.engine_settings import engine
from desk.models import Article, Part, Picture
from desk.posts import editing
from desk.publishing import early_uploads, link_checks, preparing, staging
from desk.reading.fetching import Fetcher
from tests import factories
from tests.databases import free_port
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from tests.unit.reading.site import Site, Visit

MINUTE = timedelta(minutes=1)


@pytest.fixture
def post_id(desk: Desk) -> int:
    """A post with a picture, due in four minutes."""
    file = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "PNG")
    sha256 = desk.pictures.put(file.getvalue())
    due_at = factories.now_of(desk) + 4 * MINUTE
    post_id = factories.make_scheduled(
        desk, factories.make_channel(desk), due_at=due_at
    )
    with desk.db.writing() as session:
        picture = Picture(
            sha256=sha256,
            media_type="image/png",
            width=40,
            height=30,
            bytes=len(file.getvalue()),
            created_at=db.now(session),
        )
        session.add(picture)
        session.flush()
        picture_id = picture.id
    steps.alter(desk, post_id, picture_id=picture_id)
    return post_id


def due_for_staging(desk: Desk) -> list[int]:
    with desk.db.reading() as session:
        return staging.due_for_staging(session, factories.now_of(desk))


def test_an_image_is_uploaded_ahead_and_once(desk: Desk, post_id: int) -> None:
    asked = due_for_staging(desk)

    early_uploads.upload_early(desk, post_id)

    post = factories.look_up(desk, post_id)
    assert (asked, due_for_staging(desk)) == ([post_id], [])
    assert (post.parts[0].staged, post.crash_count) == ({"images": 1}, 0)


def test_a_link_is_staged_ahead_for_its_card(desk: Desk) -> None:
    due_at = factories.now_of(desk) + 4 * MINUTE
    channel_id = factories.make_channel(desk)
    linked, bare = (
        factories.make_scheduled(desk, channel_id, text, due_at)
        for text in ("With a link", "Without")
    )
    steps.alter(desk, linked, link="https://news.example/story")

    assert due_for_staging(desk) == [linked]
    assert bare not in due_for_staging(desk)


def test_whom_a_text_mentions_is_looked_up_ahead(desk: Desk) -> None:
    due_at = factories.now_of(desk) + 4 * MINUTE
    channel_id = factories.make_channel(desk)
    naming = factories.make_scheduled(desk, channel_id, "Says @ann.example", due_at)

    assert due_for_staging(desk) == [naming]


def test_every_part_of_a_thread_is_staged_ahead(desk: Desk, post_id: int) -> None:
    steps.add_parts(desk, post_id, "Two", "Three")
    asked = due_for_staging(desk)

    early_uploads.upload_early(desk, post_id)

    staged = [part.staged for part in factories.look_up(desk, post_id).parts]
    assert (asked, due_for_staging(desk)) == ([post_id], [])
    assert staged == [{"images": 1}, {"images": 0}, {"images": 0}]


def test_a_thread_whose_last_part_is_refused_is_told_before_any_is_out(
    desk: Desk, post_id: int
) -> None:
    steps.add_parts(desk, post_id, "Two", "too long " * 40)

    early_uploads.upload_early(desk, post_id)

    assert factories.look_up(desk, post_id).state == "failed"
    assert Scripted.live() == []


def test_after_an_edit_it_is_uploaded_anew(desk: Desk, post_id: int) -> None:
    early_uploads.upload_early(desk, post_id)
    typed = editing.Typed(editing.Change(text="Better"), 1)

    steps.within(desk, editing.edit, post_id=post_id, typed=typed)

    assert due_for_staging(desk) == [post_id]


@pytest.mark.parametrize("mismatch", ["credential", "account", "expiry", "key"])
def test_what_was_uploaded_for_something_else_is_made_anew(
    desk: Desk, post_id: int, mismatch: str
) -> None:
    early_uploads.upload_early(desk, post_id)
    with desk.db.writing() as session:
        part = session.get_one(Part, 1)
        part.staged = {"images": "old"}
        if mismatch == "expiry":
            part.staged_until = db.now(session) + MINUTE
        if mismatch == "key":
            part.staged_for = "other:1:1"
    if mismatch == "credential":
        steps.alter_channel(desk, 1, credential_version=2)
    if mismatch == "account":
        steps.alter_channel(desk, 1, remote_account_id="other")

    work = steps.load(desk, steps.claimed(desk, factories.now_of(desk) + 4 * MINUTE))
    assert work is not None
    preparing.prepare(desk, work)

    assert factories.look_up(desk, post_id).parts[0].staged == {"images": 1}


def test_a_refusal_is_told_before_it_is_due(desk: Desk, post_id: int) -> None:
    Scripted.staging.append(Rejected("too large"))

    early_uploads.upload_early(desk, post_id)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.reason) == ("failed", "too large")


def test_a_refused_credential_is_told_before_it_is_due(
    desk: Desk, post_id: int
) -> None:
    Scripted.staging.append(Unauthorized("revoked"))

    early_uploads.upload_early(desk, post_id)

    assert steps.channel_of(desk, 1).stopped_why == "revoked"
    assert factories.look_up(desk, post_id).state == "scheduled"


def test_a_secret_that_no_key_opens_stops_its_channel_before_it_is_due(
    desk: Desk, post_id: int
) -> None:
    steps.alter_channel(desk, 1, secrets=b"sealed elsewhere")

    early_uploads.upload_early(desk, post_id)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.crash_count) == ("scheduled", 0)
    assert "No key of this desk opens" in steps.channel_of(desk, 1).stopped_why
    assert post.reason == steps.channel_of(desk, 1).stopped_why


def test_a_bug_while_uploading_is_no_death_of_a_worker(
    desk: Desk, post_id: int
) -> None:
    Scripted.staging.append(RuntimeError("a bug"))

    early_uploads.upload_early(desk, post_id)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.crash_count) == ("failed", 0)
    assert "could not make this post ready" in post.reason


def test_uploads_that_end_in_an_error_of_ours_are_no_crashes(
    desk: Desk, post_id: int
) -> None:
    for _ in range(2 * engine.crashes.enough):
        Scripted.staging.append(OperationalError("", {}, Exception("away")))
        with pytest.raises(OperationalError):
            early_uploads.upload_early(desk, post_id)

    early_uploads.upload_early(desk, post_id)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.reason) == ("scheduled", "")
    assert post.parts[0].staged is not None


@pytest.mark.parametrize(
    "error", [Unavailable("down"), OutcomeUnknown("cut"), OSError(28, "Disk full")]
)
def test_an_upload_that_fails_is_tried_again_later(
    desk: Desk, post_id: int, error: Exception
) -> None:
    Scripted.staging.append(error)

    early_uploads.upload_early(desk, post_id)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.crash_count, post.tries) == ("scheduled", 0, 0)
    assert due_for_staging(desk) == [post_id]


def test_a_lost_upload_at_the_due_time_is_no_doubt(desk: Desk) -> None:
    post_id = factories.make_scheduled(desk, factories.make_channel(desk))
    Scripted.staging.append(OutcomeUnknown("cut"))

    factories.run_due(desk)

    post = factories.look_up(desk, post_id)
    assert (post.state, post.tries) == ("scheduled", 1)


def test_a_picture_that_kills_workers_is_given_up(desk: Desk, post_id: int) -> None:
    steps.alter(desk, post_id, crash_count=engine.crashes.enough)

    early_uploads.upload_early(desk, post_id)

    post = factories.look_up(desk, post_id)
    assert (post.state, "crashed 3 times" in post.reason) == ("failed", True)


def test_a_post_without_an_image_needs_no_upload(desk: Desk) -> None:
    soon = factories.now_of(desk) + MINUTE
    factories.make_scheduled(desk, factories.make_channel(desk), due_at=soon)

    assert due_for_staging(desk) == []


@pytest.mark.parametrize(
    ("status", "triage"), [(200, None), (404, "link"), (410, "link"), (503, None)]
)
def test_a_story_that_is_gone_holds_its_post(
    desk: Desk, post_id: int, status: int, triage: str | None
) -> None:
    with Site() as site:
        site.answers["/story"] = lambda visit: visit.give(b"<p>Hi", status=status)
        look(desk, post_id, site.url("/story"))

    post = factories.look_up(desk, post_id)
    assert (post.state, post.triage) == ("scheduled", triage)
    assert ("The post was due in" in post.reason) == bool(triage)


@pytest.mark.parametrize("status", [401, 403])
def test_a_story_behind_a_login_holds_its_post(
    desk: Desk, post_id: int, status: int
) -> None:
    with Site() as site:
        look(desk, post_id, site.gives("/story", b"<p>No", status=status))

    assert factories.look_up(desk, post_id).triage == "link"


def test_a_story_that_leads_to_a_sign_in_holds_its_post(
    desk: Desk, post_id: int
) -> None:
    with Site() as site:
        site.gives("/login", b"<p>Who are you?")
        look(desk, post_id, site.sends_on("/story", "/login"))

    assert factories.look_up(desk, post_id).triage == "link"


@pytest.mark.parametrize(
    ("canonical", "triage"),
    [("/story", None), ("/story/?utm_source=x", None), ("/", None), ("/new", "link")],
)
def test_a_page_that_became_another_story_holds_its_post(
    desk: Desk, post_id: int, canonical: str, triage: str | None
) -> None:
    with Site() as site:
        html = f'<html><head><link rel="canonical" href="{canonical}"></head><p>Hi'
        link = site.gives("/story", html.encode())
        with desk.db.writing() as session:
            made = Article(
                slug="s",
                identity=link,
                link=link,
                headline="H",
                created_at=db.now(session),
            )
            session.add(made)
            session.flush()
            article_id = made.id
        steps.alter(desk, post_id, article_id=article_id)
        look(desk, post_id, link)

    post = factories.look_up(desk, post_id)
    assert post.triage == triage
    assert ("now says that it is" in post.reason) == bool(triage)
    assert ("The post was due in" in post.reason) == bool(triage)


def test_a_story_whose_server_is_away_only_warns(desk: Desk, post_id: int) -> None:
    look(desk, post_id, f"http://127.0.0.1:{free_port()}/story")

    assert factories.look_up(desk, post_id).triage is None


def test_a_post_whose_link_changed_meanwhile_is_not_held(
    desk: Desk, post_id: int
) -> None:
    def change_it(visit: Visit) -> None:
        steps.alter(desk, post_id, link="https://example.com/new")
        visit.missing()

    with Site() as site:
        site.answers["/story"] = change_it
        look(desk, post_id, site.url("/story"))

    assert factories.look_up(desk, post_id).triage is None


def look(desk: Desk, post_id: int, link: str) -> None:
    """What the clock does minutes before, where the operator allows this address."""
    steps.alter(desk, post_id, link=link)
    with desk.db.reading() as session:
        assert link_checks.links_to_check(session, factories.now_of(desk)) == [post_id]
    allowed = Fetcher(allow=urlsplit(link).netloc)
    link_checks.check_link(replace(desk, fetcher=allowed), post_id)
