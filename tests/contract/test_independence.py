"""Fakes share nothing with connectors: what both assume, no test of ours can see.

Neither a pattern, or nearly so, nor a function, whatever its names are, nor any module
but the contract. It reads the source of each module, and what importing it makes.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import regex

import connectors
import tests.fakes

CONTRACT = "connectors.base"
GRAPHEME = r"\X"  # Unicode's own rule, by its name in the engine
ENGINES = ("re", "regex")
ALIKE = 0.7  # two patterns; those that nobody copied reach 0.65
Place = tuple[str, str]  # where something stands, and what it is
LINES = 4  # of a function, from which it is one that was copied


@cache
def modules(package: ModuleType) -> list[ModuleType]:
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [package, *(importlib.import_module(one.name) for one in found)]


def tree(module: ModuleType) -> ast.Module:
    assert module.__file__
    return ast.parse(Path(module.__file__).read_text())


@cache
def patterns(module: ModuleType) -> set[str]:
    """Those that are made when it is imported, and those in its functions."""
    return {*_made(vars(module).values()), *_written(tree(module))} - {GRAPHEME}


def _made(values: Iterable[object], depth: int = 3) -> Iterator[str]:
    for value in values:
        if isinstance(value, re.Pattern | regex.Pattern):
            yield str(value.pattern)
        elif depth and isinstance(value, dict):
            yield from _made([*value.keys(), *value.values()], depth - 1)
        elif depth and isinstance(value, list | tuple | set | frozenset):
            yield from _made(value, depth - 1)
        elif depth and isinstance(value, type):
            yield from _made(list(vars(value).values()), depth - 1)


def _written(module: ast.Module) -> Iterator[str]:
    for call in ast.walk(module):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        engine = call.func.value
        if isinstance(engine, ast.Name) and engine.id in ENGINES:
            yield from (
                one.value
                for one in call.args[:1]
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            )


def imports(module: ast.Module) -> Iterator[str]:
    """The connectors' modules that it names."""
    for one in ast.walk(module):
        if isinstance(one, ast.Import):
            yield from (alias.name for alias in one.names)
        elif isinstance(one, ast.ImportFrom) and one.module:
            yield from (
                [one.module]
                if one.module != "connectors"
                else (f"connectors.{alias.name}" for alias in one.names)
            )


def functions(module: ast.Module) -> Iterator[Place]:
    """Name and shape of each: the same for a copy whose names were changed."""
    for one in ast.walk(module):
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            body = [part for part in one.body if not _is_docstring(part)]
            told = ast.unparse(ast.Module(body, []))
            if told.count("\n") + 1 >= LINES:
                yield one.name, ast.dump(_Nameless().visit(ast.parse(told)))


@cache
def theirs() -> list[Place]:
    """Every function of the connectors."""
    return [
        (f"{module.__name__}.{name}", shape)
        for module in modules(connectors)
        for name, shape in functions(tree(module))
    ]


def _is_docstring(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


class _Nameless(ast.NodeTransformer):
    """Names by the order in which they come; annotations are no part of a shape."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self._known.setdefault(node.id, f"n{len(self._known)}"))

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._known.setdefault(node.arg, f"n{len(self._known)}"))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        value = node.value or ast.Constant(None)
        return self.generic_visit(ast.Assign([node.target], value))


def likeness(one: str, other: str) -> float:
    """1: the same; a copy with a bracket changed is still far above a half."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def shared(
    found: Iterable[tuple[str, str]], own: Iterable[tuple[str, str]]
) -> list[str]:
    """What stands on both sides, by where it stands."""
    places = defaultdict(list)
    for place, what in own:
        places[what].append(place)
    return [f"{place} is {other}" for place, what in found for other in places[what]]


@pytest.fixture(params=[one.__name__ for one in modules(tests.fakes)])
def fake(request: pytest.FixtureRequest) -> ModuleType:
    return importlib.import_module(request.param)


def test_a_fake_has_no_pattern_of_a_connector(fake: ModuleType) -> None:
    known = {one for module in modules(connectors) for one in patterns(module)}

    alike = [
        f"{own} is {other}"
        for own in patterns(fake)
        for other in known
        if likeness(own, other) >= ALIKE
    ]

    assert alike == []


def test_a_fake_has_no_function_of_a_connector(fake: ModuleType) -> None:
    assert shared(functions(tree(fake)), theirs()) == []


def test_a_fake_knows_connectors_by_the_contract_alone(fake: ModuleType) -> None:
    named = [one for one in imports(tree(fake)) if one.startswith("connectors")]

    assert set(named) <= {CONTRACT}


COPIED = '''
import re
from connectors import links
from connectors.http import Client
WORDS = {"a": [re.compile("a+b")]}

def told(text: str, limit: int = 3) -> list[str]:
    """What it says."""
    found: list[str] = []
    for word in text.split():
        found.append(word[:limit])
    return found

def cut(text):
    return regex.sub("c+d", "", text)
'''

RENAMED = """
def said(words, most=3):
    out = []
    for one in words.split():
        out.append(one[:most])
    return out
"""


def test_a_copy_is_seen_whatever_its_names_are() -> None:
    copied, renamed = (list(functions(ast.parse(one))) for one in (COPIED, RENAMED))
    made: dict[str, object] = {}
    exec("import re\nWORDS = {'a': [re.compile('a+b')]}", made)  # noqa: S102

    assert shared(renamed, copied) == ["said is told"]
    assert set(_made(made.values())) == {"a+b"}
    assert set(_written(ast.parse(COPIED))) == {"a+b", "c+d"}
    assert likeness(r"(^|[^/])@(\w+)@[\w.-]+\w", r"(?<![/])@(\w+)@[\w.-]+") >= ALIKE
    assert {"connectors.links", "connectors.http"} <= set(imports(ast.parse(COPIED)))
