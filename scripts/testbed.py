"""The real Bluesky server that tests start: installed once, outside the checkout."""
# ruff: noqa: T201  # it talks to a terminal

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "tests" / "testbeds" / "pds-server"
NODE = Path(__file__).resolve().parents[1] / "requirements" / "node.txt"
COMPILER = ("g++", "make", "python3")
NATIVE = "node_modules/better-sqlite3"  # its binaries are not on the npm registry


def home() -> Path:
    """Where it is installed; other packages or another Node are another folder."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    locked = (SOURCE / "package-lock.json").read_bytes() + NODE.read_bytes()
    digest = hashlib.sha256(locked).hexdigest()
    return Path(cache) / "standfirst" / f"pds-{digest[:12]}"


def missing() -> list[str]:
    """What this machine lacks to compile its database driver."""
    return [name for name in COMPILER if shutil.which(name) is None]


def install(wheel: Path) -> None:
    """Install it with the Node of this wheel, whose headers its driver needs."""
    from steps import step  # beside this file; tests import only what is above

    if (home() / "ready").exists():
        return
    if lacking := missing():
        print(f"No Bluesky server for the tests: {', '.join(lacking)} not found.")
        return
    building = home().with_suffix(".new")
    shutil.rmtree(building, ignore_errors=True)
    shutil.copytree(SOURCE, building)
    node = str(wheel / "bin" / "node")
    npm = wheel / "lib" / "node_modules" / "npm"
    environment = {
        **os.environ,
        "PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "NODE_OPTIONS": "--use-system-ca",
        "MAKEFLAGS": "-j2",
        "CFLAGS": "-O1",
    }
    fetching = [node, str(npm / "bin" / "npm-cli.js"), "ci", "--prefix", str(building)]
    step("Fetching a Bluesky server for the tests", fetching, environment)
    gyp = npm / "node_modules" / "node-gyp" / "bin" / "node-gyp.js"
    where = ["--directory", str(building / NATIVE), f"--nodedir={wheel}"]
    step("Building it", [node, str(gyp), "rebuild", "--release", *where], environment)
    (building / "ready").touch()
    shutil.rmtree(home(), ignore_errors=True)
    building.rename(home())
