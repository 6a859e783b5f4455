"""CSRF: the token in every form, which looks another way on each page.

Pages are sent compressed, and how short one gets tells a little of what is twice in it:
whoever may put words into a page could guess a secret there, letter by letter, by the
lengths alone. So the same token is never sent in the same letters.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from operator import xor

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect, generate_csrf

from web import current


class Masked(CSRFProtect):  # type: ignore[misc]  # flask_wtf has no types
    """Takes off what `token` put on."""

    def _get_csrf_token(self) -> str | None:
        sent = super()._get_csrf_token()
        return unmasked(sent) if sent else None


def add(app: Flask) -> None:
    Masked(app)
    app.context_processor(lambda: {"csrf_token": token})


def token() -> str:
    """The same in all forms of one answer."""
    if "masked" not in g:
        g.masked = current.novel(masked(generate_csrf()))
    return str(g.masked)


def masked(plain: str) -> str:
    said = plain.encode()
    mask = secrets.token_bytes(len(said))
    return urlsafe_b64encode(mask + bytes(map(xor, mask, said))).decode()


def unmasked(sent: str) -> str:
    """Whatever is none of ours becomes nothing that counts."""
    try:
        both = urlsafe_b64decode(sent)
    except ValueError:
        return ""
    half = len(both) // 2
    return bytes(map(xor, both[:half], both[half:])).decode("utf-8", "replace")
