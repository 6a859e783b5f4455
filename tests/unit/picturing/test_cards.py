"""The picture of a link's card: one shape, and never too many bytes."""

from __future__ import annotations

import pytest
from PIL import Image

from desk.picturing import CARD, card
from tests.unit.picturing.made import opened, picture, saved


@pytest.mark.parametrize("size", [(1600, 1200), (300, 900), (64, 64)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_any_picture_becomes_a_card(mode: str, size: tuple[int, int]) -> None:
    made = card(picture(mode, "PNG", size))

    assert opened(made.data).size == CARD == (made.width, made.height)
    assert made.media_type == "image/jpeg"
    assert len(made.data) < 1_000_000


def test_the_cut_is_made_around_the_focus() -> None:
    tall = Image.new("RGB", (600, 1800), "white")
    tall.paste("red", (0, 0, 600, 300))
    data = saved(tall, "PNG")

    tops = [
        opened(card(data, (0.5, focus)).data).convert("RGB").getpixel((600, 10))
        for focus in (0.0, 1.0)
    ]

    assert [pixel[2] > 128 for pixel in tops if isinstance(pixel, tuple)] == [
        False,
        True,
    ]


def test_the_same_picture_is_the_same_card() -> None:
    data = picture()

    assert card(data).data == card(data).data
