"""One picture within a channel's limits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from connectors.base import Limits
from desk.picturing import BadPicture, accept, fit
from tests.unit.picturing.made import opened, picture, saved

ROOMY = Limits(text=500)


def test_leaves_a_picture_alone_that_fits() -> None:
    data = accept(picture()).data

    assert fit(data, ROOMY).data == data


def test_scales_down_to_the_pixels_that_are_allowed_and_keeps_the_shape() -> None:
    fitted = fit(picture(size=(1600, 800)), replace(ROOMY, image_pixels=500_000))

    assert fitted.width * fitted.height <= 500_000
    assert fitted.width == fitted.height * 2


def test_lowers_quality_then_size_until_the_bytes_fit() -> None:
    data = picture(size=(1600, 1200), quality=95)
    limits = replace(ROOMY, image_bytes=120_000)
    assert len(data) > 400_000

    fitted = fit(data, limits)

    assert len(fitted.data) <= 120_000
    assert opened(fitted.data).size == (fitted.width, fitted.height)


def test_writes_a_media_type_that_the_channel_takes() -> None:
    see_through = saved(Image.new("RGBA", (60, 60), (200, 0, 0, 0)), "PNG")

    fitted = fit(see_through, replace(ROOMY, media_types=("image/jpeg",)))

    assert fitted.media_type == "image/jpeg"
    assert opened(fitted.data).getpixel((5, 5)) == (255, 255, 255)


def test_makes_the_same_bytes_of_the_same_picture() -> None:
    data = picture(size=(900, 700))
    limits = replace(ROOMY, image_bytes=60_000)

    assert fit(data, limits) == fit(data, limits)


def test_says_when_a_picture_cannot_be_made_to_fit() -> None:
    with pytest.raises(BadPicture, match="does not fit into 900 bytes"):
        fit(picture(), replace(ROOMY, image_bytes=900))
