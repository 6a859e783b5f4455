"""A platform is known in its own folder alone: nobody else imports or asks for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from connectors import installed

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ("connectors", "desk", "web", "workers", "commands")
# what shows paper's own pages to its readers, and holds no rule about channels
SHOWN_BY = {"paper": {"web/paper.py"}}
QUESTIONS = (ast.Compare, ast.MatchValue)


@cache
def house() -> dict[str, tuple[set[str], set[object]]]:
    """Of each file: the modules that it imports, and the values that it asks for."""
    files = (file for name in HOUSE for file in sorted((ROOT / name).rglob("*.py")))
    return {file.relative_to(ROOT).as_posix(): told(file.read_text()) for file in files}


def told(source: str) -> tuple[set[str], set[object]]:
    code = list(ast.walk(ast.parse(source)))
    asked = (one for one in code if isinstance(one, QUESTIONS))
    parts = (part for one in asked for part in ast.walk(one))
    values: set[object] = {
        part.value for part in parts if isinstance(part, ast.Constant)
    }
    return {name for one in code for name in imported(one)}, values


def imported(one: ast.AST) -> Iterator[str]:
    if isinstance(one, ast.Import):
        yield from (alias.name for alias in one.names)
    elif isinstance(one, ast.ImportFrom) and one.module:
        yield one.module
        yield from (f"{one.module}.{alias.name}" for alias in one.names)


def is_in(module: str, folder: str) -> bool:
    return f"{module}.".startswith(f"{folder}.")


@pytest.fixture(params=sorted(installed()))
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(platform: str) -> str:
    """Where its code stands, as a module: connectors.x, or connectors.paper."""
    return ".".join(installed()[platform].__module__.split(".")[:2])


@pytest.fixture
def others(folder: str) -> dict[str, tuple[set[str], set[object]]]:
    """Every file of the house that is not the platform's own."""
    own = folder.replace(".", "/")
    return {
        path: facts
        for path, facts in house().items()
        if not path.startswith((f"{own}/", f"{own}.py"))
    }


def test_nobody_else_imports_a_platform(
    platform: str, folder: str, others: dict[str, tuple[set[str], set[object]]]
) -> None:
    importing = {
        path
        for path, (modules, _) in others.items()
        if any(is_in(module, folder) for module in modules)
    }

    assert importing == SHOWN_BY.get(platform, set())


def test_nobody_else_asks_whether_a_channel_is_on_a_platform(
    platform: str, others: dict[str, tuple[set[str], set[object]]]
) -> None:
    asking = [path for path, (_, values) in others.items() if platform in values]

    assert asking == []


@pytest.mark.parametrize(
    "line", ["import connectors.x.api", "from connectors import x"]
)
def test_an_import_of_a_platform_is_seen(line: str) -> None:
    modules, _ = told(line)

    assert any(is_in(module, "connectors.x") for module in modules)


@pytest.mark.parametrize(
    "line",
    [
        "if channel.platform == 'x': pass",
        "counted = channel.platform in ('mastodon', 'x')",
        "match channel.platform:\n    case 'x': pass",
    ],
)
def test_a_question_for_a_platform_is_seen(line: str) -> None:
    _, values = told(line)

    assert "x" in values
