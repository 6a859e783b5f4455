"""`desk doctor`: a sentence for each thing, and what to do."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from sqlalchemy import update

from commands import doctor, embedded
from commands.doctor import connections
from commands.doctor.finding import ABOUT
from commands.doctor.machine import look_at_machine
from connectors.base import RateLimited
from connectors.mastodon import Mastodon
from desk import db, heartbeats, holds, installation, look_alikes, wakeup
from desk.config import Settings
from desk.desk import Desk
from desk.models import Breaker, Channel, Heartbeat, User
from desk.models.channels import HoldKind
from desk.people.actors import Actor
from desk.vault import new_key
from tests import factories
from tests.databases import free_port
from tests.fakes.scripted import Scripted
from tests.unit.commands.conftest import Terminal
from tests.unit.publishing import steps

PAGE = Path(__file__).parents[3] / "docs" / "operate.md"


def wrong(desk: Desk) -> dict[str, str]:
    """What the doctor finds wrong, by what it is about."""
    found = [one for look in doctor.LOOKS for one in look(desk)]
    assert {one.about for one in found} <= set(ABOUT)
    return {one.about: one.says for one in found if not one.ok}


@pytest.fixture
def well(desk: Desk) -> Desk:
    """A desk whose processes are alive."""
    with desk.db.writing() as session:
        heartbeats.beat(session, "clock,publish", db.now(session))
    return desk


def test_a_desk_that_is_well_has_nothing_wrong(well: Desk) -> None:
    assert wrong(well) == {}


def test_no_process_is_named_with_its_cure(desk: Desk) -> None:
    found = wrong(desk)

    assert "start one with “desk up”" in found["clock"]
    assert "the clock does its work" in found["worker"]


def test_a_post_that_nothing_keeps_back_is_late(well: Desk) -> None:
    channel = factories.make_channel(well)
    with well.db.writing() as session:
        past = db.now(session) - timedelta(minutes=2)
    factories.make_scheduled(well, channel, due_at=past)

    assert re.search(r"1[23]\d s overdue", wrong(well)["lateness"])


def test_a_stopped_channel_and_a_dying_credential_are_named(well: Desk) -> None:
    channel = factories.make_channel(well, "Sport")
    with well.db.writing() as session:
        now = db.now(session)
        session.execute(
            update(Channel)
            .where(Channel.id == channel)
            .values(
                stopped_at=now,
                stopped_why="Token revoked.",
                credential_expires_at=now + timedelta(days=2),
            )
        )

    found = wrong(well)

    assert found["channels"] == "Sport is stopped: Token revoked. Reconnect it."
    assert found["credentials"].startswith("The credential of Sport ends in ")


def test_people_whom_the_history_can_not_tell_apart_are_named(well: Desk) -> None:
    factories.make_person(well, "Anna")
    others = {factories.make_person(well, "Twin"): "Аnna"}
    others |= {factories.make_person(well, "Cleo"): "Еditor"}
    with well.db.engine.begin() as link:
        for one, name in others.items():
            link.execute(update(User).where(User.id == one.id).values(name=name))
        link.execute(
            update(User)
            .where(User.name == "Еditor")
            .values(name_key=look_alikes.key("editor"))
        )

    looks = (one for look in doctor.LOOKS for one in look(well))
    same, reserved = (one for one in looks if one.about == "people")
    assert not same.ok
    assert "anna@paper.org and twin@paper.org" in same.says
    assert not reserved.ok
    assert "cleo@paper.org is called “Еditor”" in reserved.says


def test_a_secret_that_no_key_opens_is_named(well: Desk) -> None:
    factories.make_channel(well, "Culture")
    channel = factories.make_channel(well, "Sport")
    steps.alter_channel(well, channel, secrets=b"sealed elsewhere")

    assert wrong(well)["keys"].startswith("Sport: No key of this desk opens")


def test_keys_of_another_desk_are_the_one_thing_to_say(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.types("doctor")
    desk = Desk.open(Settings(), {"scripted": Scripted})
    factories.make_channel(desk, "Sport")
    desk.db.engine.dispose()
    monkeypatch.setenv("STANDFIRST_KEYS", new_key())

    answer = terminal.types("doctor", "--json")
    refused = terminal.refused("hold", "list")

    said = {one["about"]: one["says"] for one in json.loads(answer.stdout)}
    assert "do not open the secrets of “Sport”" in said["keys"]
    assert refused == said["keys"]


def test_lost_keys_are_given_up_by_a_command(terminal: Terminal) -> None:
    terminal.types("doctor")
    desk = Desk.open(Settings(), {"scripted": Scripted})
    factories.make_channel(desk, "Sport")
    desk.db.engine.dispose()
    (terminal.home / "keys").unlink()

    answer = terminal.types("keys", "lost")

    assert "1 channels must be reconnected: Sport." in answer.stdout
    about = json.loads(terminal.types("doctor", "--json").stdout)
    stopped = [one["says"] for one in about if one["about"] == "channels"]
    assert [one.startswith("Sport is stopped: No key") for one in stopped] == [True]


def test_a_server_that_is_left_alone_is_named(well: Desk) -> None:
    with well.db.writing() as session:
        now = db.now(session)
        session.add(
            Breaker(
                circuit="mastodon at example.social",
                began_at=now,
                open_until=now + timedelta(minutes=1),
                why="It timed out.",
            )
        )

    assert "mastodon at example.social" in wrong(well)["platforms"]


def test_a_process_whose_clock_is_apart_is_named(well: Desk) -> None:
    with well.db.writing() as session:
        now = db.now(session)
        for name, ahead_ms in (("far:1", -12_000), ("near:1", 900)):
            beat = Heartbeat(name=name, kind="publish", at=now, skew_ms=ahead_ms)
            session.add(beat)

    assert wrong(well)["time"].startswith(
        "The clock of far:1 (publish) is 12 s behind the database's: set both by NTP."
    )


def test_a_server_that_nobody_has_asked_since_is_not_called_silent(well: Desk) -> None:
    with well.db.writing() as session:
        now = db.now(session) - timedelta(minutes=5)
        circuit = "mastodon at example.social"
        session.add(Breaker(circuit=circuit, began_at=now, open_until=now))

    assert "platforms" not in wrong(well)


def waits(desk: Desk, length: timedelta) -> None:
    channel = factories.make_channel(desk, "Harbour Sport")
    factories.make_scheduled(desk, channel)
    until = factories.now_of(desk) + length
    Scripted.script.append(RateLimited("Too many posts.", until))
    factories.run_due(desk)


def test_a_channel_that_waits_for_long_is_named_with_its_way_out(well: Desk) -> None:
    waits(well, timedelta(days=10))

    found = wrong(well)["waits"]

    assert found.startswith("Harbour Sport asked us to wait until ")
    assert "It said: Too many posts." in found
    assert "“desk channel try 'Harbour Sport'”" in found


def test_a_wait_of_minutes_is_told_and_not_wrong(well: Desk) -> None:
    waits(well, timedelta(minutes=5))

    said = [one.says for look in doctor.LOOKS for one in look(well)]

    assert wrong(well) == {}
    assert any(one.startswith("Harbour Sport asked us to wait until ") for one in said)


def test_a_hold_by_a_person_and_one_of_a_copy_are_told_apart(well: Desk) -> None:
    with well.db.writing() as session:
        now = db.now(session)
        holds.hold(session, scope="keyword", target="storm", why="Wait.", now=now)
        holds.hold(session, kind=HoldKind.COPY, by=Actor("the desk"), now=now)

    found = wrong(well)

    assert found["hold"].startswith("Held: keyword storm. Wait.")
    assert "copy or a restore" in found["restored"]


def test_a_copy_that_has_not_started_yet_is_named(desk: Desk) -> None:
    with desk.db.writing() as session:
        installation.recognise(session, desk.settings.home, db.now(session))
    factories.make_scheduled(desk, factories.make_channel(desk))
    factories.run_due(desk)
    assert "restored" not in wrong(desk)

    (desk.settings.home / installation.FILE).unlink()  # as in another folder

    assert "copy or a restore" in wrong(desk)["restored"]


def test_the_command_looks_at_everything_and_fails(terminal: Terminal) -> None:
    answer = terminal.types("doctor", "--json")

    about = {one["about"] for one in json.loads(answer.stdout)}
    assert about == set(ABOUT)
    assert answer.exit_code == 1


@pytest.mark.parametrize("about", ABOUT)
def test_every_line_has_its_cure_in_the_guide(about: str) -> None:
    assert f"| `{about}` |" in PAGE.read_text()


def before_the_database(settings: Settings) -> dict[str, str]:
    """What the doctor finds wrong with the machine and the broker."""
    found = look_at_machine(settings)
    return {one.about: one.says for one in found if not one.ok}


def test_a_home_that_others_look_into_is_named_with_its_cure(desk: Desk) -> None:
    assert "home" not in before_the_database(desk.settings)
    desk.settings.home.chmod(0o750)

    found = before_the_database(desk.settings)

    assert "chmod 700" in found["home"]
    assert str(desk.settings.home) in found["home"]


def test_a_disk_that_is_nearly_full_is_named_with_its_cure(tmp_path: Path) -> None:
    full = Settings(home=tmp_path, keep_free_mb=1_000_000)

    assert "make room" in before_the_database(full)["disk"]
    assert "disk" not in before_the_database(Settings(home=tmp_path))


BEYOND = ("0.0.0.0", "::", "192.168.1.7", "desk.example")  # noqa: S104  # never bound


@pytest.mark.parametrize("host", BEYOND)
def test_a_dashboard_that_listens_beyond_this_machine_asks_for_a_proxy(
    host: str, tmp_path: Path
) -> None:
    bare = Settings(home=tmp_path, host=host)
    plain = Settings(home=tmp_path, host=host, public_url="http://desk.example")
    behind = Settings(home=tmp_path, host=host, public_url="https://desk.example")

    assert host in before_the_database(bare)["proxy"]
    assert "STANDFIRST_PUBLIC_URL" in before_the_database(plain)["proxy"]
    assert "proxy" not in before_the_database(behind)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost"])
def test_a_dashboard_for_this_machine_alone_needs_no_proxy(
    host: str, tmp_path: Path
) -> None:
    assert "proxy" not in before_the_database(Settings(home=tmp_path, host=host))


def test_a_channel_without_tls_is_named_with_its_cure(well: Desk) -> None:
    channel = factories.make_channel(well, "Toots")
    with well.db.writing() as session:
        kept = session.get_one(Channel, channel)
        kept.platform, kept.settings = "mastodon", {"server": "http://social.example"}
    known = replace(well, connectors={**well.connectors, "mastodon": Mastodon})

    (said,) = [one.says for one in connections.look_at_channels(known) if not one.ok]

    assert "Toots" in said
    assert "write https://social.example" in said


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Callable[..., Settings]]:
    """A Valkey on a port of this machine, with these options."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*options: str, password: str = "") -> Settings:
        port = free_port()
        words = [str(embedded.program()), "--port", str(port), "--save", "", *options]
        running.append(subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL))
        address = f"redis://{password and f':{password}@'}127.0.0.1:{port}/0"
        settings = Settings(home=tmp_path, database_url="", redis_url=address)
        give_up_at = time.monotonic() + 10
        while not _answers(settings):
            assert time.monotonic() < give_up_at, "Valkey does not start"
            time.sleep(0.05)
        return settings

    yield start
    for one in running:
        one.kill()
        one.wait()


def _answers(settings: Settings) -> bool:
    try:
        with wakeup.client(settings) as connection:
            return bool(connection.ping())
    except redis.RedisError:
        return False


# a second address, which this machine does not have: "-" lets it be missing
WIDE = ("--bind", "127.0.0.1 -192.0.2.1", "--protected-mode", "no")


def test_a_broker_that_anyone_may_use_is_named_with_its_cure(
    broker: Callable[..., Settings],
) -> None:
    found = before_the_database(broker(*WIDE))

    assert "asks for no password and listens beyond this machine" in found["valkey"]


def test_a_broker_with_a_password_or_for_this_machine_alone_is_well(
    broker: Callable[..., Settings],
) -> None:
    guarded = broker(*WIDE, "--requirepass", "s3cret", password="s3cret")
    near = broker("--bind", "127.0.0.1", "--protected-mode", "no")

    assert "valkey" not in before_the_database(guarded)
    assert "valkey" not in before_the_database(near)
