"""The machine: what a desk stands on, looked at before its database is opened."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import redis

from commands.doctor.finding import Finding
from desk import home_folder, wakeup
from desk.config import Settings
from desk.loopback import is_loopback
from desk.sandbox import MEGABYTE

EXPOSED = (
    "The broker asks for no password and listens beyond this machine: whoever reaches "
    "it can drop and forge the hints of this desk. Give it a password (requirepass, or "
    "an ACL) and write it into REDIS_URL, or let it listen at 127.0.0.1 alone."
)
BARE = (
    "The dashboard listens at {host}, beyond this machine, and STANDFIRST_PUBLIC_URL "
    "names no https address of a proxy in front: passwords and posts cross the network "
    "readable. Put a proxy with TLS before it, or let it listen at 127.0.0.1 alone."
)


def look_at_machine(settings: Settings) -> Iterator[Finding]:
    yield _home(settings)
    yield _disk(settings)
    yield _proxy(settings)
    yield from _broker(settings)


def _home(settings: Settings) -> Finding:
    if home_folder.is_open(settings.home):
        said = (
            f"Others on this machine can look into {settings.home}, where the keys and "
            "the database are: type “chmod 700” and that folder."
        )
        return Finding("home", False, said)
    return Finding("home", True, "Nobody else on this machine sees the home folder.")


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(settings.home).free
    said = f"{free / 1e9:.1f} GB are free in {settings.home}"
    if free < settings.keep_free_mb * MEGABYTE:
        return Finding("disk", False, f"Only {said}: make room, or posts will stop.")
    return Finding("disk", True, f"{said}.")


def _proxy(settings: Settings) -> Finding:
    if is_loopback(settings.host):
        return Finding("proxy", True, "Only this machine reaches the dashboard itself.")
    if settings.public_url.startswith("https://"):
        said = f"A proxy stands before the dashboard: {settings.address}."
        return Finding("proxy", True, said)
    return Finding("proxy", False, BARE.format(host=settings.host))


def _broker(settings: Settings) -> Iterator[Finding]:
    try:
        with wakeup.client(settings) as connection:
            connection.ping()
            exposed = wakeup.exposed(connection)
    except redis.RedisError:
        yield Finding(
            "valkey",
            False,
            "Valkey does not answer: posts still go out, some seconds late. "
            "Start the desk with “desk up”, or look at REDIS_URL.",
        )
        return
    if exposed:
        yield Finding("valkey", False, EXPOSED)
    else:
        yield Finding("valkey", True, "Valkey answers.")
