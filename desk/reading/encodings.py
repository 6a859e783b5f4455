"""Bytes of a page as text: what they say of their encoding, and what they are."""

from __future__ import annotations

import codecs

import regex
from charset_normalizer import from_bytes

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


STRAY, BOTH = "stray", range(0x80, 0xA0)
GUESSED = 20_000  # bytes that are enough to tell an encoding by
USUAL = [
    *(
        "cp1252",
        "cp1250",
        "cp1251",
        "koi8_r",
        "mac_roman",
        "cp1253",
        "cp1254",
        "cp1255",
    ),
    *("cp1256", "cp1257", "iso8859_2", "gb18030", "big5", "cp932", "euc_jp", "cp949"),
]
DOUBLED = regex.compile(
    "[ÃÂÐÑ][\u0080-\u00bf\u0152-\u2122]|â[\u0080-\u00bf\u0152-\u2122]{2}"
)


def decoded(data: bytes, content_type: str) -> str:
    """The text; UTF-8 where it is valid, whatever the page claims of itself.

    Bytes that are no UTF-8 in a text that is otherwise were pasted into it from
    elsewhere, and are read as Windows would. Text that says nothing of its encoding is
    told by its letters.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace")
    try:
        return without_doubling(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _mixed(data) or _as_claimed(data, content_type)


def without_doubling(text: str) -> str:
    """The letters of a text that was encoded twice: "DrehbrÃ¼cke"."""
    if len(DOUBLED.findall(text[:GUESSED])) < 2:
        return text
    try:
        return bytes(map(_byte, text)).decode("utf-8")
    except (UnicodeError, ValueError):
        return text  # not all of it was


def _byte(letter: str) -> int:
    """Of Windows' Latin letters, with the five places that it leaves empty."""
    if ord(letter) < 0x100 and (ord(letter) not in BOTH or letter in EMPTY):
        return ord(letter)
    return letter.encode("cp1252")[0]


EMPTY = "\x81\x8d\x8f\x90\x9d"


def _mixed(data: bytes) -> str:
    """Where more letters are UTF-8 than are not."""
    text = data.decode("utf-8", errors=STRAY)
    strays = sum(
        0xDC80 <= ord(letter) <= 0xDCFF
        for letter in data.decode("utf-8", errors="surrogateescape")
    )
    letters = sum(not letter.isascii() for letter in text)
    return text if letters > 2 * strays else ""


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    found = error.object[error.start : error.end]
    return found.decode("cp1252", errors="replace"), error.end


codecs.register_error(STRAY, _as_windows)


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
    best = from_bytes(data[:GUESSED], cp_isolation=USUAL).best()
    return data.decode(best.encoding if best else "cp1252", errors="replace")
