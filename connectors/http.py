"""The one road out: one call, one deadline, and the truth about where it failed."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.errors import (
    FirstHeaderLineIsContinuationDefect,
    MissingHeaderBodySeparatorDefect,
)
from functools import cached_property
from http import HTTPStatus
from urllib.parse import SplitResult, urlencode, urlsplit

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.filepost import encode_multipart_formdata

from connectors.base import (
    ConnectorError,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unauthorized,
    Unavailable,
)
from connectors.telling import TooMuch, failure, spoken, without
from connectors.waiting import until, written
from connectors.wire import Deadline, Wire, connect

ANSWER_CAP = 4_000_000  # bytes; the largest listing we ask for is a tenth of it
# Past this an irreversible call is not begun: the desk's lease counts on it.
FIRST_BYTE_WITHIN = 5.0
UNDECIDED = {408, 499}  # a proxy's own words: the platform may have had the call

_CUT = (MissingHeaderBodySeparatorDefect, FirstHeaderLineIsContinuationDefect)
LOST = (OSError, http.client.HTTPException, HTTPError)


@dataclass(frozen=True)
class Response:
    """A whole answer, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: datetime  # by our clock, when its last byte was here
    host: str
    irreversible: bool  # of the call that it answers
    words: str = ""  # the platform's own, short, no secret and no markup in them

    @property
    def ok(self) -> bool:
        return self.status in (HTTPStatus.OK, HTTPStatus.CREATED)

    @property
    def reason(self) -> str:
        """What an editor is told about it."""
        said = f": {self.words.rstrip('.')}" if self.words else ""
        return f"{self.host} answered {self.status}{said}.{self._elsewhere}"

    @property
    def _elsewhere(self) -> str:
        """Where a redirect points, which nobody follows: most often a wrong address."""
        if self.status // 100 != 3:
            return ""
        try:
            place = urlsplit(self.headers.get("Location", ""))
        except ValueError:
            return ""
        if not place.hostname:
            return ""
        return f" It points to {place.scheme}://{place.hostname}: is that its address?"

    @cached_property
    def skew(self) -> timedelta | None:
        """How far the platform's clock is ahead of ours; None: it doesn't say."""
        told = written(self.headers.get("Date", ""))
        return told - self.at if told else None

    def json(self) -> object:
        """What it says. Raises as a lost answer does, when that can't be read."""
        try:
            told = json.loads(self.body)
            return _sound(told) if HALVES.search(self.body) else told
        except (ValueError, RecursionError):
            raise self.lost("an answer that can't be read") from None

    def entry(self) -> dict[str, object]:
        """A JSON object, or a lost answer."""
        found = self.json()
        if not isinstance(found, dict):
            raise self.lost("an answer of another shape")
        return found

    def lost(self, what: str) -> ConnectorError:
        """The error for a success that isn't one."""
        return _lost(f"{self.host} gave {what} ({self.status}).", self.irreversible)


HALVES = re.compile(rb"\\u[dD][89a-fA-F]")  # of letters, which may stand alone


def _sound(value: object) -> object:
    """The same, in which every text can be written down: no half of a letter."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_sound(one) for one in value]
        case dict():
            return {str(_sound(name)): _sound(one) for name, one in value.items()}
        case _:
            return value


def refusal(response: Response, now: datetime) -> ConnectorError:
    """What an answer that isn't a success means (400, 403, 422: see each platform)."""
    reason = response.reason
    match response.status:
        case 401:
            return Unauthorized(reason)
        case 429:
            return RateLimited(reason, until(response.headers, now, response.skew))
        case code if code in UNDECIDED:
            return _lost(reason, response.irreversible)
        case code if 400 <= code < 500:
            return Rejected(reason)
        case _:
            return _lost(reason, response.irreversible)


def _lost(reason: str, irreversible: bool) -> ConnectorError:
    return OutcomeUnknown(reason) if irreversible else Unavailable(reason)


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
        wire = _connected(target, deadline, irreversible)
        try:
            answer = _exchange(wire, target, method, path, body, sent)
            data = _read(answer)
        except LOST as error:
            told = failure(error, target.netloc, seconds)
            raise _lost(told, irreversible) from None
        finally:
            wire.hang_up()
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
            words=without(self.secrets, spoken(answer.status, data)),
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


def _connected(target: SplitResult, deadline: Deadline, irreversible: bool) -> Wire:
    """A connection on which nothing has been sent; raises Unavailable."""
    secure = target.scheme == "https"
    host, port = target.hostname or "", target.port or (443 if secure else 80)
    patience = min(deadline.seconds, FIRST_BYTE_WITHIN)
    try:
        wire = connect(host, port, secure=secure, within=patience, deadline=deadline)
    except OSError as error:
        raise Unavailable(failure(error, target.netloc, patience)) from None
    if irreversible and deadline.used > patience:
        wire.hang_up()
        raise Unavailable(
            f"{target.netloc} took too long to reach: this try sent nothing."
        )
    return wire


class _Whole(http.client.HTTPResponse):
    """An answer with a whole head. http.client takes half of one for one."""

    def begin(self) -> None:
        super().begin()
        if any(isinstance(one, _CUT) for one in self.msg.defects):
            raise http.client.IncompleteRead(b"")


def _exchange(
    wire: Wire,
    target: SplitResult,
    method: str,
    path: str,
    body: bytes | None,
    headers: Mapping[str, str],
) -> BaseHTTPResponse:
    connection = HTTPConnection(target.hostname or "", target.port)
    connection.response_class = _Whole
    connection.sock = wire  # has all that http.client uses
    sent = {"Host": target.netloc, "User-Agent": "Standfirst", **headers}
    # who refuses early may close before the last byte, and the answer can be read
    with contextlib.suppress(BrokenPipeError):
        connection.request(
            method, target.path.rstrip("/") + path, body, sent, preload_content=False
        )
        wire.flush()
    return connection.getresponse()


def _read(answer: BaseHTTPResponse) -> bytes:
    data = answer.read(ANSWER_CAP + 1)
    if len(data) > ANSWER_CAP:
        raise TooMuch
    return data
