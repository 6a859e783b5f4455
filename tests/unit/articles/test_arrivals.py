"""Arrivals: several pasted links become a story each, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from desk import articles, db, report
from desk.articles import arrivals, inbox
from desk.articles.arrivals import TooManyLinks
from desk.desk import Desk
from desk.models import Arrival, Article
from desk.models.arrivals import Arriving
from desk.reading import Fetcher
from desk.reading.links import lines_of_links
from tests import factories
from tests.unit.reading.site import Site, Visit

PAGE = (
    '<html lang="en"><body><article><h1>Pier {0} is repaired</h1><p>The council of '
    "Marrow Bay voted on Monday to repair pier {0} before the winter storms arrive. "
    "Work takes six weeks and costs 86,000 crowns.</p></article>"
)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        for number in range(1, 7):
            running.gives(f"/pier-{number}", PAGE.format(number).encode())
        yield running


def visiting(desk: Desk, site: Site) -> Desk:
    return replace(desk, fetcher=Fetcher(allow=site.origin, seconds=5))


def paste(desk: Desk, *lines: str, person: int | None = None) -> int:
    """Gives the person's number."""
    who = person or factories.make_person(desk).id
    with desk.db.writing() as session:
        arrivals.take_links(session, lines, db.now(session), who)
    return who


def told(desk: Desk, person: int) -> list[tuple[str, str]]:
    """Of each its state and its headline, or why there is none."""
    with desk.db.reading() as session:
        its = arrivals.list_arrivals(session, person)
        return [(a.state, a.article.headline if a.article else a.reason) for a in its]


def stories(desk: Desk) -> int:
    with desk.db.reading() as session:
        return session.scalar(select(func.count(Article.id))) or 0


@pytest.mark.parametrize(
    ("pasted", "lines"),
    [
        ("https://a.org/1\nhttps://b.org/2", ["https://a.org/1", "https://b.org/2"]),
        (" - a.org/1,\r\n\r\n <https://b.org/2>;", ["a.org/1", "https://b.org/2"]),
        ("a.org/1\nb.org/2\nhttps//c", ["a.org/1", "b.org/2", "https//c"]),
        ("https://a.org/1", []),
        ("https://a.org/1\nhttps//c", []),
        ("The pier\nhttps://a.org/1\nhttps://b.org/2", []),
    ],
)
def test_lines_that_are_all_links_are_several(pasted: str, lines: list[str]) -> None:
    assert lines_of_links(pasted) == lines


def test_each_link_becomes_a_story_or_says_why_not(any_desk: Desk, site: Site) -> None:
    desk = visiting(any_desk, site)
    links = [site.url(path) for path in ("/pier-1", "/gone", "/pier-2")]
    person = paste(desk, *links, "https//c")

    arrivals.read_waiting(desk)

    first, gone, second, wrong = told(desk, person)
    assert first == (Arriving.TAKEN, "Pier 1 is repaired")
    assert second == (Arriving.TAKEN, "Pier 2 is repaired")
    assert (gone[0], "has no page at this link" in gone[1]) == (
        Arriving.UNREADABLE,
        True,
    )
    assert wrong[0] == Arriving.NO_LINK
    assert stories(desk) == 2


def test_who_gives_no_answer_is_told_apart(desk: Desk, site: Site) -> None:
    desk = visiting(desk, site)
    site.answers["/broken"] = lambda visit: visit.give(b"", status=500)
    person = paste(desk, site.url("/broken"))

    arrivals.read_waiting(desk)

    assert told(desk, person)[0][0] == Arriving.UNREACHED


def test_a_story_that_is_here_is_not_read_again(desk: Desk, site: Site) -> None:
    desk = visiting(desk, site)
    link = site.url("/pier-1")
    now = factories.now_of(desk)
    known = articles.take(desk, link, now, None).article_id
    with desk.db.writing() as session:
        inbox.dismiss(session, known, now)
    asked = len(site.asked)

    person = paste(desk, f"{link}?utm_source=mail", f"{link}#top")
    arrivals.read_waiting(desk)

    assert told(desk, person) == [(Arriving.KNOWN, "Pier 1 is repaired")]
    assert len(site.asked) == asked
    with desk.db.reading() as session:
        assert session.get_one(Article, known).dismissed_at is None


def test_more_than_fifty_are_refused_and_nothing_is_kept(desk: Desk) -> None:
    with pytest.raises(TooManyLinks, match=r"These are 51 links.* reads 50"):
        paste(desk, *(f"https://a.org/{number}" for number in range(51)))

    with desk.db.reading() as session:
        assert not session.scalars(select(Arrival)).all()


def test_those_that_are_still_read_count(desk: Desk) -> None:
    person = paste(desk, *(f"https://a.org/{number}" for number in range(40)))

    with pytest.raises(TooManyLinks, match="40 links of yours are still read"):
        paste(desk, *(f"https://b.org/{number}" for number in range(11)), person=person)


def test_a_new_paste_puts_away_what_the_last_one_ended_with(
    desk: Desk, site: Site
) -> None:
    desk = visiting(desk, site)
    person = paste(desk, site.url("/pier-1"), "https//c")
    arrivals.read_waiting(desk)

    paste(desk, site.url("/pier-2"), person=person)

    assert told(desk, person) == [(Arriving.WAITING, "")]


def test_few_are_read_at_once_and_whoever_has_fewest_is_next(
    desk: Desk, site: Site
) -> None:
    desk = visiting(desk, site)
    many = paste(desk, *(site.url(f"/pier-{number}") for number in range(1, 6)))
    other = factories.make_person(desk, "Noor").id
    begun: list[int] = []

    def with_another(visit: Visit) -> None:
        """While the first is read, so many as may be are read beside it."""
        site.answers["/pier-1"] = Visit.missing
        with desk.db.writing() as session:
            now = db.now(session)
            arrivals.take_links(session, [site.url("/pier-6")], now, other)
            begun.extend(arrivals.links_waiting(session, now))
        visit.give(PAGE.format(1).encode())

    site.answers["/pier-1"] = with_another
    arrivals.read_waiting(desk)

    assert len(begun) == arrivals.AT_ONCE - 1
    assert [state for state, _ in told(desk, many)] == [Arriving.TAKEN] * 5
    assert site.asked[:3] == ["/pier-1", "/pier-2", "/pier-3"]


def test_another_persons_link_does_not_wait_for_all_of_mine(
    desk: Desk, site: Site
) -> None:
    desk = visiting(desk, site)
    paste(desk, *(site.url(f"/pier-{number}") for number in range(1, 6)))
    paste(desk, site.url("/pier-6"), person=factories.make_person(desk, "Noor").id)
    with desk.db.writing() as session:  # one of mine is being read elsewhere
        first = session.scalars(select(Arrival).order_by(Arrival.id)).first()
        assert first
        first.state, first.turns = Arriving.READING, 1
        first.lease_until = db.now(session) + arrivals.LEASE

    arrivals.read_waiting(desk)

    assert site.asked[0] == "/pier-6"


def test_a_reader_that_ended_is_followed_by_another_and_then_given_up(
    desk: Desk, site: Site
) -> None:
    desk = visiting(desk, site)
    person = paste(desk, site.url("/pier-1"), site.url("/pier-2"))
    with desk.db.writing() as session:
        past = db.now(session) - timedelta(seconds=1)
        of = update(Arrival).values(state=Arriving.READING, lease_until=past)
        session.execute(of.values(turns=1))
        last = select(func.max(Arrival.id)).scalar_subquery()
        session.execute(of.where(Arrival.id == last).values(turns=arrivals.TURNS))

    arrivals.read_waiting(desk)

    assert [state for state, _ in told(desk, person)] == [
        Arriving.TAKEN,
        Arriving.UNREADABLE,
    ]


def test_the_page_learns_of_each_that_was_read(desk: Desk) -> None:
    def version() -> int:
        with desk.db.reading() as session:
            return report.version(session)

    before = version()
    paste(desk, "https://127.0.0.1/1", "https://127.0.0.1/2")
    pasted = version()
    arrivals.read_waiting(desk)

    assert before < pasted < version()
