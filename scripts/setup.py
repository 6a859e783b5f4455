"""Set-up: makes .venv, installs what is locked, builds the front end.

    python3 scripts/setup.py run     what the desk needs to run
    python3 scripts/setup.py dev     the same, and what `make check` needs
    python3 scripts/setup.py test    the same, and what `make test` needs (apt)

A step whose inputs have not changed is skipped, so that a second start takes no time.
Runs before anything is installed: the standard library only.
"""
# ruff: noqa: T201, S603  # it talks to a terminal, and its work is starting programs

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"  # there while a step is under way
STAMPS = VENV / "stamps.json"
REQUIREMENTS = ROOT / "requirements"
FRONT_END = ROOT / "web" / "frontend"
OLDEST = (3, 11)
NETWORK_SIGNS = (
    "NewConnectionError",
    "NameResolutionError",
    "name resolution",
    "ConnectTimeout",
    "Network is unreachable",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "Could not resolve",
    "Could not connect",
    "Temporary failure resolving",
)
# what a test needs, the file that shows it is there (a pattern), the Debian package
SYSTEM = (
    ("usr/lib/postgresql/*/bin/initdb", "postgresql"),
    ("usr/bin/chromium", "chromium"),
    ("usr/share/fonts/truetype/noto/NotoColorEmoji.ttf", "fonts-noto-color-emoji"),
    ("usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "fonts-dejavu-core"),
    ("usr/lib/*/faketime/libfaketime.so.1", "libfaketime"),
)


class Stopped(Exception):
    """Set-up can't go on; says in a sentence why, and what to do."""


def main(level: str) -> None:
    with ROOT.joinpath("scripts", "setup.py").open() as lock:
        _take_turns(lock.fileno())
        make_environment()
        install_locked("run", "build")
        install_project()
        build_front_end()
        if level in ("dev", "test"):
            install_locked("dev")
        if level == "test":
            install_system()


def make_environment() -> None:
    """A working .venv of this folder: the one that is there, or a new one."""
    if environment_works():
        return
    if sys.version_info < OLDEST:
        raise Stopped(
            "The desk needs Python 3.11 or newer and this is "
            f"{sys.version_info[0]}.{sys.version_info[1]}; "
            "try `make PYTHON=python3.11` with the name of a newer one."
        )
    ensure_venv_module()
    if VENV.exists():
        print("The .venv here is unfinished or of another place; making it anew.")
        shutil.rmtree(VENV)
    VENV.mkdir()
    UNFINISHED.touch()
    step("Making .venv", [sys.executable, "-m", "venv", str(VENV)])
    UNFINISHED.unlink()


def environment_works() -> bool:
    """Whether .venv is whole, made for this folder, and its Python still runs."""
    pip = VENV / "bin" / "pip"
    if UNFINISHED.exists() or not PYTHON.exists() or not pip.exists():
        return False
    if str(VENV) not in pip.read_text(errors="replace"):
        return False  # the folder was moved or copied
    check = "import sys, pip; print(sys.version_info >= (3, 11))"
    answer = subprocess.run(
        [str(PYTHON), "-c", check], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() == "True"


def ensure_venv_module() -> None:
    """Debian keeps ensurepip in a package of its own."""
    probe = [sys.executable, "-c", "import venv, ensurepip"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    apt_install([f"python{version}-venv"], "to make the .venv")


def install_locked(*names: str) -> None:
    """The packages of requirements/NAME.txt, each checked against its digests."""
    files = [REQUIREMENTS / f"{name}.txt" for name in names]
    digest = digest_of(files)
    if stamp(names[0]) == digest:
        return
    total = sum(file.read_text().count("==") for file in files)
    wanted = [word for file in files for word in ("-r", str(file))]
    pip(
        f"Installing the packages of {' and '.join(f.name for f in files)}",
        ["--require-hashes", *wanted],
        total,
    )
    set_stamp(names[0], digest)


def install_project() -> None:
    digest = digest_of([ROOT / "pyproject.toml"])
    if stamp("project") == digest:
        return
    pip("Installing the desk", ["--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    set_stamp("project", digest)


def build_front_end() -> None:
    """Scripts and styles; with the machine's node, or else with one from a wheel."""
    sources = sorted(
        path
        for path in FRONT_END.rglob("*")
        if path.is_file() and "node_modules" not in path.parts
    )
    digest = digest_of([*sources, ROOT / "web" / "assets.py"])
    if stamp("front end") == digest and (ROOT / "web" / "static").is_dir():
        return
    if not machine_has_node():
        install_locked("node")
    step("Building the front end", [str(PYTHON), "-m", "web.assets"])
    set_stamp("front end", digest)


def machine_has_node() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    answer = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    ).stdout
    major = answer.strip().lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= 18


def install_system() -> None:
    """What the tests need from the machine itself."""
    missing = [
        package
        for pattern, package in SYSTEM
        if not any(Path("/").glob(pattern)) and not shutil.which(package)
    ]
    if missing:
        apt_install(missing, "for the tests")


def apt_install(packages: list[str], why: str) -> None:
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise Stopped(
            f"Missing on this machine {why}: {', '.join(packages)}. "
            f"Type `sudo {' '.join(command)}` and try again."
        )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    step("Looking up Debian's packages", ["apt-get", "update"], environment)
    step(f"Installing {' '.join(packages)}", command, environment)


def pip(words: str, arguments: list[str], total: int = 0) -> None:
    """Install into .venv. One that was cut short leaves `unfinished` behind."""
    UNFINISHED.touch()
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--retries", "2"]
    command += ["--disable-pip-version-check", "--no-color", "--progress-bar", "off"]
    try:
        step(words, [*command, *arguments], total=total)
    except Stopped:  # pip downloads everything before it changes anything
        UNFINISHED.unlink()
        raise
    UNFINISHED.unlink()


def step(
    words: str,
    command: list[str],
    environment: dict[str, str] | None = None,
    total: int = 0,
) -> None:
    """Run one long thing, with a line that shows it moving."""
    began = time.monotonic()
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    said: list[str] = []
    reader = threading.Thread(target=_listen, args=(child, said), daemon=True)
    reader.start()
    try:
        _show_until_done(words, reader, said, total, began)
    except BaseException:
        child.terminate()
        raise
    if child.wait() != 0:
        _show(f"{words} · failed", end="\n")
        raise Stopped(explain(words, said))
    _show(f"{words} · {time.monotonic() - began:.0f} s", end="\n")


def explain(words: str, said: list[str]) -> str:
    """One sentence about a program that failed, with what it said itself."""
    text = "".join(said)
    if any(sign in text for sign in NETWORK_SIGNS):
        return f"{words} failed: no network. Connect this machine and try again."
    if "No space left" in text:
        return f"{words} failed: the disk is full. Free 1 GB and try again."
    last = "".join(said[-15:]).rstrip()
    return f"{words} failed. It said:\n{last}"


def digest_of(files: list[Path]) -> str:
    """Of these files' contents and names, and of the Python they are for."""
    digest = hashlib.sha256(os.path.realpath(PYTHON).encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def stamp(name: str) -> str:
    return str(_stamps().get(name, ""))


def set_stamp(name: str, digest: str) -> None:
    fresh = STAMPS.with_suffix(".new")
    fresh.write_text(json.dumps({**_stamps(), name: digest}, indent=1))
    fresh.replace(STAMPS)


def _stamps() -> dict[str, str]:
    try:
        return dict(json.loads(STAMPS.read_text()))
    except (OSError, ValueError):
        return {}


def _take_turns(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another set-up is running in this folder; waiting for it.")
        fcntl.flock(lock, fcntl.LOCK_EX)


def _listen(child: subprocess.Popen[str], said: list[str]) -> None:
    for line in child.stdout or ():
        said.append(line)


def _show_until_done(
    words: str, reader: threading.Thread, said: list[str], total: int, began: float
) -> None:
    if not sys.stdout.isatty():
        print(f"{words} ...", flush=True)
    while reader.is_alive():
        reader.join(0.25)
        passed = f"{time.monotonic() - began:.0f} s"
        seen = sum(line.startswith("Collecting ") for line in said)
        count = f" · {seen} of {total}" if total and seen else ""
        if sys.stdout.isatty():
            _show(f"{words}{count} · {passed}")


def _show(line: str, end: str = "") -> None:
    start = "\r\x1b[K" if sys.stdout.isatty() else ""
    print(f"{start}{line}", end=end, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        print(f"Set-up could not go on: {error}.", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
