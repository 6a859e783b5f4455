"""Etags: a part of a page that is fetched again and again is sent where it differs.

A page that watches the desk says which one it has. What is drawn by lot for each answer
(tokens, keys) is no difference: those that the page has serve on.
"""

from __future__ import annotations

import hashlib

from flask import Flask, Response, request

from web import current


def add(app: Flask) -> None:
    app.after_request(_compare)


def _compare(response: Response) -> Response:
    if not _is_part(response):
        return response
    response.set_etag(_digest(response.get_data()), weak=True)
    response.make_conditional(request)
    return response


def _is_part(response: Response) -> bool:
    asked = current.by_htmx() and request.method == "GET"
    whole = response.is_sequence and response.status_code == 200
    return asked and whole and response.mimetype == "text/html"


def _digest(drawn: bytes) -> str:
    for said in current.novelties():
        drawn = drawn.replace(said.encode(), b"")
    return hashlib.sha256(drawn).hexdigest()[:32]
