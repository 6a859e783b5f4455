"""Sent: what a browser may send at once, bounded before anything of it is made out.

Each field costs memory and time, however short it is; a body of 8 MB has room for
millions.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from web.forms import MOST_ARGUMENTS, BadForm

MOST_FIELDS = 5_000  # compose has 20 a channel: room for 250 channels
URLENCODED = "application/x-www-form-urlencoded"


class FewFields(FormDataParser):
    """Werkzeug counts the parts of a multipart form alone."""

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        if mimetype == URLENCODED:
            stream = BytesIO(_counted(stream.read(), MOST_FIELDS))
        return super().parse(stream, mimetype, content_length, options)


class FewFieldsRequest(Request):
    form_data_parser_class = FewFields


def add(app: Flask) -> None:
    app.request_class = FewFieldsRequest
    app.config["MAX_FORM_PARTS"] = MOST_FIELDS
    app.before_request(_refuse_address)


def _counted(body: bytes, most: int) -> bytes:
    if body.count(b"&") >= most:
        raise RequestEntityTooLarge
    return body


def _refuse_address() -> None:
    if request.query_string.count(b"&") >= MOST_ARGUMENTS:
        raise BadForm(
            f"This address has more than {MOST_ARGUMENTS} arguments, and none of ours "
            "has so many. Go back and use our own page."
        )
