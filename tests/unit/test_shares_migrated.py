"""Posts of before are carried over into shares, and back, with nothing lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import column, inspect, select, table, text, update

from desk.desk import Desk
from desk.lifecycle import State
from desk.migrating import downgrade, upgrade
from desk.models import Post
from desk.models.base import UtcDateTime
from desk.posts.editing import Change
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.articles.taken import drafts, take
from tests.unit.publishing import steps
from tests.unit.shares.sharing import edit, share_of

BEFORE = "0031"
OLD = "0019"  # the tables of 2026-11-29
OLD_ROWS = Path(__file__).with_name("desk_of_2026_11_29.sql")
REWORDED = frozenset({"warnings", "reason"})  # of a post: told apart since, by kind
HOUR = timedelta(hours=1)

Rows = dict[str, list[dict[str, str]]]


def rows(desk: Desk) -> list[str]:
    """All that posts of before consist of."""
    new = {"share_id", "own_text", "own_pictures", "own_link", "own_time"}
    old = [one for one in Post.__table__.columns if one.name not in new]
    with desk.db.engine.connect() as link:
        return list(map(str, link.execute(select(*old).order_by(Post.id))))


def again(desk: Desk) -> None:
    """As a desk of before would have it, brought up to this version."""
    there = rows(desk)
    downgrade(desk.settings, BEFORE)
    upgrade(desk.settings)
    assert rows(desk) == there


def test_posts_made_together_are_one_share(any_desk: Desk) -> None:
    story = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    other = drafts(any_desk, take(any_desk, number=2))
    alone = factories.make_post(any_desk, story[0].channel_id)

    again(any_desk)

    made = [factories.look_up(any_desk, one.id).share_id for one in story]
    later = [factories.look_up(any_desk, one.id).share_id for one in other]
    own = factories.look_up(any_desk, alone).share_id
    assert len(set(made)) == len(set(later)) == 1
    assert len({made[0], later[0], own}) == 3
    assert share_of(any_desk, story[0].id).article_id == story[0].article_id


def test_who_said_the_same_follows_and_who_did_not_has_its_own(any_desk: Desk) -> None:
    first, second, third = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    edit(any_desk, second.id, Change(text="In other words"))
    edit(any_desk, third.id, Change(alt="The ferry", link="https://elsewhere.example/"))

    again(any_desk)

    share = share_of(any_desk, first.id)
    one, two, three = (
        factories.look_up(any_desk, n.id) for n in (first, second, third)
    )
    assert (share.text, share.link) == (first.text, first.link)
    assert [seen.alt for seen in share.pictures] == [first.alt]
    assert (one.own_text, one.own_link, one.own_pictures) == (False, False, False)
    assert (two.own_text, two.own_link, two.own_pictures) == (True, False, False)
    assert (three.own_text, three.own_link, three.own_pictures) == (False, True, True)


def test_a_time_that_was_picked_for_all_is_the_shares(any_desk: Desk) -> None:
    first, second, third = drafts(any_desk, take(any_desk, "Aldon", "Bay", "Coast"))
    at = factories.now_of(any_desk) + timedelta(hours=3)
    for post, due_at in ((first, at), (second, at), (third, at + HOUR)):
        steps.alter(any_desk, post.id, due_at=due_at, state="scheduled", next_at=due_at)

    again(any_desk)

    posts = [factories.look_up(any_desk, one.id) for one in (first, second, third)]
    assert share_of(any_desk, first.id).due_at == at
    assert [one.own_time for one in posts] == [False, False, True]
    assert [one.due_at for one in posts] == [at, at, at + HOUR]


def test_messages_without_a_story_are_one_share_with_the_same_words_only(
    any_desk: Desk,
) -> None:
    channels = [factories.make_channel(any_desk, name) for name in "ABC"]
    made = [
        factories.make_post(any_desk, channel, said)
        for channel, said in zip(channels, ("Rain", "Rain", "Snow"), strict=True)
    ]
    at = factories.now_of(any_desk)
    for post_id in made:
        steps.alter(any_desk, post_id, created_at=at)

    again(any_desk)

    rain, same, snow = (factories.look_up(any_desk, one).share_id for one in made)
    assert rain == same != snow


def test_shares_that_are_made_afterwards_have_numbers_of_their_own(
    any_desk: Desk,
) -> None:
    channel = factories.make_channel(any_desk)
    known = [factories.make_post(any_desk, channel) for _ in range(3)]

    again(any_desk)
    later = factories.make_post(any_desk, channel)

    ids = [factories.look_up(any_desk, one).share_id for one in (*known, later)]
    assert len(set(ids)) == 4


def old_desk(desk: Desk) -> None:
    """With the rows of that day's code, in that day's tables."""
    downgrade(desk.settings, OLD)
    with desk.db.engine.begin() as link:
        if not desk.db.is_sqlite:
            link.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        for statement in OLD_ROWS.read_text().split(";\n"):
            link.exec_driver_sql(statement)
        for name in () if desk.db.is_sqlite else ("events", "attempts"):
            newest = f"SELECT setval('{name}_id_seq', max(id)) FROM {name}"  # noqa: S608  # ours
            link.execute(text(newest))


def all_rows(desk: Desk) -> Rows:
    """Every row of every table, by its columns."""
    found = {}
    with desk.db.engine.connect() as link:
        for name in sorted(inspect(link).get_table_names()):
            rows = link.execute(text(f"SELECT * FROM {name} ORDER BY 1")).mappings()  # noqa: S608
            found[name] = [{key: str(row[key]) for key in row} for row in rows]
    return found


def test_a_desk_of_before_is_carried_over_whole_and_goes_back(any_desk: Desk) -> None:
    old_desk(any_desk)
    before = all_rows(any_desk)

    upgrade(any_desk.settings)
    after = all_rows(any_desk)
    downgrade(any_desk.settings, OLD)

    assert all_rows(any_desk) == before
    states = {post["state"] for post in before["posts"]}
    assert states == set(State) - {State.CLAIMED, State.SENDING}
    for name in ("posts", "parts", "attempts", "events", "articles", "working_copies"):
        for old, new in zip(before[name], after[name], strict=True):
            kept = old.keys() - (REWORDED if name == "posts" else set())
            assert {key: new[key] for key in kept} == {key: old[key] for key in kept}
    texts = {share["id"]: share["text"] for share in after["shares"]}
    for post in after["posts"]:
        own = post["own_text"] in ("1", "True")
        assert own == (post["text"] != texts[post["share_id"]])


def test_what_a_desk_of_before_had_scheduled_goes_out_once(any_desk: Desk) -> None:
    old_desk(any_desk)
    due = put_due(any_desk)
    live = len(Scripted.live())

    upgrade(any_desk.settings)
    for _ in range(3):
        factories.run_due(any_desk)

    assert len(Scripted.live()) == live + len(due)
    assert {factories.look_up(any_desk, one).state for one in due} == {State.PUBLISHED}


def put_due(desk: Desk) -> list[int]:
    """Now, all that it had scheduled; and the platform has what went out before."""
    now = factories.now_of(desk)
    times = {"due_at": now, "next_at": now, "expires_at": now + HOUR}
    posts = table("posts", column("id"), *(column(one, UtcDateTime()) for one in times))
    waiting = text("state = 'scheduled' AND triage IS NULL")
    out = text("SELECT remote_id, key FROM parts WHERE remote_id IS NOT NULL")
    with desk.db.engine.begin() as link:
        due = [row.id for row in link.execute(select(posts.c.id).where(waiting))]
        link.execute(update(posts).where(waiting).values(times))
        Scripted.has = {remote_id: (key, "") for remote_id, key in link.execute(out)}
    assert due
    return due
