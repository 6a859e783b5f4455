"""The real Bluesky server that tests start: installed once, outside the checkout."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "tests" / "testbeds" / "pds-server"
NODE = ROOT / "requirements" / "node.txt"


def home() -> Path:
    """Where it is installed; other packages or another Node are another folder."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    locked = (SOURCE / "package-lock.json").read_bytes() + NODE.read_bytes()
    digest = hashlib.sha256(locked).hexdigest()
    return Path(cache) / "standfirst" / f"pds-{digest[:12]}"


def install(wheel: Path) -> None:
    """Fetch its packages with the Node of this wheel; whole, or not at all."""
    import npm  # beside this file; tests import only what is above

    if (home() / "ready").exists():
        return
    fetching = home().with_suffix(".new")
    shutil.rmtree(fetching, ignore_errors=True)
    shutil.copytree(SOURCE, fetching)
    npm.install_locked("Fetching a Bluesky server for the tests", fetching, wheel)
    (fetching / "ready").touch()
    shutil.rmtree(home(), ignore_errors=True)
    fetching.rename(home())
