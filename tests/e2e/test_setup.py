"""Set-up on machines that are not ready for it: one sentence, exit status 2."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOBODY_THERE = "http://127.0.0.1:9/"
BASE = Path(sys.base_prefix) / "bin" / "python3"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout, as much of it as set-up looks at."""
    folder = tmp_path / "checkout"
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def telling(checkout: Path) -> subprocess.Popen[str]:
    told = {key: value for key, value in os.environ.items() if key[:4] != "PIP_"}
    return subprocess.Popen(
        [str(BASE), "scripts/setup.py", "run"],
        cwd=checkout,
        env={**told, "PIP_INDEX_URL": NOBODY_THERE, "PIP_CONFIG_FILE": os.devnull},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def make_sound(checkout: Path) -> None:
    """An environment that looks whole; ensurepip would take long for nothing."""
    environment = checkout / ".venv"
    subprocess.run([BASE, "-m", "venv", "--without-pip", environment], check=True)
    (environment / "bin" / "pip").write_text(f"#!{environment}/bin/python")
    (library,) = environment.glob("lib/python*/site-packages")
    (library / "pip.py").touch()


def test_no_network_is_one_sentence(checkout: Path) -> None:
    with telling(checkout) as setting_up:
        _, said = setting_up.communicate()

    assert setting_up.returncode == 2
    assert said.endswith("failed: no network. Connect this machine and try again.\n")
    assert said.count("\n") == 1


def test_a_sound_environment_is_kept(checkout: Path) -> None:
    make_sound(checkout)

    with telling(checkout) as setting_up:
        assert "Installing" in setting_up.stdout.readline()  # type: ignore[union-attr]  # a pipe
        setting_up.send_signal(signal.SIGINT)


@pytest.mark.parametrize("harm", ["moved", "interrupted", "half-made"])
def test_an_environment_that_is_not_sound_is_made_anew(
    checkout: Path, harm: str
) -> None:
    make_sound(checkout)

    if harm == "moved":
        checkout = checkout.rename(checkout.with_name("elsewhere"))
    elif harm == "interrupted":
        (checkout / ".venv" / "unfinished").touch()
    else:
        shutil.rmtree(checkout / ".venv" / "lib")

    with telling(checkout) as setting_up:
        assert "making it anew" in setting_up.stdout.readline()  # type: ignore[union-attr]  # a pipe
        setting_up.send_signal(signal.SIGINT)
