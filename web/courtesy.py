"""Courtesy: a page waits for a moment while many posts go out, and so does a press.

It takes what posts need: on a machine of two cores, sixteen people who read made the
last of a thousand posts a quarter later.
"""

from __future__ import annotations

from functools import partial

from flask import Flask, request

from desk.rush import Courtesy
from web import health


def add(app: Flask) -> None:
    """Before anything is asked of the database."""
    home = app.extensions["desk"].settings.home
    app.before_request(partial(_let_pass, Courtesy(home)))


def _let_pass(courtesy: Courtesy) -> None:
    if request.blueprint != health.bp.name:  # monitors measure how long an answer takes
        courtesy.let_pass()
