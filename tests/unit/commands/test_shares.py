"""`desk share`: thin, and what it makes is what the screens would."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

import connectors
from desk import articles
from desk.config import Settings
from desk.desk import Desk
from tests.factories import now_of
from tests.fakes.x import XFake
from tests.unit.commands.conftest import Terminal
from tests.web.articles import FERRY

SHARE = ("share", "add", "--text", "The ferry is back.", "--channel", "paper")


def test_one_text_goes_to_each_channel_that_is_named(terminal: Terminal) -> None:
    with XFake() as fake:
        given = [f"{name}={value}" for name, value in fake.credentials().items()]
        keys = [word for one in given for word in ("--set", one)]
        terminal.types("channel", "add", "x", "--name", "Wire", *keys)

        said = ("--label", "Ferry", "--note", "Now")
        made = terminal.asks(*SHARE, "--channel", "Wire", *said)

    assert [post["channel"] for post in made["posts"]] == ["Paper", "Wire"]
    assert {post["state"] for post in made["posts"]} == {"draft"}
    assert (made["text"], made["labels"], made["note"]) == (
        "The ferry is back.",
        ["Ferry"],
        "Now",
    )
    assert terminal.asks("share", "show", str(made["id"])) == made


def test_what_colleagues_say_about_it_is_shown(terminal: Terminal) -> None:
    number = str(terminal.asks(*SHARE)["id"])

    for _ in "12":
        terminal.types("share", "comment", number, "Wait for the judge.", "--once", "k")

    (said,) = terminal.asks("share", "show", number)["comments"]
    assert (said["by"], said["text"]) == ("the command line", "Wait for the judge.")
    assert "  Wait for the judge." in terminal.types("share", "show", number).output


def test_a_picked_time_is_the_shares(terminal: Terminal) -> None:
    made = terminal.asks(*SHARE, "--at", "2027-07-01 18:30")

    (post,) = made["posts"]
    assert made["due_at"] == post["due_at"] == "2027-07-01T18:30:00.000+00:00"
    assert (post["state"], post["own"]) == ("scheduled", [])
    assert terminal.asks("post", "show", str(post["id"]))["share"] == made["id"]


def test_a_picture_goes_with_it(terminal: Terminal, tmp_path: Path) -> None:
    Image.new("RGB", (320, 240), "navy").save(tmp_path / "quay.png")
    given = (
        "--image",
        str(tmp_path / "quay.png"),
        "--alt",
        "A quay",
        "--credit",
        "Noor",
    )

    made = terminal.asks(*SHARE, *given)

    (image,) = made["images"]
    assert (image["alt"], image["credit"]) == ("A quay", "Noor")
    post = terminal.asks("post", "show", str(made["posts"][0]["id"]))
    assert (post["alt"], bool(post["image"])) == ("A quay", True)


def test_the_same_key_makes_one_share(terminal: Terminal) -> None:
    first, again = (
        terminal.asks(*SHARE, "--once", "k", "--at", "2027-07-01 18:30") for _ in "12"
    )

    assert first == again
    assert len(terminal.asks("post", "list")) == 1


def test_a_campaign_is_shown_and_then_made(terminal: Terminal) -> None:
    terminal.asks("channel", "slots", "paper", "12:30")
    desk = Desk.open(Settings(), connectors.installed())
    article = articles.take(desk, FERRY, now_of(desk), None).article_id
    desk.db.engine.dispose()
    asked = ("share", "campaign", str(article), "--shares", "2", "--days", "1")

    planned = terminal.asks(*asked, "--dry-run")
    assert len({one["text"] for one in planned}) == 2
    made = terminal.asks(*asked)

    shown = [post["due_at"] for one in planned for post in one["posts"]]
    assert [post["due_at"] for one in made for post in one["posts"]] == shown
    assert [one["text"] for one in made] == [one["text"] for one in planned]
    assert terminal.refused("share", "campaign", str(article), "--shares", "6")
