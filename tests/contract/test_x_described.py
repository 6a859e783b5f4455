"""X: every kind of request that is made is one that X's own description allows."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest
from openapi_core.exceptions import OpenAPIError
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from connectors.base import Message
from tests.contract.conftest import AT, picture, prepared
from tests.contract.x_server import HELLO, connected
from tests.fakes.x import Heard, XFake

ADDRESS = "https://api.x.com"
Check = Callable[[Heard], None]


@pytest.fixture(scope="session")
def check() -> Check:
    """Raises where X's description does not know such a request."""
    samples = os.environ.get("STANDFIRST_SAMPLES", "/nowhere")
    file = Path(samples, "specs", "x.openapi.json")
    if not file.is_file():
        pytest.skip("STANDFIRST_SAMPLES names no folder with X's description")
    whole = json.loads(file.read_text("utf-8"))
    wanted = ("/2/tweets", "/2/media/", "/2/users/me", "/2/users/{id}/tweets")
    whole["paths"] = {
        path: told for path, told in whole["paths"].items() if path.startswith(wanted)
    }
    for path in whole["paths"].values():
        for operation in path.values():
            operation.pop("security", None)  # the fake checks signatures and tokens
    whole["servers"] = [{"url": ADDRESS}]
    described = OpenAPI.from_dict(whole, config=Config(spec_validator_cls=None))
    return lambda heard: described.validate_request(_request(heard))


def _request(heard: Heard) -> WerkzeugOpenAPIRequest:
    builder = EnvironBuilder(
        base_url=ADDRESS,
        path=urlsplit(heard.path).path,
        query_string=urlsplit(heard.path).query,
        method=heard.method,
        data=heard.body or None,
        content_type=heard.headers.get("Content-Type"),
    )
    return WerkzeugOpenAPIRequest(Request(builder.get_environ()))


def test_every_kind_of_request_is_one_that_x_describes(check: Check) -> None:
    with XFake() as fake:
        x = connected(fake)
        fake.posts.media_waits = 1
        x.check()
        message = replace(HELLO, images=(picture("A red car"),))
        ready = prepared(x, message)
        first = x.publish(ready)
        x.publish(x.compose(Message("Two"), x.stage(Message("Two")), "k2", AT, first))
        x.find(ready, datetime.now(UTC))

        kinds = {f"{one.method} {urlsplit(one.path).path}" for one in fake.heard}
        for heard in fake.heard:
            check(heard)
    assert kinds == {
        "GET /2/users/me",
        "POST /2/media/upload",
        "GET /2/media/upload",
        "POST /2/media/metadata",
        "POST /2/tweets",
        "GET /2/users/1001/tweets",
    }


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/2/tweets", {"status": "Hello"}),
        ("POST", "/2/tweets", {"text": "a", "media": {"media_ids": ["1"] * 5}}),
        ("POST", "/2/tweets", {"text": "a", "reply": {}}),
        ("POST", "/2/media/upload", {"media": "YQ=="}),
        ("POST", "/2/media/metadata", {"metadata": {}}),
        ("GET", "/2/users/1001/tweets?max_results=3", None),
        ("GET", "/2/users/1001/tweets?post.fields=created", None),
        ("GET", "/2/users/me?user.fields=everything", None),
    ],
)
def test_the_description_knows_a_wrong_request(
    check: Check, method: str, path: str, body: object
) -> None:
    data = json.dumps(body).encode() if body else b""
    kind = {"Content-Type": "application/json"} if body else {}

    with pytest.raises(OpenAPIError):
        check(Heard(method, path, kind, data))
