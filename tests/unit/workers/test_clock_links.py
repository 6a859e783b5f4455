"""Pasted links reach a reader: the clock's own, where no worker serves the queue."""

from __future__ import annotations

import threading

from sqlalchemy import func, select

from desk import db
from desk.articles import arrivals
from desk.desk import Desk
from desk.models import Arrival
from tests import factories
from tests.waiting import wait_until
from workers.clock import Clock


def test_the_clock_reads_pasted_links_where_no_worker_does(desk: Desk) -> None:
    person = factories.make_person(desk).id
    inside = [f"https://127.0.0.1/{number}" for number in range(6)]
    with desk.db.writing() as session:
        arrivals.take_links(session, inside, db.now(session), person)

    def are_settled() -> bool:
        with desk.db.reading() as session:
            settled = select(func.count(Arrival.settled_at))
            return session.scalar(settled) == len(inside)

    clock = Clock(desk)
    running = threading.Thread(target=clock.run)
    running.start()
    try:
        wait_until(are_settled)
    finally:
        clock.stop()
        running.join()
