"""An article with a picture on a desk, and the drafts that were made of it."""

from __future__ import annotations

from datetime import time

from desk import articles, channels, db, pictures, report, scheduling
from desk.articles import drafting
from desk.desk import Desk
from desk.models import Post, Slot
from desk.picturing import accept
from desk.reading import Block, Kind, Reading
from desk.scheduling import At
from tests import factories
from tests.unit.picturing.made import picture


def take(desk: Desk, *names: str, section: str = "Transport", number: int = 1) -> int:
    """The article's number; `names` are the channels that get a draft."""
    for name in names:
        factories.make_channel(desk, name)
    now = factories.now_of(desk)
    data = picture(size=(600, 400))
    reading = Reading(
        identity=f"https://saltmere.example/{number}",
        headline="Harbour ferry returns after eleven months",
        standfirst="The crossing reopens on Monday with the old fare.",
        section=section,
        language="en",
        link=f"https://saltmere.example/{number}",
        image_url="https://saltmere.example/lead.jpg",
        credit="Noor Halvard",
        alt="A ferry at the quay",
        blocks=(Block(Kind.PARAGRAPH, "The ferry will sail again on Monday."),),
    )
    with desk.db.reading() as session:
        in_use = channels.list_channels(session)
    drafts = drafting.prepare(desk, reading, in_use, data, now)
    with desk.db.writing() as session:
        kept = pictures.keep(session, desk.pictures, accept(data), now)
        article, _ = articles.keep(session, reading, kept, now, None)
        drafting.store(session, desk, article, drafts, now, None)
        return article.id


def drafts(desk: Desk, article_id: int) -> list[Post]:
    """By the names of their channels."""
    with desk.db.reading() as session:
        its = report.list_posts(session, article_id=article_id)
    return sorted(its, key=lambda post: post.channel.name)


def give_slots(desk: Desk, channel_id: int) -> None:
    """Half past twelve on every day."""
    with desk.db.writing() as session:
        session.add_all(
            Slot(channel_id=channel_id, weekday=day, local_time=time(12, 30))
            for day in range(7)
        )


def put_due(desk: Desk, post_id: int) -> None:
    """It goes out, or is refused: as the next answer of the platform says."""
    with desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(desk, session, post_id, At(now), now=now)
    factories.run_due(desk)
