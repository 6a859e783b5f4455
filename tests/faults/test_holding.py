"""A hold amid a burst in full flow: a second later nothing that it covers leaves.

Each kind of hold in turn, the widest last; what none of them covers goes on until then.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from desk import channels, db, holds
from desk.models import Article, Post
from tests.databases import Postgres
from tests.faults.scene import DATABASES, Planned, Scene, opened

POSTS, OVER_S = 400, 20.0
BETWEEN_S = 2.5
AT_MOST = timedelta(seconds=1)
SECTION, WORD, CHANNEL = "Sport", "returns, 1", "honours"


def in_sport(scene: Scene) -> set[str]:
    """Every tenth post is about an article of that section; gives their texts."""
    chosen = [one for one in scene.planned if one.post_id % 10 == 0]
    with scene.house.desk.db.writing() as session:
        article = Article(
            slug="derby",
            identity="derby",
            headline="The derby",
            section=SECTION,
            created_at=db.now(session),
        )
        session.add(article)
        session.flush()
        ids = [one.post_id for one in chosen]
        session.execute(
            update(Post).where(Post.id.in_(ids)).values(article_id=article.id)
        )
    return {one.text for one in chosen}


def held(scene: Scene, scope: str, target: str) -> datetime:
    """Since when it stands, as whoever asked for it is told."""
    with scene.house.desk.db.writing() as session:
        holds.hold(session, scope=scope, target=target, now=db.now(session))
    return scene.now()


def target_of(scene: Scene, scope: str, last: Planned) -> str:
    with scene.house.desk.db.reading() as session:
        channel = str(channels.find_channel_named(session, CHANNEL).id)
    return {
        "post": str(last.post_id),
        "keyword": WORD,
        "section": SECTION,
        "channel": channel,
        "desk": "",
    }[scope]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("database", DATABASES)
def test_a_second_after_a_hold_nothing_of_it_leaves(
    tmp_path: Path, postgres: Postgres, database: str
) -> None:
    address = postgres.migrated() if database == "postgresql" else ""
    with opened(tmp_path / "home", address) as scene:
        scene.burst(POSTS, OVER_S)
        sport, last = in_sport(scene), scene.planned[-1]
        covered = {
            "post": {last.text},
            "keyword": {one.text for one in scene.planned if WORD in one.text},
            "section": sport,
            "channel": {one.text for one in scene.planned if one.channel == CHANNEL},
            "desk": {one.text for one in scene.planned},
        }
        scene.house.wait(lambda: scene.live() > 20)

        since = {}
        for scope in covered:
            since[scope] = held(scene, scope, target_of(scene, scope, last))
            scene.house.pause(BETWEEN_S)
        scene.house.wait(lambda: scene.now() > last.due_at)
        scene.house.pause(BETWEEN_S)

        accepted = scene.accepted()
        for scope, texts in covered.items():
            at = [one.at for one in accepted if one.text in texts]
            assert max(at, default=since[scope]) <= since[scope] + AT_MOST, scope
        free = {one.text for one in scene.planned}.difference(
            *(texts for scope, texts in covered.items() if scope != "desk")
        )
        went_on = [
            one for one in accepted if one.text in free and one.at > since["post"]
        ]
        assert len(went_on) > 20
        assert len(accepted) < POSTS
