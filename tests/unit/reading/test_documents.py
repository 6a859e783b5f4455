"""Files: text, Markdown, saved pages, Word documents; a sentence for anything else."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desk.reading.article import File, Reading, Unreadable
from desk.reading.documents import LARGEST, read_file

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HEADLINE = "Night Ferry Returns to Port Alder After Eleven Years"
CAPTION = "The ferry Meridian at the quay on Friday."
FIRST = (
    "The night ferry between Port Alder and the island of Skerry sails again. On "
    "Friday evening the Meridian left the quay with 312 passengers on board."
)
SUBHEADING = "A Town That Waited"
QUOTE = (
    "“My daughter has never been on the mainland by boat,” said Ines Haldane, who runs "
    "the bakery on Skerry. “Tonight she was the first in the queue.”"
)
LINES = (HEADLINE, f"{CAPTION} Photo: Lena Okafor / Gazette", FIRST, SUBHEADING, QUOTE)


def read(name: str, data: bytes) -> Reading:
    return read_file(File(name, data), NOW)


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(name, data)
    return str(refused.value)


def word(picture: bool = False) -> bytes:
    document = docx.Document()
    document.add_heading(HEADLINE, 0)
    if picture:
        document.add_picture(BytesIO(png()))
    document.add_paragraph(LINES[1], style="Caption")
    document.add_paragraph(FIRST)
    document.add_heading(SUBHEADING, 2)
    document.add_paragraph(QUOTE)
    whole = BytesIO()
    document.save(whole)
    return whole.getvalue()


def with_document(change: Callable[[bytes], bytes]) -> bytes:
    """A Word file whose text was changed as no program of ours would write it."""
    with zipfile.ZipFile(BytesIO(word())) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["word/document.xml"] = change(parts["word/document.xml"])
    return archive(**parts)


def png() -> bytes:
    whole = BytesIO()
    Image.new("RGB", (400, 300)).save(whole, "PNG")
    return whole.getvalue()


def archive(**parts: bytes) -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name.replace("__", "/"), data)
    return whole.getvalue()


MARKDOWN = f"""---
layout: story
---
# {HEADLINE}

![The ferry](ferry.jpg)

{LINES[1]}

The **night ferry** between [Port Alder](https://port.example) and the island of
Skerry sails again. On Friday evening the *Meridian* left the quay with 312
passengers on board.

{SUBHEADING}
---

{QUOTE}
"""
SAVED = (
    f"<!doctype html><html lang=en><head><title>{HEADLINE} | Gazette</title></head>"
    f"<body><article><h1>{HEADLINE}</h1><figure><img src=ferry.jpg><figcaption>"
    f"{LINES[1]}</figcaption></figure><p>{FIRST}</p><h2>{SUBHEADING}</h2><p>{QUOTE}</p></article>"
)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("story.txt", "\n\n".join(LINES).encode()),
        ("story.txt", ("\ufeff" + "\n\n".join(LINES)).encode("utf-16-le")),
        ("story.txt", "\r\n\r\n".join(LINES).encode("cp1252")),
        ("story.md", MARKDOWN.encode()),
        ("story.docx", word()),
        ("story", word()),
        ("story.html", SAVED.encode()),
        ("saved page.txt", SAVED.encode()),
    ],
    ids=["utf-8", "utf-16", "cp1252", "md", "word", "no suffix", "page", "as txt"],
)  # fmt: skip
def test_the_same_story_reads_the_same_in_every_kind_of_file(
    name: str, data: bytes
) -> None:
    reading = read(name, data)

    assert reading.headline == HEADLINE
    assert reading.subheadings == (SUBHEADING,)
    assert reading.paragraphs == (FIRST, QUOTE)
    if "<html" not in data.decode(errors="replace"):
        assert (reading.caption, reading.credit) == (CAPTION, "Lena Okafor / Gazette")


def test_the_same_words_are_the_same_article_in_any_file() -> None:
    text, words = read("a.txt", "\n\n".join(LINES).encode()), read("b.docx", word())

    assert text.identity == words.identity


@pytest.mark.parametrize("sign", ["\x01", "\x0c", "\x1f", "\uffff"])
def test_signs_that_no_page_may_have_are_no_part_of_it(sign: str) -> None:
    title = f"<title>Fer{sign}ry | <b>Gazette{sign}</b></title>"
    broken = SAVED.replace("sails", f"sa{sign}ils").replace("<body>", f"{title}<body>")
    broken = broken.replace(f"<h1>{HEADLINE}", f"<h1>{HEADLINE} <i>again{sign}</i>")

    reading = read("story.html", broken.encode())

    assert FIRST in [block.text for block in reading.blocks]


def test_a_saved_page_that_says_where_it_lives_is_that_article() -> None:
    link = "https://gazette.example/ferry"
    head = f"<head><link rel=canonical href={link}>"

    reading = read("ferry.html", SAVED.replace("<head>", head).encode())

    assert reading.link == reading.identity == link
    assert reading.image_url == "https://gazette.example/ferry.jpg"
    assert reading.credit == "Lena Okafor / Gazette"


def test_a_saved_page_without_an_address_asks_for_one_and_drops_its_pictures() -> None:
    reading = read("ferry.html", SAVED.encode())

    assert reading.link is None
    assert reading.image_url is None
    assert reading.identity.startswith("text:")
    assert any("without a link" in warning for warning in reading.warnings)


def test_pictures_in_a_word_file_are_left_out_and_named() -> None:
    warnings = read("a.docx", word(picture=True)).warnings

    assert any("a picture in it" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"", "is empty"),
        ("a.docx", b" \n", "is empty"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"x" * 99, "is a picture"),
        ("a.txt", png(), "is a picture"),
        ("a.svg", b'<?xml version="1.0"?>\n<!-- x --><svg xmlns="x"/>', "is a picture"),
        ("a.heic", b"\x00\x00\x00\x18ftypheic" + b"x" * 99, "is a picture"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"x" * 99, "is a picture"),
        ("a.pdf", b"%PDF-1.7" + b"x" * 99, "is a PDF"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "password"),
        ("a.rtf", b"{\\rtf1 words}", "rich text"),
        ("a.zip", archive(a__txt=b"words"), "is a zip archive"),
        ("a.odt", archive(**{"content.xml": b"<x/>"}), "OpenDocument"),
        ("a.docx", b"PK\x03\x04 cut off", "is damaged"),
        ("a.docx", archive(**{"word/document.xml": b"<w:"}), "is damaged"),
        ("a.docx", word()[:-400], "is damaged"),
        ("a.txt", bytes(range(256)) * 40, "inside of a file"),
        ("a.txt", b"Only a headline", "no story under it"),
        ("a.md", b"# Only a headline\n", "no story under it"),
        ("a.html", b"<html><body><p>Hm.</p>", "No article"),
        ("a.txt", b"x" * (LARGEST + 1), "larger than 10 MB"),
    ],
)
def test_anything_else_gets_a_sentence_with_its_cure(
    name: str, data: bytes, says: str
) -> None:
    assert says in refusal(name, data)


def test_a_word_file_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    bomb = archive(**{"word/document.xml": b"0" * 120_000_000})

    assert len(bomb) < 1_000_000
    assert "unpacks to more" in refusal("bomb.docx", bomb)


@pytest.mark.parametrize(
    "paragraph", [b"<w:p/>", b"<w:p><w:r><w:t>a</w:t></w:r></w:p>"]
)
def test_a_word_file_of_ten_thousand_paragraphs_is_refused(paragraph: bytes) -> None:
    made = with_document(
        lambda xml: xml.replace(b"<w:body>", b"<w:body>" + paragraph * 10_000)
    )

    assert "paste the article alone" in refusal("story.docx", made)


def test_a_word_file_whose_story_unpacks_to_more_than_any_file_may_is_not_read() -> (
    None
):
    long = b"<w:p><w:r><w:t>" + b"a" * LARGEST + b"</w:t></w:r></w:p>"
    made = with_document(lambda xml: xml.replace(b"<w:body>", b"<w:body>" + long))

    assert "unpacks to more" in refusal("story.docx", made)


def test_entities_of_a_word_file_are_not_resolved() -> None:
    declared = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">'
    )
    with zipfile.ZipFile(BytesIO(word())) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    body = parts["word/document.xml"].partition(b"?>")[2]
    parts["word/document.xml"] = (
        declared + b"]>" + body.replace(b"The night ferry", b"The &e; night ferry")
    )

    try:
        said = str(read("entity.docx", archive(**parts)).blocks)
    except Unreadable as refused:
        said = str(refused)
    assert "root:" not in said


@pytest.mark.parametrize("name", ["BMW", "PKK"])
def test_a_headline_may_begin_as_a_picture_or_an_archive_does(name: str) -> None:
    headline = f"{name} in talks for the first time"

    assert (
        read("a.txt", f"{headline}\n\n{FIRST}\n\n{QUOTE}".encode()).headline == headline
    )


@pytest.mark.parametrize(
    "around",
    [
        "<w:p><w:ins w:id='1' w:author='x'><w:r><w:t>{}</w:t></w:r></w:ins></w:p>",
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    ],
)
def test_no_words_of_a_word_file_are_lost(around: str) -> None:
    added = "The harbour office had asked for a week more, and was refused on Thursday."
    whole = around.format(added).encode() + b"<w:sectPr"

    reading = read(
        "a.docx", with_document(lambda xml: xml.replace(b"<w:sectPr", whole))
    )

    assert added in reading.paragraphs


def test_words_that_a_tracked_change_moved_away_stand_once() -> None:
    run = "<w:p><w:{0} w:id='1' w:author='x'><w:r><w:t>Moved.</w:t></w:r></w:{0}></w:p>"
    both = (run.format("moveFrom") + run.format("moveTo") + "<w:sectPr").encode()

    reading = read("a.docx", with_document(lambda xml: xml.replace(b"<w:sectPr", both)))

    assert str(reading).count("Moved.") == 1


@pytest.mark.parametrize(
    ("local", "central", "value", "says"),
    [
        (6, 8, 1, "locked with a password"),
        (8, 10, 99, "is damaged"),
        (8, 10, 12, "is damaged"),
    ],
)
def test_a_word_file_whose_parts_do_not_open_is_refused_in_words(
    local: int, central: int, value: int, says: str
) -> None:
    data = bytearray(word())
    for mark, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset : at + offset + 2] = value.to_bytes(2, "little")
            at = data.find(mark, at + 4)

    assert says in refusal("a.docx", bytes(data))


def test_a_word_file_with_bytes_broken_inside_is_refused_in_words() -> None:
    whole = word()
    with zipfile.ZipFile(BytesIO(whole)) as parts:
        at = parts.getinfo("word/document.xml").header_offset + 55

    broken = whole[:at] + b"\xff" * 60 + whole[at + 60 :]

    assert "is damaged" in refusal("a.docx", broken)


@pytest.mark.parametrize("styles", [b"document.xml", b"fontTable.xml"])
def test_a_word_file_whose_styles_are_another_part_is_read_without(
    styles: bytes,
) -> None:
    with zipfile.ZipFile(BytesIO(word())) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    named = "word/_rels/document.xml.rels"
    parts[named] = parts[named].replace(b"styles.xml", styles)

    reading = read("story.docx", archive(**parts))

    assert reading.headline == HEADLINE
    assert QUOTE in [block.text for block in reading.blocks]


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_word_file_that_is_packed_oddly_and_broken_is_refused_in_words(
    packed: int,
) -> None:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", packed) as made:
        made.writestr("word/document.xml", FIRST * 50)
        made.writestr("[Content_Types].xml", FIRST * 50)
    broken = bytearray(whole.getvalue())
    for at in range(60, 140, 3):
        broken[at] ^= 255
    at = broken.rfind(b"PK\x03\x04")
    for place in range(at + 60, at + 140, 3):
        broken[place] ^= 255

    assert "is damaged" in refusal("story.docx", bytes(broken))


def test_a_word_file_without_words_is_refused_in_words() -> None:
    assert "is damaged" in refusal("a.docx", with_document(lambda _: b"<a/>"))


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a.docx"]))
def test_no_bytes_at_all_are_an_error_of_another_kind(data: bytes, name: str) -> None:
    starts: list[Callable[[bytes], bytes]] = [bytes, b"PK".__add__, b"<html>".__add__]
    said = list[str]()
    for start in starts:
        try:
            read(name, start(data))
        except Unreadable as refused:
            said.append(str(refused))
    assert all(sentence.endswith(".") for sentence in said)
