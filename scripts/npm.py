"""npm's packages for tests: as their lock says, by the Node of the wheel."""

from __future__ import annotations

import os
from pathlib import Path

from steps import step


def install_locked(words: str, folder: Path, wheel: Path) -> None:
    """What package-lock.json names, each checked against its digest; no scripts run."""
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [str(wheel / "bin" / "node"), str(npm), "ci", "--ignore-scripts"]
    environment = {
        **os.environ,
        "PATH": f"{wheel / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "NODE_OPTIONS": "--use-system-ca",
    }
    step(words, [*command, "--prefix", str(folder)], environment)
