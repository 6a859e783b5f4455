"""What a server of the fediverse is: an imitation must not pass for the real one."""

from __future__ import annotations

import pytest

from connectors.base import Class, Limits
from connectors.mastodon.fediverse import Json, completed, limits, says_length, software

MAINLINE = "https://github.com/mastodon/mastodon"
USUAL = Limits(text=500, images=4, link=23)


def named(name: str, version: str = "1.0.0") -> Json:
    return {"software": {"name": name, "version": version}}


@pytest.mark.parametrize(
    ("instance", "nodeinfo", "name", "promised"),
    [
        ({"version": "4.4.2"}, named("mastodon"), "mastodon", Class.WINDOW),
        ({"version": "4.4.2+glitch"}, named("mastodon"), "mastodon", Class.WINDOW),
        ({"version": "4.4.2", "source_url": MAINLINE}, {}, "mastodon", Class.WINDOW),
        (
            {"version": "2.7.2 (compatible; Pleroma 2.6.0)"},
            named("pleroma"),
            "pleroma",
            Class.WINDOW,
        ),
        ({"version": "2.7.2 (compatible; Akkoma 3)"}, {}, "akkoma", Class.WINDOW),
        ({"version": "0.19.1"}, named("gotosocial"), "gotosocial", Class.NONE),
        ({"version": "3.5.3 (compatible; Pixelfed 0.12)"}, {}, "pixelfed", Class.NONE),
        (
            {"version": "2.8.0 (compatible; Friendica 24)"},
            {},
            "friendica",
            Class.NONE,
        ),
        ({"version": "4.0.0"}, named("takahe"), "takahe", Class.NONE),
        ({"version": "4.2.1"}, {}, "unknown", Class.NONE),
        ({"version": "4.2.1", "source_url": "https://x"}, {}, "unknown", Class.NONE),
        (
            {"version": "4.2.1 (compatible; Hollo 0.6.1)", "source_url": MAINLINE},
            named("mastodon"),
            "hollo",
            Class.NONE,
        ),
        ({"version": "4.2.1 (compatible; X 1)"}, named("hollo"), "hollo", Class.NONE),
        ({"version": ""}, {}, "unknown", Class.NONE),
        ({}, {}, "unknown", Class.NONE),
        ({"version": 4}, {"software": "mastodon"}, "unknown", Class.NONE),
    ],
)
def test_knows_a_server_by_its_own_words(
    instance: Json, nodeinfo: Json, name: str, promised: Class
) -> None:
    found = software(instance, nodeinfo)

    assert (found.name, found.exactly_once) == (name, promised)


@pytest.mark.parametrize(
    "instance",
    [
        {},
        {"configuration": None},
        {"configuration": {"statuses": []}},
        {"configuration": {"statuses": {"max_characters": "many"}}},
        {"configuration": {"statuses": {"max_characters": 0}}},
        {"configuration": {"statuses": {"max_characters": True}}},
    ],
)
def test_keeps_to_the_usual_where_a_server_says_nothing(instance: Json) -> None:
    assert limits(instance, USUAL) == USUAL
    assert not says_length(instance)


def test_reads_limits_where_pleroma_writes_them() -> None:
    found = limits({"max_toot_chars": 5000, "description_limit": 5000}, USUAL)

    assert (found.text, found.alt) == (5000, 5000)


@pytest.mark.parametrize(
    ("newer", "older", "text"),
    [
        ({"version": "2.8.0"}, {"max_toot_chars": 200_000}, 200_000),
        ({}, {"configuration": {"statuses": {"max_characters": 3000}}}, 3000),
        (
            {"configuration": {"statuses": {}, "polls": {"max_options": 4}}},
            {"configuration": {"statuses": {"max_characters": "3000"}}},
            3000,
        ),
        (
            {"configuration": {"statuses": {"max_characters": 0}}},
            {"max_toot_chars": 7000},
            7000,
        ),
        (
            {"configuration": {"statuses": {"max_characters": 11}}},
            {"configuration": {"statuses": {"max_characters": 500}}},
            11,
        ),
        ({"configuration": []}, {"max_toot_chars": 9}, 9),
    ],
)
def test_takes_from_the_older_answer_what_the_newer_leaves_out(
    newer: Json, older: Json, text: int
) -> None:
    told = completed(newer, older)

    assert says_length(told)
    assert limits(told, USUAL).text == text


def test_sends_no_kind_of_image_that_the_server_does_not_take() -> None:
    media = {"supported_mime_types": ["image/jpeg", "video/mp4"]}

    found = limits({"configuration": {"media_attachments": media}}, USUAL)

    assert found.media_types == ("image/jpeg",)
