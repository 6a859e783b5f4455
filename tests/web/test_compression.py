"""What is sent is short, tells nothing by its length, and is not sent twice."""

from __future__ import annotations

import gzip
import re
import secrets
from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from tests.factories import make_channel, make_scheduled
from tests.web.articles import FERRY, paste, share_path
from tests.web.visiting import TOKEN, Visitor
from web import compression, csrf

TAKES = {"Accept-Encoding": "gzip, deflate, br"}
IN_PLACE = {"HX-Request": "true"}
MOST = 60_000  # bytes of a page, as it is sent
PARTS = ("/counters", "/needs/list", "/status/board", "/posts/1/account")


def sent(who: Visitor, path: str) -> TestResponse:
    return who.look(path, headers=TAKES)


def test_a_page_is_sent_compressed_and_says_the_same(editor: Visitor) -> None:
    answer = sent(editor, "/inbox")

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    plain = gzip.decompress(answer.data).decode()
    assert plain.startswith("<!doctype html>")
    assert len(plain) > 2 * len(answer.data)


def test_a_browser_that_does_not_take_it_gets_the_page_as_it_is(
    editor: Visitor,
) -> None:
    for headers in ({}, {"Accept-Encoding": "gzip;q=0, br"}):
        answer = editor.look("/inbox", headers=headers)

        assert "Content-Encoding" not in answer.headers
        assert answer.text.startswith("<!doctype html>")


def test_the_largest_pages_are_short_on_the_way(admin: Visitor) -> None:
    article = paste(admin, channels=8)
    for number in range(50):
        story = FERRY.replace("Harbour", f"Town {number}")
        admin.send("/articles", {"source": story})

    shares = [share_path(admin, one) for one in (article, article + 50)]
    pages = (*shares, "/inbox", "/queue")
    sizes = {page: len(sent(admin, page).data) for page in pages}

    assert {page for page, size in sizes.items() if size > MOST} == set()


def test_no_page_says_its_token_in_the_same_letters_as_another(
    editor: Visitor,
) -> None:
    pages = [editor.look("/inbox").text for _ in range(2)]
    tokens = [set(re.findall(r'name="csrf_token" value="([^"]+)"', p)) for p in pages]
    metas = {TOKEN.findall(page)[0] for page in pages}
    plain = {csrf.unmasked(one) for one in metas}

    assert all(len(one) == 1 for one in tokens)
    assert len(metas) == 2
    assert metas == set.union(*tokens)
    assert not any(one.split(".")[0] in page for one in plain for page in pages)


def test_the_forms_of_both_pages_count(editor: Visitor) -> None:
    tokens = [TOKEN.findall(editor.look("/inbox").text)[0] for _ in range(2)]

    answers = [
        editor.client.post("/you/theme", data={"csrf_token": one, "theme": "dark"})
        for one in tokens
    ]

    assert [answer.status_code for answer in answers] == [302, 302]


@pytest.mark.parametrize("token", ["", "x", "é", "AAAA", "A" * 400, "%", "a.b.c"])
def test_what_is_no_token_counts_as_none(editor: Visitor, token: str) -> None:
    answer = editor.client.post("/you/theme", data={"csrf_token": token})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/records.csv", "/records.json"])
def test_an_export_is_sent_compressed_and_says_the_same(
    editor: Visitor, path: str
) -> None:
    for number in range(20):
        make_scheduled(editor.desk, make_channel(editor.desk, f"Gazette {number}"))
    asked = f"{path}?range=7d"

    answer = sent(editor, asked)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Content-Length" not in answer.headers
    plain = editor.look(asked).data
    said = gzip.decompress(answer.data)
    assert without_its_minute(said) == without_its_minute(plain)
    assert len(plain) > 2 * len(answer.data)


def without_its_minute(exported: bytes) -> bytes:
    return re.sub(rb'"made_at": "[^"]*"', b"", exported)


def test_an_export_is_compressed_as_it_is_made() -> None:
    made = 0

    def rows() -> Iterator[bytes]:
        nonlocal made
        for _ in range(1_000):
            made += 1
            yield secrets.token_hex(1_000).encode()

    coming = compression.gzipped_as_it_comes(rows())
    begun = next(coming)

    assert made < 200
    assert len(gzip.decompress(begun + b"".join(coming))) == 1_000 * 2_000


def test_whoever_takes_no_more_of_an_export_ends_it() -> None:
    ended = False

    def rows() -> Iterator[bytes]:
        nonlocal ended
        try:
            while True:
                yield secrets.token_bytes(10_000)
        finally:
            ended = True

    coming = compression.gzipped_as_it_comes(rows())
    next(coming)
    coming.close()

    assert ended


def test_the_length_of_the_same_words_differs_from_time_to_time() -> None:
    words = b"The ferry is back. " * 100
    made = [compression.gzipped(words) for _ in range(50)]

    assert {gzip.decompress(one) for one in made} == {words}
    assert len({len(one) for one in made}) > 10


@pytest.mark.parametrize("path", PARTS)
def test_a_part_that_stands_on_the_page_already_is_not_sent_again(
    editor: Visitor, path: str
) -> None:
    make_scheduled(editor.desk, make_channel(editor.desk))
    first = editor.look(path, headers=IN_PLACE)
    tag = first.headers["ETag"]

    again = editor.look(path, headers=IN_PLACE | {"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


def test_a_part_that_changed_is_sent(editor: Visitor) -> None:
    tag = editor.look("/counters", headers=IN_PLACE).headers["ETag"]
    editor.send("/hold", {"why": "A storm"})

    again = editor.look("/counters", headers=IN_PLACE | {"If-None-Match": tag})

    assert again.status_code == 200
    assert "A storm" in again.text
