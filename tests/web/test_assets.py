"""The front end's build: fresh is left alone, and a failure is one sentence."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from web import assets

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A front end of one script, which has never been built."""
    for folder in ("scripts", "styles"):
        (tmp_path / "frontend" / folder).mkdir(parents=True)
    source = tmp_path / "frontend"
    (source / "package.json").write_text('{"name": "x", "private": true}')
    (source / "package-lock.json").write_text(
        '{"name": "x", "lockfileVersion": 3, "packages": {"": {"name": "x"}}}'
    )
    (source / "scripts" / "app.js").write_text("1;")
    (source / "build.mjs").write_text(BUILD)
    monkeypatch.setattr(assets, "SOURCE", source)
    monkeypatch.setattr(assets, "STATIC", tmp_path / "static")
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "static" / "manifest.json")
    assets.hashed_names.cache_clear()
    yield source
    assets.hashed_names.cache_clear()


BUILD = """import { mkdirSync, writeFileSync } from "node:fs";
mkdirSync("../static", { recursive: true });
writeFileSync("../static/app-1.js", "1;");
writeFileSync("../static/manifest.json", '{"app.js": "app-1.js"}');
console.log("1 file");
"""


def test_it_is_built_once_and_again_after_a_change(source: Path) -> None:
    told: list[str] = []

    first = assets.build(told.append)
    again = assets.build(told.append)
    newer = assets.MANIFEST.stat().st_mtime + 5
    os.utime(source / "scripts" / "app.js", (newer, newer))
    changed = assets.build(told.append)

    assert (first, again, changed) == (True, False, True)
    assert assets.hashed_names() == {"app.js": "app-1.js"}
    assert told[0].startswith("Front end: fetching")
    assert "1 file" in told[2]


def test_a_file_that_went_missing_is_built_again(source: Path) -> None:
    assets.build()
    (assets.STATIC / "app-1.js").unlink()

    assert assets.build() is True


def test_a_bundle_that_fails_says_so_and_exits_with_2(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (source / "build.mjs").write_text("throw new Error('a typo in app.css')")

    status = assets.main()

    told = capsys.readouterr().err
    assert status == 2
    assert told.startswith("The front end could not be bundled. It said:")
    assert "a typo in app.css" in told


def test_packages_that_can_not_be_fetched_say_what_to_check(source: Path) -> None:
    (source / "package-lock.json").unlink()

    with pytest.raises(assets.CantBuild, match="way out to the npm registry"):
        assets.build()


def test_without_node_the_package_that_brings_it_is_named(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(assets, "WHEEL", "a-package-that-is-not-installed")

    with pytest.raises(assets.CantBuild, match="no Node 18 or newer"):
        assets.build()


LOCKS = (
    ROOT / "web" / "frontend" / "package-lock.json",
    ROOT / "tests" / "frontend" / "package-lock.json",
)


@pytest.mark.parametrize("lock", LOCKS, ids=["desk", "tests"])
def test_the_lock_names_no_registry(lock: Path) -> None:
    written = lock.read_text()

    assert "http" not in written.replace("https://github.com", "").replace(
        "https://opencollective.com", ""
    )
    assert '"integrity"' in written


def test_whoever_only_runs_the_desk_installs_nothing_for_tests() -> None:
    packages = json.loads(LOCKS[0].read_text())["packages"]

    assert [path for path, package in packages.items() if package.get("dev")] == []
