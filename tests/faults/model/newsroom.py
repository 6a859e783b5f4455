"""The newsroom: what editors do, and what the desk told them that it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from connectors.base import ConnectorError
from desk import channels, db, holds, posts, scheduling
from desk.attention import deciding
from desk.lifecycle import IllegalMove
from desk.models import Part
from desk.posts import editing
from desk.scheduling import At
from tests.faults.model.platforms import receipt_of
from tests.faults.model.world import Channel, World

REFUSED = (IllegalMove, editing.Conflict, ConnectorError)


@dataclass
class Known:
    """A post as its editor was last told that it stands."""

    number: int
    channel: Channel
    texts: list[str]  # one a part: what may go out
    due_at: datetime
    dropped: bool = False  # cancelled, or taken back
    versions: int = 1


@dataclass
class Newsroom:
    """Editors. What stands here was acknowledged; what the desk refused does not."""

    world: World
    posts: list[Known] = field(default_factory=list)
    holds: set[tuple[str, str]] = field(default_factory=set)  # scope, target

    def write(
        self, channel: Channel, ahead: timedelta, parts: int, priority: str
    ) -> None:
        number = len(self.posts) + 1
        texts = [f"p{number}.{part} v1" for part in range(1, parts + 1)]
        due_at = self.world.clock.wall + ahead
        with self.world.desk.db.writing() as session:
            now = db.now(session)
            post = posts.create(session, channel.number, text=texts[0], now=now)
            for position, text in enumerate(texts[1:], start=2):
                key = posts.new_key()
                part = Part(
                    channel_id=channel.number, position=position, text=text, key=key
                )
                post.parts.append(part)
            scheduling.schedule(
                self.world.desk, session, post.id, At(due_at), now=now,
                priority=priority,
            )  # fmt: skip
            self.posts.append(Known(post.id, channel, texts, due_at))

    def edit(self, known: Known) -> None:
        text = f"p{known.number}.1 v{known.versions + 1}"

        def change(session: Session, now: datetime) -> None:
            revision = posts.find_post(session, known.number).revision
            typed = editing.Typed(editing.Change(text=text), revision)
            editing.edit(self.world.desk, session, known.number, typed, now=now)

        if self._asks(change):
            known.texts[0] = text
            known.versions += 1

    def cancel(self, known: Known) -> None:
        if self._asks(lambda s, now: scheduling.cancel(s, known.number, now=now)):
            known.dropped = True

    def take_back(self, known: Known) -> None:
        if self._asks(lambda s, now: scheduling.to_draft(s, known.number, now=now)):
            known.dropped = True

    def reschedule(self, known: Known, ahead: timedelta) -> None:
        due_at = self.world.clock.wall + ahead
        desk = self.world.desk
        if self._asks(
            lambda s, now: scheduling.schedule(
                desk, s, known.number, At(due_at), now=now
            )
        ):
            known.due_at, known.dropped = due_at, False

    def retry(self, known: Known) -> None:
        desk = self.world.desk
        if self._asks(lambda s, now: scheduling.retry(desk, s, known.number, now=now)):
            known.due_at, known.dropped = self.world.clock.wall, False

    def hold(self, scope: str, target: str) -> None:
        if self._asks(
            lambda s, now: holds.hold(s, scope=scope, target=target, now=now)
        ):
            self.holds.add((scope, target))

    def lift(self, scope: str, target: str) -> None:
        if self._asks(
            lambda s, now: holds.lift(s, scope=scope, target=target, now=now)
        ):
            self.holds.discard((scope, target))

    def held(self, known: Known) -> bool:
        """By what was told to hold, read without the desk's predicate."""
        return any(
            scope == "desk"
            or (scope == "channel" and target == str(known.channel.number))
            or (scope == "post" and target == str(known.number))
            or (scope == "keyword" and target in known.texts[0])
            for scope, target in self.holds
        )

    def decide(self, known: Known) -> None:
        """A person looks there, and says what is so. They wait for what still flies."""
        texts = set(known.texts)
        if any(request.text in texts for request in self.world.site.flying):
            return
        open_parts = self.world.house.rows.execute(
            "SELECT position FROM parts WHERE post_id = ? AND remote_id IS NULL"
            " ORDER BY position",
            (known.number,),
        ).fetchall()
        if not open_parts:
            return
        text = known.texts[open_parts[0]["position"] - 1]
        shown = [one for one in self.world.site.log if one.fresh and one.text == text]
        if shown:
            url = receipt_of(shown[0].remote_id).url
            self._asks(
                lambda s, now: deciding.confirm_live(s, known.number, url, now=now)
            )
            return
        if self._asks(lambda s, now: deciding.confirm_absent(s, known.number, now=now)):
            known.due_at = self.world.clock.wall

    def reconnect(self, channel: Channel) -> None:
        values = {"token": f"new {self.world.clock.boot}"}
        now = self.world.clock.wall
        channels.reconnect(self.world.desk, channel.number, values, now)

    def _asks(self, what: Callable[[Session, datetime], object]) -> bool:
        """Whether the desk did it; what it refused was rolled back."""
        try:
            with self.world.desk.db.writing() as session:
                what(session, db.now(session))
        except REFUSED:
            return False
        return True
