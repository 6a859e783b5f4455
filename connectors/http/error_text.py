"""Error text: what an editor reads of an answer or a failure, and never a secret."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote

from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

WORDS_CAP = 200
SHORTEST_SECRET = 6  # letters; what is shorter stands in any sentence
# A page of the server in front, or a piece of one; a lone `<b>` is what is talked about
_PAGE = re.compile(
    r"<(?:!doctype|\?xml)\b.*|<(?:html|head|body)\b[^<>]*>\s*<.*",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<[^<>]*>")
_ELEMENT = re.compile(r"\s*<(\w+)\b[^>]*>.*</\1\s*>\s*", re.IGNORECASE | re.DOTALL)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+\S+")
_NAMES = ("error_description", "message", "detail", "error", "title", "errors")


class AnswerTooLong(HTTPError):
    """An answer without an end."""


def platform_words(status: int, body: bytes) -> str:
    """The platform's own words, of JSON or plain text; else the status's name."""
    try:
        found = _said(json.loads(body))
    except (ValueError, RecursionError):
        found = _sentence(body)
    found = _without_markup(found)
    if not found.strip():
        found = HTTPStatus(status).phrase if status in _STATUSES else ""
    return " ".join(found.split())


def _without_markup(found: str) -> str:
    """What a page of the server in front says is no word of the platform."""
    words = _PAGE.sub("", found)
    return _TAG.sub(" ", words) if _ELEMENT.fullmatch(words) else words


def _said(answer: object) -> str:
    if isinstance(answer, str):
        return answer
    if isinstance(answer, list) and answer:
        return _said(answer[0])
    if isinstance(answer, dict):
        return next(filter(None, (_said(answer.get(name)) for name in _NAMES)), "")
    return ""


def _sentence(body: bytes) -> str:
    """A short text without markup: what a server says that speaks no JSON here."""
    try:
        text = body.decode().strip()
    except UnicodeDecodeError:
        return ""
    wordy = len(text) <= WORDS_CAP and text[:1].isalpha()
    return "" if not wordy or _PAGE.search(text) else text


_STATUSES = frozenset(HTTPStatus)


def redact(secrets: Iterable[str], told: str) -> str:
    """The same, printable, cut short, and with every secret struck out."""
    told = "".join(letter if letter.isprintable() else " " for letter in told)
    for secret in (one for one in secrets if len(one) >= SHORTEST_SECRET):
        for shape in (secret, quote(secret, safe="")):
            told = told.replace(shape, "•••")
    told = _BEARER.sub(r"\1 •••", told)
    return told if len(told) <= WORDS_CAP else told[: WORDS_CAP - 1] + "…"


def failure_text(error: Exception, host: str, seconds: float) -> str:
    """Why a call to this host has no answer."""
    match error:
        case TimeoutError() | ReadTimeoutError():
            return f"{host} did not finish within {seconds:g} s."
        case ConnectionRefusedError():
            return f"{host} refused the connection."
        case socket.gaierror():
            return f"{host} was not found: is its name right?"
        case ssl.SSLCertVerificationError():
            return f"{host} showed a certificate that is not valid for it."
        case ssl.SSLError():
            return f"{host} does not speak TLS as it should."
        case AnswerTooLong():
            return f"{host} sent more than an answer may hold."
        case ProtocolError() | http.client.IncompleteRead():
            return f"{host} sent only half of its answer."
        case ConnectionError():
            return f"{host} closed the connection without an answer."
        case _:
            return f"{host} gave no usable answer ({type(error).__name__})."
