"""The picture of a link's card: one size that every platform draws well."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from desk.picturing.accepting import Accepted, BadPicture, open_picture, turn_upright
from desk.picturing.fitting import QUALITIES, on_white

SIZE = (1200, 630)
CENTRE = (0.5, 0.5)
BYTES = 976_000  # under Bluesky's 1,000,000, with a little to spare


def card(data: bytes, focus: tuple[float, float] = CENTRE) -> Accepted:
    """Cut to a card's shape around the focus, as JPEG. The same bytes each time."""
    with open_picture(data) as image:
        plain = turn_upright(image)
    flat = plain if plain.mode == "RGB" else on_white(plain)
    cut = ImageOps.fit(flat, SIZE, Image.Resampling.LANCZOS, centering=focus)
    for quality in QUALITIES:
        out = io.BytesIO()
        cut.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if len(out.getvalue()) <= BYTES:
            return Accepted(out.getvalue(), "image/jpeg", *SIZE)
    raise BadPicture("The picture is too busy for a link's card: choose another.")
