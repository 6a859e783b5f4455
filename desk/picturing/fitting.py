"""One picture, made to fit what a channel takes: pixels, bytes, media types."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image

from connectors.base import Limits
from desk.picturing.accepting import Accepted, BadPicture, open_picture, turn_upright

SIDES = (4096, 3072, 2560, 2048, 1600, 1280, 1024, 800, 640, 480, 320)
QUALITIES = (88, 80, 72, 62)
SAVED_AS = {"image/jpeg": "JPEG", "image/webp": "WEBP", "image/png": "PNG"}
MEDIA_TYPES = {name: media_type for media_type, name in SAVED_AS.items()}


def fit(
    data: bytes, limits: Limits, focus: tuple[float, float] = (0.5, 0.5)
) -> Accepted:
    """The picture within the channel's limits; as it is where it fits already.

    The steps are fixed, so the same picture gives the same bytes. Nothing is cropped:
    `focus` goes along for the platforms that crop by themselves.
    """
    with open_picture(data, whole=False) as image:
        media_type = MEDIA_TYPES.get(image.format or "", "")
        if _fits(data, media_type, image.size, limits):
            return Accepted(data, media_type, image.width, image.height)
    with open_picture(data) as image:
        plain = turn_upright(image)
    for scaled in _scaled(plain, limits):
        for accepted in _versions(scaled, limits):
            if len(accepted.data) <= limits.image_bytes:
                return accepted
    raise BadPicture(
        f"The picture does not fit into {limits.image_bytes:,} bytes, which is all the "
        "channel takes: choose a simpler one."
    )


def _fits(data: bytes, media_type: str, size: tuple[int, int], limits: Limits) -> bool:
    return (
        media_type in limits.media_types
        and len(data) <= limits.image_bytes
        and size[0] * size[1] <= limits.image_pixels
    )


def _scaled(image: Image.Image, limits: Limits) -> Iterator[Image.Image]:
    """The picture at its own size where that is allowed, then smaller and smaller."""
    width, height = image.size
    if width * height <= limits.image_pixels:
        yield image
    for side in SIDES:
        share = side / max(width, height)
        size = max(1, round(width * share)), max(1, round(height * share))
        if share < 1 and size[0] * size[1] <= limits.image_pixels:
            yield image.resize(size, Image.Resampling.LANCZOS)


def _versions(image: Image.Image, limits: Limits) -> Iterator[Accepted]:
    """PNG where the picture is see-through, else JPEG, at falling quality."""
    takes = [t for t in SAVED_AS if t in limits.media_types]
    if not takes:
        raise BadPicture("The channel takes none of JPEG, PNG and WebP.")
    if image.mode == "RGBA" and "image/png" in takes:
        yield _saved(image, "image/png", 0)
    flat = image if image.mode == "RGB" else on_white(image)
    media_type = next((t for t in takes if t != "image/png"), "image/png")
    for quality in QUALITIES if media_type != "image/png" else (0,):
        yield _saved(flat, media_type, quality)


def on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _saved(image: Image.Image, media_type: str, quality: int) -> Accepted:
    out = io.BytesIO()
    options = {"quality": quality} if quality else {}
    image.save(out, SAVED_AS[media_type], **options)
    return Accepted(out.getvalue(), media_type, image.width, image.height)
