"""`desk post`, `hold`, `user`, `db`, `doctor`: thin, and clear when they refuse."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from desk.config import Settings
from desk.desk import Desk
from desk.models import Attempt, Breaker, Part, Post
from tests.factories import make_person, now_of
from tests.fakes.x import XFake
from tests.unit.commands.conftest import Terminal
from tests.unit.posts.typing import type_in
from tests.unit.publishing.steps import add_parts, alter

POST = ("post", "add", "--channel", "paper", "--text", "The ferry is back.")


def test_adds_a_post_for_a_time(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STANDFIRST_ZONE", "Europe/Rome")

    post = terminal.asks(*POST, "--at", "2027-07-01 18:30", "--link", "https://a.org/b")

    assert post["state"] == "scheduled"
    assert post["due_at"] == "2027-07-01T16:30:00.000+00:00"
    assert post["link"] == "https://a.org/b"
    shown = terminal.asks("post", "show", str(post["id"]))
    assert {**shown, "remarks": []} == post


def test_a_link_without_https_is_completed(terminal: Terminal) -> None:
    post = terminal.asks(*POST, "--at", "2027-07-01 18:30", "--link", "paper.org/ferry")

    assert post["link"] == "https://paper.org/ferry"


def test_the_same_idempotency_key_makes_one_post(terminal: Terminal) -> None:
    first = terminal.asks(*POST, "--at", "2027-07-01 18:30", "--once", "morning")
    again = terminal.asks(*POST, "--at", "2027-07-01 18:30", "--once", "morning")

    assert first == again
    assert len(terminal.asks("post", "list")) == 1


def test_what_an_editor_should_know_of_it_is_printed(terminal: Terminal) -> None:
    with XFake() as fake:
        given = [f"{name}={value}" for name, value in fake.credentials().items()]
        keys = [word for one in given for word in ("--set", one)]
        terminal.types("channel", "add", "x", "--name", "Wire", *keys)
        wire = ("post", "add", "--channel", "Wire", "--at", "2027-07-01 18:30")
        first = terminal.asks(*wire, "--text", "Read on", "--link", "https://a.org/b")
        words = (*wire, "--text", "Read on", "--link", "https://a.org/c")

        printed = terminal.types(*words).stdout
        remarks = terminal.asks(*words[:-1], "https://a.org/d")["remarks"]

    told = f"with another link, too, and post {first['id']} says them"
    assert told in printed
    assert f"Note: {first['remarks'][0]}\n" in printed
    assert "X charges" in first["remarks"][0]
    assert len(remarks) == 2


def test_takes_a_picture_with_its_alt_text(terminal: Terminal, tmp_path: Path) -> None:
    data = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(data, "JPEG")
    picture = tmp_path / "ferry.jpg"
    picture.write_bytes(data.getvalue())

    words = ("--image", str(picture), "--alt", "A ferry at night")
    post = terminal.asks(*POST, "--at", "2027-07-01 18:30", *words)

    assert post["alt"] == "A ferry at night"
    assert list((terminal.home / "pictures").rglob(post["image"]))


def test_shows_who_has_typed_over_a_post_and_not_saved(terminal: Terminal) -> None:
    post = terminal.asks(*POST, "--at", "2027-07-01 18:30")
    desk = Desk.open(Settings(), {})
    type_in(desk, post["id"], make_person(desk), "Half a sent")
    desk.db.engine.dispose()

    shown = terminal.asks("post", "show", str(post["id"]))

    (writing,) = shown["writing"]
    assert (writing["by"], writing["revision"]) == ("Anna", 1)
    assert "Anna is writing" in terminal.types("post", "show", str(post["id"])).stdout


def test_says_that_a_post_is_live_twice_and_where(terminal: Terminal) -> None:
    post = terminal.asks(*POST, "--at", "2027-07-01 18:30")
    desk = Desk.open(Settings(), {})
    other = "http://127.0.0.1/other"
    alter(
        desk,
        post["id"],
        state="published",
        published_at=now_of(desk),
        twice_url=other,
    )
    desk.db.engine.dispose()

    shown = terminal.types("post", "show", str(post["id"])).stdout

    assert "Live twice, published" in shown
    assert f"Live at {other}, too" in shown
    assert "live twice" in terminal.types("post", "list").stdout


def test_says_that_its_server_keeps_a_due_post_waiting(terminal: Terminal) -> None:
    number = terminal.asks(*POST, "--at", "2027-07-01 18:30")["id"]
    desk = Desk.open(Settings(), {})
    now = now_of(desk)
    alter(desk, number, due_at=now - timedelta(minutes=5))
    with desk.db.writing() as session:
        channel = session.get_one(Post, number).channel
        channel.circuit = "paper at down.example"
        open_ = {"began_at": now, "open_until": now + timedelta(minutes=1)}
        session.add(Breaker(circuit=channel.circuit, why="It timed out.", **open_))
    desk.db.engine.dispose()

    shown = terminal.types("post", "show", str(number)).stdout

    assert "does not answer. It timed out.\n" in shown


def test_says_which_part_of_a_thread_is_live_twice(terminal: Terminal) -> None:
    number = str(terminal.asks(*POST, "--at", "2027-07-01 18:30")["id"])
    desk = Desk.open(Settings(), {})
    add_parts(desk, int(number), "Two")
    with desk.db.writing() as session:
        post = session.get_one(Post, int(number))
        for part in post.parts:
            part.remote_id = part.url = f"http://127.0.0.1/{part.position}"
        post.state, post.published_at = "published", now_of(desk)
        post.twice_url = "http://127.0.0.1/other"
        post.parts[1].attempts.append(made(post.parts[1], post.twice_url))
    desk.db.engine.dispose()

    shown = terminal.types("post", "show", number).stdout

    assert "Part 1 is live at http://127.0.0.1/1\nPart 2 is live at" in shown
    assert "Part 2 is live at http://127.0.0.1/other, too" in shown
    assert terminal.asks("post", "show", number)["live_twice"][0]["part"] == 2


def made(part: Part, url: str) -> Attempt:
    at = part.post.created_at
    return Attempt(
        channel_id=part.channel_id,
        number=1,
        fence=1,
        key=part.key,
        body="",
        digest="",
        worker="test",
        intent_at=at,
        deadline_at=at,
        outcome="published",
        remote_id=url,
        url=url,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--at", "2020-01-01 08:00"], "is past"),
        (["--at", "soon"], "“soon” is not a time"),
        (["--at", "2027-03-28 02:30"], "does not exist in Europe/Rome"),
        (["--at", "2026-10-25 02:30+02:00"], "is past"),
        (["--at", "2027-10-31 02:30"], "happens twice in Europe/Rome"),
        (["--at", "now", "--link", "https://paper.org/a b"], "it has a space in it"),
        (["--at", "now", "--link", "ftp://paper.org/a"], "can't open “ftp:”"),
        (["--at", "now", "--link", "https://"], "it names no site"),
        (["--at", "now", "--link", "ferry"], "“ferry” is no link"),
        (["--at", "now", "--image", "/nowhere.jpg"], "/nowhere.jpg can't be read"),
        (["--at", "now", "--image", __file__], "picture"),
        (["--at", "now", "--channel", "nope"], "There is no channel “nope”."),
        (["--at", "now", "--text", "word " * 900], "over the limit"),
    ],
)
def test_what_cannot_be_scheduled_leaves_nothing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.setenv("STANDFIRST_ZONE", "Europe/Rome")

    assert said in terminal.refused(*POST, *words)
    assert terminal.asks("post", "list") == []


def test_lists_by_state_and_channel(terminal: Terminal) -> None:
    terminal.asks(*POST, "--at", "2027-07-01 18:30")

    assert len(terminal.asks("post", "list", "--state", "scheduled")) == 1
    assert terminal.asks("post", "list", "--state", "failed") == []
    assert len(terminal.asks("post", "list", "--channel", "Paper")) == 1


def test_an_unknown_post(terminal: Terminal) -> None:
    assert terminal.refused("post", "show", "7") == "There is no post number 7."


def test_holds_and_lifts(terminal: Terminal) -> None:
    terminal.asks("hold", "on", "--channel", "paper", "--why", "election")

    assert [(hold["scope"], hold["why"]) for hold in terminal.asks("hold", "list")] == [
        ("channel", "election")
    ]

    terminal.asks("hold", "off", "--channel", "paper")
    assert terminal.asks("hold", "list") == []


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ((), ("desk", "")),
        (("--channel", "paper"), ("channel", "1")),
        (("--section", "Sport"), ("section", "Sport")),
        (("--keyword", "ferry"), ("keyword", "ferry")),
        (("--post", "1"), ("post", "1")),
    ],
)
def test_each_kind_of_hold_is_set_and_lifted(
    terminal: Terminal, words: tuple[str, ...], held: tuple[str, str]
) -> None:
    terminal.asks(*POST, "--at", "2027-07-01 18:30")

    terminal.asks("hold", "on", *words)
    standing = terminal.asks("hold", "list")
    terminal.asks("hold", "off", *words)

    assert [(hold["scope"], hold["target"]) for hold in standing] == [held]
    assert terminal.asks("hold", "list") == []


def test_a_hold_on_a_post_that_is_not_there_is_refused(terminal: Terminal) -> None:
    said = terminal.refused("hold", "on", "--post", "7")

    assert said == "There is no post number 7."
    assert terminal.asks("hold", "list") == []


def test_a_hold_covers_one_thing(terminal: Terminal) -> None:
    said = terminal.refused("hold", "on", "--post", "1", "--section", "Sport")

    assert said == "Name one of --channel, --section, --keyword and --post."


def test_invites_someone_once(terminal: Terminal) -> None:
    invited = terminal.asks("user", "invite", "ann@paper.org", "--role", "author")

    assert "/sign-in/" in invited["link"]
    assert invited["role"] == "author"
    assert "already" in terminal.refused("user", "invite", "ann@paper.org")


def test_the_doctor_names_what_is_wrong(terminal: Terminal) -> None:
    result = terminal.types("doctor", "--json")

    assert result.exit_code == 1
    assert '"about": "database",\n    "ok": true' in result.stdout
    assert '"about": "valkey",\n    "ok": false' in result.stdout


def test_the_tables_are_made_twice_without_harm(terminal: Terminal) -> None:
    for _ in range(2):
        assert terminal.types("db", "upgrade").stdout == "The database is up to date.\n"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("STANDFIRST_ZONE", "Mars/Base", "'Mars/Base' is not a time zone"),
        ("REDIS_URL", "foo", "write an address that begins with redis://"),
        ("DATABASE_URL", "mysql://x", "an address that begins with postgresql://"),
        *(
            ("DATABASE_URL", address, "write the path of a file behind sqlite:///")
            for address in (
                "sqlite://",
                "sqlite:///",
                "sqlite:///:memory:",
                "sqlite:///file:x?mode=memory&uri=true",
                "sqlite://host/x",
                "sqlite:////tmp/x?timeout=secret-9",
                "sqlite:///a%00b",
            )
        ),
        *(
            ("DATABASE_URL", address, "what stands in it can't be read")
            for address in (
                "postgresql://u:secret-9@127.0.0.1:1/n?host=a,b&port=1",
                "postgresql:///n?host=a&port=x",
            )
        ),
        ("DATABASE_URL", "postgresql:///?foo=1", "The database can't be used"),
        ("DATABASE_URL", "sqlite:////nowhere/x", "The database can't be used"),
        ("STANDFIRST_SMTP_URL", "http://x", "an address that begins with smtp://"),
        ("STANDFIRST_PORT", "0", "The setting STANDFIRST_PORT can't be used"),
        ("STANDFIRST_HOME", "/proc/desk", "/proc/desk can't be written to"),
        ("STANDFIRST_KEYS", "short", "a key that is not one"),
        (
            "DATABASE_URL",
            "postgresql://u:secret-9@127.0.0.1:1/x",
            "The database can't be used",
        ),
    ],
)
def test_a_setting_that_is_no_good_is_one_sentence(
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    said: str,
) -> None:
    monkeypatch.setenv(name, value)

    refusal = terminal.refused("channel", "list")

    assert said in refusal
    assert "secret-9" not in refusal


@pytest.mark.parametrize("number", ["9" * 30, "2147483648", "0", "-1"])
def test_a_number_that_no_post_can_have_is_one_sentence(
    terminal: Terminal, number: str
) -> None:
    terminal.types("user", "list")

    shown = terminal.types("post", "show", "--", number)
    held = terminal.types("hold", "on", "--post", number)

    assert (shown.exit_code, held.exit_code) == (2, 2)
    assert "Traceback" not in shown.stderr + held.stderr
