"""The name that AT Protocol gives a record: the hash of its one canonical encoding.

DRISL, the protocol's own CBOR: https://atproto.com/specs/data-model
"""

from __future__ import annotations

import base64
import hashlib
import struct
from typing import cast

SHA_256 = b"\x12\x20"
RECORD, RAW = b"\x01\x71", b"\x01\x55"  # version 1, and what is named
UINT, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG = range(7)
LINK = 42  # the tag of a link
WIDTHS = ((0x100, 24, ">B"), (0x1_0000, 25, ">H"), (0x1_0000_0000, 26, ">I"))


def of_record(record: object) -> str:
    return _name(RECORD, encoded(record))


def of_blob(data: bytes) -> str:
    return _name(RAW, data)


def decoded(name: str) -> bytes:
    """The bytes of a name; raises ValueError where it is none."""
    if not name.startswith("b"):
        raise ValueError(f"{name} is not in base 32")
    letters = name[1:].upper()
    return base64.b32decode(letters + "=" * (-len(letters) % 8))


def encoded(value: object) -> bytes:
    if value is None or isinstance(value, bool):
        return {False: b"\xf4", True: b"\xf5", None: b"\xf6"}[value]
    if isinstance(value, int):
        return _head(UINT, value) if value >= 0 else _head(NEGATIVE, -1 - value)
    if isinstance(value, str):
        return _head(TEXT, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(LIST, len(value)) + b"".join(map(encoded, value))
    if isinstance(value, dict):
        return _map(cast(dict[str, object], value))
    raise ValueError(f"{type(value).__name__} is no value of the protocol")


def _map(value: dict[str, object]) -> bytes:
    """Shorter names first, then by their bytes; two shapes of it are no maps."""
    if set(value) == {"$link"}:
        data = b"\0" + decoded(str(value["$link"]))
        return _head(TAG, LINK) + _head(BYTES, len(data)) + data
    if set(value) == {"$bytes"}:
        data = base64.b64decode(str(value["$bytes"]) + "==")
        return _head(BYTES, len(data)) + data
    named = sorted(value, key=lambda name: (len(name.encode()), name.encode()))
    pairs = (encoded(name) + encoded(value[name]) for name in named)
    return _head(MAP, len(value)) + b"".join(pairs)


def _head(major: int, size: int) -> bytes:
    if size < 24:
        return bytes([major << 5 | size])
    for most, short, width in WIDTHS:
        if size < most:
            return bytes([major << 5 | short]) + struct.pack(width, size)
    return bytes([major << 5 | 27]) + struct.pack(">Q", size)


def _name(kind: bytes, data: bytes) -> str:
    block = kind + SHA_256 + hashlib.sha256(data).digest()
    return "b" + base64.b32encode(block).decode().lower().rstrip("=")
