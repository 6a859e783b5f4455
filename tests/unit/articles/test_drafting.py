from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PIL import Image
from sqlalchemy import select

from connectors.base import Image as Shown
from connectors.base import Limits, Message
from desk import articles as kept_articles
from desk import channels
from desk.articles import drafting
from desk.articles.shapes import draft_json
from desk.desk import Desk
from desk.models import Picture, Post
from desk.reading.article import Reading
from tests.factories import make_channel, now_of
from tests.fakes.scripted import Scripted
from tests.unit.writing.articles import ENGLISH, article

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LINKED = replace(
    ENGLISH,
    link="https://news.example/bridge",
    image_url="https://news.example/bridge.jpg",
    alt="A grey bridge with a long crack in its middle pillar",
)


def photo(side: int = 400) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def stored(desk: Desk, reading: Reading, picture: bytes | None = None) -> list[Post]:
    now = now_of(desk)
    with desk.db.reading() as session:
        in_use = channels.list_channels(session)
    drafts = drafting.prepare(desk, reading, in_use, picture, now)
    with desk.db.writing() as session:
        row, _ = kept_articles.keep(session, reading, None, now, None)
        return drafting.store(session, desk, row, drafts, now, None)


def test_a_draft_has_the_first_candidate_and_the_platforms_own_length(
    desk: Desk,
) -> None:
    connector = Scripted({"account": "desk", "token": "t"})

    made = drafting.draft(desk, LINKED, connector, NOON)

    assert made.text == ENGLISH.standfirst == made.candidates[0].text
    assert made.link == LINKED.link
    assert made.length == connector.length(Message(made.text, made.link))
    assert made.length <= made.limit == connector.limits.text


def test_alt_text_is_trimmed_to_the_limit_at_a_word(desk: Desk) -> None:
    limits = Limits(text=280, alt=30)

    bare = replace(LINKED, credit="")
    made = drafting.draft(desk, bare, Scripted({}, limits), NOON)

    assert made.alt == "A grey bridge with a long…"


def test_alt_text_leaves_room_for_the_credit_behind_it(desk: Desk) -> None:
    credited = replace(LINKED, credit="Ana Reil")
    connector = Scripted({}, Limits(text=280, alt=30))

    alt = drafting.draft(desk, credited, connector, NOON).alt

    image = Shown(lambda: b"", 0, "image/jpeg", 1, 1, alt, credit="Ana Reil")
    assert alt.startswith("A grey bridge")
    assert image.description.endswith("(Ana Reil)")
    assert len(image.description) <= 30


def test_nothing_that_fits_gives_an_empty_text_and_says_so(desk: Desk) -> None:
    made = drafting.draft(desk, LINKED, Scripted({}, Limits(text=30)), NOON)

    assert made.text == ""
    assert any("Nothing in the article fits" in warning for warning in made.warnings)


def test_what_the_reader_warned_of_reaches_the_draft(desk: Desk) -> None:
    warned = replace(LINKED, warnings=("Its rights are unclear.",))

    make_channel(desk)
    with desk.db.reading() as session:
        (channel,) = channels.list_channels(session)
    made = drafting.draft(desk, warned, Scripted({}), NOON)

    shown = draft_json(made, channel, warned)["warnings"]
    assert shown == ["Its rights are unclear.", *made.warnings]


def test_every_channel_gets_one_post_with_everything_in_it(desk: Desk) -> None:
    make_channel(desk, "One")
    make_channel(desk, "Two")

    posts = stored(desk, LINKED, photo())

    assert len(posts) == 2
    for post in posts:
        assert post.state == "draft"
        assert post.text == ENGLISH.standfirst
        assert post.link == LINKED.link
        assert post.alt == LINKED.alt
        assert post.alt_is_draft
        assert post.credit == LINKED.credit
        assert post.candidates[0]["kind"] == "dek"
        assert post.candidates[0]["sources"] == [ENGLISH.standfirst]
    assert posts[0].picture_id == posts[1].picture_id is not None


def test_the_picture_is_made_to_fit_the_channel(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = Limits(text=280, images=1, image_bytes=250_000)
    monkeypatch.setattr(Scripted, "default_limits", small)
    make_channel(desk, "Small")

    (post,) = stored(desk, LINKED, photo(900))

    with desk.db.reading() as session:
        picture = session.get_one(Picture, post.picture_id)
    assert picture.bytes <= 250_000
    assert len(desk.pictures.get(picture.sha256)) == picture.bytes


def test_a_channel_gets_no_second_post_of_an_article(desk: Desk) -> None:
    make_channel(desk, "One")
    stored(desk, LINKED)
    make_channel(desk, "Two")

    again = stored(desk, LINKED)

    assert [post.channel_id for post in again] == [2]
    with desk.db.reading() as session:
        assert len(session.scalars(select(Post)).all()) == 2


def test_an_image_that_did_not_come_along_is_told(desk: Desk) -> None:
    make_channel(desk, "One")

    (post,) = stored(desk, LINKED)

    assert post.picture_id is None
    assert (
        "The article's image is not in the post: choose one by hand." in post.warnings
    )


def test_an_image_without_alt_text_is_told(desk: Desk) -> None:
    make_channel(desk, "One")
    bare = article("Harbour bridge closes in Ellery", *ENGLISH.paragraphs)

    (post,) = stored(desk, bare, photo())

    assert not post.alt_is_draft
    assert "The image has no alt text: describe what it shows." in post.warnings
