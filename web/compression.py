"""Compression: answers of text are sent compressed, where the browser takes that.

How long such an answer is tells whoever listens on the line a little of what stands in
it. Its secret looks another way on each page (`web/csrf.py`), and a random number of
letters beside the page blurs the rest.
"""

from __future__ import annotations

import secrets
import struct
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing, nullcontext

from flask import Flask, Response, request

LEVEL = 4  # on a page of 200 kB: a tenth of its size, in a millisecond or two
SHORTEST = 1_000  # bytes: what is shorter fits into one packet
WORTH_SENDING = 8_000  # bytes of what is compressed as it comes
BLUR = 64  # letters at most
TEXTS = frozenset({"application/json", "application/atom+xml", "image/svg+xml"})
BARE = frozenset({204, 206, 304})
HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"  # gzip: deflated, named, of no time or system


def add(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not _is_text(response):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or _is_done(response):
        return response
    if response.is_streamed:
        response.response = gzipped_as_it_comes(response.iter_encoded())
    elif len(data := response.get_data()) >= SHORTEST:
        response.set_data(gzipped(data))
    else:
        return response
    response.headers["Content-Encoding"] = "gzip"
    return response


def gzipped(data: bytes) -> bytes:
    return b"".join(gzipped_as_it_comes(iter([data])))


def gzipped_as_it_comes(parts: Iterator[bytes]) -> Generator[bytes]:
    """In gzip's own form, with a name of any length for the file that it is not.

    What is to be sent is given as soon as there is some, and nothing is gathered.
    """
    deflating = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    ready = HEAD + b"x" * secrets.randbelow(BLUR) + b"\0"
    check = length = 0
    with closing(parts) if isinstance(parts, Generator) else nullcontext():
        for part in parts:
            check, length = zlib.crc32(part, check), length + len(part)
            ready += deflating.compress(part)
            if len(ready) >= WORTH_SENDING:
                yield ready
                ready = b""
    yield ready + deflating.flush() + _said_twice(check, length)


def _said_twice(check: int, length: int) -> bytes:
    """What gzip's form ends with: the sum and the length of what was compressed."""
    return struct.pack("<LL", check, length & 0xFFFFFFFF)


def _is_text(response: Response) -> bool:
    kind = response.mimetype or ""
    return kind.startswith("text/") or kind in TEXTS


def _is_done(response: Response) -> bool:
    """Encoded already, a file as it lies on disk, or a part of something."""
    encoded = "Content-Encoding" in response.headers
    bare = response.status_code in BARE
    return encoded or bare or response.direct_passthrough
