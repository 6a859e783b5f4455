"""Articles on record: kept once, with posts for every channel, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk import articles, pictures
from desk.desk import Desk
from desk.models import Article, Base, Picture, Post
from desk.picturing import accept
from desk.reading import Fetcher, Reading, Unreadable
from desk.reading.text import read_text
from tests.factories import make_channel, now_of
from tests.unit.picturing.made import huge_png, opened, picture
from tests.unit.reading.site import Site

STORY = (
    "The council of Marrow Bay voted on Monday to repair the old pier before the "
    "winter storms arrive. Work takes six weeks and costs 86,000 crowns."
)
PASTE = f"Town Repairs Its Pier\n\n{STORY}\n\nRead More from The Courier"

SAME = [
    "https://bay.example/pier",
    "http://bay.example/pier?utm_source=mail",
    "https://www.bay.example/pier/amp",
]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def visiting(desk: Desk, site: Site) -> Desk:
    """The same desk, allowed to fetch from the site on loopback."""
    return replace(desk, fetcher=Fetcher(allow=site.origin, seconds=5))


def page(image: str = "", link: str = "") -> bytes:
    return (
        f'<html lang="en"><head><meta property="og:image" content="{image}">'
        f'<link rel="canonical" href="{link}"></head><body><article>'
        f"<h1>Town Repairs Its Pier</h1><p>{STORY}</p></article>"
    ).encode()


def count(desk: Desk, table: type[Base]) -> int:
    with desk.db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("kept", ["https://www.bay.example/pier/", SAME[0]])
def test_a_story_is_one_article_in_whatever_spelling_of_its_link(
    desk: Desk, kept: str
) -> None:
    with desk.db.writing() as session:
        for link in (kept, *SAME):
            reading = Reading(identity=link, headline="Pier", link=link)
            articles.keep(session, reading, None, now_of(desk), None)

    assert count(desk, Article) == 1


def test_an_article_kept_before_there_was_a_rule_is_found(desk: Desk) -> None:
    old = "http://www.bay.example/pier/"
    reading = Reading(identity=old, headline="Pier", link=old)
    with desk.db.writing() as session:
        article, _ = articles.keep(session, reading, None, now_of(desk), None)
        article.identity = old

    with desk.db.writing() as session:
        again = replace(reading, identity=SAME[0], link=SAME[0])
        found, known = articles.keep(session, again, None, now_of(desk), None)

    assert (found.id, known) == (article.id, True)


def the_article(desk: Desk, article_id: int) -> Article:
    with desk.db.reading() as session:
        return articles.find_article(session, article_id)


def test_keeps_the_article_and_drafts_a_post_for_each_channel(any_desk: Desk) -> None:
    channels = {make_channel(any_desk, "Desk"), make_channel(any_desk, "Sport")}

    taken = articles.take(any_desk, PASTE, now_of(any_desk), None)

    assert not taken.known
    assert the_article(any_desk, taken.article_id).slug == "town-repairs-its-pier"
    with any_desk.db.reading() as session:
        posts = list(session.scalars(select(Post)))
    assert {post.channel_id for post in posts} == channels
    assert {post.article_id for post in posts} == {taken.article_id}
    assert {post.state for post in posts} == {"draft"}


def test_the_row_gives_back_the_reading_that_went_in(any_desk: Desk) -> None:
    now = now_of(any_desk)
    reading = read_text(f"Pier\n\nBy Jane Doe\n\nThe pier. Image via X\n\n{STORY}", now)
    reading = replace(reading, published_at=now - timedelta(hours=1))

    with any_desk.db.writing() as session:
        article, _ = articles.keep(session, reading, None, now, None)

    assert articles.reading_of(the_article(any_desk, article.id)) == reading


def test_the_same_paste_again_is_the_same_article_with_no_second_posts(
    desk: Desk,
) -> None:
    make_channel(desk)
    first = articles.take(desk, PASTE, now_of(desk), None)

    second = articles.take(desk, PASTE.replace("\n\n", "\n\n\n"), now_of(desk), None)

    assert second == articles.Taken(first.article_id, known=True)
    assert (count(desk, Article), count(desk, Post)) == (1, 1)


def test_a_channel_that_came_later_gets_its_post_when_the_article_comes_again(
    desk: Desk,
) -> None:
    make_channel(desk, "Desk")
    articles.take(desk, PASTE, now_of(desk), None)
    make_channel(desk, "Sport")

    articles.take(desk, PASTE, now_of(desk), None)

    assert (count(desk, Article), count(desk, Post)) == (1, 2)


def test_takes_at_the_same_moment_end_with_one_article(any_desk: Desk) -> None:
    make_channel(any_desk)
    now = now_of(any_desk)

    with ThreadPoolExecutor(6) as pool:
        taken = list(
            pool.map(lambda _: articles.take(any_desk, PASTE, now, None), range(6))
        )

    assert len({each.article_id for each in taken}) == 1
    assert [each.known for each in taken].count(False) == 1
    assert (count(any_desk, Article), count(any_desk, Post)) == (1, 1)


def test_two_links_with_one_canonical_link_are_one_article(
    desk: Desk, site: Site
) -> None:
    desk = visiting(desk, site)
    canonical = site.url("/pier")
    site.gives("/pier", page(link=canonical))
    site.gives("/amp/pier", page(link=canonical))

    first = articles.take(desk, f"{canonical}?utm_source=x", now_of(desk), None)
    second = articles.take(desk, site.url("/amp/pier"), now_of(desk), None)

    assert (second.article_id, second.known) == (first.article_id, True)


def test_fetches_the_lead_image_and_keeps_it_without_its_gps(
    desk: Desk, site: Site
) -> None:
    desk = visiting(desk, site)
    image = site.gives("/pier-1200.jpg", picture(comment=b"at home"), "image/jpeg")
    link = site.gives("/pier", page(image))

    taken = articles.take(desk, link, now_of(desk), None)

    kept = the_article(desk, taken.article_id).picture
    assert kept is not None
    data = desk.pictures.get(kept.sha256)
    assert b"at home" not in data
    assert opened(data).size == (kept.width, kept.height) == (300, 200)


@pytest.mark.parametrize(
    ("made", "content_type", "sentence"),
    [
        (lambda: huge_png(30_000, 30_000), "image/png", "export a smaller one"),
        (lambda: picture()[:2000], "image/jpeg", "damaged or cut short"),
        (lambda: b"<svg/>", "image/svg+xml", "not a JPEG, PNG, WebP or GIF"),
        (lambda: b"gone", "text/html", "not a JPEG, PNG, WebP or GIF"),
    ],
    ids=["bomb", "cut", "svg", "page"],
)
def test_keeps_the_article_without_a_hostile_image_and_says_so(
    desk: Desk,
    site: Site,
    made: Callable[[], bytes],
    content_type: str,
    sentence: str,
) -> None:
    desk = visiting(desk, site)
    image = site.gives("/pier-1200.jpg", made(), content_type)
    link = site.gives("/pier", page(image))

    taken = articles.take(desk, link, now_of(desk), None)

    article = the_article(desk, taken.article_id)
    assert article.picture is None
    assert any("image was not taken" in w and sentence in w for w in article.warnings)
    assert count(desk, Picture) == 0


def test_keeps_the_article_when_its_image_is_in_a_private_network(
    desk: Desk, site: Site
) -> None:
    desk = visiting(desk, site)
    with Site() as inside:
        image = inside.gives("/pier-1200.jpg", picture(), "image/jpeg")
        link = site.gives("/pier", page(image))

        taken = articles.take(desk, link, now_of(desk), None)

        assert inside.asked == []
    warnings = the_article(desk, taken.article_id).warnings
    assert any("private network" in warning for warning in warnings)


@pytest.mark.parametrize("source", ["", "Pier " * 1_000_000, "http://127.0.0.1/"])
def test_leaves_nothing_behind_when_there_is_no_article(
    desk: Desk, source: str
) -> None:
    make_channel(desk)

    with pytest.raises(Unreadable):
        articles.take(desk, source, now_of(desk), None)

    assert (count(desk, Article), count(desk, Post)) == (0, 0)


def test_lists_the_newest_first_page_by_page(desk: Desk) -> None:
    taken = [
        articles.take(desk, PASTE.replace("Pier", f"Pier {n}"), now_of(desk), None)
        for n in range(3)
    ]
    newest_first = [each.article_id for each in reversed(taken)]

    with desk.db.reading() as session:
        first = articles.list_articles(session, 2)
        rest = articles.list_articles(session, 2, before=first[-1].id)

    assert [article.id for article in (*first, *rest)] == newest_first


def test_says_when_there_is_no_such_article(desk: Desk) -> None:
    with (
        desk.db.reading() as session,
        pytest.raises(articles.NoSuchArticle, match="no article number 404"),
    ):
        articles.find_article(session, 404)


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Town Repairs Its “Pier”!", "town-repairs-its-pier"),
        ("霧の灯台で合唱団が歌う", "霧の灯台で合唱団が歌う"),
        ("?!…", "article"),
    ],
)
def test_makes_a_slug_in_the_headlines_own_script(
    desk: Desk, headline: str, slug: str
) -> None:
    reading = Reading("text:1", headline)

    with desk.db.writing() as session:
        article, _ = articles.keep(session, reading, None, now_of(desk), None)

    assert article.slug == slug


def test_one_picture_kept_twice_is_one_row(any_desk: Desk) -> None:
    accepted = accept(picture())
    now = now_of(any_desk)

    with any_desk.db.writing() as session:
        first = pictures.keep(session, any_desk.pictures, accepted, now).id
    with any_desk.db.writing() as session:
        second = pictures.keep(session, any_desk.pictures, accepted, now).id

    assert first == second
    assert count(any_desk, Picture) == 1
