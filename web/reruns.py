"""Reruns: a form whose transaction gave way to another's is done anew, from its start.

Two people may write the same rows in an order that no rule of ours foresaw. The
database ends one of the two transactions then: nothing of it was kept, and the other
one is through in a moment. So it is where two write what only one can have: done anew,
the second one's form finds it taken, and says so as always.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from flask import Flask, g, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from desk import uniqueness
from desk.db import gave_way
from desk.refusal import Refusal, RefusalKind
from web import current

T = TypeVar("T")

TRIES = 5
OUTPACED = (
    "Several people changed the same things in this moment, and the desk did not get "
    "through with yours. Wait a few seconds, then press again."
)

log = structlog.get_logger(__name__)


class Outpaced(Refusal):
    """However often it was tried, someone else was first."""

    kind = RefusalKind.CONFLICT


class Dashboard(Flask):
    def dispatch_request(self) -> ResponseReturnValue:
        """The view alone: who asks was found out before it."""
        view = super().dispatch_request
        return view() if request.method in current.SAFE_METHODS else done(view)

    def log_exception(self, exc_info: Any) -> None:
        """What broke while a broken page was told of; Flask would log the address."""
        log.error("an error page broke", page=current.page(), exc_info=exc_info)


def done(view: Callable[[], T]) -> T:
    """Whatever a view leaves outside the database, each try finds as the first did.

    Words that an earlier transaction of it has kept already are the same words, and
    what a step of it brought about stays so (`current.do_once`).
    """
    g.done = {}
    before, tries = Before.taken(), 0
    while True:
        try:
            return view()
        except DBAPIError as error:
            refusal = _refusal(error)
            if refusal is None:
                raise
            tries += 1
            log.info("another was first", tries=tries, why=type(error.orig).__name__)
            before.unsay()
            if tries == TRIES:
                raise refusal from error
            before.begin_anew()


def _refusal(error: DBAPIError) -> Refusal | None:
    return Outpaced(OUTPACED) if gave_way(error) else uniqueness.refusal(error)


@dataclass(frozen=True)
class Before:
    """What a request holds beside the database: its cookie, its notes, its files."""

    cookie: dict[str, Any]
    notes: dict[str, Any]

    @classmethod
    def taken(cls) -> Before:
        return cls(deepcopy(dict(session)), dict(vars(g)))

    def unsay(self) -> None:
        """Nothing that a try told of itself is so."""
        session.clear()
        session.update(deepcopy(self.cookie))

    def begin_anew(self) -> None:
        current.release()
        vars(g).clear()
        vars(g).update(self.notes)
        g.again = True
        for _, file in request.files.items(multi=True):
            file.stream.seek(0)
