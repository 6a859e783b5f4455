"""Hosts: what a request says it came to, before anything is made of it."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address

LONGEST = 253  # letters of a name in the DNS, without the dot at its end
# Underscores are no host's by the letter of the law, but containers are called so.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?")
_AT = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^:\[\]]+))(?::(?P<port>.*))?"
)
_PORT = re.compile(r"[0-9]{0,5}")  # none behind the colon is the usual one
LAST_PORT = 65_535


def possible(said: str) -> bool:
    """Whether anything could be reached at this: a name or an address, and a port."""
    at = _AT.fullmatch(said)
    if at is None or not _is_port(at["port"] or ""):
        return False
    return _is_name(at["name"]) if at["name"] else _is_address(at["v6"])


def _is_name(said: str) -> bool:
    return _NAME.fullmatch(said) is not None and len(said.rstrip(".")) <= LONGEST


def _is_address(said: str) -> bool:
    try:
        IPv6Address(said)
    except AddressValueError:
        return False
    return True


def _is_port(said: str) -> bool:
    return _PORT.fullmatch(said) is not None and int(said or 1) in range(
        1, LAST_PORT + 1
    )
