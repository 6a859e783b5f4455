"""Invariants: what must be true after every step, told without the engine's code."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Row

from tests.faults.model.newsroom import Known, Newsroom
from tests.faults.model.platforms import Accepted, receipt_of
from tests.faults.model.world import World, when

MAY_BE_LIVE = ("sending", "unconfirmed")
ENDED = ("published", "failed", "missed", "cancelled", "draft")
ON_ITS_WAY = ("claimed", "sending")


class Violated(AssertionError):
    """An invariant does not hold; says which, and what happened."""


@dataclass
class Invariants:
    """I1 to I6 of the engine, against the platforms' log and the editors' memory."""

    world: World
    newsroom: Newsroom
    first: Violated | None = None
    _version: int = -1
    _seen: int = 0  # of the log
    _attempts: int = 0
    _posts: dict[int, Row] = field(default_factory=dict)
    _parts: list[Row] = field(default_factory=list)
    _last: dict[int, Row] = field(default_factory=dict)  # each part's last attempt

    def check(self) -> None:
        """After every step: at most one transaction was made since the last time."""
        if self.first is not None:
            raise self.first  # what comes after it only hides it
        rows = self.world.house.rows
        self._requests()
        (version,) = rows.execute("PRAGMA data_version").fetchone()
        if version == self._version and len(self.world.site.log) == self._seen:
            return
        self._version, self._seen = version, len(self.world.site.log)
        posts = {row["id"]: row for row in rows.execute("SELECT * FROM posts")}
        self._parts = rows.execute("SELECT * FROM parts ORDER BY id").fetchall()
        for number, post in posts.items():
            self._moved(self._posts.get(number), post)
        self._posts = posts
        self._new_attempts()
        self._shown()
        self._in_turn()

    def check_end(self) -> None:
        """When nothing moves any more."""
        self.check()
        for known in self.newsroom.posts:
            post = self._posts[known.number]
            if post["state"] == "unconfirmed":
                self._is(post["needs_person"], "I2", known, "is in doubt, untold")
                self._is(self._had_cause(known), "I4", known, "could be settled")
            else:
                self._is(post["state"] in ENDED, "I2", known, f"is {post['state']}")
        self._is_linear()

    def _requests(self) -> None:
        """I6: what arrives at a platform is what was last asked for."""
        for request in self.world.site.arrived:
            known, position = self._owner(request.text, request.account)
            self._is(known.texts[position] == request.text, "I6", known, "went out old")
            self._is(not known.dropped, "I6", known, "went out and was dropped")
            self._is(request.at >= known.due_at, "I6", known, "went out early")
            on_record = self.world.house.rows.execute(
                "SELECT 1 FROM attempts WHERE key = ? AND body = ?",
                (request.prepared.key, request.prepared.body),
            ).fetchone()
            self._is(on_record is not None, "I5", known, "was called unannounced")
        self.world.site.arrived.clear()

    def _moved(self, old: Row | None, new: Row) -> None:
        """I5: fences rise with every claim; what is published stays so."""
        if old is None:
            return
        known = self._known(new["id"])
        self._is(new["fence"] >= old["fence"], "I5", known, "has a lower fence")
        if new["state"] == "claimed" and old["state"] not in ON_ITS_WAY:
            self._is(new["fence"] > old["fence"], "I5", known, "kept its fence")
        if old["state"] == "published":
            self._is(new["state"] == "published", "I5", known, "was published")
        if new["state"] != old["state"] and new["state"] == "missed":
            self._is(self._is_late(new), "I2", known, "was missed in time")
        if new["state"] != old["state"] and new["state"] == "failed":
            self._is(self._may_fail(new), "I2", known, "failed without a cause")

    def _is_late(self, post: Row) -> bool:
        """It is too late for its class, or will be when its wait is over."""
        rows, ends = self.world.house.rows, when(post["expires_at"])
        channel = rows.execute(
            "SELECT not_before, circuit FROM channels WHERE id = ?",
            (post["channel_id"],),
        ).fetchone()
        opens = rows.execute(
            "SELECT open_until FROM breakers WHERE circuit = ?", (channel["circuit"],)
        ).fetchone()
        waits = [post["next_at"], channel["not_before"], opens and opens["open_until"]]
        latest = max(when(text) for text in waits if text)
        return max(self.world.clock.wall, latest) >= ends

    def _may_fail(self, post: Row) -> bool:
        """Refused, tried six times, partly live, or its workers died three times."""
        outcomes = Counter(
            row["outcome"]
            for row in self.world.house.rows.execute(
                "SELECT outcome FROM attempts JOIN parts ON parts.id = part_id"
                " WHERE post_id = ?",
                (post["id"],),
            )
        )
        live = any(
            part["remote_id"] for part in self._parts if part["post_id"] == post["id"]
        )
        return (
            outcomes["rejected"] > 0
            or outcomes["unavailable"] >= 6
            or live
            or self.world.deaths >= 2
        )

    def _new_attempts(self) -> None:
        """I5 and I6 of each intent: it stands alone, and nothing stood in its way."""
        rows = self.world.house.rows.execute(
            "SELECT attempts.*, parts.post_id, parts.key AS part_key, parts.position"
            " FROM attempts JOIN parts ON parts.id = part_id"
            " WHERE attempts.id > ? ORDER BY attempts.id",
            (self._attempts,),
        ).fetchall()
        for attempt in rows:
            self._attempts = attempt["id"]
            self._one_intent(attempt, self._last.get(attempt["part_id"]))
            self._last[attempt["part_id"]] = attempt

    def _one_intent(self, attempt: Row, before: Row | None) -> None:
        known = self._known(attempt["post_id"])
        post, now = self._posts[known.number], self.world.clock.wall
        number, fence = (before["number"], before["fence"]) if before else (0, -1)
        said = json.loads(attempt["body"])["text"]
        asked = known.texts[attempt["position"] - 1]
        self._is(attempt["number"] == number + 1, "I5", known, "has a gap in its tries")
        self._is(attempt["fence"] > fence, "I5", known, "has two intents of a fence")
        self._is(attempt["fence"] == post["fence"], "I5", known, "has an older intent")
        self._is(post["state"] == "sending", "I5", known, "intends and is not sending")
        self._is(said == asked, "I6", known, f"intends {said}, and is {asked}")
        self._is(attempt["key"] == attempt["part_key"], "I1", known, "has another key")
        self._is(not known.dropped, "I6", known, "intends and was dropped")
        self._is(not self.newsroom.held(known), "I6", known, "intends and is held")
        self._is(known.due_at <= now, "I6", known, "intends early")
        self._is(when(post["expires_at"]) > now, "I6", known, "intends too late")
        self._is(post["triage"] is None, "I6", known, "intends and is put aside")
        self._is(self._open(post, now), "I6", known, "intends on a shut channel")

    def _open(self, post: Row, now: datetime) -> bool:
        channel = self.world.house.rows.execute(
            "SELECT stopped_at, not_before, wait, probe_id FROM channels WHERE id = ?",
            (post["channel_id"],),
        ).fetchone()
        wait = channel["not_before"]
        over = wait is None or when(wait) <= now or channel["probe_id"] == post["id"]
        return channel["stopped_at"] is None and over

    def _shown(self) -> None:
        """I1 and I3: each part once, and published means there, whoever asks."""
        fresh = [one for one in self.world.site.log if one.fresh]
        shown = {(one.account, one.text): one for one in fresh}
        times = Counter(name(one.text) for one in fresh)
        for one in fresh:
            known, position = self._owner(one.text, one.account)
            self._is(times[name(one.text)] == 1, "I1", known, "is there twice")
            part = self._part(known, position)
            live = part["remote_id"] in (one.remote_id, receipt_of(one.remote_id).url)
            state = self._posts[known.number]["state"]
            self._is(live or state in MAY_BE_LIVE, "I3", known, f"is live and {state}")
        for part in self._parts:
            if part["remote_id"] is not None:
                self._is_there(part, shown)
        for post in self._posts.values():
            if post["state"] == "published":
                parts = [part for part in self._parts if part["post_id"] == post["id"]]
                known = self._known(post["id"])
                there = all(part["remote_id"] for part in parts)
                self._is(there, "I3", known, "is published, and a part is not")

    def _is_there(self, part: Row, shown: dict[tuple[str, str], Accepted]) -> None:
        known = self._known(part["post_id"])
        one = shown.get((known.channel.account, known.texts[part["position"] - 1]))
        names = (one.remote_id, receipt_of(one.remote_id).url) if one else ()
        self._is(part["remote_id"] in names, "I3", known, "is live and nobody sees it")

    def _in_turn(self) -> None:
        """Where order matters, one post of a channel is on its way at a time."""
        keeping = {
            row["id"]
            for row in self.world.house.rows.execute(
                "SELECT id FROM channels WHERE in_order"
            )
        }
        going = Counter(
            post["channel_id"]
            for post in self._posts.values()
            if post["state"] in ON_ITS_WAY
        )
        for channel_id in keeping:
            if going[channel_id] > 1:
                raise Violated(f"Channel {channel_id} has two posts on their way.")

    def _had_cause(self, known: Known) -> bool:
        """A person is asked only where the desk could not know."""
        account = known.channel.account
        post = self._posts[known.number]
        refused = self.world.house.rows.execute(
            "SELECT 1 FROM events WHERE post_id = ?"
            " AND (what LIKE '%not wanted%' OR what LIKE '%said that already%')",
            (known.number,),
        ).fetchone()
        blind = account in self.world.site.were_blind
        return blind or refused is not None or post["resends"] > 0

    def _is_linear(self) -> None:
        fences: dict[int, int] = {}
        for row in self.world.house.rows.execute("SELECT * FROM events ORDER BY id"):
            known = self._known(row["post_id"])
            before = fences.get(row["post_id"], -1)
            self._is(row["fence"] >= before, "I5", known, "has a history that turns")
            fences[row["post_id"]] = row["fence"]

    def _owner(self, text: str, account: str) -> tuple[Known, int]:
        number, part = name(text)
        known = self._known(number)
        self._is(known.channel.account == account, "I3", known, "went elsewhere")
        return known, part - 1

    def _part(self, known: Known, position: int) -> Row:
        return next(
            part
            for part in self._parts
            if part["post_id"] == known.number and part["position"] == position + 1
        )

    def _known(self, number: int) -> Known:
        return next(one for one in self.newsroom.posts if one.number == number)

    def _is(self, true: object, invariant: str, known: Known, words: str) -> None:
        if not true:
            told = (
                f"{invariant}: post {known.number} on {known.channel.account} {words}"
            )
            self.first = Violated(f"{told}.\n{self.history(known)}")
            raise self.first

    def history(self, known: Known) -> str:
        """Everything on record about a post, in order."""
        rows = self.world.house.rows
        events = rows.execute(
            "SELECT * FROM events WHERE post_id = ? ORDER BY id", (known.number,)
        )
        lines = [
            f"{row['at'][11:]} {row['fence']} {row['state']}: {row['what']}"
            for row in events
        ]
        lines += [
            f"{one.at:%X.%f} ACCEPTED {one.text} {'' if one.fresh else '(again)'}"
            for one in self.world.site.log
            if name(one.text)[0] == known.number
        ]
        lines.append(f"{self.world.clock.wall:%X.%f} now; {known}")
        return "\n".join(lines)


def name(text: str) -> tuple[int, int]:
    """Which post, and which of its parts, says this."""
    post, _, part = text.split(" ")[0].removeprefix("p").partition(".")
    return int(post), int(part)
