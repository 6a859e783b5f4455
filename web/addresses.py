"""Addresses of our own pages, for templates: the same ones stand on every page.

A list of forty stories names 250. To build one takes longer than to draw its button.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, request

MOST = 10_000  # that are remembered


def add(app: Flask) -> None:
    known: dict[tuple[object, ...], str] = {}

    def url_for(endpoint: str, **values: Any) -> str:
        """As Flask's, within a request: below where the desk stands, without a host."""
        key = (request.root_path, endpoint, *values.items())
        found = known.get(key)
        if found is None:
            if len(known) >= MOST:
                known.clear()
            found = known[key] = app.url_for(endpoint, **values)
        return found

    app.jinja_env.globals["url_for"] = url_for
