"""Files as articles: plain text, Markdown, a saved page, a Word document.

What a file is, its first bytes say, not its name. It is hostile until proven: nothing
is unpacked beyond a limit, no entity is resolved, and nothing it points to is fetched.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

import docx
import regex
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.parts.styles import StylesPart
from lxml import etree

from desk.reading import pages
from desk.reading.article import File, Reading, Unreadable
from desk.reading.encodings import decoded
from desk.reading.lines import Line
from desk.reading.pasted import read_markdown, without_markup
from desk.reading.text import ASK_FOR_LINK, identity_of, read_text

LARGEST = 10_000_000  # bytes of a file; pictures in it count
UNPACKED = 100_000_000  # bytes of all parts of a Word file
PARTS = 2_000  # in a Word file
PARAGRAPHS = 2_000  # in its story, empty ones too; a long article has 200
STORY = "word/document.xml"
NOWHERE = "https://page.invalid/file"  # a saved page that says no address of its own
PAGE = regex.compile(
    r"\s*(?:<!doctype html|<html|<\?xml[^>]*>\s*<html)", regex.IGNORECASE
)
KINDS = "a .txt, .md, .html or .docx file"

RUN = qn("w:r")
SPOKEN = (qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"))
ASIDE = (qn("w:moveFrom"), qn("w:txbxContent"))  # moved away, or in a text box
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")  # "PK" alone may begin a headline
DAMAGED = (
    BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OpcError,
    etree.LxmlError,
    KeyError,
    ValueError,
    EOFError,
    OSError,
    NotImplementedError,  # a compression that nobody writes
)
DRAWING = regex.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg", regex.DOTALL
)
PICTURES = (
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"II*\x00",
    b"MM\x00*",
)
OTHERS: tuple[tuple[bytes, str], ...] = (
    (
        b"%PDF",
        "is a PDF, which keeps no paragraphs: copy its text and paste it, or save the "
        "article as .docx or .txt.",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "is an old Word file (.doc), or is locked with a password: open it, save it as "
        ".docx without a password, and drop that.",
    ),
    (b"{\\rtf", "is a rich text file (.rtf): save it as .docx, or paste its text."),
)


def read_file(file: File, now: datetime) -> Reading:
    """Read an article from a file. Raises `Unreadable` with a sentence."""
    _admit(file)
    if file.data.startswith(ARCHIVES):
        return _word(file, now)
    text = decoded(file.data, "text/plain")
    if PAGE.match(text):
        return _page(file, now)
    suffix = PurePath(file.name).suffix.lower()
    if suffix in (".md", ".markdown"):
        return read_text(read_markdown(text), now)
    return read_text(without_markup(text), now)


def _admit(file: File) -> None:
    """Refuse by size and by the first bytes what can't be an article."""
    if not file.data.strip():
        raise Unreadable(
            f"{file.name} is empty: choose {KINDS} with the article in it."
        )
    if len(file.data) > LARGEST:
        raise Unreadable(
            f"{file.name} is larger than {LARGEST // 1_000_000} MB, which is more than "
            "the desk reads: take its pictures out, or paste its text."
        )
    if file.data.startswith(PICTURES) or _is_picture(file.data[:1000]):
        raise Unreadable(
            f"{file.name} is a picture: drop or paste the article here, and add the "
            "picture to its posts afterwards."
        )
    for beginning, why in OTHERS:
        if file.data.startswith(beginning):
            raise Unreadable(f"{file.name} {why}")


def _is_picture(first: bytes) -> bool:
    """WebP, AVIF, HEIC, BMP and SVG say what they are a few bytes in."""
    bitmap = first[:2] == b"BM" and first[6:10] == bytes(4)  # not a story of BMW
    webp = first[:4] == b"RIFF" and first[8:12] == b"WEBP"
    return (
        webp
        or bitmap
        or DRAWING.match(first) is not None
        or (first[4:8] == b"ftyp" and first[8:12] in (b"avif", b"heic", b"mif1"))
    )


# A saved page


def _page(file: File, now: datetime) -> Reading:
    """With the address that it states as its own; without one its pictures are lost."""
    kind = "text/html"
    address = pages.own_address(file.data)
    if address:
        return pages.read_page(file.data, address, now, kind)
    reading = pages.read_page(file.data, NOWHERE, now, kind)
    words = [reading.headline, *(block.text for block in reading.blocks)]
    return replace(
        reading,
        identity=identity_of([Line(text) for text in words]),
        link=None,
        image_url=None,
        others=(),
        warnings=(*reading.warnings, ASK_FOR_LINK),
    )


# Word


def _word(file: File, now: datetime) -> Reading:
    try:
        pictures = _admit_word(file)
        lines = _word_lines(file)
    except DAMAGED as error:
        raise Unreadable(
            f"{file.name} is damaged and can't be opened: save it again as .docx, or "
            "paste its text."
        ) from error
    reading = read_text("\n\n".join(lines), now)
    if not pictures:
        return reading
    many = "a picture" if pictures == 1 else f"{pictures} pictures"
    left = f"The file has {many} in it, which the desk left out: add them to the posts."
    return replace(reading, warnings=(*reading.warnings, left))


def _admit_word(file: File) -> int:
    """How many pictures it has; its sizes are looked at before it is unpacked."""
    with ZipFile(BytesIO(file.data)) as archive:
        names, sizes = archive.namelist(), [p.file_size for p in archive.infolist()]
        locked = any(part.flag_bits & 1 for part in archive.infolist())
    if locked:
        raise Unreadable(
            f"{file.name} is locked with a password: save it without one, or paste "
            "its text."
        )
    if STORY not in names:
        raise Unreadable(_no_word_file(file.name, names))
    story = sizes[names.index(STORY)]
    if len(sizes) > PARTS or sum(sizes) > UNPACKED or story > LARGEST:
        raise Unreadable(
            f"{file.name} unpacks to more than an article can have: paste its text "
            "instead."
        )
    return sum(name.startswith("word/media/") for name in names)


def _no_word_file(name: str, parts: Sequence[str]) -> str:
    if "content.xml" in parts:
        return f"{name} is an OpenDocument file: save it as .docx, or paste its text."
    return f"{name} is a zip archive: unpack it and drop {KINDS} that is in it."


def _word_lines(file: File) -> list[str]:
    """Its paragraphs as they stand, those in tables and forms too."""
    document = docx.Document(BytesIO(file.data))
    found = list(islice(document.element.iter(qn("w:p")), PARAGRAPHS + 1))
    if len(found) > PARAGRAPHS:
        raise Unreadable(
            f"{file.name} has more than {PARAGRAPHS:,} paragraphs, which is more than "
            "an article has: paste the article alone."
        )
    headings = _headings(document)
    lines = [_paragraph(one, headings) for one in found if _in_story(one)]
    kept = [line for line in lines if line.strip("# ")]
    if not kept:
        raise ValueError("no words")
    return kept


def _headings(document: Document) -> set[str]:
    """Looked up once: for each paragraph it would take a millisecond."""
    styles = (one for part in _style_parts(document) for one in part.styles)
    return {one.style_id for one in styles if (one.name or "").startswith("Heading")}


def _style_parts(document: Document) -> list[StylesPart]:
    """What a file names as its styles may be its story, or not in it at all."""
    named = document.part.rels.values()
    styles = (one for one in named if one.reltype == RELATIONSHIP_TYPE.STYLES)
    parts = (one.target_part for one in styles if not one.is_external)
    return [part for part in parts if isinstance(part, StylesPart)]


def _in_story(element: etree._Element) -> bool:
    return next(element.iterancestors(*ASIDE), None) is None


def _paragraph(element: CT_P, headings: Collection[str]) -> str:
    """With what an editor's tracked change put in, without what it took out."""
    pieces = [
        one.text or " "
        for one in element.iter(*SPOKEN)
        if next(one.iterancestors()).tag == RUN and _in_story(one)
    ]
    words = " ".join("".join(pieces).split())
    return f"## {words}" if element.style in headings else words
