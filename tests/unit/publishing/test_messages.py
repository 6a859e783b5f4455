"""Messages: what a connector is handed of a post and its article."""

from __future__ import annotations

from dataclasses import replace

from connectors.base import Message
from desk import articles, pictures, posts
from desk.desk import Desk
from desk.picturing import CARD, accept
from desk.publishing.messages import whole_message
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


def message(desk: Desk, reading: Reading, link: str | None = LINK) -> Message:
    """The message of a post of this article, with the article's picture."""
    channel_id = factories.make_channel(desk)
    now = factories.now_of(desk)
    with desk.db.writing() as session:
        kept = pictures.keep(session, desk.pictures, accept(picture()), now)
        article, _ = articles.keep(session, reading, kept, now, None)
        post = posts.create(
            session,
            channel_id,
            text="She sails again",
            link=link,
            picture_id=kept.id,
            alt="The ferry",
            credit=reading.credit,
            article_id=article.id,
            now=now,
        )
        return whole_message(desk, post)


def test_the_link_of_the_article_has_its_card(desk: Desk) -> None:
    card = message(desk, FERRY).card

    assert card is not None
    assert (card.title, card.description) == ("Ferry returns", "After eleven months.")
    assert card.image is not None
    assert opened(card.image.data).size == CARD
    assert card.image.alt == "A ferry at its berth"


def test_another_link_has_no_card_of_this_article(desk: Desk) -> None:
    assert message(desk, FERRY, "https://elsewhere.example/").card is None


def test_the_credit_goes_with_the_picture_once(desk: Desk) -> None:
    [image] = message(desk, FERRY).images

    assert image.description == "The ferry (Ana Reil / Gazette)"
    assert replace(image, alt="By Ana Reil / Gazette").description == (
        "By Ana Reil / Gazette"
    )
    assert replace(image, alt="").description == "(Ana Reil / Gazette)"
