"""Editors who change their minds within 50 ms of the moment a post goes out."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from desk import db, holds, posts, scheduling
from desk.lifecycle import IllegalMove
from desk.posts import editing
from desk.scheduling import At
from tests.faults.checker import Asked
from tests.faults.histories import Wishes
from tests.faults.house import House

AROUND_S = 0.05
LATER = timedelta(seconds=4)
HELD_S = 3.0
HANDS = 6

Due = tuple[int, datetime]


class Editors:
    """What each does, and when, is drawn with a seed; the desk's answer is kept."""

    def __init__(self, house: House, wishes: Wishes, draw: random.Random) -> None:
        self._house, self._wishes, self._draw = house, wishes, draw
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(HANDS, thread_name_prefix="editor")
        self._done: list[Future[None]] = []
        self.answers: Counter[str] = Counter()
        self.acts: dict[str, Callable[[int], None]] = {
            "edit": self.edit,
            "cancel": self.cancel,
            "reschedule": self.reschedule,
            "hold": self.hold,
        }

    def race(self, due: Sequence[Due]) -> threading.Thread:
        """One act on each of these posts, around its due time."""
        draw, names = self._draw, list(self.acts)
        plan = sorted(
            (
                at.timestamp() + draw.uniform(-AROUND_S, AROUND_S),
                post,
                draw.choice(names),
            )
            for post, at in due
        )

        def run() -> None:
            for moment, post_id, name in plan:
                time.sleep(max(0.0, moment - time.time()))
                self._done.append(self._pool.submit(self._act, name, post_id))

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        return thread

    def finish(self) -> None:
        """All have their answer; raises what no editor should see."""
        self._pool.shutdown(wait=True)
        for one in self._done:
            one.result()

    def edit(self, post_id: int) -> None:
        with self._house.desk.db.writing() as session:
            now, post = db.now(session), posts.find_post(session, post_id)
            old, text = post.text, f"{post.text}, corrected"
            typed = editing.Typed(editing.Change(text=text), post.revision)
            editing.edit(self._house.desk, session, post_id, typed, now=now)
        with self._lock:
            self._wishes.wrote(post_id, text)
        self._told(post_id, "edit", old)

    def cancel(self, post_id: int) -> None:
        with self._house.desk.db.writing() as session:
            scheduling.cancel(session, post_id, now=db.now(session))
        self._told(post_id, "cancel")

    def reschedule(self, post_id: int) -> None:
        with self._house.desk.db.writing() as session:
            now = db.now(session)
            later = At(now + LATER)
            scheduling.schedule(self._house.desk, session, post_id, later, now=now)
        self._told(post_id, "reschedule")

    def hold(self, post_id: int) -> None:
        self._held(post_id, holds.hold)
        began = datetime.now(UTC)
        time.sleep(HELD_S)
        until = datetime.now(UTC)
        self._held(post_id, holds.lift)
        with self._lock:
            self._wishes.told(post_id, Asked("hold", began, until=until))

    def _held(self, post_id: int, change: Callable[..., object]) -> None:
        with self._house.desk.db.writing() as session:
            change(session, scope="post", target=str(post_id), now=db.now(session))

    def _act(self, name: str, post_id: int) -> None:
        said = "done"
        try:
            self.acts[name](post_id)
        except IllegalMove:
            said = "refused"
        with self._lock:
            self.answers[f"{name} {said}"] += 1

    def _told(self, post_id: int, what: str, old: str = "") -> None:
        asked = Asked(what, datetime.now(UTC), old=old)
        with self._lock:
            self._wishes.told(post_id, asked)
