"""Pictures made for tests: in every mode and format, honest and hostile."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def picture(
    mode: str = "RGB",
    format: str = "JPEG",
    size: tuple[int, int] = (300, 200),
    **options: object,
) -> bytes:
    """Grey noise: no encoder makes it tiny, and every mode can hold it."""
    image = Image.effect_noise(size, 80)
    if mode == "I;16":
        wide = image.convert("I").point(lambda value: value * 256)
        image = wide.convert("I;16")
    else:
        image = image.convert(mode)
    return saved(image, format, **options)


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def huge_png(width: int, height: int) -> bytes:
    """A PNG of one colour and so many pixels, in a few kilobytes."""
    packer = zlib.compressobj(9)
    row = b"\0" * (width // 8 + 2)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", body)
        + _chunk(b"IEND", b"")
    )


def scanned(data: bytes, times: int) -> bytes:
    """A progressive JPEG whose last scan stands there so many times more."""
    last = data[data.rindex(b"\xff\xda") : data.rindex(b"\xff\xd9")]
    return data.removesuffix(b"\xff\xd9") + last * times + b"\xff\xd9"


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)
