"""The house: who may import whom is kept, and a broken rule is seen."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("web", "workers", "commands", "desk", "connectors")
LINTER = Path(sys.executable).with_name("lint-imports")
BROKEN = {
    "Faces over desk over connectors; faces never meet": (
        "connectors/base.py",
        "import desk.config",
    ),
    "The desk knows connectors by their contract only": (
        "desk/history.py",
        "import connectors.paper",
    ),
    "Flask in web, Celery in workers, click in commands, nowhere else": (
        "desk/holds.py",
        "import flask",
    ),
    "Web never enqueues": ("web/__init__.py", "import celery"),
    "Connectors stand alone": ("connectors/paper.py", "import sqlalchemy"),
    "Rules that need no database import none": ("desk/slots.py", "import desk.db"),
    "Each room of the desk imports rooms below it only": (
        "desk/channels/fields.py",
        "import desk.posts.reasons",
    ),
    "No file of a room imports in a circle": ("web/app_factory.py", "import web.live"),
}
FACES = ("web", "workers", "commands")
# a face opens a session, names its type and catches its errors; queries are the desk's
TOLERATED = {"sqlalchemy.exc": None, "sqlalchemy.orm": {"Session"}}
QUERIES = {"execute", "get_one", "scalar", "scalars", "query", "stream"}
# named in pieces, so that this file does not name them
REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted",
    "registry.npm" + "js",
    "npm" + "js.org",
)
NOT_OURS = {"node_modules", "static", "__pycache__", "home", "build"}


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINTER), "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house as it stands, to break rules in."""
    skip = shutil.ignore_patterns(*NOT_OURS)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_everyone_imports_only_whom_they_may(copy: Path) -> None:
    answer = linted(copy)

    assert answer.returncode == 0, answer.stdout


def test_each_broken_rule_is_seen(copy: Path) -> None:
    for path, line in BROKEN.values():
        file = copy / path
        file.write_text(f"{file.read_text()}\n{line}\n")

    answer = linted(copy)

    assert answer.returncode == 1
    unseen = [rule for rule in BROKEN if f"{rule} BROKEN" not in answer.stdout]
    assert unseen == []


def test_no_face_asks_the_database_itself() -> None:
    asking = [
        f"{path.relative_to(ROOT)}:{line}"
        for face in FACES
        for path in _ours(ROOT / face)
        if path.suffix == ".py"
        for line in asked(path.read_text())
    ]

    assert asking == []


def test_a_face_that_asks_the_database_is_seen() -> None:
    queries = (
        "from sqlalchemy import select",
        "at.session.scalars(its)",
        "session.get(Post, 1)",
    )
    fine = "from sqlalchemy.exc import DBAPIError", "session.get('after')"

    assert [list(asked(code)) for code in queries] == [[1], [1], [1]]
    assert [list(asked(code)) for code in fine] == [[], []]


def test_no_file_names_a_registry() -> None:
    naming = [
        str(path.relative_to(ROOT))
        for path in _ours(ROOT)
        if any(name in path.read_text(errors="ignore") for name in REGISTRIES)
    ]

    assert naming == []


def asked(code: str) -> Iterator[int]:
    """The lines on which it makes a query, or asks one of a session."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Import(names=names):
                if any(name.name.startswith("sqlalchemy") for name in names):
                    yield node.lineno
            case ast.ImportFrom(module=str(module), names=names):
                if not module.startswith("sqlalchemy"):
                    continue
                some = TOLERATED.get(module, set())
                if some is not None and not {name.name for name in names} <= some:
                    yield node.lineno
            case ast.Call(func=ast.Attribute(attr=name), args=[ast.Name(id=model), *_]):
                if name == "get" and model[0].isupper():
                    yield node.lineno
            case ast.Attribute(value=value, attr=name) if name in QUERIES:
                if ast.unparse(value).split(".")[-1] == "session":
                    yield node.lineno


def _ours(folder: Path) -> Iterator[Path]:
    """Its files, without a look into what is not ours: .venv alone has 30,000."""
    for path in folder.iterdir():
        if path.name in NOT_OURS or (path.name[0] == "." and path.name != ".ci"):
            continue
        if path.is_dir():
            yield from _ours(path)
        else:
            yield path
