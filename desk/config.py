"""Settings: everything an operator may set, read once from the environment."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

SCHEMES = {  # of addresses that are set
    "database_url": ("postgresql", "postgresql+psycopg", "sqlite"),
    "redis_url": ("redis", "rediss", "unix"),
    "smtp_url": ("smtp", "smtps"),
}
PLAIN_PATH = re.compile(r"[\w./+@=-]+", re.ASCII)  # means itself in any address


class Settings(BaseSettings):
    """One attribute a setting; docs/install.md explains each (a test checks that)."""

    model_config = SettingsConfigDict(
        frozen=True,
        hide_input_in_errors=True,  # it may be a password
        populate_by_name=True,
        env_prefix="STANDFIRST_",  # else HOME and PORT would be settings of ours
    )

    home: Path = Field(default=Path("home"), validation_alias="STANDFIRST_HOME")
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    redis_url: str = Field(default="", validation_alias="REDIS_URL")
    keys: str = Field(default="", validation_alias="STANDFIRST_KEYS", repr=False)
    zone_name: str = Field(default="UTC", validation_alias="STANDFIRST_ZONE")
    host: str = Field(default="127.0.0.1", validation_alias="STANDFIRST_HOST")
    port: int = Field(default=8420, validation_alias="STANDFIRST_PORT", ge=1, le=65535)
    live_port: int = Field(
        default=8421, validation_alias="STANDFIRST_LIVE_PORT", ge=1, le=65535
    )
    web_processes: int = Field(
        default=1, validation_alias="STANDFIRST_WEB_PROCESSES", ge=1, le=64
    )
    public_url: str = Field(default="", validation_alias="STANDFIRST_PUBLIC_URL")
    fetch_allow: str = Field(default="", validation_alias="STANDFIRST_FETCH_ALLOW")
    channel_allow: str = Field(default="", validation_alias="STANDFIRST_CHANNEL_ALLOW")
    slots: int = Field(
        default=1500, validation_alias="STANDFIRST_SLOTS", ge=1, le=10_000
    )
    uploads: int = Field(
        default=120, validation_alias="STANDFIRST_UPLOADS", ge=1, le=100_000
    )
    keep_free_mb: int = Field(
        default=500, validation_alias="STANDFIRST_KEEP_FREE_MB", ge=0, le=1_000_000
    )
    call_deadline_s: float = Field(
        default=20.0,
        validation_alias="STANDFIRST_CALL_DEADLINE",
        ge=0.5,
        le=120,
        allow_inf_nan=False,
    )
    log: Literal["console", "json"] = Field(
        default="console", validation_alias="STANDFIRST_LOG"
    )
    metrics_token: str = Field(
        default="", validation_alias="STANDFIRST_METRICS_TOKEN", repr=False
    )

    smtp_url: str = Field(
        default="", validation_alias="STANDFIRST_SMTP_URL", repr=False
    )
    mail_from: str = Field(default="", validation_alias="STANDFIRST_MAIL_FROM")
    mail_to: str = Field(default="", validation_alias="STANDFIRST_MAIL_TO")
    webhook_url: str = Field(
        default="", validation_alias="STANDFIRST_WEBHOOK_URL", repr=False
    )
    webhook_secret: str = Field(
        default="", validation_alias="STANDFIRST_WEBHOOK_SECRET", repr=False
    )

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator(*SCHEMES)
    @classmethod
    def _speaks(cls, address: str, info: ValidationInfo) -> str:
        known = SCHEMES[info.field_name or ""]
        if address and address.partition("://")[0] not in known:
            raise ValueError(f"write an address that begins with {known[0]}://")
        try:
            _ = urlsplit(address).port  # read only when it is asked for
        except ValueError:
            raise ValueError("its host and port can't be read") from None
        return address

    @field_validator("database_url")
    @classmethod
    def _leads_to_a_database(cls, address: str) -> str:
        if address.startswith("sqlite"):
            _refuse_file(address)
        elif address:
            _refuse_server(address)
        return address

    @field_validator("zone_name")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(
                f"{name!r} is not a time zone; write one like Europe/Rome"
            ) from None
        return name

    @cached_property
    def zone(self) -> ZoneInfo:
        """The newsroom's zone: what every time on screen is shown in."""
        return ZoneInfo(self.zone_name)

    @property
    def call_deadline(self) -> timedelta:
        """The longest that one publish call may take, its answer included."""
        return timedelta(seconds=self.call_deadline_s)

    @property
    def database(self) -> str:
        """The database's address; SQLite in the home folder unless another is set."""
        own = URL.create("sqlite", database=str(self.home / "desk.sqlite3"))
        return self.database_url or own.render_as_string()

    @property
    def redis(self) -> str:
        """The broker's address; the embedded Valkey's socket unless another is set."""
        return self.redis_url or f"unix://{self.valkey_socket}"

    @property
    def valkey_socket(self) -> Path:
        """In the home folder, unless the kernel or an address can't take that path."""
        socket = self.home / "valkey.sock"
        if len(os.fsencode(socket)) <= 100 and PLAIN_PATH.fullmatch(str(socket)):
            return socket
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path("/tmp") / f"standfirst-{os.getuid()}" / f"{name}.sock"  # noqa: S108  # embedded.py makes it ours alone; TMPDIR would differ between sessions

    @property
    def broker(self) -> str:
        """The same address as Celery wants it written."""
        if self.redis.startswith("unix://"):
            return self.redis.replace("unix://", "redis+socket://", 1)
        return self.redis

    @property
    def address(self) -> str:
        """Where a browser finds the desk, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


def _refuse_file(address: str) -> None:
    """Records are in a file: each process has a memory of its own, and forgets it."""
    _, _, path = address.partition(":///")
    if path in ("", ":memory:") or any(part in path for part in ("?", "%00")):
        raise ValueError(
            "write the path of a file behind sqlite:///, and nothing behind that"
        )


def _refuse_server(address: str) -> None:
    """What psycopg would only say once it is asked to connect."""
    try:
        url = make_url(address).set(drivername="postgresql+psycopg")
        url.get_dialect()().create_connect_args(url)
    except (ArgumentError, ValueError):
        raise ValueError("what stands in it can't be read") from None
