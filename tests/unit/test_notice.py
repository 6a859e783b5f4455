"""NOTICE lists what the desk is made of now, by whose licence."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = (ROOT / "NOTICE").read_text()
# Whoever gives the desk away must give away no more than it itself asks for.
ASKS_FOR_MORE = re.compile(r"(?<!L)\bA?GPL|SSPL|BUSL|Commons Clause|Proprietary", re.I)


@pytest.fixture(scope="module")
def notice() -> ModuleType:
    spec = spec_from_file_location("notice", ROOT / "scripts" / "notice.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_list_of_licences_is_that_of_the_locks(notice: ModuleType) -> None:
    assert notice.notice() == WRITTEN, "run: make notice"


def test_every_package_that_is_locked_is_in_it() -> None:
    lock = (ROOT / "requirements" / "run.txt").read_text()
    pinned = re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)([^\\\n]*)", lock, re.M)
    always = [(name, version) for name, version, marker in pinned if not marker.strip()]

    missing = [one for one in always if f"    {one[0]} {one[1]}: " not in WRITTEN]

    assert missing == []


def test_no_licence_asks_for_more_than_ours_can_give() -> None:
    lines = [line for line in WRITTEN.splitlines() if line.startswith("    ")]
    apart = [line for line in lines if ASKS_FOR_MORE.search(line)]

    assert [line for line in apart if " OR " not in line] == []
    assert len(lines) > 50
