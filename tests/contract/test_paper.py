"""Paper: whole or not at all, once for a key, whatever happens to the sender."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import pytest

from connectors.base import (
    CantTell,
    Found,
    Message,
    NotThere,
    Prepared,
    Rejected,
    Unavailable,
)
from connectors.paper import Paper, picture, post, posts
from tests.contract.cases import outcome
from tests.contract.conftest import AT, prepared
from tests.contract.conftest import picture as drawn

HELLO = Message("Hello", "https://news.example/story", (drawn("A car"),), "en")

# A sender that is killed at the very step: os.link is where a post becomes visible.
KILLED = """
import os, signal, sys
from connectors.base import Prepared
from connectors.paper import Paper
link = os.link
def killed(*arguments):
    if sys.argv[3] == "after":
        link(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
os.link = killed
paper = Paper({"folder": sys.argv[1], "address": "http://127.0.0.1:8420"})
paper.publish(Prepared("k1", sys.argv[2]))
"""

SENDER = """
import sys
from connectors.base import Prepared
from connectors.paper import Paper
paper = Paper({"folder": sys.argv[1], "address": "http://127.0.0.1:8420"})
sys.stdin.readline()
print(paper.publish(Prepared("k1", sys.argv[2])).published_at.isoformat())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "paper"


@pytest.fixture
def paper(folder: Path) -> Paper:
    return Paper({"folder": str(folder), "address": "http://127.0.0.1:8420/"})


def killed(folder: Path, ready: Prepared, when: str) -> None:
    """A sender in a process of its own, which dies there."""
    command = [sys.executable, "-c", KILLED, str(folder), ready.body, when]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL


def test_a_sender_killed_before_the_post_stands_leaves_nothing_to_read(
    paper: Paper, folder: Path
) -> None:
    ready = prepared(paper, HELLO)

    killed(folder, ready, "before")

    assert posts(folder) == []
    assert paper.find(ready, AT) == NotThere()
    assert len(os.listdir(folder / "posts")) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_sending_again_after_a_kill_gives_one_post_and_clears_up(
    paper: Paper, folder: Path, when: str
) -> None:
    ready = prepared(paper, HELLO)
    killed(folder, ready, when)

    receipt = paper.publish(ready)

    assert [seen.slug for seen in posts(folder)] == [receipt.remote_id]
    assert os.listdir(folder / "posts") == [f"{receipt.remote_id}.json"]


def test_a_sender_killed_after_the_post_stands_is_found_out(
    paper: Paper, folder: Path
) -> None:
    ready = prepared(paper, HELLO)

    killed(folder, ready, "after")

    finding = paper.find(ready, AT)
    assert isinstance(finding, Found)
    assert finding.receipts[0].remote_id == posts(folder)[0].slug


def test_processes_that_send_one_key_at_once_make_one_post(
    paper: Paper, folder: Path
) -> None:
    ready = prepared(paper, HELLO)
    senders = [
        subprocess.Popen(
            [sys.executable, "-c", SENDER, str(folder), ready.body],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]

    told = {sender.communicate("\n")[0] for sender in senders}

    assert len(told) == len(posts(folder)) == 1


def test_the_first_words_under_a_key_stay(paper: Paper, folder: Path) -> None:
    paper.publish(prepared(paper, HELLO))

    error = outcome(
        lambda: paper.publish(prepared(paper, replace(HELLO, text="Other")))
    )

    assert isinstance(error, Rejected)
    assert error.duplicate
    assert [seen.text for seen in posts(folder)] == ["Hello"]


def test_readers_see_the_newest_first(paper: Paper, folder: Path) -> None:
    for n in range(5):
        paper.publish(prepared(paper, Message(f"Post {n}"), f"k{n}"))

    assert [seen.text for seen in posts(folder, limit=2)] == ["Post 4", "Post 3"]
    assert len(posts(folder)) == 5


def test_readers_see_all_of_a_post(paper: Paper, folder: Path) -> None:
    receipt = paper.publish(prepared(paper, HELLO))

    seen = post(folder, receipt.remote_id)

    assert seen is not None
    assert (seen.text, seen.link, seen.language) == ("Hello", HELLO.link, "en")
    assert seen.published_at == receipt.published_at
    [image] = seen.images
    assert (image.alt, image.media_type, image.width) == ("A car", "image/png", 16)
    file = picture(folder, image.file)
    assert file is not None
    assert file.read_bytes() == HELLO.images[0].data


def test_one_picture_in_many_posts_is_stored_once(paper: Paper, folder: Path) -> None:
    for n in range(3):
        paper.publish(prepared(paper, replace(HELLO, text=f"{n}"), f"k{n}"))

    assert len(os.listdir(folder / "pictures")) == 1


@pytest.mark.parametrize(
    "name",
    ["", "..", "../../etc/passwd", "a" * 20, "%2e%2e", "A" * 20, "0" * 20 + "\n", "/"],
)
def test_a_name_that_is_none_leads_nowhere(
    paper: Paper, folder: Path, name: str
) -> None:
    paper.check()
    (folder / "posts" / "x.json").write_text("{}")

    assert post(folder, name) is None
    assert picture(folder, name) is None


def test_a_spoilt_file_does_not_take_the_page_down(
    paper: Paper, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    paper.publish(prepared(paper, HELLO))
    spoilt = folder / "posts" / f"{'0' * 20}.json"
    for content in ("", "{", "[]", "{}", '{"images": 1, "published_at": 2}'):
        spoilt.write_text(content)

        assert [seen.text for seen in posts(folder)] == ["Hello"]
    assert spoilt.name in caplog.text


def test_a_post_that_someone_spoilt_can_not_be_told(paper: Paper, folder: Path) -> None:
    ready = prepared(paper, HELLO)
    receipt = paper.publish(ready)
    (folder / "posts" / f"{receipt.remote_id}.json").write_text("{")

    assert isinstance(paper.find(ready, AT), CantTell)


def test_a_folder_that_is_not_mounted_can_not_be_told(
    paper: Paper, folder: Path
) -> None:
    ready = paper.compose(Message("Hello"), paper.stage(Message("Hello")), "k", AT)

    assert isinstance(paper.find(ready, datetime.now(UTC)), CantTell)


def test_a_picture_that_is_gone_holds_the_post_back(paper: Paper, folder: Path) -> None:
    ready = prepared(paper, HELLO)
    for name in os.listdir(folder / "pictures"):
        (folder / "pictures" / name).unlink()

    assert type(outcome(lambda: paper.publish(ready))) is Unavailable
    assert posts(folder) == []


def statted(folder: Path) -> int:
    """How many files are asked for their time while readers see the page."""
    counted = 0

    def count(_frame: FrameType, what: str, about: object) -> None:
        nonlocal counted
        counted += what == "c_call" and getattr(about, "__name__", "") == "stat"

    sys.setprofile(count)
    try:
        posts(folder, 5)
    finally:
        sys.setprofile(None)
    return counted


def test_a_page_asks_no_file_twice_for_its_time(paper: Paper, folder: Path) -> None:
    for number in range(20):
        paper.publish(prepared(paper, Message(f"Post {number}"), f"k{number}"))
    posts(folder, 5)

    again = statted(folder)
    paper.publish(prepared(paper, Message("One more"), "k20"))
    one_more = statted(folder)

    assert again <= 2  # of the folder
    assert one_more <= 3
    assert posts(folder, 5)[0].text == "One more"


def test_a_post_that_was_taken_away_is_gone_from_the_page(
    paper: Paper, folder: Path
) -> None:
    for number in range(3):
        paper.publish(prepared(paper, Message(f"Post {number}"), f"k{number}"))
    newest = posts(folder)[0]

    (folder / "posts" / f"{newest.slug}.json").unlink()

    assert newest.slug not in [one.slug for one in posts(folder)]
    assert len(posts(folder)) == 2


def test_an_empty_folder_has_no_posts(folder: Path) -> None:
    assert posts(folder) == []


def test_the_address_of_a_post_is_its_keys_and_does_not_show_it(paper: Paper) -> None:
    keys = ["part-17-revision-3", "part-17-revision-4", "../../x", "ключ"]

    urls = [paper.publish(prepared(paper, HELLO, key)).url for key in keys]

    assert len(set(urls)) == len(keys)
    assert all(url.startswith("http://127.0.0.1:8420/paper/") for url in urls)
    assert not any(key in url for key in keys for url in urls)
