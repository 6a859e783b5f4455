"""Headers: what browsers may load, frame and tell, on every answer."""

from __future__ import annotations

import hashlib
import re
import secrets
from ipaddress import ip_address
from pathlib import Path

from flask import Flask, Response, g, request

from web import current

MAY_BE_KEPT = frozenset({"paper"})  # by browsers of strangers; all else by nobody's
# A single name, or one that ends as no name of the public DNS does. It begins with a
# letter: browsers take numbers for addresses.
INSIDE = re.compile(
    r"([a-z0-9-]+\.)*[a-z][a-z0-9-]*\.(local|internal|home\.arpa|lan|home|corp)\.?"
    r"|[a-z][a-z0-9-]*"
)
PLAIN_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]")


def add(app: Flask) -> None:
    app.after_request(_guard_browser)
    app.jinja_env.globals.update(csp_nonce=nonce, live_address=live_address)


def live_address() -> str:
    """Where the page finds the live process.

    Behind a proxy under the desk's own address. Else on its own port of the same
    host: cookies know no ports, so the sign-in counts there too. Under a name that
    may be anybody's, nowhere: such a page asks every few seconds.
    """
    settings = current.settings()
    name = _host_name(request.host.lower())
    if settings.public_url or not _is_known(name, settings.host):
        return "/live/events"
    return f"http://{name}:{settings.live_port}/live/events"


def _host_name(host: str) -> str:
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return name or host


def _is_known(name: str, listens_at: str) -> bool:
    """Whether it is the desk's, or one of the newsroom's own network.

    A request may name any host there is, and a policy must let pages ask none that
    somebody out there can have.
    """
    if name in ("localhost", listens_at) or INSIDE.fullmatch(name):
        return True
    try:
        return (
            bool(PLAIN_HOST.fullmatch(name)) and ip_address(name.strip("[]")).is_private
        )
    except ValueError:
        return False  # a name


def nonce() -> str:
    """The same on one page, and new on the next."""
    if "nonce" not in g:
        g.nonce = current.novel(secrets.token_urlsafe(16))
    return str(g.nonce)


def _live_or_self() -> str:
    """Whom pages may ask: the live process only where someone is signed in."""
    live = live_address()
    if live.startswith("/") or current.user() is None:
        return "'self'"
    return f"'self' {live.rsplit('/', 2)[0]}"


def _policy() -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce()}'",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self' data:",
            f"connect-src {_live_or_self()}",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _guard_browser(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _policy()
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    if current.settings().address.startswith("https://"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if current.user() is not None or request.blueprint not in MAY_BE_KEPT:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def of_asset(headers: dict[str, str], path: str, url: str) -> None:
    """WhiteNoise asks this of every file it serves.

    Its tag is weak: the same file is sent compressed or not, byte by byte another.
    """
    said = hashlib.sha256(Path(path).read_bytes()).hexdigest()[:32]
    headers["ETag"] = f'W/"{said}"'
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
