"""Pictures from outside: decoded, made upright, written anew, or refused."""

from __future__ import annotations

import resource
import time

import pytest
from PIL import Image

from desk import picturing
from desk.picturing import BadPicture, accept, accepting
from desk.sandbox import MEGABYTE, Limits, Sandbox
from tests.unit.picturing.made import huge_png, opened, picture, saved


@pytest.mark.parametrize(
    ("mode", "format"),
    [
        ("RGB", "JPEG"),
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("RGB", "PNG"),
        ("P", "PNG"),
        ("LA", "PNG"),
        ("I;16", "PNG"),
        ("1", "PNG"),
        ("RGB", "WEBP"),
        ("P", "GIF"),
    ],
)
def test_takes_every_mode_of_the_four_formats(mode: str, format: str) -> None:
    accepted = accept(picture(mode, format))

    image = opened(accepted.data)
    assert image.mode == "RGB"
    assert image.size == (accepted.width, accepted.height) == (300, 200)
    assert Image.MIME[image.format or ""] == accepted.media_type
    histogram = image.convert("L").histogram()
    assert sum(histogram[:40]) > 0
    assert sum(histogram[200:]) > 0


def test_keeps_what_is_see_through() -> None:
    image = Image.new("RGBA", (40, 40), (200, 30, 30, 128))

    accepted = accept(saved(image, "PNG"))

    assert accepted.media_type == "image/png"
    assert opened(accepted.data).getpixel((5, 5)) == (200, 30, 30, 128)


def test_keeps_a_drawing_sharp_as_png() -> None:
    drawing = Image.new("RGB", (200, 200), "white")
    drawing.paste("black", (20, 20, 80, 80))

    assert accept(saved(drawing, "PNG")).media_type == "image/png"


def test_turns_the_picture_as_its_camera_meant_it() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    data = picture(size=(300, 200), exif=exif)

    accepted = accept(data)

    assert (accepted.width, accepted.height) == (200, 300)


def test_drops_everything_but_the_pixels() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Jane Doe"
    exif.get_ifd(0x8825)[1] = "N"
    data = picture(exif=exif, comment=b"at home")
    assert b"Jane Doe" in data

    accepted = accept(data)

    assert b"Jane Doe" not in accepted.data
    assert not opened(accepted.data).getexif()
    assert "comment" not in opened(accepted.data).info


def test_takes_the_first_frame_of_a_moving_picture() -> None:
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue")]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])

    image = opened(accept(data).data).convert("RGB")

    assert image.getpixel((10, 10)) == (255, 0, 0)


def test_accepts_what_it_wrote_itself() -> None:
    once = accept(picture())

    assert accept(once.data).media_type == once.media_type


def test_refuses_900_megapixels_in_100_kilobytes_at_once_and_unpacks_nothing() -> None:
    data = huge_png(30_000, 30_000)
    assert len(data) < 120_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()

    with pytest.raises(BadPicture, match="50 million: export a smaller one"):
        accept(data)

    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert time.monotonic() - began < 0.5
    assert grown_kb < 50_000


def test_refuses_what_is_over_its_own_limit_and_under_the_librarys() -> None:
    with pytest.raises(BadPicture, match="8,000 x 7,000 pixels"):
        accept(huge_png(8_000, 7_000))


def test_refuses_a_file_over_15_megabytes_before_opening_it() -> None:
    with pytest.raises(BadPicture, match="16 MB, and the desk takes up to 15 MB"):
        accept(b"\xff\xd8\xff" + b"\0" * 16_000_000)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_refuses_a_file_that_is_cut_short(format: str) -> None:
    data = picture(format=format)

    with pytest.raises(BadPicture, match="damaged or cut short"):
        accept(data[: len(data) // 2])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"hello", "not a JPEG, PNG, WebP or GIF"),
        (b"%PDF-1.7 image", "not a JPEG, PNG, WebP or GIF"),
        (picture(format="BMP"), "not a JPEG, PNG, WebP or GIF"),
        (picture(format="TIFF"), "not a JPEG, PNG, WebP or GIF"),
        (b"<?xml version='1.0'?><svg onload='x()'/>", "SVG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "not a JPEG, PNG, WebP or GIF"),
        (picture(size=(1, 1)), "tracker"),
    ],
    ids=["empty", "words", "pdf", "bmp", "tiff", "svg", "eps", "tracker"],
)
def test_says_why_a_file_is_no_picture(data: bytes, sentence: str) -> None:
    with pytest.raises(BadPicture, match=sentence):
        accept(data)


@pytest.mark.parametrize(("mode", "format"), [("RGB", "JPEG"), ("P", "PNG")])
def test_takes_fifty_million_pixels_smaller_and_in_little_memory(
    mode: str, format: str
) -> None:
    large = saved(Image.new(mode, (7000, 7000), 9), format, **turned())
    limits = Limits(10, 600 * MEGABYTE)
    child = Sandbox("a test", limits, picturing.load, BadPicture)

    taken = child.run(accepting.accept, large)

    assert max(taken.width, taken.height) == accepting.SIDE_MAX


def test_reads_a_very_long_jpeg_smaller_and_keeps_its_shape() -> None:
    taken = accept(saved(Image.new("RGB", (20_000, 1000)), "JPEG"))

    assert (taken.width, taken.height) == (4096, 205)


def turned() -> dict[str, object]:
    """On its side, as a camera says it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return {"exif": exif.tobytes()}
