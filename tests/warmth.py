"""Warmth: what is compiled once is kept for all of a test run.

A desk for each test would compile each statement and each page anew, which is most of
the time of its test.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from werkzeug.routing import Rule
from whitenoise import WhiteNoise

Builder = Callable[..., tuple[str, str]]

_builders: dict[tuple[str, str, bool], Builder] = {}
_rules: dict[tuple[object, ...], dict[str, Any]] = {}
_pages: dict[tuple[str, str], CodeType] = {}
_files: dict[tuple[object, ...], dict[str, Any]] = {}
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
    """Templates as Python's code, by their name and their words."""

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = _pages.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        _pages[bucket.key, bucket.checksum] = bucket.code


class WarmRule(Rule):
    """An address that was taken apart before; to build one is code, too.

    What builds it is handed the rule that it builds for.
    """

    TAKEN_APART = ("_parts", "_trace", "_converters", "arguments")

    def compile(self) -> None:
        kinds = self.map.converters.values()
        key = self.rule, self.subdomain, self.host, repr(self.defaults), *kinds
        if known := _rules.get(key):
            vars(self).update(known)
            self._build = self._compile_builder(False).__get__(self)
            self._build_unknown = self._compile_builder(True).__get__(self)
        else:
            super().compile()
            _rules[key] = {name: getattr(self, name) for name in self.TAKEN_APART}

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        key = self.rule, repr(self.defaults), append_unknown
        if key not in _builders:
            _builders[key] = super()._compile_builder(append_unknown)
        return _builders[key]


class WarmFiles(WhiteNoise):  # type: ignore[misc]  # it has no types
    """The built front end, looked through once until another is built."""

    def update_files_dictionary(self, root: str, prefix: str) -> None:
        told = self.max_age, self.add_headers_function
        key = root, prefix, os.stat(root).st_mtime_ns, *told
        if key not in _files:
            super().update_files_dictionary(root, prefix)
            _files[key] = dict(self.files)
        self.files.update(_files[key])


def warmed(app: Flask) -> Flask:
    """Let it share the pages that others have compiled."""
    app.jinja_env.bytecode_cache = _Pages()
    return app
