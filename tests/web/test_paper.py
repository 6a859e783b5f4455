"""The paper: what readers see, on the page and in its feeds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

from connectors.base import Image, Message
from connectors.paper import Paper
from tests.e2e.newsroom import drawn
from tests.web.visiting import Visitor

ATOM = "{http://www.w3.org/2005/Atom}"


def printed(visitor: Visitor, text: str = "The ferry & the <b>sea</b>") -> str:
    folder = visitor.desk.settings.home / "paper"
    paper = Paper({"folder": str(folder), "address": "http://localhost"})
    data = drawn(("#9fc1d9", "#2f5f7f", "#f2f0e6", "#c8452f"))
    message = Message(
        text,
        "https://saltmere.example/ferry",
        (
            Image(
                lambda: data,
                len(data),
                "image/jpeg",
                1200,
                800,
                "A drawing of a harbour",
            ),
        ),
        "en",
    )
    staged = paper.stage(message)
    prepared = paper.compose(message, staged, text, datetime.now(UTC))
    return paper.publish(prepared).remote_id


def test_an_empty_paper_says_so(passer_by: Visitor) -> None:
    assert "Nothing is printed yet." in passer_by.look("/paper").text


def test_the_front_page_shows_what_was_printed(passer_by: Visitor) -> None:
    slug = printed(passer_by)

    page = passer_by.look("/paper").text

    assert "The ferry &amp; the &lt;b&gt;sea&lt;/b&gt;" in page
    assert f'href="/paper/{slug}"' in page
    assert 'alt="A drawing of a harbour"' in page


def test_a_story_has_its_own_page_with_text_picture_and_link(
    passer_by: Visitor,
) -> None:
    slug = printed(passer_by)

    page = passer_by.look(f"/paper/{slug}").text

    assert 'href="https://saltmere.example/ferry"' in page
    shown = re.search(r'src="(/paper/pictures/[^"]+)"', page)
    assert shown
    with passer_by.look(shown[1]) as picture:
        assert picture.content_type == "image/jpeg"


def test_a_link_alone_is_called_by_its_site(passer_by: Visitor) -> None:
    folder = passer_by.desk.settings.home / "paper"
    paper = Paper({"folder": str(folder), "address": "http://localhost"})
    message = Message("", "https://www.saltmere.example/ferry")
    paper.publish(paper.compose(message, paper.stage(message), "k", datetime.now(UTC)))

    assert ">saltmere.example</a></h2>" in passer_by.look("/paper").text
    assert "<title>saltmere.example</title>" in passer_by.look("/paper/feed.atom").text


def test_the_feeds_carry_every_post(passer_by: Visitor) -> None:
    slug = printed(passer_by)

    atom = ElementTree.fromstring(passer_by.look("/paper/feed.atom").data)  # noqa: S314  # our own
    json = passer_by.look("/paper/feed.json").get_json(force=True)

    (entry,) = atom.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}content") == "The ferry & the <b>sea</b>"
    assert entry.findtext(f"{ATOM}id", "").endswith(f"/paper/{slug}")
    (item,) = json["items"]
    assert item["content_text"] == "The ferry & the <b>sea</b>"
    assert item["external_url"] == "https://saltmere.example/ferry"


def test_a_reader_that_asks_again_is_told_nothing_is_new(passer_by: Visitor) -> None:
    printed(passer_by)
    first = passer_by.look("/paper/feed.atom")

    again = passer_by.look(
        "/paper/feed.atom", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert again.status_code == 304


def test_what_was_never_printed_is_not_found(passer_by: Visitor) -> None:
    for path in ("/paper/0123456789abcdef0123", "/paper/pictures/keys", "/paper/x"):
        assert passer_by.look(path).status_code == 404
