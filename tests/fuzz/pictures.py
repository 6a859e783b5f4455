"""Pictures: of all sizes, modes and formats, with odd things in them and around."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable
from typing import Any
from zlib import compress, crc32

from PIL import Image, ImageCms

from tests.fuzz.ruin import flipped, ruined

FORMATS = (*("PNG", "JPEG", "GIF", "WEBP") * 16, "BMP", "TIFF", "PPM", "ICO")
MODES = {
    "JPEG": ("RGB", "L", "CMYK", "YCbCr"),
    "PNG": ("RGB", "RGBA", "L", "LA", "P", "1", "I;16", "PA"),
    "GIF": ("P", "L", "1", "RGB", "RGBA"),
    "WEBP": ("RGB", "RGBA"),
}
SIDES = (*(2, 3, 7, 16, 40, 255, 257, 640, 1200) * 8, 1, 2600, 7000, 12_000)
MOST = 20_000_000  # pixels, but for a few
PNG_CHUNKS = (
    *(b"gAMA", b"cHRM", b"pHYs", b"tRNS", b"PLTE", b"iCCP", b"eXIf", b"acTL"),
    *(b"fcTL", b"fdAT", b"tEXt", b"zTXt", b"iTXt", b"sBIT", b"hIST", b"oDDs"),
)
JPEG_SEGMENTS = (0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE, 0xDD, 0xDB)
MADE_AT = slice(24, 36)  # of a colour profile: a file of a number has no clock in it
BEGINNINGS = (
    *(b"Exif\0\0MM\0*\0\0\0\x08", b"Exif\0\0II*\0\x08\0\0\0", b"MPF\0MM\0*\0\0\0\x08"),
    *(b"ICC_PROFILE\0\x01\x01", b"ICC_PROFILE\0\xff\x00", b"Adobe\0d\0\0\0\0\x02"),
    *(b"Photoshop 3.0\x008BIM\x04\x04", b"JFIF\0\x01\x02\x01\0\0\0\0", b"", b"\0"),
    b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'>",
)


def picture(dice: random.Random) -> bytes:
    """Mostly one that opens: its form odd, its pixels noise, its end cut or ragged."""
    format_ = dice.choice(FORMATS)
    whole = _saved(dice, format_)
    if format_ in MODES and dice.random() < 0.5:
        whole = INSIDE[format_](dice, whole)
    if dice.random() < 0.2:
        whole += dice.randbytes(dice.choice((1, 1_000, 100_000)))
    return ruined(dice, whole, 0.05)


def _saved(dice: random.Random, format_: str) -> bytes:
    first = _drawn(dice, dice.choice(MODES.get(format_, ("RGB",))))
    made = io.BytesIO()
    try:
        first.save(made, format_, **_options(dice, format_, first))
    except (OSError, ValueError, TypeError):  # what this format does not take
        first.convert("RGB").save(made, "PNG")
    return made.getvalue()


def _drawn(dice: random.Random, mode: str) -> Image.Image:
    """Flat, noise, or a gradient, in one mode."""
    width, height = dice.choice(SIDES), dice.choice(SIDES)
    if width * height > MOST and dice.random() < 0.9:
        width = max(1, MOST // height // 10)
    few = (min(width, 300), min(height, 300))
    match dice.randint(0, 2):
        case 0:
            flat = Image.new("RGB", few, tuple(dice.choices(range(256), k=3)))
        case 1:
            noise = dice.randbytes(few[0] * few[1] * 3)
            flat = Image.frombytes("RGB", few, noise)
        case _:
            flat = Image.linear_gradient("L").resize(few).convert("RGB")
    large = flat.resize((width, height), Image.Resampling.NEAREST)
    return _as(large, mode)


def _as(image: Image.Image, mode: str) -> Image.Image:
    if mode == "PA":
        image = image.convert("P")
        image.putalpha(77)
        return image
    return image.convert("L").convert(mode) if mode == "I;16" else image.convert(mode)


def _options(dice: random.Random, format_: str, image: Image.Image) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if dice.random() < 0.5:
        options["exif"] = _exif(dice)
    if dice.random() < 0.3:
        options["icc_profile"] = _profile(dice)
    if format_ == "JPEG":
        options |= {
            "quality": dice.randint(1, 100),
            "progressive": dice.random() < 0.5,
            "subsampling": dice.choice((0, 1, 2)),
            "restart_marker_blocks": dice.choice((0, 1, 1000)),
            "comment": dice.randbytes(dice.choice((0, 10, 60_000))),
        }
    elif format_ in MODES and dice.random() < 0.4:
        options |= _frames(dice, image)
    if image.mode == "P" and dice.random() < 0.5:
        options["transparency"] = dice.choice((0, 255, b"", bytes(range(256))))
    return options


def _frames(dice: random.Random, image: Image.Image) -> dict[str, Any]:
    """An animation: many frames of odd sizes where the picture is small."""
    many = dice.choice((1, 3, 300)) if image.width * image.height < 10_000 else 1
    others = [_as(_small(dice, image.size), image.mode) for _ in range(many)]
    return {
        "save_all": True,
        "append_images": others,
        "duration": dice.choice((0, 1, 65_535)),
        "loop": dice.choice((0, 1, 65_535)),
        "disposal": dice.choice((0, 1, 2)),
    }


def _small(dice: random.Random, size: tuple[int, int]) -> Image.Image:
    return Image.new("RGB", size, tuple(dice.choices(range(256), k=3)))


def _exif(dice: random.Random) -> bytes:
    """Turned in any way, or in none that there is; with tags of all sorts."""
    exif = Image.Exif()
    exif[0x0112] = dice.choice((*range(10), 65_535))
    for _ in range(dice.choice((0, 3, 200))):
        exif[dice.randrange(0x0100, 0x8000)] = dice.choice(
            (0, 2**32 - 1, "x" * dice.randint(0, 300), b"\0\xff", (1, 2, 3))
        )
    exif[0x0112] = dice.choice((*range(10), 65_535))
    try:
        whole = exif.tobytes()
    except (ValueError, TypeError, struct.error):  # a tag that takes no such value
        return b"Exif\0\0MM\0*" + dice.randbytes(40)
    return flipped(dice, whole, 14) if dice.random() < 0.5 else whole


def _profile(dice: random.Random) -> bytes:
    if dice.random() < 0.3:
        return dice.randbytes(dice.choice((0, 10, 100_000)))
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    srgb = made[: MADE_AT.start] + bytes(12) + made[MADE_AT.stop :]
    return flipped(dice, srgb, 0) if dice.random() < 0.5 else srgb


# What stands in a file besides its pixels


def _in_png(dice: random.Random, whole: bytes) -> bytes:
    """Chunks that nobody asked for, each counted right; or another size."""
    if not whole.startswith(b"\x89PNG"):
        return whole
    if dice.random() < 0.15:
        return with_size(dice, whole)
    odd = b"".join(_chunk(dice) for _ in range(dice.choice((1, 3, 500))))
    at = 33 if dice.random() < 0.7 else len(whole) - 12
    return whole[:at] + odd + whole[at:]


def _chunk(dice: random.Random) -> bytes:
    name = dice.choice(PNG_CHUNKS)
    data = dice.randbytes(dice.choice((0, 1, 4, 9, 13, 26, 300)))
    if name in (b"zTXt", b"iCCP"):
        data = b"name\0\0" + compress(bytes(dice.choice((10, 10_000, 3_000_000))))
    counted = crc32(name + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + name + data + counted


def with_size(dice: random.Random, png: bytes) -> bytes:
    """A header that promises other pixels than there are, and counts right."""
    side = dice.choice((3, 3_000, 20_000, 2**31 - 1)).to_bytes(4, "big")
    form = bytes(dice.choices(range(20), k=2)) if dice.random() < 0.3 else png[24:26]
    head = b"IHDR" + side + side + form + png[26:29]
    return png[:12] + head + crc32(head).to_bytes(4, "big") + png[33:]


def _in_jpeg(dice: random.Random, whole: bytes) -> bytes:
    """Segments before the others, or other bits in the pixels."""
    if dice.random() < 0.4:
        return flipped(dice, whole, min(len(whole) - 1, 700 + len(whole) // 4))
    odd = b""
    for _ in range(dice.choice((1, 3, 100))):
        data = dice.choice(BEGINNINGS) + dice.randbytes(dice.choice((0, 8, 60, 5_000)))
        marker = bytes((0xFF, dice.choice(JPEG_SEGMENTS)))
        odd += marker + (len(data) + 2).to_bytes(2, "big") + data
    return whole[:2] + odd + whole[2:]


def _in_gif(dice: random.Random, whole: bytes) -> bytes:
    """Other bytes behind the palette: sizes of frames, codes, blocks."""
    return flipped(dice, whole, min(len(whole) - 1, 13 + 3 * 2 ** (whole[10] % 8 + 1)))


def _in_webp(dice: random.Random, whole: bytes) -> bytes:
    """Other bits in the pixels, or a chunk more than it says."""
    if dice.random() < 0.5:
        return flipped(dice, whole, min(len(whole) - 1, 40))
    name = dice.choice((b"EXIF", b"XMP ", b"ICCP", b"ANMF", b"ALPH", b"oddS"))
    data = dice.randbytes(dice.choice((0, 2, 24, 3_000)))
    whole += name + len(data).to_bytes(4, "little") + data
    return whole[:4] + (len(whole) - 8).to_bytes(4, "little") + whole[8:]


INSIDE: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "PNG": _in_png,
    "JPEG": _in_jpeg,
    "GIF": _in_gif,
    "WEBP": _in_webp,
}
