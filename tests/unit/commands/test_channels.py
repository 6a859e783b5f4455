"""`desk channel`, and where its secrets go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from desk import db
from desk.channels import backoff
from desk.config import Settings
from desk.desk import Desk
from desk.models import Channel
from desk.models.channels import Wait
from tests.fakes.mastodon import TOKEN, MastodonFake
from tests.unit.commands.conftest import Terminal


@pytest.fixture
def fake() -> Iterator[MastodonFake]:
    with MastodonFake() as running:
        yield running


def add(terminal: Terminal, fake: MastodonFake, token: str = TOKEN) -> None:
    server = f"server={fake.address}"
    words = ("--name", "Toots", "--set", server, "--set", f"token={token}")
    assert terminal.types("channel", "add", "mastodon", *words).exit_code == 0


def test_adding_says_who_it_is_and_what_it_can_promise(
    terminal: Terminal, fake: MastodonFake
) -> None:
    server = f"server={fake.address}"
    words = ("--name", "Toots", "--set", server, "--set", f"token={TOKEN}")

    result = terminal.types("channel", "add", "mastodon", *words)

    assert result.stdout.startswith("Toots is ")
    assert "on mastodon 4.4.2, class window." in result.stdout


def test_a_secret_may_come_from_standard_input(
    terminal: Terminal, fake: MastodonFake
) -> None:
    words = ("--name", "Toots", "--set", f"server={fake.address}", "--set", "token=-")

    added = terminal.asks("channel", "add", "mastodon", *words, stdin=f"{TOKEN}\n")

    assert added["name"] == "Toots"
    assert added["software"] == "mastodon"


def test_no_secret_is_printed_or_lies_open_in_the_home_folder(
    terminal: Terminal, fake: MastodonFake
) -> None:
    add(terminal, fake)

    printed = terminal.types("channel", "list", "--json").output
    printed += terminal.types("channel", "list").output

    kept = [path for path in terminal.home.rglob("*") if path.is_file()]
    assert TOKEN not in printed
    assert not [path for path in kept if TOKEN.encode() in path.read_bytes()]


def test_a_refused_credential_leaves_no_channel(
    terminal: Terminal, fake: MastodonFake
) -> None:
    server = f"server={fake.address}"
    words = ("--name", "Toots", "--set", server, "--set", "token=wrong-secret-9")

    said = terminal.refused("channel", "add", "mastodon", *words)

    assert "does not accept the credential" in said
    assert "wrong-secret-9" not in said
    assert [one["name"] for one in terminal.asks("channel", "list")] == ["Paper"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nope", "--name", "N"], "There is no connector “nope”."),
        (["mastodon", "--name", "N"], "Mastodon needs server"),
        (["mastodon", "--name", "N", "--set", "x"], "“x” is no FIELD=VALUE"),
        (["mastodon", "--name", "N", "--set", "colour=red"], "has no field colour"),
        (["paper", "--name", "paper"], "There is a channel “paper” already"),
        (["mastodon", "--name", "N", "--set", "token=-"], "Nothing came in"),
    ],
)
def test_what_cannot_be_added_is_one_sentence(
    terminal: Terminal, words: list[str], said: str
) -> None:
    assert said in terminal.refused("channel", "add", *words)


def test_check_tells_each_channel_apart(terminal: Terminal, fake: MastodonFake) -> None:
    add(terminal, fake)
    fake.vanish()

    result = terminal.types("channel", "check")

    assert result.exit_code == 1
    assert "Paper: " in result.stdout
    assert "Toots: Mastodon could not be checked" in result.stdout


def test_secrets_open_after_the_keys_were_rotated(
    terminal: Terminal, fake: MastodonFake
) -> None:
    add(terminal, fake)
    before = (terminal.home / "keys").read_text().split()

    assert terminal.types("keys", "rotate").exit_code == 0

    after = (terminal.home / "keys").read_text().split()
    assert after[1:] == before
    (terminal.home / "keys").write_text(after[0])
    assert terminal.asks("channel", "check", "Toots")[0]["ok"]


def test_weekly_times_are_set_shown_and_taken_away(terminal: Terminal) -> None:
    terminal.types("channel", "slots", "Paper", "mon 09:00", "sat,sun 11:30")
    shown = terminal.asks("channel", "slots", "paper")
    cleared = terminal.asks("channel", "slots", "Paper", "--none")

    assert shown["slots"] == ["mon 09:00", "sat 11:30", "sun 11:30"]
    assert cleared["slots"] == []


def test_a_bad_weekly_time_changes_nothing(terminal: Terminal) -> None:
    terminal.types("channel", "slots", "Paper", "mon 09:00")

    result = terminal.types("channel", "slots", "Paper", "tue 09:00", "noonish")

    assert (result.exit_code, "no weekly time" in result.stderr) == (2, True)
    assert terminal.asks("channel", "slots", "Paper")["slots"] == ["mon 09:00"]


def test_a_class_set_by_hand_is_told_beside_the_checks(
    terminal: Terminal, fake: MastodonFake
) -> None:
    add(terminal, fake)

    told = terminal.types("channel", "override", "Toots", "none").stdout
    checked = terminal.types("channel", "check", "Toots").stdout
    back = terminal.asks("channel", "override", "Toots", "none-of-ours")

    assert "class none by hand, window by the check" in told
    assert "class none by hand, window by the check" in checked
    assert (back["exactly_once"], back["exactly_once_by_hand"]) == ("window", None)


def test_reconnecting_takes_a_new_token_and_keeps_the_rest(
    terminal: Terminal, fake: MastodonFake
) -> None:
    add(terminal, fake)

    refused = terminal.refused("channel", "reconnect", "Toots", "--set", "token=bad-1")
    told = terminal.types(
        "channel", "reconnect", "Toots", "--set", "token=-", stdin=f"{TOKEN}\n"
    )

    assert "does not accept the credential" in refused
    assert told.stdout.startswith("Toots is working: ")


def test_a_channel_that_waits_says_so_and_is_tried(
    terminal: Terminal, fake: MastodonFake
) -> None:
    add(terminal, fake)
    with Desk.open(Settings(home=terminal.home), {}).db.writing() as session:
        channel = session.scalars(select(Channel).filter_by(name="Toots")).one()
        now = db.now(session)
        until = now + timedelta(days=10)
        backoff.begin_wait(channel, Wait.ASKED, until, now, why="Too many.")

    listed = terminal.types("channel", "list").stdout
    (as_json,) = [
        one for one in terminal.asks("channel", "list") if one["name"] == "Toots"
    ]
    tried = terminal.types("channel", "try", "toots").stdout

    assert "Toots asked us to wait until " in listed
    assert (as_json["state"], as_json["waits"]) == ("waiting", "asked")
    assert as_json["waits_why"] == "Too many."
    assert tried.endswith("Toots waits for nothing.\n")


def test_a_channel_is_retired_and_brought_back(
    terminal: Terminal, fake: MastodonFake
) -> None:
    add(terminal, fake)

    told = terminal.types("channel", "retire", "toots").stdout
    listed = [one["name"] for one in terminal.asks("channel", "list")]
    back = terminal.asks("channel", "bring-back", "TOOTS")

    assert told.startswith("Toots is retired: ")
    assert (listed, back["state"]) == (["Paper"], "working")
    assert "No retired channel is called “toots”. There are: none." in (
        terminal.refused("channel", "bring-back", "toots")
    )
