"""A picture from outside is hostile until it is decoded and written anew."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PIL import ExifTags, Image, UnidentifiedImageError

from desk.picturing.foreseeing import foreseen
from desk.refusal import Refusal, RefusalKind

BYTES_CAP = 15_000_000
PIXELS_CAP = 50_000_000
COST_CAP = 1_500_000_000  # pixels by scans: the largest in 30, where programs use 10
SIDE_MIN = 2
SIDE_MAX = 4096  # pixels; what is longer is taken in smaller: no channel shows more
SMOOTH = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr"})  # may be scaled as is
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 88
TURNS = {  # by what EXIF says of how the camera was held
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
FLAT_COLOURS = 64  # a drawing has few; a photo has thousands, a grey one 256

# As a filter of the process: one inside `catch_warnings` would leak between threads.
warnings.simplefilter("error", Image.DecompressionBombWarning)


class BadPicture(Refusal):
    """The file can't be used as a picture; says in a sentence why, and what to do."""

    kind = RefusalKind.UNFIT


@dataclass(frozen=True)
class Accepted:
    """A picture that was decoded and written by the desk itself."""

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int


def accept(data: bytes) -> Accepted:
    """Decode, turn upright, drop everything but the pixels, and write it anew."""
    _admit(data)
    with open_picture(data) as image:
        return write_anew(turn_upright(image), photo=image.format == "JPEG")


def _admit(data: bytes) -> None:
    if not data:
        raise BadPicture("The picture's file is empty: choose another picture.")
    if len(data) > BYTES_CAP:
        raise BadPicture(
            f"The picture has {len(data) / 1_000_000:.0f} MB, and the desk takes up to "
            f"{BYTES_CAP // 1_000_000} MB: export a smaller one."
        )
    if b"<svg" in data[:4096].lower():
        raise BadPicture(
            "The picture is an SVG, which can carry programs, so the desk never takes "
            "one: export it as PNG."
        )


@contextmanager
def open_picture(data: bytes, whole: bool = True) -> Iterator[Image.Image]:
    """The picture, its size checked from the header before a pixel is decoded.

    `whole=False` reads the header only.
    """
    _refuse_cost(data)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _refuse_size(*image.size)
            if whole:
                image.draft(None, (SIDE_MAX, SIDE_MAX))  # a JPEG can be read smaller
                image.load()
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadPicture(_too_many_pixels()) from None
    except UnidentifiedImageError:
        raise BadPicture(
            "The file is not a JPEG, PNG, WebP or GIF: export the picture as one "
            "of these."
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError, Warning) as error:
        raise BadPicture(
            "The picture's file is damaged or cut short: export it again, or "
            f"choose another ({type(error).__name__})."
        ) from None


def _refuse_cost(data: bytes) -> None:
    work = foreseen(data)
    if work.cost > COST_CAP:
        raise BadPicture(
            f"The picture is saved in {work.scans:,} layers: export it again, as a "
            "usual JPEG."
        )


def _refuse_size(width: int, height: int) -> None:
    if width * height > PIXELS_CAP:
        raise BadPicture(_too_many_pixels(f"{width:,} x {height:,} pixels"))
    if min(width, height) < SIDE_MIN:
        raise BadPicture(
            f"The picture has {width} x {height} pixels, a tracker's size: choose "
            "another."
        )


def _too_many_pixels(size: str = "too many pixels") -> str:
    return (
        f"The picture has {size}, and the desk takes up to "
        f"{PIXELS_CAP // 1_000_000} million: export a smaller one."
    )


def turn_upright(image: Image.Image) -> Image.Image:
    """The first frame as its camera meant it, in RGB or RGBA, with nothing attached."""
    if image.mode in SMOOTH:
        _fit_in(image)  # before anything is copied: 50 megapixels are 200 MB
    image = _turned(image)
    if image.mode.startswith(("I", "F")):
        image = _eight_bits(image)
    see_through = "A" in image.getbands() or "transparency" in image.info
    mode = "RGBA" if see_through else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    if see_through and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")  # transparent by its format only
    _fit_in(plain)
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _turned(image: Image.Image) -> Image.Image:
    """By hand: the library would write all that EXIF anew, and some can't be."""
    turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return image if turn is None else image.transpose(turn)


def _fit_in(image: Image.Image) -> None:
    image.thumbnail((SIDE_MAX, SIDE_MAX), Image.Resampling.LANCZOS)


def _eight_bits(image: Image.Image) -> Image.Image:
    """16 bits a pixel, scaled down; `convert` would cut them off at white."""
    if image.mode == "F":
        return image.convert("L")
    return image.convert("I").point(lambda value: value / 256).convert("L")


def write_anew(image: Image.Image, photo: bool) -> Accepted:
    """PNG for what is see-through or drawn, JPEG for photos."""
    out = io.BytesIO()
    drawn = not photo and image.getcolors(FLAT_COLOURS) is not None
    if image.mode == "RGBA" or drawn:
        image.save(out, "PNG")
        media_type = "image/png"
    else:
        image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        media_type = "image/jpeg"
    return Accepted(out.getvalue(), media_type, image.width, image.height)
