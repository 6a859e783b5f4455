"""`desk up`: checks, records up to date, every process started and kept running."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import click

from commands.bootstrap import (
    Refused,
    ensure_home,
    open_desk,
    read_settings,
    sentences,
    writing,
)
from commands.embedded import CantEmbed
from commands.processes import NoProcfile
from commands.supervising import Supervisor, supervised
from desk import people
from desk.config import Settings
from desk.desk import Desk

PORT_PATIENCE_S = 2.0  # a desk that was killed is still letting go of its ports
READY_S = 60.0


@click.command()
def up() -> None:
    """Start the desk in this terminal; Ctrl-C stops it."""
    began = time.monotonic()
    settings = read_settings()
    with sentences():
        ensure_home(settings)
        with alone(settings):
            _run(settings, began)


def _run(settings: Settings, began: float) -> None:
    for port in (settings.port, settings.live_port):
        ensure_free(settings.host, port)
    desk = open_desk(settings)
    try:
        with supervised(Supervisor(settings, environment_of(settings))) as supervisor:
            _announce(supervisor, desk, began)
            supervisor.until(lambda: False, float("inf"))
    except KeyboardInterrupt:
        click.echo("The desk has stopped. Start it again and it goes on where it was.")
    except (CantEmbed, NoProcfile) as error:
        raise Refused(str(error)) from error


def _announce(supervisor: Supervisor, desk: Desk, began: float) -> None:
    settings = desk.settings
    if not supervisor.until(lambda: ready(settings), READY_S):
        click.echo(f"The web process does not answer after {READY_S:.0f} s; see above.")
    click.echo(f"The desk is ready after {time.monotonic() - began:.1f} s.\n")
    click.echo(f"  Address   {settings.address}")
    click.echo(f"  Sign in   {way_in(desk)}\n")
    click.echo("Ctrl-C stops everything.")


def way_in(desk: Desk) -> str:
    """A one-time link only while nobody runs the desk by a password: logs keep it."""
    with writing(desk) as (session, at):
        admin = people.ensure_admin(session, at)
        if people.admin_can_sign_in(session):
            return "with your password; “desk user link EMAIL” prints a one-time link"
        token = people.sign_in_link(session, admin.id, at)
    once = "            (works once, within 15 minutes)"
    return f"{desk.settings.address}/sign-in/{token}\n{once}"


def environment_of(settings: Settings) -> dict[str, str]:
    """What the processes are told: our own environment, with every setting named."""
    told = {
        "STANDFIRST_HOME": str(settings.home),
        "STANDFIRST_HOST": settings.host,
        "STANDFIRST_PORT": str(settings.port),
        "STANDFIRST_LIVE_PORT": str(settings.live_port),
        "STANDFIRST_WEB_PROCESSES": str(settings.web_processes),
    }
    return {**os.environ, **told}


def ready(settings: Settings) -> bool:
    """Whether the web process serves pages."""
    host = "127.0.0.1" if settings.host in ("", "0.0.0.0", "::") else settings.host  # noqa: S104  # compared, not bound
    url = f"http://{host}:{settings.port}/healthz"
    try:
        with urllib.request.urlopen(url, timeout=0.5):  # our own address
            return True
    except urllib.error.HTTPError:
        return True  # it answers; what it says of the rest is doctor's business
    except OSError:
        return False


def ensure_free(host: str, port: int) -> None:
    """Raises `Refused` where another program listens at this port."""
    give_up_at = time.monotonic() + PORT_PATIENCE_S
    while (problem := _bind_problem(host, port)) is not None:
        if problem.errno != errno.EADDRINUSE:
            raise Refused(
                f"The desk can't listen at {host}:{port} ({problem.strerror}): "
                "set STANDFIRST_HOST and STANDFIRST_PORT to an address of this machine."
            )
        if time.monotonic() > give_up_at:
            raise Refused(
                f"Port {port} is in use by another program: stop it, or choose other "
                "ports with STANDFIRST_PORT and STANDFIRST_LIVE_PORT."
            )
        time.sleep(0.1)


def _bind_problem(host: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error
    return None


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """One `desk up` a home folder."""
    with (settings.home / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"A desk is running in {settings.home} already: "
                "stop it, or choose another folder with STANDFIRST_HOME."
            ) from None
        yield
