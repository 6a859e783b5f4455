"""Messages: what a connector is handed of a post and its article."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.base import Message
from desk import articles, pictures, posts
from desk.desk import Desk
from desk.picturing import CARD, accept
from desk.posts.messages import whole_message
from desk.reading.article import Reading
from tests import factories
from tests.unit.picturing.made import opened, picture

LINK = "https://news.example/ferry"
FERRY = Reading(
    identity=LINK,
    headline="Ferry returns",
    standfirst="After eleven months.",
    link=LINK,
    image_url="https://news.example/ferry.jpg",
    alt="A ferry at its berth",
    credit="Ana Reil / Gazette",
)
SPELLINGS = [
    "http://news.example/ferry",
    "https://www.news.example/ferry/",
    f"{LINK}?ref=newsletter",
    f"{LINK}/#comments",
    f"{LINK}?utm_source=mail&fbclid=1",
    "HTTPS://News.Example:443/f%65rry",
    f"{LINK}/amp",
]


def message(
    desk: Desk,
    reading: Reading,
    link: str | None = LINK,
    text: str = "She sails again",
    tags: str = "",
) -> Message:
    """The message of a post of this article, with the article's picture."""
    channel_id = factories.make_channel(desk)
    now = factories.now_of(desk)
    with desk.db.writing() as session:
        kept = pictures.keep(session, desk.pictures, accept(picture()), now)
        article, _ = articles.keep(session, reading, kept, now, None)
        post = posts.create(
            session,
            channel_id,
            text=text,
            link=link,
            picture_id=kept.id,
            alt="The ferry",
            credit=reading.credit,
            article_id=article.id,
            now=now,
        )
        post.tags = tags
        return whole_message(desk, post)


def test_the_link_of_the_article_has_its_card(desk: Desk) -> None:
    card = message(desk, FERRY).card

    assert card is not None
    assert (card.title, card.description) == ("Ferry returns", "After eleven months.")
    assert card.image is not None
    assert opened(card.image.data).size == CARD
    assert card.image.alt == "A ferry at its berth"


@pytest.mark.parametrize("link", SPELLINGS)
def test_the_card_stays_where_the_link_is_only_spelled_anew(
    desk: Desk, link: str
) -> None:
    card = message(desk, FERRY, link).card

    assert card is not None
    assert card.title == "Ferry returns"


@pytest.mark.parametrize("typed", [LINK, *SPELLINGS, "news.example/ferry"])
def test_a_link_in_the_words_is_sent_once_and_tagged(desk: Desk, typed: str) -> None:
    sent = message(desk, FERRY, text=f"Again ({typed}).", tags="utm_content=post-1")

    assert sent.link is not None
    assert sent.link.startswith(f"{LINK}?utm_content=post-1")
    assert sent.text == f"Again ({sent.link})."


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_link_in_the_words_is_sent_once_where_none_is_tagged(
    desk: Desk, typed: str
) -> None:
    sent = message(desk, FERRY, text=f"Read {typed}")

    assert sent.text == f"Read {sent.link}"


def test_the_link_of_another_page_stays_beside_the_articles(desk: Desk) -> None:
    sent = message(desk, FERRY, text=f"After {LINK}-2", tags="utm_content=post-1")

    assert (sent.text, sent.link) == (f"After {LINK}-2", f"{LINK}?utm_content=post-1")


@pytest.mark.parametrize("link", ["http://www.news.example/ferry", f"{LINK}/2"])
def test_a_link_to_the_articles_site_is_tagged_with_www_or_without(
    desk: Desk, link: str
) -> None:
    sent = message(desk, FERRY, link, tags="utm_content=post-1")

    assert sent.link == f"{link}?utm_content=post-1"


def test_another_link_has_no_card_of_this_article(desk: Desk) -> None:
    assert message(desk, FERRY, "https://elsewhere.example/").card is None


def test_the_credit_goes_with_the_picture_once(desk: Desk) -> None:
    [image] = message(desk, FERRY).images

    assert image.description == "The ferry (Ana Reil / Gazette)"
    assert replace(image, alt="By Ana Reil / Gazette").description == (
        "By Ana Reil / Gazette"
    )
    assert replace(image, alt="").description == "(Ana Reil / Gazette)"
