"""A client: calls to one host, each by its deadline, and where a failure was."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import (
    FirstHeaderLineIsContinuationDefect,
    MissingHeaderBodySeparatorDefect,
)
from urllib.parse import SplitResult, urlencode, urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.filepost import encode_multipart_formdata

from connectors.base import Rejected, Unauthorized, Unavailable
from connectors.http.deadline import Deadline
from connectors.http.deadline_socket import DeadlineSocket, connect
from connectors.http.error_text import (
    AnswerTooLong,
    failure_text,
    platform_words,
    redact,
)
from connectors.http.response import Response, lost

ANSWER_CAP = 4_000_000  # bytes; the largest listing we ask for is a tenth of it
# Past this an irreversible call is not begun: the desk's lease counts on it.
FIRST_BYTE_WITHIN = 5.0

_CUT = (MissingHeaderBodySeparatorDefect, FirstHeaderLineIsContinuationDefect)
LOST = (OSError, http.client.HTTPException, HTTPError)


@dataclass(frozen=True)
class Client:
    """Calls to one host, each on a connection of its own.

    A kept connection may have been closed by the far side just as the call leaves,
    and then nobody can say whether it was read. A new one can: either it opened, or
    nothing left. Redirects, retries, proxies and .netrc don't exist here.
    """

    base: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def get(
        self, path: str, query: Mapping[str, str] | None = None, seconds: float = 10
    ) -> Response:
        asked = f"{path}?{urlencode(query)}" if query else path
        return self._call("GET", asked, None, {}, seconds, irreversible=False)

    def post(
        self,
        path: str,
        body: str,
        headers: Mapping[str, str] | None = None,
        seconds: float = 20,
        irreversible: bool = False,
    ) -> Response:
        """Send JSON text as it stands."""
        kind = {"Content-Type": "application/json; charset=utf-8"}
        sent = {**kind, **(headers or {})}
        return self._call("POST", path, body.encode(), sent, seconds, irreversible)

    def upload(
        self,
        path: str,
        values: Mapping[str, str | tuple[str, bytes, str]],
        seconds: float = 60,
    ) -> Response:
        """Send a form with files, each as (name, data, media type)."""
        body, kind = encode_multipart_formdata(dict(values))
        return self._call(
            "POST", path, body, {"Content-Type": kind}, seconds, irreversible=False
        )

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        seconds: float = 20,
        irreversible: bool = False,
    ) -> Response:
        """Send these bytes as they stand: for a library that makes its own requests."""
        return self._call(method, path, body, headers, seconds, irreversible)

    def _call(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        seconds: float,
        irreversible: bool,
    ) -> Response:
        target = _target(self.base)
        sent = self._checked({"Connection": "close", **self.headers, **headers})
        deadline = Deadline(seconds)
        sock = _connected(target, deadline, irreversible)
        try:
            answer = _exchange(sock, target, method, path, body, sent)
            data = _read(answer)
        except LOST as error:
            told = failure_text(error, target.netloc, seconds)
            raise lost(told, irreversible) from None
        finally:
            sock.close_for_good()
        return self._response(answer, data, target, irreversible)

    def _checked(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        """http.client would quote the whole value, a token in it too, in its error."""
        for name, value in headers.items():
            if not (value.isascii() and value.isprintable()):
                if name == "Authorization":
                    raise Unauthorized("The token holds characters that no token has.")
                raise Rejected(f"{name} holds characters that no header may hold.")
        return headers

    def _response(
        self,
        answer: BaseHTTPResponse,
        data: bytes,
        target: SplitResult,
        irreversible: bool,
    ) -> Response:
        return Response(
            status=answer.status,
            headers=answer.headers,
            body=data,
            at=datetime.now(UTC),
            host=target.netloc,
            irreversible=irreversible,
            words=redact(self.secrets, platform_words(answer.status, data)),
        )


def _target(base: str) -> SplitResult:
    """Where calls go. Names with other letters are written as xn--, as DNS does."""
    wrong = Rejected("The server's address must look like https://example.org.")
    try:
        target = urlsplit(base)
        usable = target.scheme in ("http", "https") and bool(target.hostname)
        usable = usable and target.port != 0  # reading it raises when it is no number
    except ValueError:
        raise wrong from None
    if not usable or "@" in target.netloc or not base.isascii() or target.query:
        raise wrong
    return target


def _connected(
    target: SplitResult, deadline: Deadline, irreversible: bool
) -> DeadlineSocket:
    """A connection on which nothing has been sent; raises Unavailable."""
    secure = target.scheme == "https"
    host, port = target.hostname or "", target.port or (443 if secure else 80)
    patience = min(deadline.seconds, FIRST_BYTE_WITHIN)
    try:
        sock = connect(host, port, secure=secure, within=patience, deadline=deadline)
    except OSError as error:
        raise Unavailable(failure_text(error, target.netloc, patience)) from None
    if irreversible and deadline.used > patience:
        sock.close_for_good()
        raise Unavailable(
            f"{target.netloc} took too long to reach: this try sent nothing."
        )
    return sock


class _Whole(http.client.HTTPResponse):
    """An answer with a whole head. http.client takes half of one for one."""

    def begin(self) -> None:
        super().begin()
        if any(isinstance(one, _CUT) for one in self.msg.defects):
            raise http.client.IncompleteRead(b"")


def _exchange(
    sock: DeadlineSocket,
    target: SplitResult,
    method: str,
    path: str,
    body: bytes | None,
    headers: Mapping[str, str],
) -> BaseHTTPResponse:
    connection = HTTPConnection(target.hostname or "", target.port)
    connection.response_class = _Whole
    connection.sock = sock  # has all that http.client uses
    sent = {"Host": target.netloc, "User-Agent": "Standfirst", **headers}
    # who refuses early may close before the last byte, and the answer can be read
    with contextlib.suppress(BrokenPipeError):
        connection.request(
            method, target.path.rstrip("/") + path, body, sent, preload_content=False
        )
        sock.flush()
    return connection.getresponse()


def _read(answer: BaseHTTPResponse) -> bytes:
    data = answer.read(ANSWER_CAP + 1)
    if len(data) > ANSWER_CAP:
        raise AnswerTooLong
    return data
