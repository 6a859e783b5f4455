"""The way out to pages and pictures whose address someone else chose."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass, field
from http.client import HTTPException
from ipaddress import ip_network
from urllib.parse import urldefrag, urljoin, urlsplit

import ssrfguard
from ssrfguard import BlockedAddressError, BlockedURLError, Policy
from ssrfguard._registry import Block
from urllib3.exceptions import HTTPError

from desk.outbound_limit import outbound
from desk.reading.article import Unreached, Unreadable
from desk.reading.guarded import ATTEMPTS, Answer, Deadline, TooBig, get

PAGE_CAP = 5_000_000
PICTURE_CAP = 10_000_000
SECONDS = 10.0  # for everything: lookup, redirects, body
REDIRECTS = 3
PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
ANYWHERE = ("0.0.0.0/0", "::/0")
# Routable, and answered inside a cloud alone: its machines' metadata and services.
INSIDE_A_CLOUD = (
    ("168.63.129.16/32", "Azure"),
    ("161.26.0.0/16", "IBM Cloud"),
    ("166.8.0.0/14", "IBM Cloud"),
)
DENIED = ssrfguard.AddressTable(
    (
        *ssrfguard.DEFAULT_DENIED.blocks,
        *(
            Block(ip_network(network), name, "", ssrfguard.Reach.DENIED)
            for network, name in INSIDE_A_CLOUD
        ),
    )
)
PUBLIC = Policy(denied_networks=DENIED, max_connection_attempts=ATTEMPTS)
NO_ADDRESS = (
    "That is not a web address the desk can open: paste a link that starts with "
    "https://, or the article's text."
)
LOGIN = re.compile(
    r"/(log-?in|sign-?in|sso|oauth2?|auth(orize)?|anmelden|einloggen|connexion|"
    r"iniciar-sesion|accedi|subscribe|paywall)([/.?]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Page:
    url: str  # where it was found, after redirects
    html: bytes = field(repr=False)
    content_type: str = "text/html"  # as the site said it, with its charset


class Fetcher:
    """Fetches what is public; `allow` names "host:port" pairs that may be private.

    Raises `Unreadable` with a sentence for whatever does not come back, `Crowded` where
    too many wait already.
    """

    def __init__(self, allow: str = "", seconds: float = SECONDS) -> None:
        self._allowed = {
            pair.strip().lower() for pair in allow.split(",") if pair.strip()
        }
        self._seconds = seconds

    def within(self, seconds: float) -> Fetcher:
        """The same, with less patience."""
        return Fetcher(",".join(self._allowed), min(seconds, self._seconds))

    def page(self, url: str) -> Page:
        """A web page or a plain text, with the address it was found at."""
        found, answer = self._follow(url, PAGE_CAP, ", ".join(PAGE_TYPES))
        _refuse_login(url, found)
        media_type = _media_type(answer)
        if media_type == "application/pdf" or answer.body.startswith(b"%PDF-"):
            raise Unreadable(
                "The link is a PDF, which the desk does not read: paste the "
                "article's text, or the link of its web page."
            )
        if media_type and media_type not in PAGE_TYPES:
            raise Unreadable(
                f"The link is not a web page but {media_type}: paste the article's "
                "text, or the link of its web page."
            )
        return Page(found, answer.body, answer.content_type or "text/html")

    def picture(self, url: str) -> bytes:
        """The bytes behind an image's address, not yet looked at."""
        _, answer = self._follow(url, PICTURE_CAP, "image/jpeg, image/png, image/*")
        media_type = _media_type(answer)
        if media_type.startswith("text/") or "svg" in media_type:
            raise Unreadable(
                f"The image's address gives {media_type}, not a JPEG, PNG, WebP or "
                "GIF: add a picture by hand."
            )
        return answer.body

    @outbound.place()
    def _follow(self, url: str, cap: int, accept: str) -> tuple[str, Answer]:
        """Fetch, following at most three redirects; each is checked like the first."""
        deadline = Deadline(self._seconds)
        for _ in range(REDIRECTS + 1):
            url = _clean(url)
            answer = self._get(url, deadline, cap, accept)
            if answer.status not in (301, 302, 303, 307, 308):
                _refuse_status(url, answer.status)
                return url, answer
            url = _next(url, answer.location)
        raise Unreadable(
            f"{_host(url)} sends the desk from page to page without end: open the "
            "link in a browser and paste the address it ends at, or the text."
        )

    def _get(self, url: str, deadline: Deadline, cap: int, accept: str) -> Answer:
        try:
            return get(url, self.policy(url), deadline, cap, accept)
        except TooBig:
            raise Unreadable(
                f"What is at {_host(url)} is over {cap // 1_000_000} MB, too big for "
                "the desk: paste the article's text instead."
            ) from None
        except (BlockedURLError, BlockedAddressError) as error:
            raise Unreadable(_blocked(url, error)) from None
        except (OSError, HTTPError, HTTPException, ValueError) as error:
            raise Unreached(_no_answer(url, error, deadline)) from None

    def policy(self, url: str) -> Policy:
        """The usual rules, or those for an address that the operator allowed."""
        host, port = _origin(url)
        if f"{host}:{port}" not in self._allowed:
            return PUBLIC
        return Policy(
            allowed_ports=frozenset({port}),
            allowed_hosts=frozenset({host.strip("[]")}),
            allowed_networks=ANYWHERE,  # type: ignore[arg-type]  # it takes strings
            max_connection_attempts=ATTEMPTS,
        )


def _clean(url: str) -> str:
    try:
        urlsplit(url)
    except ValueError:
        raise Unreadable(NO_ADDRESS) from None
    return urldefrag(url).url.strip().replace(" ", "%20")


def _next(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Unreadable(NO_ADDRESS) from None


def _origin(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "", 0
    host = (parts.hostname or "").lower()
    return (f"[{host}]" if ":" in host else host), port


def _host(url: str) -> str:
    return _origin(url)[0] or "the link"


def _media_type(answer: Answer) -> str:
    return answer.content_type.partition(";")[0].strip().lower()


def _refuse_login(asked: str, found: str) -> None:
    if LOGIN.search(urlsplit(found).path) and not LOGIN.search(urlsplit(asked).path):
        raise Unreadable(
            f"The link leads to a login page of {_host(found)}: paste the article's "
            "text instead."
        )


def _refuse_status(url: str, status: int) -> None:
    host = _host(url)
    match status:
        case 200 | 203:
            return
        case 401 | 402 | 403 | 407:
            sentence = (
                f"{host} does not let the desk in (it answered {status}): the page is "
                "behind a login or closed to programs. Paste the article's text "
                "instead."
            )
        case 404 | 410:
            sentence = (
                f"{host} has no page at this link (it answered {status}): check the "
                "link, or paste the article's text."
            )
        case _:
            raise Unreached(
                f"{host} did not give the page (it answered {status}): try again in "
                "a minute, or paste the article's text."
            )
    raise Unreadable(sentence)


def _blocked(url: str, error: BlockedURLError | BlockedAddressError) -> str:
    host, port = _origin(url)
    if isinstance(error, BlockedAddressError) or _is_private(host):
        return (
            f"{host} is inside a private network, so the desk does not fetch it. "
            "Paste the article's text; or, if the address is yours, set "
            f"STANDFIRST_FETCH_ALLOW={host}:{port} and start the desk again."
        )
    if re.match(r"\w+://[^/?#]*@", url):
        return "The link carries a user name or a password: paste it without them."
    if host and port not in (0, 80, 443) and url.startswith("http"):
        return (
            f"The desk fetches from ports 80 and 443 only, and this link names {port}: "
            "paste the article's text; or, if the address is yours, set "
            f"STANDFIRST_FETCH_ALLOW={host}:{port} and start the desk again."
        )
    return NO_ADDRESS


def _is_private(host: str) -> bool:
    try:
        return not PUBLIC.permits_address(host.strip("[]"))
    except ValueError:
        return False  # a name


def _no_answer(url: str, error: Exception, deadline: Deadline) -> str:
    host = _host(url)
    if deadline.passed or isinstance(error, TimeoutError):
        return (
            f"{host} is too slow: no whole answer in time. Try again, or paste the "
            "article's text."
        )
    if isinstance(error, socket.gaierror):
        return (
            f"No website is found under the name {host}: check the link's spelling, "
            "or paste the article's text."
        )
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return (
            f"{host} could not prove who it is (its certificate is not valid), so the "
            "desk does not read it: tell the site, or paste the article's text."
        )
    return (
        f"{host} does not answer, or broke off in the middle: try again in a minute, "
        "or paste the article's text."
    )
