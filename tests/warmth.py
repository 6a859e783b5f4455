"""Warmth: what is compiled once is kept for all of a test run.

A desk for each test would compile each statement and each page anew, which is most of
the time of its test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]

_builders: dict[tuple[str, str, bool], Builder] = {}
_pages: dict[str, bytes] = {}
_known: dict[str, tuple[Dialect, dict[Any, Any]]] = {}


def warm(connection: Connection) -> None:
    """Share what others have compiled; a SQLite of a test outlives no crash."""
    name = connection.dialect.name
    connection.dialect, cache = _known.setdefault(name, (connection.dialect, {}))
    connection.execution_options(compiled_cache=cache)
    if name == "sqlite" and not connection.info.get("warm"):
        connection.info["warm"] = True
        connection.connection.cursor().execute("PRAGMA synchronous=OFF")


class _Pages(BytecodeCache):
    """Templates as Python's bytecode, by their name and their words."""

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := _pages.get(bucket.key):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        _pages[bucket.key] = bucket.bytecode_to_string()


class WarmRule(Rule):
    """What builds its address is code: it is handed the rule that it builds for."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        key = self.rule, repr(self.defaults), append_unknown
        if key not in _builders:
            _builders[key] = super()._compile_builder(append_unknown)
        return _builders[key]


def warmed(app: Flask) -> Flask:
    """Let it share the pages that others have compiled."""
    app.jinja_env.bytecode_cache = _Pages()
    return app
