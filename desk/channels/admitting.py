"""Admitting: what a field of a channel's form may hold, by the kind of the field.

An admin may be careless or somebody else: a channel is no way into the newsroom's own
network, nor to its files.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from connectors.base import Field, Kind
from desk import home_folder
from desk.desk import Desk
from desk.reading.fetching import PUBLIC
from desk.refusal import Refusal, RefusalKind

READABLE = re.compile(  # and something can be put behind it
    r"https?://(\w[\w.-]*|\[[0-9a-f:.]+\])(:\d+)?(/[\w./~%+-]*)?", re.IGNORECASE
)


class BadChannel(Refusal):
    """A channel can't be what was asked; says in a sentence what to do.

    `field`: the one that it is about, where it is about one.
    """

    kind = RefusalKind.UNFIT


def refuse(desk: Desk, field: Field, value: str) -> None:
    """Raises `BadChannel` for what this kind of field does not take."""
    match field.kind:
        case Kind.SERVER:
            _refuse_server(field, value, desk.settings.channel_allow)
        case Kind.ADDRESS:
            _refuse_address(field, value)
        case Kind.FOLDER:
            _refuse_folder(field, value, desk.settings.home)
        case Kind.TEXT:
            return


def wrong(desk: Desk, field: Field, value: str) -> str:
    """What stands against a value from before; empty: nothing. Looks no name up."""
    if field.kind is Kind.SERVER:
        return unsafe(value, desk.settings.channel_allow)
    try:
        refuse(desk, field, value)
    except BadChannel as refused:
        return str(refused)
    return ""


def unsafe(server: str, allow: str) -> str:
    """What is wrong with speaking to this server, in a sentence; empty: nothing.

    Looks no name up. `allow`: "host" or "host:port", with commas between.
    """
    parts = _parts(server)
    if parts is None or not parts.hostname:
        return f"“{server}” is no address of a server: write it like https://host."
    if _allowed(parts, allow):
        return ""
    if parts.scheme != "https":
        return (
            f"{parts.hostname} is spoken to without TLS, so whoever is in between "
            f"reads its token: write https://{parts.hostname}, or allow it with "
            f"STANDFIRST_CHANNEL_ALLOW={parts.netloc}."
        )
    return _inside(parts) if _is_private(parts.hostname) else ""


def _refuse_server(field: Field, value: str, allow: str) -> None:
    if why := unsafe(value, allow):
        raise BadChannel(why, field.name)
    parts = _parts(value)
    if parts is None or parts.hostname is None or _allowed(parts, allow):
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443)
    except OSError:
        return  # the first call says that there is no such server
    if not all(PUBLIC.permits_address(str(one[4][0])) for one in found):
        raise BadChannel(_inside(parts), field.name)


def _refuse_address(field: Field, value: str) -> None:
    if not READABLE.fullmatch(value) or _parts(value) is None:
        raise BadChannel(
            f"“{value}” is no address that readers can open: write it like "
            "https://desk.paper.org.",
            field.name,
        )


def _refuse_folder(field: Field, value: str, home: Path) -> None:
    folder, inside = Path(value).resolve(), home.resolve()
    if inside not in folder.parents:
        raise BadChannel(
            f"{value} is not below the desk's own folder: choose one in {home}.",
            field.name,
        )
    first = folder.relative_to(inside).parts[0]
    if home_folder.keeps(first):
        raise BadChannel(
            f"{home / first} is where the desk keeps its own things: choose another "
            f"folder in {home}, such as {home / 'paper'}.",
            field.name,
        )


def _parts(value: str) -> SplitResult | None:
    """As people type it: without https://, too."""
    typed = value if "://" in value else f"https://{value}"
    try:
        parts = urlsplit(typed)
        _ = parts.port  # read only when it is asked for
    except ValueError:
        return None
    return parts


def _allowed(parts: SplitResult, allow: str) -> bool:
    known = {one.strip().lower() for one in allow.split(",") if one.strip()}
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return not known.isdisjoint({parts.hostname or "", f"{parts.hostname}:{port}"})


def _is_private(host: str) -> bool:
    name = _plain(host)
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not PUBLIC.permits_address(name)
    except ValueError:
        return False  # a name


def _plain(host: str) -> str:
    """As resolvers read it: 127.1, 0x7f.1 and wide digits are 127.0.0.1 to them."""
    name = unicodedata.normalize("NFKC", host).lower().replace("。", ".").rstrip(".")
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except (OSError, UnicodeError):
        return name


def _inside(parts: SplitResult) -> str:
    return (
        f"{parts.hostname} is inside a private network, so the desk does not speak to "
        f"it. If it is yours, set STANDFIRST_CHANNEL_ALLOW={parts.netloc} and start "
        "the desk again."
    )
