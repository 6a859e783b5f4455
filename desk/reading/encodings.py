"""Bytes of a page as text: what they say of their encoding, and what they are."""

from __future__ import annotations

import codecs

import regex

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
META = regex.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""",
    regex.IGNORECASE,
)
HEADER = regex.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", regex.IGNORECASE)
WIDER = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "euc-kr": "cp949",
    "windows-31j": "cp932",
    "iso-8859-9": "cp1254",
}  # as browsers read them


def decoded(data: bytes, content_type: str) -> str:
    """The text; UTF-8 where it is valid, whatever the page claims of itself."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _as_claimed(data, content_type)


def _as_claimed(data: bytes, content_type: str) -> str:
    header, meta = HEADER.search(content_type), META.search(data[:4096])
    claims = [header and header[1], meta and meta[1].decode("ascii")]
    for claim in claims:
        name = WIDER.get(str(claim).lower(), str(claim).lower())
        try:
            codecs.lookup(name)
        except LookupError:
            continue
        return data.decode(name, errors="replace")
    return data.decode("cp1252", errors="replace")
