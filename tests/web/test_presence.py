"""Who is here: on pages of a share, by the live stream that each of them holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from time import monotonic
from urllib.parse import urlencode

import pytest
from flask import Flask

from desk import db, people
from desk.config import Settings
from desk.desk import Desk
from desk.models import User
from tests.asking import questions
from tests.factories import look_up, make_channel, make_person, make_post
from tests.fakes.scripted import Scripted
from tests.serving import served
from tests.web.test_live import OWN, PATIENCE_S
from tests.web.visiting import Visitor
from web import live, presence
from web.presence import SILENCE_S, Seat, Seats

SHARE = 12


@pytest.fixture
def streams(settings: Settings, desk: Desk) -> Flask:
    return live.create_app(settings, {"scripted": Scripted})


@pytest.fixture
def port(streams: Flask) -> Iterator[int]:
    with served(streams) as number:
        yield number


@dataclass
class Page:
    """A page of a share in somebody's browser."""

    port: int
    seat: str
    events: Iterator[tuple[str, str]]

    def others(self) -> list[tuple[str, int, bool]]:
        """Who else is there, as the next event has it."""
        told = next(data for name, data in self.events if name == "here")
        return [(one["name"], one["tab"], one["writes"]) for one in json.loads(told)]

    def say(self, seat: str = "", origin: str = OWN, **said: object) -> int:
        words = urlencode({"seat": seat or self.seat, **said})
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
        asking = HTTPConnection("localhost", self.port, timeout=PATIENCE_S)
        with closing(asking):
            asking.request("POST", "/live/here", words, sent)
            with asking.getresponse() as answer:
                return answer.status


def signed_in(desk: Desk, person: User) -> str:
    with desk.db.writing() as session:
        return people.begin_session(session, person.id, "", db.now(session))


@contextmanager
def page(port: int, token: str, share: int = SHARE) -> Iterator[Page]:
    asking = HTTPConnection("localhost", port, timeout=PATIENCE_S)
    sent = {"Cookie": f"desk={token}", "Origin": OWN}
    asking.request("GET", f"/live/events?share={share}", headers=sent)
    with closing(asking), asking.getresponse() as answer:
        events = told(iter(answer.readline, b""))
        seat = next(data for name, data in events if name == "seat")
        yield Page(port, seat, events)


def told(lines: Iterator[bytes]) -> Iterator[tuple[str, str]]:
    name = ""
    for line in lines:
        kind, _, said = line.decode().strip().partition(": ")
        if kind == "event":
            name = said
        elif kind == "data":
            yield name, said


def test_two_who_open_a_share_see_each_other_and_not_themselves(
    port: int, desk: Desk
) -> None:
    anna, mika = make_person(desk, "Anna"), make_person(desk, "Mika")
    with ExitStack() as opened:
        first = opened.enter_context(page(port, signed_in(desk, anna)))
        assert first.others() == []

        second = opened.enter_context(page(port, signed_in(desk, mika)))

        assert second.others() == [("Anna", 0, False)]
        assert first.others() == [("Mika", 0, False)]


def test_whoever_writes_is_shown_with_their_tab(port: int, desk: Desk) -> None:
    anna, mika = make_person(desk, "Anna"), make_person(desk, "Mika")
    with ExitStack() as opened:
        first = opened.enter_context(page(port, signed_in(desk, anna)))
        second = opened.enter_context(page(port, signed_in(desk, mika)))
        assert (first.others(), first.others()) == ([], [("Mika", 0, False)])

        assert second.say(tab=7, writes=1) == 204

        assert first.others() == [("Mika", 7, True)]


def test_who_has_another_share_open_is_not_here(port: int, desk: Desk) -> None:
    anna, mika = make_person(desk, "Anna"), make_person(desk, "Mika")
    with ExitStack() as opened:
        opened.enter_context(page(port, signed_in(desk, anna), SHARE + 1))

        second = opened.enter_context(page(port, signed_in(desk, mika)))

        assert second.others() == []


def test_who_is_signed_out_is_not_here_however_lately_they_were_heard_of(
    port: int, streams: Flask, desk: Desk
) -> None:
    anna, mika, tom = (make_person(desk, name) for name in ("Anna", "Mika", "Tom"))
    with ExitStack() as opened:
        first = opened.enter_context(page(port, signed_in(desk, anna)))
        opened.enter_context(page(port, signed_in(desk, mika)))
        assert (first.others(), first.others()) == ([], [("Mika", 0, False)])
        for seat in streams.extensions["watch"].seats.taken(monotonic()):
            seat.heard_at += 3600

        with desk.db.writing() as session:
            people.end_sessions(session, mika.id, db.now(session))
        opened.enter_context(page(port, signed_in(desk, tom)))

        seen = first.others() or first.others()  # she may be gone before he comes
        assert seen == [("Tom", 0, False)]


def test_speaking_up_asks_the_database_nothing(
    port: int, streams: Flask, desk: Desk
) -> None:
    seats: Seats = streams.extensions["watch"].seats
    seat = Seat(1, 1, "Anna", SHARE, heard_at=0.0)
    seats.take(seat)

    with questions(streams.extensions["desk"].db.engine) as asked:
        answer = streams.test_client().post(
            "/live/here", data={"seat": seat.key, "tab": "3", "writes": "1"}
        )

    assert answer.status_code == 204
    assert (seat.tab, seat.writes) == (3, True)
    assert asked == []


def test_nobody_speaks_for_a_page_whose_key_they_do_not_know(streams: Flask) -> None:
    said = {"seat": "guessed", "tab": "3", "writes": "1"}

    assert streams.test_client().post("/live/here", data=said).status_code == 404


def test_no_other_sites_page_speaks(port: int, desk: Desk) -> None:
    with page(port, signed_in(desk, make_person(desk))) as own:
        assert own.say(origin="https://evil.example", tab=1) == 403
        assert own.say(tab=1) == 204


def test_silence_empties_a_seat() -> None:
    seats = Seats()
    seat = Seat(1, 1, "Anna", SHARE, heard_at=100.0)
    seats.take(seat)

    assert seats.taken(100.0 + SILENCE_S) == [seat]
    assert seats.hear(seat.key, 0, False, 130.0)
    assert seats.taken(130.0 + SILENCE_S) == [seat]
    assert seats.taken(131.0 + SILENCE_S) == []
    assert not seats.hear(seat.key, 0, False, 152.0)


def test_a_person_with_two_pages_is_here_once_where_they_write() -> None:
    reads = Seat(1, 1, "Anna", SHARE, heard_at=2.0)
    writes = Seat(1, 1, "Anna", SHARE, heard_at=1.0, tab=7, writes=True)

    for seats in ([reads, writes], [writes, reads]):
        (one,) = presence.here(seats)[SHARE]
        assert (one.tab, one.writes) == (7, True)


def test_the_pages_of_a_share_have_a_place_for_who_else_is_here(
    desk: Desk, editor: Visitor
) -> None:
    post = make_post(desk, make_channel(desk, "Gazette"))
    share = look_up(desk, post).share_id

    for path in (f"/shares/{share}", f"/shares/{share}/posts", f"/posts/{post}"):
        shown = editor.look(path).text
        assert f'aria-label="Also here" data-share="{share}"' in shown, path
        assert f'data-here-dot="{post}" data-name="Gazette"' in shown, path
