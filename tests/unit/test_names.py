"""Names: what is public in a module can be searched for by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("desk", "web", "workers", "commands", "connectors")
# verbs, adjectives and small words that say nothing by themselves
BARE = {
    *("again", "changing", "each", "end", "first", "found", "kept", "listed", "loaded"),
    *("look", "named", "of", "once", "only", "opened", "ours", "plain", "said", "seen"),
    *("sent", "shut", "told", "whole", "words", "written"),
}


def test_no_public_name_is_a_bare_verb_or_adjective() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if not {"node_modules", "versions"} & set(path.parts)
        for name in bare(path.read_text())
    ]

    assert found == []


@pytest.mark.parametrize("source", ["def told() -> None: ...", "async def of(x): ..."])
def test_a_bare_name_is_seen(source: str) -> None:
    assert list(bare(source))


@pytest.mark.parametrize(
    "source",
    [
        "def list_posts() -> None: ...",
        "class Found: ...",
        "def _told() -> None: ...",
        "class Post:\n    @classmethod\n    def of(cls) -> None: ...",
        "@bp.get('/again')\ndef again() -> str: ...",
    ],
)
def test_a_name_of_its_own_is_fine_and_so_is_what_another_name_stands_before(
    source: str,
) -> None:
    assert list(bare(source)) == []


def bare(source: str) -> Iterator[str]:
    """The public functions of a module; a view is named by its endpoint."""
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if name in BARE and not any(map(_is_route, node.decorator_list)):
                    yield name


def _is_route(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("bp.")
