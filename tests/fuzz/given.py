"""Given: hostile pastes, pages, Word files and pictures, each made from a number.

What is made is half a thing that people give and half its ruin: repeated, nested, cut
off, with wrong bytes in it, or much larger than it says.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import docx
from PIL import Image

from tests.growing import FRAGMENTS

ARTICLES = Path(__file__).parents[1] / "articles"
LONGEST = 100_000  # letters of a paste or a page
SIDES = (1, 2, 40, 1200, 4000, 7000, 12_000)  # pixels
FORMATS = (*("PNG", "JPEG", "GIF", "WEBP") * 4, "BMP", "TIFF", "PPM", "ICO")
MODES = ("RGB", "RGBA", "L", "P", "1", "CMYK", "I;16", "LA")
TAGS = ("div", "p", "table", "tr", "td", "ul", "li", "span", "a", "b", "h1", "figure")
META = (
    '<meta property="og:title" content="{}">',
    '<meta name="description" content="{}">',
    '<link rel="canonical" href="https://paper.example/{}">',
    '<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{}"}}'
    "</script>",
    '<script type="application/ld+json">' + '{{"@graph": [' * 400 + "{}",
    "<title>{}</title>",
    "<!-- {} -->",
    "<figure><img src=a.jpg><figcaption>{}</figcaption></figure>",
)
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
)


def paste(dice: random.Random) -> str:
    """Words of an article with hostile fragments between them, or those alone."""
    pieces = [story(dice)] if dice.random() < 0.5 else []
    while sum(map(len, pieces)) < dice.choice((200, 5_000, 30_000, LONGEST)):
        fragment = "".join(dice.choices(FRAGMENTS, k=dice.randint(1, 3)))
        pieces.insert(dice.randint(0, len(pieces)), fragment * dice.randint(1, 4_000))
    if dice.random() < 0.3:
        pieces.append("".join(chr(dice.randint(1, 0xD7FF)) for _ in range(500)))
    return "".join(pieces)[:LONGEST]


def page(dice: random.Random) -> bytes:
    """Tags that nest or never close around hostile words, in some encoding."""
    words = paste(dice)[: dice.choice((100, 3_000, 30_000))]
    head = "".join(one.format(words[:2_000]) for one in dice.choices(META, k=4))
    tags = dice.choices(TAGS, k=dice.choice((3, 30, 3_000)))
    opened = "".join(f'<{tag} class="{words[:20]}">' for tag in tags)
    closed = "".join(f"</{tag}>" for tag in tags if dice.random() < 0.8)
    body = f"<html><head>{head}</head><body>{opened}<p>{words}</p>{closed}"
    if dice.random() < 0.1:
        body = ENTITIES + body + "&m;"
    encoding = dice.choice(("utf-8", "utf-16", "cp1252", "shift_jis"))
    return ruined(dice, body.encode(encoding, errors="replace"))


def word_file(dice: random.Random) -> bytes:
    """Many paragraphs, runs and tables, or parts that no Word ever wrote."""
    document = docx.Document()
    for _ in range(dice.choice((1, 50, 2_000))):
        paragraph = document.add_paragraph()
        for piece in dice.choices(FRAGMENTS, k=dice.randint(1, 4)):
            paragraph.add_run(piece * dice.randint(1, 50))
    if dice.random() < 0.3:
        document.add_table(dice.randint(1, 20), dice.randint(1, 8))
    whole = io.BytesIO()
    document.save(whole)
    if dice.random() < 0.5:
        return ruined(dice, whole.getvalue())
    return with_part(dice, whole.getvalue())


def with_part(dice: random.Random, whole: bytes) -> bytes:
    """The same file with a document of this maker's own in it."""
    depth = dice.choice((10, 5_000, 60_000))
    nested = "<w:p><w:r><w:t>a</w:t></w:r></w:p>" * depth
    if dice.random() < 0.5:
        nested = "<w:sdt>" * depth + "a" + "</w:sdt>" * depth
    xml = (
        f"{dice.choice(('', ENTITIES))}<w:document xmlns:w="
        '"http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{nested}</w:body></w:document>"
    )
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, xml if name == "word/document.xml" else old.read(name))
    return made.getvalue()


def picture(dice: random.Random) -> bytes:
    """Of any size, format and mode; sometimes of a size that it does not have."""
    width, height = dice.choice(SIDES), dice.choice(SIDES)
    drawn = Image.new("RGB", (width, height), tuple(dice.choices(range(256), k=3)))
    made = io.BytesIO()
    try:
        drawn.convert(dice.choice(MODES)).save(made, dice.choice(FORMATS))
    except (OSError, ValueError):  # a format that has no such mode
        drawn.save(made, "PNG")
    whole = made.getvalue()
    if whole.startswith(b"\x89PNG") and dice.random() < 0.3:
        return with_size(dice, whole)
    return ruined(dice, whole)


def with_size(dice: random.Random, png: bytes) -> bytes:
    """A header that promises millions of pixels, and counts right."""
    side = dice.choice((20_000, 100_000, 2**31 - 1)).to_bytes(4, "big")
    head = b"IHDR" + side + side + png[24:29]
    return png[:12] + head + crc32(head).to_bytes(4, "big") + png[33:]


def story(dice: random.Random) -> str:
    return dice.choice(sorted(ARTICLES.glob("*.txt"))).read_text(encoding="utf-8")


def ruined(dice: random.Random, whole: bytes) -> bytes:
    """Whole, cut off, or with other bytes at some places."""
    match dice.randint(0, 4):
        case 1:
            return whole[: dice.randint(0, len(whole))]
        case 2 if whole:
            bytes_ = bytearray(whole)
            for _ in range(dice.randint(1, 30)):
                bytes_[dice.randrange(len(bytes_))] = dice.randrange(256)
            return bytes(bytes_)
    return whole


KINDS: dict[str, Callable[[random.Random], str | bytes]] = {
    "paste": paste,
    "page": page,
    "word file": word_file,
    "picture": picture,
}


def given(number: int) -> tuple[str, str | bytes]:
    """What has this number: its kind, and itself; the same each time."""
    dice = random.Random(number)  # cases, not secrets
    kind = list(KINDS)[number % len(KINDS)]
    return kind, KINDS[kind](dice)
