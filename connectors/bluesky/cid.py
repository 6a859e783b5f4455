"""The digest that a repository gives a record: told by the server, reckoned by us."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence

_MAJOR_INT, _MAJOR_NEGATIVE, _MAJOR_TEXT, _MAJOR_LIST, _MAJOR_MAP = 0, 1, 3, 4, 5
_LINK = b"\xd8\x2a"  # tag 42: a link to another block
_CBOR, _SHA256 = b"\x01\x71", b"\x12\x20"  # version 1, DAG-CBOR; 32 bytes of sha-256


def cid(record: Mapping[str, object]) -> str:
    """The record's CID, as https://atproto.com/specs/data-model defines it."""
    digest = hashlib.sha256(b"".join(_encoded(record))).digest()
    return "b" + _base32(_CBOR + _SHA256 + digest)


def _encoded(value: object) -> Iterator[bytes]:
    """DAG-CBOR: shortest heads, map keys by length and then by bytes, no floats."""
    match value:
        case None:
            yield b"\xf6"
        case bool():
            yield b"\xf5" if value else b"\xf4"
        case int():
            major = _MAJOR_INT if value >= 0 else _MAJOR_NEGATIVE
            yield _head(major, value if value >= 0 else -1 - value)
        case str():
            yield _head(_MAJOR_TEXT, len(value.encode())) + value.encode()
        case {"$link": str(link), **rest} if not rest:
            block = b"\0" + _unbase32(link.removeprefix("b"))
            yield _LINK + _head(2, len(block)) + block
        case Mapping():
            yield _head(_MAJOR_MAP, len(value))
            for name in sorted(value, key=_place):
                yield from _encoded(name)
                yield from _encoded(value[name])
        case Sequence():
            yield _head(_MAJOR_LIST, len(value))
            for one in value:
                yield from _encoded(one)
        case _:
            raise ValueError(f"a record holds no {type(value).__name__}")


def _place(name: str) -> tuple[int, bytes]:
    return len(name.encode()), name.encode()


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes([major << 5 | extra]) + number.to_bytes(size)
    raise ValueError("a number of more than eight bytes")


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().lower().rstrip("=")


def _unbase32(text: str) -> bytes:
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
