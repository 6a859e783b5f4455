"""A channel: what it needs to be connected, what it takes, and what it promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Class(StrEnum):
    """What a channel can promise about a repeated publish (its exactly-once class)."""

    EXACT = "exact"  # the same bytes again are harmless, for ever
    WINDOW = "window"  # the same key again is harmless while the window lasts
    NATURAL = "natural"  # the platform refuses the same text twice, mostly
    NONE = "none"  # a repeat is a second post


class Kind(StrEnum):
    """What may stand in a field of the channel form; the desk refuses anything else."""

    TEXT = "text"
    SERVER = "server"  # that the connector speaks to: https, and no private network
    ADDRESS = "address"  # that readers open: http or https
    FOLDER = "folder"  # below the desk's home


@dataclass(frozen=True)
class Field:
    """One line of the channel form; a secret one is encrypted and never shown again."""

    name: str
    label: str
    secret: bool = False
    required: bool = True
    default: str = ""  # may hold {home} and {address}, which the desk fills in
    hint: str = ""  # where to find it, in a sentence
    kind: Kind = Kind.TEXT
    group: str = ""  # fields that stand together, such as the four keys of one way in


@dataclass(frozen=True)
class Limits:
    """What one post may hold. Lengths are in the connector's own unit."""

    text: int
    images: int = 4
    image_bytes: int = 5_000_000
    image_pixels: int = 33_000_000
    alt: int = 1500
    media_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp")
    link: int | None = None  # what any link counts; None: its own length
    posts: int | None = None  # that the platform takes in `per`; None: not limited
    reserve: int = 0  # of these, kept for pictures, looks, and people's own posts
    per: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class Account:
    """Who the credentials belong to, on what software, and what that can promise."""

    remote_id: str
    name: str
    software: str
    version: str
    exactly_once: Class
    limits: Limits
    window: timedelta | None = None  # with Class.WINDOW
    expires_at: datetime | None = None  # when the credential ends
    warnings: tuple[str, ...] = ()
