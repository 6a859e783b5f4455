"""Handles: names of accounts in a text, which mean others on another platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import regex

from connectors.links import links
from desk.writing.marks import Span

# Accounts have plain letters everywhere, so a text without spaces goes on behind one.
_ACCOUNT = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?"
_HANDLE = regex.compile(
    r"(?<![\p{Latin}\p{Greek}\p{Cyrillic}\p{M}\p{N}_@＠/\\])[@＠]"
    rf"{_ACCOUNT}(?:[@＠]{_ACCOUNT}(?::\d+)?)?(?![\p{{Latin}}\p{{N}}_@＠/(\\])"
)
_CODE = regex.compile(r"```.*?```|``.*?``|`[^`\n]*`", regex.DOTALL)


@dataclass(frozen=True)
class Place:
    """Where a text stands: whose a handle is there, and the names that it knows."""

    whose: Callable[[str], str]  # a handle -> what tells its account from any other
    known: Mapping[str, str]  # name -> handle


def handles(text: str) -> list[Span]:
    """Where each handle stands: none in an e-mail address, a link, or in code."""
    code = [Span(*found.span()) for found in _CODE.finditer(text)]
    others = code + [Span(one.start, one.end) for one in links(text, bare=True)]
    found = (Span(*one.span()) for one in _HANDLE.finditer(text))
    return [
        one
        for one in found
        if not any(other.start <= one.start < other.end for other in others)
    ]


def handles_in(text: str) -> list[str]:
    """The handles of a text, each once, with a plain @."""
    found = (_plain(text[one.start : one.end]) for one in handles(text))
    return list(dict.fromkeys(found))


def carried(text: str, here: Place, there: Place) -> tuple[str, list[str]]:
    """The text for another place, and the handles in it that are strangers there.

    A name that both places know goes over as the other's own handle.
    """
    names = {_folded(handle): name.casefold() for name, handle in here.known.items()}
    own = {name.casefold(): handle for name, handle in there.known.items()}
    left = []
    for one in reversed(handles(text)):
        handle = _plain(text[one.start : one.end])
        if (known := own.get(names.get(_folded(handle), ""))) is not None:
            text = text[: one.start] + known + text[one.end :]
        elif here.whose(handle) != there.whose(handle):
            left.append(handle)
    return text, strangers(text, left, there.known)


def strangers(text: str, left: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """Of handles from elsewhere those that a text has and its channel does not know."""
    foreign = {_folded(one) for one in left} - {_folded(one) for one in known.values()}
    return [one for one in handles_in(text) if _folded(one) in foreign]


def _plain(handle: str) -> str:
    return handle.replace("＠", "@")


def _folded(handle: str) -> str:
    return _plain(handle).casefold()
