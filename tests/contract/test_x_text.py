"""X: how a text is counted, checked against what X says of its own counting."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.x.links import links
from connectors.x.text import weight

SECTIONS = {
    "validate": [
        "WeightedTweetsWithDiscountedEmojiCounterTest",
        "UnicodeDirectionalMarkerCounterTest",
    ],
    "extract": [
        "urls",
        "urls_with_indices",
        "urls_with_directional_markers",
        "tco_urls_with_params",
    ],
    "tlds": ["country", "generic"],
}


@pytest.fixture(scope="session")
def official() -> dict[str, dict[str, list[dict[str, Any]]]]:
    """X's own conformance cases, where the samples are present."""
    folder = Path(
        os.environ.get("STANDFIRST_SAMPLES", "/nowhere"), "specs/twitter-text"
    )
    if not folder.is_dir():
        pytest.skip("STANDFIRST_SAMPLES names no folder with twitter-text's cases")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {
        name: yaml.load(
            (folder / f"{name}.yml").read_text("utf-8"),
            loader,  # noqa: S506  a safe one; the C one where there is one
        )["tests"]
        for name in SECTIONS
    }


def shown(text: str) -> list[str]:
    return [text[start:end] for start, end in links(text)]


@pytest.mark.parametrize("section", SECTIONS["validate"])
def test_weighs_every_official_case_as_x_does(
    official: dict[str, dict[str, list[dict[str, Any]]]], section: str
) -> None:
    cases = official["validate"][section]

    told = {case["text"]: case["expected"]["weightedLength"] for case in cases}

    assert {text: weight(text) for text in told} == told
    assert len(told) == {SECTIONS["validate"][0]: 22}.get(section, 2)


@pytest.mark.parametrize(
    ("page", "section"),
    [(page, one) for page in ("extract", "tlds") for one in SECTIONS[page]],
)
def test_finds_the_links_of_every_official_case(
    official: dict[str, dict[str, list[dict[str, Any]]]], page: str, section: str
) -> None:
    told = {
        case["text"]: [
            one["url"] if isinstance(one, dict) else one for one in case["expected"]
        ]
        for case in official[page][section]
    }

    assert {text: shown(text) for text in told} == told
    assert told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("abc", 3),
        ("“Größe” – да, ไทย", 17),
        ("…€™→•", 10),
        ("日本語", 6),
        ("e\u0301", 1),  # one letter, once composed
        ("👩‍👩‍👧‍👦 🇩🇪 🧕🏾 1️⃣ ☺️ ☺ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️‍🔥", 23),
        ("©®", 2),
        ("©️", 2),
        ("https://news.example/a?b=c", 26),  # .example is no domain of the web
        ("https://example.com/a-very-long-way/to/go?utm_source=desk", 23),
        ("example.com", 23),
        ("see example.com/a, b.", 31),
        ("a@example.com", 13),
        ("$example.com", 12),
        ("12.5 to 3.1", 11),
        ("end.Then more", 13),
        ("#example.com", 12),
    ],
)
def test_weighs_a_text(text: str, expected: int) -> None:
    assert weight(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(https://example.com/a_(b)).", ["https://example.com/a_(b)"]),
        ("“https://example.com/a”", ["https://example.com/a"]),
        ("“example.com”", ["example.com"]),
        ("https://example.com/a?", ["https://example.com/a"]),
        ("https://example.com:8080/a", ["https://example.com:8080/a"]),
        ("example.com/http://example.org", ["example.com/http://example.org"]),
        ("http://127.0.0.1/a", []),
        ("https://xn--bcher-kva.example.com", ["https://xn--bcher-kva.example.com"]),
        ("sub_domain.example.com", ["domain.example.com"]),
    ],
)
def test_finds_the_links_of_a_text(text: str, expected: list[str]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("paper.guardian", ["paper.guardian"]), ("paper.music", [])]
)
def test_goes_by_its_own_list_of_names_and_by_no_later_one(
    text: str, expected: list[str]
) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    ["あ." * 10_000, "a." * 10_000, "(" * 20_000 + "example.com/" + "(a" * 9_000],
    ids=["labels", "letters", "brackets"],
)
def test_counts_a_hostile_text_in_no_time(text: str) -> None:
    began = time.process_time()

    weight(text)

    assert time.process_time() - began < 2


def test_counts_a_thousand_posts_in_well_under_a_second() -> None:
    text = (
        "Dodge returns to “Pro Stock”… see https://example.com/story?id=7 👩‍👩‍👧‍👦 " * 3
    )
    began = time.process_time()

    for _ in range(1000):
        weight(text)

    assert time.process_time() - began < 1
