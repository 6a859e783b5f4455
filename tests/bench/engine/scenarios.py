"""The scenarios: each measures, prints, and keeps its cells of the table."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench.engine import (
    bare,
    beside,
    claims,
    connecting,
    filling,
    idle,
    isolation,
    killing,
    outage,
    pasting,
    people,
    table,
    worst,
)
from tests.bench.engine.burst import Burst, apart, burst, together
from tests.bench.engine.lateness import Lateness, rank
from tests.bench.engine.quiet import DISTURBED
from tests.bench.engine.running import Scene, Setting, built, running
from tests.bench.engine.side import SlowPlatform
from tests.bench.engine.watching import Profile

ALARM = re.compile(r"warning|error|was killed|ended")  # in what a process says
MILLION = 1_000_000
AGAIN = 3  # rounds for one that is not disturbed, at most
ALONE_POSTS, ALONE_EVERY_S = 60, 0.37
PROFILED = Path(tempfile.gettempdir()) / "standfirst-profile.txt"
RATIO = {"sqlite": 0.6, "postgresql": 0.5}
CLAIM_US = {"sqlite": 10, "postgresql": 40}
KILLS = {"before_intent": 7.0, killing.ACCEPTED: 60.0, "after_intent": 60.0}
CLIENTS = ("aiohttp", "urllib3")
PASTED_STORIES = 50
SLOWEST = 6  # of the pastes, that are told
WORDS_S = 6.0  # until a paste is read or refused
PATIENT = {16: 1.0, 64: 4.0}  # readers, and how long a page may take for one in twenty


def bursts(setting: Setting, posts: int, rounds: int, part: str = "") -> list[Burst]:
    """Rounds in one newsroom, the first on processes just started.

    A round in which others took much of the machine from us is done again.
    """
    with running(setting) as scene:
        return bursts_in(scene, posts, rounds, part)


def bursts_in(scene: Scene, posts: int, rounds: int, part: str = "") -> list[Burst]:
    print(f"{posts:,} posts due at once; {scene.setting}", flush=True)
    profile = Profile(part, PROFILED) if part else None
    found: list[Burst] = []
    while len(found) < rounds * AGAIN and _quiet(found) < rounds:
        last = profile if len(found) == rounds - 1 else None
        begin = partial(last.begin, scene.room) if last else None
        found.append(burst(scene, together(scene, posts), begin))
        print(f"  round {len(found)}: {found[-1]}", flush=True)
    for line in filter(ALARM.search, scene.room.said[-500:]):
        print(f"  said: {line[:200]}", flush=True)
    if profile is not None:
        print(profile.top())
    found = [one for one in found if not one.disturbed] or found
    _keep_bursts(scene.setting, posts, found)
    return found


def _quiet(found: list[Burst]) -> int:
    return sum(not one.disturbed for one in found)


def _keep_bursts(setting: Setting, posts: int, found: list[Burst]) -> None:
    column = "x" if setting.platform == "x" else setting.database
    p99 = median(one.lateness.p99 for one in found)
    most = max(one.lateness.most for one in found)
    least = min(one.lateness.least for one in found)
    said = f"p99 {p99:.2f}, max {most:.2f} s"
    table.keep("early", column, f"{least:.3f} s", least >= 0)
    if posts == 1000:
        row = "million" if setting.others >= MILLION else "1000"
        table.keep(row, column, said, p99 <= 0.6 and most < 1)
        rate = median(one.rate for one in found)
        table.keep("celery", column, f"{rate:,.0f}/s", value=rate)
        _against_celery()
    elif posts == 100:
        table.keep("100", column, said, p99 <= 0.15)


def alone(setting: Setting) -> None:
    """Posts that are due one after the other, each by itself."""
    with running(setting) as scene:
        burst(scene, together(scene, 5))  # a worker that has sent before
        seen = burst(scene, apart(scene, ALONE_POSTS, ALONE_EVERY_S)).lateness
    print(f"one alone, {ALONE_POSTS} times; {setting}\n  {seen}", flush=True)
    column = "x" if setting.platform == "x" else setting.database
    said = f"p50 {seen.p50:.3f}, p99 {seen.p99:.3f} s"
    table.keep("1", column, said, seen.p99 <= 0.05)


def ceilings(setting: Setting, posts: int) -> dict[str, float]:
    """What bare clients send in a second, with as many calls at once."""
    at_once = min(posts, setting.slots * setting.workers)
    found = {}
    for client in CLIENTS:
        with SlowPlatform() as side:
            found[client] = bare.measure(client, side.address, posts, at_once)
        print(f"  bare {client}: {found[client]:,.0f} posts/s", flush=True)
    return found


def ten_thousand(setting: Setting, posts: int, rounds: int) -> None:
    """Ours and the ceilings turn by turn, in the same minutes."""
    ours = [one.rate for one in bursts(setting, posts, rounds)]
    tops = [ceilings(setting, posts) for _ in range(rounds)]
    top = {client: median(one[client] for one in tops) for client in CLIENTS}
    rate, column = median(ours), "x" if setting.platform == "x" else setting.database
    ratio = rate / top["aiohttp"]
    print(f"  ours {rate:,.0f} posts/s: {ratio:.2f} of aiohttp", flush=True)
    said = f"{rate:,.0f}/s, {ratio:.2f}"
    goal = None if column == "x" else ratio >= RATIO[column]
    table.keep("10000", column, said, goal)
    told = f"aiohttp {top['aiohttp']:,.0f}/s, urllib3 {top['urllib3']:,.0f}/s"
    table.keep("10000", "beside", told)


def celery(posts: int) -> None:
    """One task a post, in each of the ways in which a task can wait for its time."""
    seen = {way: beside.measure(way, posts) for way in beside.WAYS}
    for way, one in seen.items():
        print(f"Celery, {way}, {posts:,} posts\n  {one}", flush=True)
    p99 = ", ".join(f"{way} {one.lateness.p99:.2f}" for way, one in seen.items())
    table.keep("1000", "beside", f"Celery, p99: {p99} s")
    rate = seen["at once"].rate
    table.keep("celery", "beside", f"{rate:,.0f}/s", value=rate)
    _against_celery()


def _against_celery() -> None:
    """As soon as both are measured."""
    by = table.kept().get("celery", {})
    theirs = by.get("beside", table.Cell("")).value
    for column, cell in by.items():
        if theirs and column != "beside":
            ratio = cell.value / theirs
            said = f"{cell.value:,.0f}/s, {ratio:.1f} x"
            table.keep("celery", column, said, ratio >= 4, cell.value)


def million(setting: Setting, rounds: int, seconds: float) -> None:
    """Idling, claims and a burst among a million posts, in one newsroom."""
    column = setting.database
    with built(replace(setting, others=0)) as scene:
        seen = [idle.measure(scene, 0, seconds)]
        for others, more in ((100_000, 100_000), (MILLION, MILLION - 100_000)):
            filling.schedule_others(scene.room.desk, scene.channels, more)
            seen.append(idle.measure(scene, others, seconds))
            print(f"idle; {setting}\n  {seen[-1]}", flush=True)
        claimed = claims.measure(scene)
        print(f"claims; {setting}\n  {claimed}", flush=True)
        fine = all(one.mb <= 150 and one.share < 0.01 for one in seen)
        table.keep("idle", column, "; ".join(map(str, seen)), fine)
        table.keep("claims", column, str(claimed), claimed.ours <= CLAIM_US[column])
        among = replace(scene, setting=replace(setting, others=MILLION))
        with scene.room:
            bursts_in(among, 1000, rounds)


def kills(database: str) -> None:
    for failpoint, within in KILLS.items():
        seen = killing.killed_at(database, failpoint)
        told = "; ".join(map(str, seen))
        print(f"kill -9 {failpoint}; {database}\n  {told}", flush=True)
        asked = [one for one in seen if one.exactly_once != "none"]
        late = any(one.seconds > within or one.state != "published" for one in asked)
        table.keep(failpoint, database, told, not late)


def redis_gone(setting: Setting, seconds: float) -> None:
    with running(setting) as scene:
        seen = outage.without_valkey(scene, seconds)
    print(f"Valkey gone {seconds:.0f} s; {setting}\n  {seen}", flush=True)
    said = f"p99 {seen.p99:.2f}, max {seen.most:.2f} s"
    table.keep("outage", setting.database, said, seen.most <= 1)


def trouble(setting: Setting, posts: int, hanging: int) -> None:
    with running(setting) as scene:
        seen = isolation.measure(scene, posts, hanging)
    print(f"{hanging} posts hang beside {posts:,}; {setting}\n  {seen}", flush=True)
    fine = seen.refused == 1 and seen.ratio <= 1.2
    table.keep("trouble", setting.database, str(seen), fine)


def looked_at(setting: Setting, posts: int, stories: int, rounds: int) -> None:
    """A burst with nobody at the dashboard, and beside 16 and 64 readers, by turns."""
    with running(replace(setting, web=True)) as scene:
        filling.tell_stories(scene.room.desk, scene.channels[:8], stories)
        burst(scene, together(scene, 5))  # a worker that has sent before
        for readers in PATIENT:
            alone, seen = list[Lateness](), list[people.Seen]()
            for _ in range(rounds * AGAIN):
                without = burst(scene, together(scene, posts))
                beside = people.measure(scene, posts, readers)
                print(f"  nobody: {without}\n  {beside}", flush=True)
                if max(without.others, beside.others) > DISTURBED:
                    continue
                alone.append(without.lateness)
                seen.append(beside)
                if len(seen) == rounds:
                    break
            _keep_looked_at(setting, alone, seen)


def _keep_looked_at(
    setting: Setting, alone: Sequence[Lateness], seen: Sequence[people.Seen]
) -> None:
    readers = seen[0].readers
    without, late = (
        median(one.p99 for one in some)
        for some in (alone, [one.lateness for one in seen])
    )
    p50, p95 = median(one.p50 for one in seen), max(one.p95 for one in seen)
    failed = sum(len(one.failed) for one in seen)
    told = (
        f"{failed} failed; pages p50 {p50:.2f}, p95 {p95:.2f} s; "
        f"posts p99 {late:.2f} s, without {without:.2f} ({late / without:.2f})"
    )
    print(f"{readers} readers; {setting}\n  {told}", flush=True)
    fine = not failed and p95 <= PATIENT[readers]
    in_time = readers > 16 or late <= 1.2 * without
    table.keep(f"{readers} readers", setting.database, told, fine and in_time)


def pasted_at(setting: Setting, posts: int, givers: int) -> None:
    """The same burst alone, and while people paste and upload the worst there is."""
    with built(replace(setting, web=True)) as scene:
        scene.room.background = True
        filling.tell_stories(scene.room.desk, scene.channels, PASTED_STORIES)
        with scene.room:
            burst(scene, together(scene, 5))  # a worker that has sent before
            alone = burst(scene, together(scene, posts)).lateness
            seen = pasting.measure(scene, posts, givers)
    ratio = seen.lateness.p99 / alone.p99
    print(f"{posts} posts, people pasting; {setting}\n  alone: {alone}", flush=True)
    print(f"  {seen} ({ratio:.2f} of alone)", flush=True)
    told = (
        f"pages p95 {seen.p95:.2f} s; at most {seen.pasted.most_mb:,.0f} MB; "
        f"posts p99 {seen.lateness.p99:.2f} s ({ratio:.2f} of alone)"
    )
    fine = not seen.failed and seen.p95 <= 1 and seen.pasted.most_mb <= 1500
    table.keep("pasting", setting.database, told, fine and ratio <= 1.2)


def one_by_one(setting: Setting) -> None:
    """Each of the worst pastes, then pictures, beside a few who look on."""
    with built(replace(setting, web=True)) as scene:
        filling.tell_stories(scene.room.desk, scene.channels, PASTED_STORIES)
        with scene.room:
            seen = worst.measure(scene.room)
    print(f"the worst, one by one; {setting}\n  {seen}", flush=True)
    for one in sorted(seen.words, key=lambda one: -one.seconds)[:SLOWEST]:
        print(f"    {one.seconds:.2f} s {one.status} {one.what!r}", flush=True)
    told = (
        f"words {seen.slowest.seconds:.1f} s at most; photo at try "
        f"{len(seen.photo)}; pages p95 {rank(seen.pages, 0.95):.2f} s"
    )
    fine = not seen.failed and seen.slowest.seconds <= WORDS_S and seen.taken_at_once
    table.keep("worst", setting.database, told, fine)


def connections(setting: Setting, posts: int) -> None:
    with running(setting) as scene, connecting.watched(scene.room) as most:
        burst(scene, together(scene, posts))
    told = f"{most.count} with {setting.slots} slots"
    print(f"connections; {setting}\n  {told}", flush=True)
    table.keep("connections", setting.database, told, most.count <= 10)
