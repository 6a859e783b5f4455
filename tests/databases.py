"""Databases for tests: a real PostgreSQL, made and stopped here; tables to copy."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from types import TracebackType

import psycopg

from desk.config import Settings
from desk.migrating import upgrade

ROOM = 2 << 30  # bytes, for what several processes of tests write at once


@cache
def migrated() -> Path:
    """A SQLite with the desk's tables, to copy: migrating takes longer than a test."""
    home = Path(tempfile.mkdtemp(prefix="sfdb-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    upgrade(Settings(home=home, database_url="", redis_url=""))
    return home / "desk.sqlite3"


def binaries() -> Path:
    """Where initdb and pg_ctl are: on PATH, or in Debian's folder."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent  # links to a few of them may be elsewhere
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not versions:
        raise RuntimeError("PostgreSQL is not installed: 'make test' installs it.")
    return versions[-1].parent


def in_memory() -> Path | None:
    """In memory, where there is room: to copy a database costs a ninth there.

    Containers have little of it, or one from which no program can be started.
    """
    shared = Path("/dev/shm")  # mkdtemp and pytest make folders of our own in it
    if not shared.is_dir() or shutil.disk_usage(shared).free < ROOM:
        return None
    return None if os.statvfs(shared).f_flag & os.ST_NOEXEC else shared


class Postgres:
    """A server on a free port, run by the user postgres where we are root."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "log"
        self.folder = Path(tempfile.mkdtemp(prefix="sfpg-", dir=in_memory()))
        self.port = free_port()
        self._count = 0
        self._template: str | None = None

    def __enter__(self) -> Postgres:
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        data = self.folder / "data"
        self._run(
            "initdb", "-D", str(data), "-U", "desk", "--auth=trust", "--no-sync", "-E",
            "UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self._run(
            "pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log",
            "-o", f"{options} -c max_connections=300 -F", "start",
        )  # fmt: skip

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", f"{self.folder}/data", "-m", mode, "-w", "stop")

    def migrated(self) -> str:
        """The address of a new database that has the desk's tables."""
        if self._template is None:
            self._template = self.fresh()
            with tempfile.TemporaryDirectory() as home:
                upgrade(Settings(home=Path(home), database_url=self._template))
        return self.fresh(template=self._template.rpartition("/")[2])

    def fresh(self, template: str = "template1") -> str:
        """The address of a new database: empty, unless made from another."""
        self._count += 1
        name = f"desk{self._count}"
        address = f"postgresql://desk@127.0.0.1:{self.port}"
        with psycopg.connect(f"{address}/postgres", autocommit=True) as link:
            link.execute(
                f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"
            )
        return f"{address}/{name}"

    def drop(self, address: str) -> None:
        """For good: hundreds of them would fill the memory."""
        server, _, name = address.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as link:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, program: str, *options: str) -> None:
        command = [str(binaries() / program), *options]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres",
                       "--clear-groups", *command]  # fmt: skip
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, timeout=60
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
