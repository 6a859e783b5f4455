"""A believable newsroom: articles, drawn pictures, and posts in every state."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from connectors.base import CantTell, OutcomeUnknown, Receipt, Rejected
from connectors.reconciliation import UNEXPLAINED
from desk import articles, channels, db, pictures, report, scheduling
from desk.articles import drafting
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Article, Post, Slot
from desk.picturing import accept
from desk.reading import Block, Kind, Reading
from desk.reading.article import Shown
from desk.scheduling import At, NextSlot, When
from tests.factories import reconcile, run_due
from tests.fakes.scripted import Scripted

Shape = tuple[str, tuple[float, ...], str]


@dataclass(frozen=True)
class Newsroom:
    """Where to find each thing that a test wants to look at."""

    to_compose: int  # an article whose posts are drafts
    scheduled: int
    published: int
    failed: int
    unconfirmed: int
    channel: int  # one with weekly times
    share_live: int = 0
    share_failed: int = 0


STORIES = (
    (
        "Harbour ferry returns after eleven months in dry dock",
        "The Saltmere crossing reopens on Monday with a new shaft and the old fare.",
        "Transport",
        "Ines Marlow",
        ("#9fc1d9", "#2f5f7f", "#f2f0e6", "#c8452f"),
        (
            "The Saltmere ferry will sail again on Monday, eleven months after a "
            "cracked shaft took it out of service.",
            "“We said we would bring her back before winter, and we have,” said "
            "Tomas Reil, who runs the harbour for the town.",
            "The repair cost 2.4 million and was paid from the port's own reserve, "
            "so the fare stays at 3.20.",
            "Some 1,900 people used the crossing on a weekday before it closed; most "
            "have gone round by the Aldon bridge since, forty minutes longer.",
        ),
    ),
    (
        "Town votes to keep its last public swimming pool",
        "Councillors overturned the closure by nine votes to six, late at night.",
        "Politics",
        "Pavel Orme",
        ("#dfe9e4", "#4a8f9c", "#f7f4ea", "#e0a83c"),
        (
            "The Aldon Road pool will stay open after councillors voted nine to six "
            "against closing it.",
            "The saving of 180,000 a year will be found in street lighting instead.",
        ),
    ),
    (
        "A bakery that starts at midnight, and the people who wait for it",
        "On Hemlock Street the first loaves are ready at ten past three.",
        "Life",
        "Noor Halvard",
        ("#2b2a3d", "#403a52", "#e9b872", "#f6e3c1"),
        (
            "By two in the morning there is already a queue on Hemlock Street.",
            "“You come for the bread and stay for the talk,” said Lena Ostrow, a "
            "night nurse.",
        ),
    ),
    (
        "Storm warning for the coast from six this evening",
        "Gusts of up to 110 km/h are expected between Saltmere and the Point.",
        "Weather",
        "The news desk",
        ("#5c6670", "#3b444d", "#7f8b94", "#b9c2c8"),
        (
            "The weather office has issued an orange warning for the coast from six "
            "this evening until four in the morning.",
        ),
    ),
    (
        "Library opens its map room for the first time in a century",
        "Four thousand sheets, one table, and a rule about pencils.",
        "Culture",
        "Ines Marlow",
        None,
        ("The map room of the town library opens to the public on Saturday.",),
    ),
)


def open_newsroom(desk: Desk) -> Newsroom:
    """Fill an empty desk, through the same doors that people and workers use."""
    with desk.db.reading() as session:
        now = db.now(session)
    channels.add(desk, "paper", "Paper", {}, now)
    gazette = channels.add(desk, "scripted", "Gazette", {"account": "gazette"}, now)
    channels.add(desk, "scripted", "Harbour news", {"account": "harbour"}, now)
    _give_slots(desk, gazette)
    oldest_first = reversed(range(len(STORIES)))
    made = {number: _take(desk, number, now) for number in oldest_first}
    published = _publish(desk, made[1])
    failed = _fail(desk, made[2], Rejected("This account may not post at night."))
    unconfirmed = _doubt(desk, made[2])
    scheduled = _plan(desk, made[3], now)
    shares = [_share_of(desk, one) for one in (published, failed)]
    return Newsroom(
        made[0], scheduled, published, failed, unconfirmed, gazette, *shares
    )


def _share_of(desk: Desk, post_id: int) -> int:
    with desk.db.reading() as session:
        return session.get_one(Post, post_id).share_id


def _give_slots(desk: Desk, channel_id: int) -> None:
    with desk.db.writing() as session:
        session.add_all(
            Slot(channel_id=channel_id, weekday=day, local_time=time(hour, 30))
            for day in range(7)
            for hour in (7, 12, 18, 21)
        )


def _take(desk: Desk, number: int, now: datetime) -> int:
    headline, standfirst, section, author, palette, paragraphs = STORIES[number]
    reading = Reading(
        identity=f"https://saltmere.example/{number}",
        headline=headline,
        standfirst=standfirst,
        authors=(author,),
        section=section,
        topics=("Saltmere", f"{section} news"),
        language="en",
        published_at=now - timedelta(hours=number + 1),
        link=f"https://saltmere.example/{section.lower()}/{number}",
        image_url="https://saltmere.example/lead.jpg" if palette else None,
        caption=headline if palette else "",
        credit="Saltmere Gazette / drawing" if palette else "",
        alt=f"A drawing: {headline.lower()}" if palette else "",
        blocks=tuple(Block(Kind.PARAGRAPH, text) for text in paragraphs),
        others=(Shown("https://saltmere.example/2.jpg", "At night.", "Jo Doe"),),
        said={"headline": {"h1": headline, "opengraph": f"{headline}."}},
    )
    at = now - timedelta(minutes=7 * number)
    data = drawn(palette) if palette else None
    with desk.db.reading() as session:
        found = channels.list_channels(session)
    drafts = drafting.prepare(desk, reading, found, data, at)
    with desk.db.writing() as session:
        kept = pictures.keep(session, desk.pictures, accept(data), at) if data else None
        article, _ = articles.keep(session, reading, kept, at, None)
        drafting.store(session, desk, article, drafts, at, None)
        return article.id


def _publish(desk: Desk, article_id: int) -> int:
    posts = [_due_now(desk, article_id, name) for name in ("Paper", "Gazette")]
    run_due(desk)
    return posts[0]


def _fail(desk: Desk, article_id: int, error: Exception) -> int:
    Scripted.script.append(error)
    post_id = _due_now(desk, article_id, "Gazette")
    run_due(desk)
    return post_id


def _doubt(desk: Desk, article_id: int) -> int:
    """Nobody can tell what became of it: a person decides."""
    Scripted.script.append(OutcomeUnknown("The connection closed before an answer."))
    post_id = _due_now(desk, article_id, "Harbour news")
    run_due(desk)
    with desk.db.reading() as session:
        now = db.now(session)
    seen = Receipt("77", "https://scripted.example/77")
    Scripted.looks.extend([CantTell(UNEXPLAINED, seen=(seen,))] * 60)
    for minutes in range(1, 90, 3):
        reconcile(desk, now + timedelta(minutes=minutes))
    Scripted.looks.clear()
    return post_id


def _plan(desk: Desk, article_id: int, now: datetime) -> int:
    times: dict[str, When] = {
        "Paper": At(now + timedelta(minutes=24)),
        "Gazette": NextSlot(),
        "Harbour news": At(now + timedelta(minutes=31)),
    }
    with desk.db.writing() as session:
        found = {post.channel.name: post.id for post in _of(session, article_id)}
        for name, when in times.items():
            scheduling.schedule(
                desk, session, found[name], when, now=now, priority="breaking"
            )
    return found["Paper"]


def _due_now(desk: Desk, article_id: int, name: str) -> int:
    with desk.db.writing() as session:
        (post,) = [p for p in _of(session, article_id) if p.channel.name == name]
        now = db.now(session)
        scheduling.schedule(desk, session, post.id, At(now), now=now)
        return post.id


def _of(session: Session, article_id: int) -> list[Post]:
    found = report.list_posts(session, article_id=article_id)
    return [post for post in found if post.state == State.DRAFT]


def drawn(palette: tuple[str, str, str, str]) -> bytes:
    """A harbour of plain shapes; every story has its own light."""
    sky, sea, pale, spot = palette
    picture = Image.new("RGB", (1200, 800), sky)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((820, 120, 960, 260), fill=pale)
    pen.polygon([(0, 520), (260, 330), (470, 500), (700, 380), (1200, 540),
                 (1200, 800), (0, 800)], fill=pale)  # fmt: skip
    pen.rectangle((0, 540, 1200, 800), fill=sea)
    for n, left in enumerate(range(60, 420, 70)):
        pen.rectangle((left, 440 - 26 * (n % 3), left + 56, 545), fill=spot)
    pen.polygon([(560, 600), (980, 600), (920, 670), (610, 670)], fill=pale)
    pen.rectangle((650, 530, 860, 602), fill=spot)
    pen.rectangle((720, 470, 760, 532), fill=pale)
    for top in (640, 700, 750):
        pen.line([(0, top), (1200, top + 12)], fill=sky, width=3)
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=88)
    return data.getvalue()


def article_of(desk: Desk, article_id: int) -> Article:
    with desk.db.reading() as session:
        return articles.find_article(session, article_id)
