"""Shorter: answers of text are sent compressed, where the browser takes that.

How long such an answer is tells whoever listens on the line a little of what stands in
it. Its secret looks another way on each page (`web/csrf.py`), and a random number of
letters beside the page blurs the rest.
"""

from __future__ import annotations

import secrets
import zlib

from flask import Flask, Response, request

LEVEL = 4  # on a page of 200 kB: a tenth of its size, in a millisecond or two
SHORTEST = 1_000  # bytes: what is shorter fits into one packet
BLUR = 64  # letters at most
TEXTS = frozenset({"application/json", "application/atom+xml", "image/svg+xml"})
BARE = frozenset({204, 206, 304})
HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"  # gzip: deflated, named, of no time or system


def add(app: Flask) -> None:
    app.after_request(_shorten)


def _shorten(response: Response) -> Response:
    if not _is_text(response):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or _is_done(response):
        return response
    data = response.get_data()
    if len(data) >= SHORTEST:
        response.set_data(gzipped(data))
        response.headers["Content-Encoding"] = "gzip"
    return response


def gzipped(data: bytes) -> bytes:
    """In gzip's own form, with a name of any length for the file that it is not."""
    deflating = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    name = b"x" * secrets.randbelow(BLUR) + b"\0"
    body = deflating.compress(data) + deflating.flush()
    sums = zlib.crc32(data).to_bytes(4, "little"), len(data).to_bytes(4, "little")
    return b"".join((HEAD, name, body, *sums))


def _is_text(response: Response) -> bool:
    kind = response.mimetype or ""
    return kind.startswith("text/") or kind in TEXTS


def _is_done(response: Response) -> bool:
    """Encoded already, still being made, or a part of something."""
    whole = response.is_sequence and not response.direct_passthrough
    encoded = "Content-Encoding" in response.headers
    return encoded or not whole or response.status_code in BARE
