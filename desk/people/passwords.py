"""Passwords: how they are kept and compared, and which are too easy to guess."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from desk.people import guessable, one_word
from desk.refusal import Refusal, RefusalKind

SHORTEST = 12
LONGEST = 1000  # hashing is paid by length
LOOKED_AT = 32  # letters: the worst take 0.3 s, and 72 of the same kind 2 s
SAFE_SCORE = 3  # of 4: over a hundred million guesses

hasher = PasswordHasher()
_turn = threading.Lock()  # zxcvbn keeps what it is told in one place for all threads


class WeakPassword(Refusal):
    """This can't be a password here; says why, and what to do."""

    kind = RefusalKind.INVALID


def hashed(password: str) -> str:
    return hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Takes as long where nothing is kept."""
    try:
        same = hasher.verify(kept or _nobody(), password[:LONGEST])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return same and kept is not None


@cache
def _nobody() -> str:
    """Compared with where nobody has the name. A hash is slow, so not at import."""
    return hasher.hash(secrets.token_hex(16))


def refuse_weak(password: str, about: list[str]) -> None:
    """Raises `WeakPassword`. `about`: what everyone knows of this person."""
    if len(password) < SHORTEST:
        raise WeakPassword(
            f"A password has {SHORTEST} characters or more; "
            f"this one has {len(password)}. Three or four words do well."
        )
    if len(password) > LONGEST:
        raise WeakPassword(f"A password has {LONGEST} characters at most.")
    if _is_guessed(password, about):
        raise WeakPassword(
            "This password is among the first that a stranger would try: it is well "
            "known, repeats itself, walks along the keys, is one word or a known name "
            "with a year or the like, or is made of a saying, of the desk's name, or "
            "of your name or email. Take three or four words that have nothing to do "
            "with each other, with spaces between them."
        )


def _is_guessed(password: str, about: list[str]) -> bool:
    if any(map(one_word.guessed, (password, guessable.unrepeated(password)))):
        return True
    read = (password, *guessable.rest(password, about))
    return any(_score(one[:LOOKED_AT], about) < SAFE_SCORE for one in read)


def _score(password: str, about: list[str]) -> int:
    """How hard it is to guess, of 4. One at a time: it takes a core for itself."""
    from zxcvbn import zxcvbn  # here: its lists of words take a while to load

    if not password:
        return 0
    with _turn:
        return int(zxcvbn(password, user_inputs=about)["score"])
