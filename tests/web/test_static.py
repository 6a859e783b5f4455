"""Scripts and styles are sent compressed as they were built, and once to a browser."""

from __future__ import annotations

import gzip

import pytest
from werkzeug.test import TestResponse

from tests.web.visiting import Visitor
from web import assets

BROWSER = "gzip, deflate, br"
NAMES = ("app.js", "app.css", "paper.css")


def sent(who: Visitor, name: str, takes: str, **more: str) -> TestResponse:
    headers = {"Accept-Encoding": takes} | more
    here = f"/static/{assets.hashed_names()[name]}"
    return who.look(here, headers=headers, buffered=True)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_page_loads_is_sent_compressed(passer_by: Visitor, name: str) -> None:
    plain = sent(passer_by, name, "")
    shortest = sent(passer_by, name, BROWSER)
    usual = sent(passer_by, name, "gzip")

    said = [one.headers.get("Content-Encoding") for one in (plain, usual, shortest)]
    assert said == [None, "gzip", "br"]
    assert gzip.decompress(usual.data) == plain.data
    assert len(plain.data) > 2 * len(usual.data)
    assert len(usual.data) > len(shortest.data)


@pytest.mark.parametrize("takes", ["", "gzip", BROWSER, "gzip;q=0, identity"])
def test_whoever_keeps_it_on_the_way_is_told_that_there_are_several(
    passer_by: Visitor, takes: str
) -> None:
    answer = sent(passer_by, "app.js", takes)

    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert answer.headers["ETag"].startswith('W/"')


@pytest.mark.parametrize("takes", ["", "gzip", BROWSER])
def test_what_a_browser_has_is_not_sent_again(passer_by: Visitor, takes: str) -> None:
    tag = sent(passer_by, "app.js", BROWSER).headers["ETag"]

    again = sent(passer_by, "app.js", takes, **{"If-None-Match": tag})
    other = sent(passer_by, "app.css", takes, **{"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Vary"] == "Accept-Encoding"
    assert other.status_code == 200
