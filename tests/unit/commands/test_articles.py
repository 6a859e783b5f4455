"""`desk read` and `desk draft`."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from tests.unit.commands.conftest import Terminal

STORY = """Night Ferry Returns to Port Alder After Eleven Years

The ferry Meridian at the quay on Friday. Photo: Lena Okafor / Harbour Gazette

The night ferry between Port Alder and the island of Skerry sails again. On Friday \
evening the Meridian left the quay with 312 passengers on board.

A Town That Waited

“My daughter has never been on the mainland by boat,” said Ines Haldane, who runs the \
bakery on Skerry. “Tonight she was the first in the queue.”

The town paid 4.2 million for a new landing stage and leased the ship for five years.
"""
READ = """headline standfirst authors section topics language published_at link image
caption credit alt subheadings paragraphs warnings"""
DRAFT = """channel platform text link image alt length limit candidates warnings"""


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY)
    return path


def test_reads_a_file(terminal: Terminal, story: Path) -> None:
    read = terminal.asks("read", str(story))

    assert list(read) == READ.split()
    assert read["headline"] == "Night Ferry Returns to Port Alder After Eleven Years"
    assert read["credit"] == "Lena Okafor / Harbour Gazette"
    assert read["subheadings"] == ["A Town That Waited"]
    assert len(read["paragraphs"]) == 3


def test_a_day_without_an_hour_is_read_as_a_day(terminal: Terminal) -> None:
    headline, rest = STORY.split("\n", 1)
    dated = f"{headline}\n\nPublished: November 20, 2026\n{rest}"

    read = terminal.asks("read", "-", stdin=dated)

    assert read["published_at"] == "2026-11-20"


def test_reads_standard_input(terminal: Terminal) -> None:
    read = terminal.asks("read", "-", stdin=STORY)

    assert read["language"] == "en"


def test_drafts_a_post_for_each_channel_and_keeps_nothing(
    terminal: Terminal, story: Path
) -> None:
    drafts = terminal.asks("draft", str(story))

    assert [list(draft) for draft in drafts] == [DRAFT.split()]
    assert drafts[0]["platform"] == "paper"
    assert drafts[0]["length"] <= drafts[0]["limit"]
    assert all(
        list(one) == ["text", "kind", "sources"] for one in drafts[0]["candidates"]
    )
    assert terminal.asks("post", "list") == []


def test_an_unknown_channel_is_named_with_those_there_are(
    terminal: Terminal, story: Path
) -> None:
    said = terminal.refused("draft", str(story), "--channel", "nope")

    assert said == "There is no channel “nope”. There are: Paper."


def test_a_file_that_is_not_there(terminal: Terminal) -> None:
    assert "can't be read (No such file or directory)" in terminal.refused(
        "read", "/nowhere.txt"
    )


def test_a_file_that_is_no_text(terminal: Terminal, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")

    assert "picture.png is a picture" in terminal.refused("read", str(picture))


def test_a_word_file_is_read_and_drafted(terminal: Terminal, tmp_path: Path) -> None:
    document, path = docx.Document(), tmp_path / "story.docx"
    for line in STORY.split("\n\n"):
        document.add_paragraph(line)
    document.save(str(path))

    assert terminal.asks("read", str(path))["subheadings"] == ["A Town That Waited"]
    assert terminal.asks("draft", str(path))[0]["platform"] == "paper"


def test_nothing_was_pasted(terminal: Terminal) -> None:
    assert "Nothing was pasted" in terminal.refused("read", "-", stdin=" \n ")


def test_a_link_into_a_private_network_is_refused(terminal: Terminal) -> None:
    said = terminal.refused("read", "http://127.0.0.1:9/article")

    assert "127.0.0.1" in said
