"""Locks: whatever locks several rows says in which order, so none waits in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import desk

HERE = Path(desk.__file__ or "").parent
LOCK, SKIPS = "with_for_update", "skip_locked"  # who skips what is locked never waits
ORDER = "order_by"
OF_ONE = {"get", "get_one", "refresh", "scalar"}


def words(function: ast.AST) -> set[str]:
    """The names that it calls by, and those of what it hands over."""
    its = ast.walk(function)
    return {
        name
        for node in its
        for name in (getattr(node, "attr", None), getattr(node, "arg", None))
        if isinstance(name, str)
    }


def locking() -> Iterator[tuple[str, set[str]]]:
    for path in sorted(HERE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and LOCK in (said := words(node)):
                yield f"{path.relative_to(HERE)}: {node.name}", said


def test_whoever_locks_several_rows_says_in_which_order() -> None:
    found = dict(locking())

    assert len(found) > 20
    assert [
        name for name, said in found.items() if not said & {ORDER, SKIPS, *OF_ONE}
    ] == []
