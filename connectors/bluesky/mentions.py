"""Mentions on Bluesky: a handle is one only with the account that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

import regex

from connectors.base import ConnectorError
from connectors.bluesky.text import Facet, facet, inside_link
from connectors.http import Client

MOST = 10  # in a post, that are looked up
SECONDS = 2.0  # for each: a mention is not worth a late post
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_HANDLE = regex.compile(rf"(?<![\w@./-])@((?:{_LABEL}\.)+[a-zA-Z][a-zA-Z0-9-]*)\b")


def accounts(server: str, text: str) -> dict[str, str]:
    """Whose the text's handles are, by handle.

    One that is nobody's is left out, and so is one that can't be looked up now: it
    stays plain text.
    """
    found = {}
    anyone = Client(server)  # public, so the token stays at home
    for handle in dict.fromkeys(handle for handle, _ in _mentioned(text)[:MOST]):
        if did := _account(anyone, handle):
            found[handle] = did
    return found


def mentions(text: str, known: Mapping[str, str]) -> list[Facet]:
    """What makes a mention of each handle whose account is known."""
    return [
        facet(text, place, place + 1 + len(handle), _to(known[handle]))
        for handle, place in _mentioned(text)
        if handle in known
    ]


def unknown(record: Mapping[str, object]) -> tuple[str, ...]:
    """A sentence where a handle of this post is no mention."""
    facets = record.get("facets", [])
    made = [one for one in facets if "#mention" in str(one)]  # type: ignore[attr-defined]  # compose made it
    if len(made) >= len(_mentioned(str(record["text"]))):
        return ()
    return ("A handle in the text is no account on Bluesky: it is plain text there.",)


def _mentioned(text: str) -> list[tuple[str, int]]:
    """Each handle in the text, and where its @ stands."""
    return [
        (found[1].lower(), found.start())
        for found in _HANDLE.finditer(text)
        if not inside_link(text, found.start())
    ]


def _account(anyone: Client, handle: str) -> str:
    path = "/xrpc/com.atproto.identity.resolveHandle"
    try:
        answer = anyone.get(path, {"handle": handle}, SECONDS)
        did = answer.entry().get("did") if answer.ok else None
    except ConnectorError:
        return ""
    return did if isinstance(did, str) else ""


def _to(did: str) -> Facet:
    return {"$type": "app.bsky.richtext.facet#mention", "did": did}
