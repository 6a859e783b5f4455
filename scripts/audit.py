"""Audit: which known weaknesses the locked packages have, as advice: `make audit`.

Asks the registries' own lists, so it needs the network; it changes nothing, and its
exit status is 0 whatever it finds. What can't be asked is said.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from web import assets

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 300
PYTHON = (
    *(".venv/audit/bin/pip-audit", "--disable-pip", "--require-hashes"),
    *("--requirement", "requirements/run.txt", "--progress-spinner", "off"),
)


def main() -> None:
    _, npm = assets.tools()
    _ask("Python", PYTHON, ROOT)
    _ask("JavaScript", (*npm, "audit", "--omit=dev"), assets.SOURCE)


def _ask(what: str, command: Sequence[str], folder: Path) -> None:
    print(f"{what}:", flush=True)  # noqa: T201  # a command
    try:
        told = subprocess.run(  # noqa: S603  # our own words
            command, cwd=folder, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        print("  no answer: ask again later.")  # noqa: T201  # a command
        return
    if told.returncode:
        print("  see above: a weakness, or a list that can't be reached.")  # noqa: T201


if __name__ == "__main__":
    main()
