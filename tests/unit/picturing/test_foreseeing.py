"""What a picture will cost is known before a pixel of it is decoded."""

from __future__ import annotations

import pytest
from PIL import Image

from desk.picturing import BadPicture, accept
from desk.picturing.foreseeing import foreseen
from tests.unit.picturing.made import picture, saved, scanned

SIZE = (300, 200)
PIXELS = 300 * 200
LARGEST = (7000, 7000)


@pytest.mark.parametrize(("progressive", "scans"), [(False, 1), (True, 6)])
def test_a_jpegs_cost_is_its_pixels_times_its_scans(
    progressive: bool, scans: int
) -> None:
    data = picture("L", size=SIZE, progressive=progressive)

    assert foreseen(data).cost == PIXELS * scans


def test_each_scan_more_costs_as_much_again() -> None:
    data = picture("L", size=SIZE, progressive=True)

    more = foreseen(scanned(data, 40)).cost - foreseen(data).cost

    assert more == PIXELS * 40


def test_a_picture_within_a_picture_costs_nothing() -> None:
    exif = Image.Exif()
    exif[0x010E] = picture(progressive=True).decode("latin-1")[:9_000]

    assert foreseen(picture(size=SIZE, exif=exif)).cost == PIXELS


def test_what_stands_behind_the_end_costs_nothing() -> None:
    data = picture(size=SIZE)

    assert foreseen(data + data).cost == PIXELS


@pytest.mark.parametrize("format", ["PNG", "GIF", "WEBP"])
def test_other_formats_are_gone_over_once(format: str) -> None:
    assert foreseen(picture(format=format)).cost == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xc0\x00",
        b"\xff\xd8\xff\xda\0\0",
    ],
)
def test_a_file_that_is_cut_short_has_no_cost(data: bytes) -> None:
    assert foreseen(data).cost == 0


def test_refuses_a_small_file_that_goes_over_a_large_picture_again_and_again() -> None:
    flat = saved(Image.new("RGB", LARGEST, (9, 8, 7)), "JPEG", progressive=True)

    with pytest.raises(BadPicture, match="saved in 2,010 layers: export it again"):
        accept(scanned(flat, 2_000))


@pytest.mark.parametrize("progressive", [False, True])
def test_takes_the_largest_as_cameras_and_programs_save_them(progressive: bool) -> None:
    flat = saved(Image.new("RGB", LARGEST), "JPEG", progressive=progressive)

    assert accept(flat).media_type == "image/jpeg"
