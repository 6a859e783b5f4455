"""Limits: how often someone may try to sign in, or send files."""

from __future__ import annotations

from hashlib import sha256
from ipaddress import ip_address, ip_network

import redis
import structlog
from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from desk import people, wakeup
from desk.config import Settings
from desk.reading.links import lines_of_links
from web import current, forms, known_browsers

log = structlog.get_logger(__name__)

SIGN_INS = "10 per minute; 60 per hour"  # from one address
WRONG_LINKS = "60 per minute; 600 per hour"  # from one address; none can be guessed
SIGN_INS_AS = "10 per 15 minutes"  # for one person, from one network or known browser
STRANGERS_AS = "100 per hour"  # for one person, from all browsers that are not known
NETWORK_BITS = {4: 24, 6: 64}

TOO_MANY = (
    "You sent more pictures and articles within this hour than the desk takes from one "
    "person: send this again in some minutes."
)
LONGEST = 320  # letters of an email; what is longer is refused before it is compared

limiter = Limiter(get_remote_address, default_limits=[])
limiter.request_filter(current.is_again)  # a request counts once, however often tried


def add(app: Flask, settings: Settings) -> None:
    """Count in Redis, for all web processes together; else in this one's memory."""
    app.config["RATELIMIT_STORAGE_URI"] = _storage(settings)
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    limiter.init_app(app)


@limiter.limit(WRONG_LINKS)
def count_wrong_link() -> None:
    """A right one counts for nothing: it keeps nobody's neighbours out, nor they it."""


def this_link() -> str:
    return f"link:{sha256(request.path.encode()).hexdigest()}"


@limiter.limit(SIGN_INS, key_func=this_link)
def count_use_of_link() -> None:
    """Of a right one: a password that is chosen with it costs computing to judge."""


def person_from_here() -> str:
    """Counts by the email that was written, known here or not, and where it is from.

    A browser that this person signed in with before counts apart: nobody else's tries
    keep them out.
    """
    email, browser = _email(), known_browsers.here()
    if browser.knows(email):
        return f"as:{email} in:{browser.key}"
    return f"as:{email} from:{network()}"


def person_from_elsewhere() -> str:
    """Counts all strangers' tries at this person together."""
    return f"as:{_email()}"


def is_known() -> bool:
    return known_browsers.here().knows(_email())


def oneself() -> str:
    return f"self:{current.me().id}"


def uploads() -> str:
    return f"{current.settings().uploads} per hour"


def sent_at_once() -> int:
    """Each of several links is read, so each counts."""
    return max(1, len(lines_of_links(request.form.get("source", ""))))


takes_files = limiter.shared_limit(
    uploads,
    scope="uploads",
    key_func=oneself,
    error_message=TOO_MANY,
    cost=sent_at_once,
)  # each costs seconds of computing, or room on the disk


def _email() -> str:
    """As it is compared with; in full, where it could be anyone's.

    Raises nothing: the limits would take that for a store that is away.
    """
    return people.plain_email(forms.clean(request.form.get("email", "")))[:LONGEST]


def network() -> str:
    """Where its neighbours come from, too: an address alone costs nothing."""
    try:
        address = ip_address(get_remote_address())
    except ValueError:
        return "unknown"
    bits = NETWORK_BITS[address.version]
    return str(ip_network(f"{address}/{bits}", strict=False))


def _storage(settings: Settings) -> str:
    try:
        with wakeup.client(settings) as connection:
            connection.ping()
    except redis.RedisError:
        log.info("sign-ins are counted in memory: Redis does not answer")
        return "memory://"
    return settings.redis.replace("unix://", "redis+unix://", 1)
