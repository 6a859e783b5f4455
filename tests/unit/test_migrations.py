"""Migrations: there and back on both databases, and never apart from the models."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from connectors.base import Rejected
from desk import articles, db, holds, people, report
from desk.db import Database
from desk.desk import Desk
from desk.history import note, note_all
from desk.lifecycle import State
from desk.migrating import downgrade, upgrade
from desk.migrations.rebuilding import LostRows
from desk.models import Base, Post, User
from desk.models.channels import HoldKind
from desk.models.people import Role
from desk.models.posts import EventKind, ReasonKind, Triage, Unseen
from desk.people import BadPerson, names
from desk.posts.editing import Change
from desk.reading import Reading
from tests import factories
from tests.fakes.scripted import Scripted
from tests.unit.posts.typing import type_in
from tests.unit.publishing import steps


def tables(desk: Desk) -> set[str]:
    return set(inspect(desk.db.engine).get_table_names()) - {"alembic_version"}


def indexes(desk: Desk) -> dict[str, str]:
    """Every index, with the condition of a partial one."""
    found = {}
    for table in tables(desk):
        for index in inspect(desk.db.engine).get_indexes(table):
            options = index.get("dialect_options", {})
            where = [str(v) for k, v in options.items() if k.endswith("_where")]
            found[str(index["name"])] = "".join(where)
    return found


def test_models_and_migrations_agree(any_desk: Desk) -> None:
    with any_desk.db.engine.connect() as link:
        context = MigrationContext.configure(link, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_partial_indexes_cover_what_the_models_say(any_desk: Desk) -> None:
    made = indexes(any_desk)

    partial = {name for name, where in made.items() if where}
    meant = {
        str(index.name)
        for table in Base.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert partial == meant
    assert meant


def test_down_and_up_again_ends_at_the_same_tables(any_desk: Desk) -> None:
    before = tables(any_desk), indexes(any_desk)

    downgrade(any_desk.settings, "base")
    emptied = tables(any_desk)
    upgrade(any_desk.settings)

    assert emptied == set()
    assert (tables(any_desk), indexes(any_desk)) == before


def test_a_working_copy_of_nobodys_finds_a_person_and_goes_back(
    any_desk: Desk,
) -> None:
    channel = factories.make_channel(any_desk)
    made, unmade = (factories.make_scheduled(any_desk, channel) for _ in range(2))
    admin = factories.make_person(any_desk, "Ines", Role.ADMIN)
    author = factories.make_person(any_desk, "Anna", Role.AUTHOR)
    steps.alter(any_desk, made, created_by=author.id, former={"text": "Before"})
    type_in(any_desk, made, author, Change(text="Half a sent", alt="A ferry"))
    type_in(any_desk, unmade, author, "Of somebody")

    downgrade(any_desk.settings, "0013")
    with any_desk.db.engine.connect() as link:
        old = link.execute(text("SELECT working_copy FROM posts ORDER BY id")).all()
    upgrade(any_desk.settings)

    (hers,) = factories.look_up(any_desk, made).copies
    (theirs,) = factories.look_up(any_desk, unmade).copies
    assert "Half a sent" in str(old)
    assert hers.person_id == author.id
    assert (hers.text, hers.alt) == ("Half a sent", "A ferry")
    assert (theirs.person_id, theirs.text) == (admin.id, "Of somebody")
    assert factories.look_up(any_desk, made).former == {"text": "Before"}


def test_upgrading_again_keeps_what_is_there(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))

    upgrade(any_desk.settings)

    assert factories.look_up(any_desk, post_id).state == "scheduled"


def test_two_processes_that_migrate_together_make_one_set_of_tables(
    any_desk: Desk,
) -> None:
    downgrade(any_desk.settings, "base")

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(upgrade, any_desk.settings) for _ in range(3)]:
            done.result(30)

    assert tables(any_desk) == set(Base.metadata.tables)


def test_times_come_back_aware_from_both(any_desk: Desk) -> None:
    due = factories.now_of(any_desk) + timedelta(hours=1)
    post_id = factories.make_scheduled(
        any_desk, factories.make_channel(any_desk), due_at=due
    )

    assert factories.look_up(any_desk, post_id).due_at == due


def test_a_naive_time_is_refused(desk: Desk) -> None:
    post_id = factories.make_post(desk, factories.make_channel(desk))
    naive = factories.now_of(desk).replace(tzinfo=None)

    with pytest.raises(Exception, match="has no time zone"):
        steps.alter(desk, post_id, due_at=naive)


def test_a_reading_session_can_not_write(desk: Desk) -> None:
    with desk.db.reading() as session, pytest.raises(Exception, match="readonly"):
        session.execute(text("DELETE FROM posts"))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_every_spelling_of_postgresql_finds_its_driver(scheme: str) -> None:
    database = Database(f"{scheme}://desk@127.0.0.1/none")

    assert database.engine.driver == "psycopg"
    assert not database.is_sqlite


def test_the_history_finds_its_people_where_one_alone_has_the_name(
    any_desk: Desk,
) -> None:
    channel = factories.make_channel(any_desk)
    anna, ben = (factories.make_person(any_desk, name) for name in ("Anna", "Ben"))
    post_id = factories.make_scheduled(any_desk, channel)
    told = text("UPDATE events SET by = :name WHERE id = :id")
    alike = text("UPDATE users SET name = :name WHERE id = :id")
    downgrade(any_desk.settings, "0020")
    with any_desk.db.engine.begin() as link:
        link.execute(told, {"name": "Anna", "id": 1})
        link.execute(told, {"name": "Ben", "id": 2})
    upgrade(any_desk.settings)

    with any_desk.db.reading() as session:
        found = report.account(session, post_id).events
    assert [event.person_id for event in found] == [anna.id, ben.id]

    downgrade(any_desk.settings, "0020")
    with any_desk.db.engine.begin() as link:
        link.execute(alike, {"name": "Anna", "id": ben.id})
    upgrade(any_desk.settings)

    with any_desk.db.reading() as session:
        found = report.account(session, post_id).events
        names = [session.get_one(User, one.id).name for one in (anna, ben)]
    assert [event.person_id for event in found] == [None, None]
    assert names == ["Anna", "Anna 2"]


def test_names_from_before_are_compared_as_new_ones_and_go_back(
    any_desk: Desk,
) -> None:
    anna, twin, ben = (
        factories.make_person(any_desk, name) for name in ("Anna", "Twin", "Third")
    )
    named = text("UPDATE users SET name = :name, name_key = :key WHERE id = :id")
    keys = text("SELECT name_key FROM users ORDER BY id")
    downgrade(any_desk.settings, "0027")
    with any_desk.db.engine.begin() as link:
        link.execute(named, {"name": "Аnna", "key": "аnna", "id": twin.id})
        link.execute(named, {"name": "Bеn", "key": "bеn", "id": ben.id})
        before = link.execute(keys).scalars().all()
    upgrade(any_desk.settings)

    with any_desk.db.reading() as session:
        after = session.execute(keys).scalars().all()
        (same,) = names.shared(session)
        called = {one.id: one.name for one in same}
    with any_desk.db.writing() as session, pytest.raises(BadPerson, match="is taken"):
        people.invite(session, "ben@other.org", "Ben", "editor", db.now(session))
    downgrade(any_desk.settings, "0027")
    with any_desk.db.engine.connect() as link:
        back = link.execute(keys).scalars().all()
    upgrade(any_desk.settings)

    assert before == back == ["anna", "аnna", "bеn"]
    assert (after[0], after[2]) == ("anna", "ben")
    assert called == {anna.id: "Anna", twin.id: "Аnna"}
    assert ben.id not in called


def test_names_from_before_are_compared_by_all_their_twins_and_go_back(
    any_desk: Desk,
) -> None:
    ian, twin, ben = (
        factories.make_person(any_desk, name) for name in ("Ian", "Twin", "Ben 0")
    )
    named = text("UPDATE users SET name = :name, name_key = :key WHERE id = :id")
    keys = text("SELECT name_key FROM users ORDER BY id")
    downgrade(any_desk.settings, "0030")
    with any_desk.db.engine.begin() as link:
        link.execute(named, {"name": "lan", "key": "lan", "id": twin.id})
        before = link.execute(keys).scalars().all()
    upgrade(any_desk.settings)

    with any_desk.db.reading() as session:
        (same,) = names.shared(session)
        called = {one.id: one.name for one in same}
    with any_desk.db.writing() as session, pytest.raises(BadPerson, match="is taken"):
        people.invite(session, "b@other.org", "Ben O", "editor", db.now(session))
    downgrade(any_desk.settings, "0030")
    with any_desk.db.engine.connect() as link:
        back = link.execute(keys).scalars().all()
    upgrade(any_desk.settings)

    assert before == back == ["ian", "lan", "ben 0"]
    assert called == {ian.id: "Ian", twin.id: "lan"}
    assert ben.id not in called


def test_names_from_before_are_compared_without_unseen_signs_and_go_back(
    any_desk: Desk,
) -> None:
    ian, twin, ben = (
        factories.make_person(any_desk, name) for name in ("Ian", "Twin", "Ben")
    )
    named = text("UPDATE users SET name = :name, name_key = :key WHERE id = :id")
    keys = text("SELECT name_key FROM users ORDER BY id")
    downgrade(any_desk.settings, "0032")
    with any_desk.db.engine.begin() as link:
        link.execute(named, {"name": "Ian\ufffc", "key": "lan\ufffc", "id": twin.id})
        link.execute(named, {"name": "Ben.", "key": "ben.", "id": ben.id})
        before = link.execute(keys).scalars().all()
    upgrade(any_desk.settings)

    with any_desk.db.reading() as session:
        (same,) = names.shared(session)
        assert [one.id for one in same] == [ian.id, twin.id]
    with any_desk.db.writing() as session, pytest.raises(BadPerson, match="is taken"):
        people.invite(session, "b@other.org", "Ben", "editor", db.now(session))
    downgrade(any_desk.settings, "0032")
    with any_desk.db.engine.connect() as link:
        assert before == link.execute(keys).scalars().all()
    upgrade(any_desk.settings)


def test_a_hold_of_a_copy_is_one_by_its_kind_and_goes_back(any_desk: Desk) -> None:
    with any_desk.db.writing() as session:
        now = db.now(session)
        holds.hold(session, scope="section", target="Sea", why="A storm.", now=now)
        holds.hold(session, kind=HoldKind.COPY, now=now)

    downgrade(any_desk.settings, "0023")
    with any_desk.db.engine.connect() as link:
        old = link.execute(text("SELECT why FROM holds ORDER BY id")).scalars().all()
    upgrade(any_desk.settings)

    with any_desk.db.reading() as session:
        found = [(one.kind, one.why) for one in holds.list_holds(session)]
    assert old == ["A storm.", holds.COPY]
    assert found == [("person", "A storm."), ("copy", "")]


def test_what_happened_is_known_by_its_kind_in_old_rows_too(any_desk: Desk) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    told = {
        "Sent for approval.": EventKind.SUBMITTED,
        "Not uploaded yet: X is away.": EventKind.NOT_UPLOADED,
        "Not uploaded yet_ nor ever": EventKind.NOTED,
    }
    with any_desk.db.writing() as session:
        post = session.get_one(Post, post_id)
        for what, kind in told.items():
            note(session, post, what, db.now(session), kind=kind)

    downgrade(any_desk.settings, "0024")
    upgrade(any_desk.settings)

    with any_desk.db.reading() as session:
        found = report.account(session, post_id).events
    assert {event.what: event.kind for event in found[-3:]} == told


def refused(desk: Desk, channel: int, reason: str) -> int:
    """A post that its platform refused with these words."""
    post_id = factories.make_scheduled(desk, channel)
    Scripted.script.append(Rejected(reason))
    factories.run_due(desk)
    return post_id


def test_reasons_are_known_by_their_kind_in_old_rows_too(any_desk: Desk) -> None:
    channel = factories.make_channel(any_desk)
    quoted = refused(any_desk, channel, "No fish.")
    added = refused(any_desk, channel, "No boats.")
    late, asked, plain = (factories.make_post(any_desk, channel) for _ in range(3))
    steps.alter(any_desk, added, reason="1 of 2 live. No boats.")
    said = "Too late for a breaking post, so it was not sent."
    steps.alter(any_desk, late, reason=said, reason_kind=ReasonKind.LATE)
    steps.alter(any_desk, asked, reason="a verb", reason_kind=ReasonKind.CHANGES)
    steps.alter(any_desk, plain, reason=f"{said} It was waiting: No answer.")
    every = (quoted, added, late, asked, plain)
    before = [told_of(any_desk, one) for one in every]

    downgrade(any_desk.settings, "0025")
    old = text("SELECT reason FROM posts WHERE id = :id")
    with any_desk.db.engine.connect() as link:
        sentence = link.execute(old, {"id": asked}).scalar()
    upgrade(any_desk.settings)

    assert [kind for _, kind in before] == [
        "platform",
        "desk",
        "late",
        "changes",
        "desk",
    ]
    assert [told_of(any_desk, one) for one in every] == before
    assert sentence == "Changes asked: a verb"


def told_of(desk: Desk, post_id: int) -> tuple[str, str]:
    post = factories.look_up(desk, post_id)
    return post.reason, post.reason_kind


def test_what_was_not_offered_leaves_the_warnings_and_goes_back(
    any_desk: Desk,
) -> None:
    channel = factories.make_channel(any_desk)
    post_id, other = (factories.make_post(any_desk, channel) for _ in range(2))
    missing = "Not offered: quote (there is no “quote”)."
    steps.alter(any_desk, post_id, warnings=["Check it."], not_offered=missing)
    steps.alter(any_desk, other, warnings=["It is Not offered: any more."])

    downgrade(any_desk.settings, "0026")
    with any_desk.db.engine.connect() as link:
        old = link.execute(text("SELECT warnings FROM posts ORDER BY id")).all()
    upgrade(any_desk.settings)

    found = [factories.look_up(any_desk, one) for one in (post_id, other)]
    assert "Check it." in str(old[0])
    assert "Not offered: quote" in str(old[0])
    assert [(one.warnings, one.not_offered) for one in found] == [
        (["Check it."], missing),
        (["It is Not offered: any more."], ""),
    ]


KINDS = ("reason_kind", "state", "priority", "triage", "unseen")  # of a post


def test_a_column_of_kinds_takes_no_other_word(any_desk: Desk) -> None:
    factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    factories.run_due(any_desk)
    with any_desk.db.writing() as session:
        holds.hold(session, now=db.now(session))
    others = [
        ("holds", "kind"),
        ("events", "kind"),
        ("events", "state"),
        *(("posts", one) for one in KINDS),
        ("attempts", "outcome"),
    ]

    for table, column in others:
        with (
            pytest.raises(IntegrityError, match=f"ck_{table}_{column}"),
            any_desk.db.engine.begin() as link,
        ):
            link.execute(text(f"UPDATE {table} SET {column} = 'other'"))  # noqa: S608


def test_the_history_keeps_every_state_that_it_told_of_and_goes_back(
    any_desk: Desk,
) -> None:
    post_id = factories.make_scheduled(any_desk, factories.make_channel(any_desk))
    lines = [(post_id, fence, f"It is {state}.") for fence, state in enumerate(State)]
    with any_desk.db.writing() as session:
        for line, state in zip(lines, State, strict=True):
            note_all(session, [line], state, db.now(session))
    told = text("SELECT id, fence, state, kind, what FROM events ORDER BY id")
    with any_desk.db.engine.connect() as link:
        before = link.execute(told).all()

    downgrade(any_desk.settings, "0031")
    with any_desk.db.engine.begin() as link:
        old = link.execute(told).all()
        link.execute(text("UPDATE events SET kind = 'submitted' WHERE fence = 3"))
    upgrade(any_desk.settings)

    with any_desk.db.engine.connect() as link:
        after = link.execute(told).all()
    assert old == before
    assert [row.state for row in after[-len(State) :]] == list(State)
    assert [row.what for row in after if row.kind == "submitted"]


def said_by_sqlite(desk: Desk, statement: str) -> list[str]:
    with desk.db.engine.connect() as link:
        return [str(tuple(row)) for row in link.execute(text(statement))]


def test_a_table_that_is_written_anew_keeps_its_rows_and_all_that_hangs_on_it(
    any_desk: Desk,
) -> None:
    channel = factories.make_channel(any_desk)
    published = factories.make_scheduled(any_desk, channel)
    factories.run_due(any_desk)
    aside = factories.make_scheduled(any_desk, channel, text="For 5:30, “live”")
    steps.alter(any_desk, aside, triage=Triage.HELD)

    downgrade(any_desk.settings, "0027")
    with any_desk.db.engine.begin() as link:  # no word is refused there
        link.execute(text("UPDATE posts SET priority = 'other'"))
        link.execute(text("UPDATE posts SET priority = 'normal'"))
    upgrade(any_desk.settings)

    posts = [factories.look_up(any_desk, one) for one in (published, aside)]
    assert [(one.state, one.triage, one.text) for one in posts] == [
        ("published", None, "Dodge returns"),
        ("scheduled", "held", "For 5:30, “live”"),
    ]
    assert steps.outcomes(any_desk, published) == ["published"]
    with pytest.raises(IntegrityError), any_desk.db.engine.begin() as link:
        link.execute(text("DELETE FROM posts"))  # its parts refer to it


def test_sqlite_keeps_triggers_and_what_refers_to_a_table_written_anew(
    desk: Desk,
) -> None:
    made = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY type, name"
    refers = "SELECT * FROM pragma_foreign_key_list('parts') ORDER BY id"
    downgrade(desk.settings, "0027")
    with desk.db.engine.begin() as link:
        link.execute(
            text(
                "CREATE TRIGGER kept AFTER UPDATE ON posts WHEN NEW.text = 'a\\:b' "
                "BEGIN UPDATE posts SET alt = 'seen' WHERE id = NEW.id; END"
            )
        )
    before = said_by_sqlite(desk, made), said_by_sqlite(desk, refers)

    upgrade(desk.settings, "0031")
    after = said_by_sqlite(desk, made), said_by_sqlite(desk, refers)
    upgrade(desk.settings)
    post_id = factories.make_post(desk, factories.make_channel(desk), text="a")
    steps.alter(desk, post_id, text="a:b")

    assert after == before
    assert factories.look_up(desk, post_id).alt == "seen"


def test_nothing_is_migrated_that_would_lose_what_a_row_refers_to(desk: Desk) -> None:
    factories.make_scheduled(desk, factories.make_channel(desk))
    downgrade(desk.settings, "0027")
    with desk.db.engine.connect() as link:
        link.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        link.execute(text("DELETE FROM posts"))
        link.commit()
        link.invalidate()

    with pytest.raises(LostRows):
        upgrade(desk.settings)

    (found,) = said_by_sqlite(desk, "SELECT version_num FROM alembic_version")
    assert "0027" in found


def test_what_to_mind_of_an_article_leaves_its_posts_and_goes_back(
    any_desk: Desk,
) -> None:
    channel = factories.make_channel(any_desk)
    told, alone = (factories.make_post(any_desk, channel) for _ in range(2))
    its, own = "Its rights are unclear.", "The image has no alt text."
    with any_desk.db.writing() as session:
        reading = Reading("a", "Dodge returns", warnings=(its,))
        article, _ = articles.keep(session, reading, None, db.now(session), None)
        session.get_one(Post, told).article_id = article.id
    steps.alter(any_desk, told, warnings=[own], unseen=Unseen.AWAY)
    steps.alter(any_desk, alone, warnings=[its])

    downgrade(any_desk.settings, "0029")
    with any_desk.db.engine.connect() as link:
        old = link.execute(text("SELECT warnings FROM posts ORDER BY id")).all()
    upgrade(any_desk.settings)

    found = [factories.look_up(any_desk, one) for one in (told, alone)]
    assert (its in str(old[0]), own in str(old[0])) == (True, True)
    assert [one.warnings for one in found] == [[own], [its]]
