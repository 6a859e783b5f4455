"""The first draft of an alt text."""

from __future__ import annotations

import pytest

from desk.picturing import draft_alt
from desk.reading.article import Reading


@pytest.mark.parametrize(
    ("alt", "caption", "draft"),
    [
        ("A pier in fog", "The old pier on Monday.", "A pier in fog"),
        ("", "The old pier on Monday.", "The old pier on Monday."),
        ("  ", "The old pier on Monday.", "The old pier on Monday."),
        ("IMG_2041.jpg", "The old pier on Monday.", "The old pier on Monday."),
        ("", "", ""),
    ],
)
def test_drafts_from_the_alt_then_the_caption_without_its_credit(
    alt: str, caption: str, draft: str
) -> None:
    reading = Reading("x", "Pier", alt=alt, caption=caption, credit="Jane Doe / AP")

    assert draft_alt(reading.alt, reading.caption) == draft
