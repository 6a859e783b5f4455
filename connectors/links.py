"""Where the links of a text begin and end, whatever script stands around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

import regex

from connectors.domains import is_domain

# Signs that close or separate words end a link in every script: brackets, quotation
# marks, full stops, commas, dashes. Of the signs that are no letters only ASCII's are
# part of an address, and these, where a letter goes on behind them.
_INSIDE = r"[‐‑–·・’'\u200c\u200d](?=[\p{L}\p{N}_/])"
_STEP = rf"(?:[!#$%&()*+,\-./:;=?@\[\]\\^_{{|}}~\p{{L}}\p{{M}}\p{{N}}]|{_INSIDE})"
_EMOJI = r"(?![\p{Extended_Pictographic}--\p{ASCII}]|[0-9#*]\ufe0f?\u20e3)"
_NEXT = (
    r"(?![,;|(\[{]+https?://"  # links with nothing but a mark between them
    r"|[,;!][\p{L}--\p{ASCII}])"  # words of a script that writes no space there
)
_REST = rf"(?:{_NEXT}{_EMOJI}{_STEP})*"
_SCHEME = regex.compile(
    rf"(?<![a-zA-Z0-9])https?://(?=[\p{{L}}\p{{N}}\[]){_REST}",
    regex.IGNORECASE | regex.VERSION1,
)
_MOST_LABELS = 126  # before the last: a name has 255 bytes (RFC 1035)
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_BARE = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}\p{{N}}@＠#＃$./_\-:&=+%~?\\])"
    rf"(?=[a-zA-Z])((?:{_LABEL}\.){{1,{_MOST_LABELS}}}[a-z]{{2,}})"
    rf"(?![@＠_\-\p{{M}}\p{{N}}]|[\p{{L}}--[{_SPACELESS}]]|\.[\p{{L}}\p{{N}}])"
    rf"(?::\d{{1,5}})?(?:[/?#]{_REST})?",
    regex.VERSION1,
)
_HOST = regex.compile(r"https?://[^/?#!$&()*+,;=’'‐‑–·・]*", regex.IGNORECASE)
_RUN_ON = regex.compile(rf"(https?://\S*\.[a-z]{{2,}})[{_SPACELESS}]")
_OPENED = {")": "(", "]": "[", "}": "{"}
_MARKS = ".,;:!?'*_~|\\^([{"  # of the sentence, or of its markup, at a link's end
# “https://paper.org/a’s”: typed so it is the sentence's, as X has it; browsers write
# that sign of an address as %E2%80%99. The straight one of /McDonald's stays, as X,
# Mastodon and Bluesky have it.
_POSSESSIVE = regex.compile("’s$", regex.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """A link as it stands in a text."""

    start: int
    end: int
    address: str  # with its scheme, where it is written without one


def links(text: str, *, bare: bool = False) -> list[Link]:
    """The links of a text, in order; `bare`: `paper.org/a` is one, too."""
    found = list(_with_scheme(text)) if "://" in text else []
    if bare:
        found += [
            one
            for one in _without_scheme(text)
            if all(one.end <= other.start or one.start >= other.end for other in found)
        ]
    return sorted(found, key=lambda one: one.start)


def without_links(text: str) -> str:
    """The text without its links."""
    for one in reversed(links(text, bare=True)):
        text = text[: one.start] + text[one.end :]
    return text


def trim_address(address: str) -> str:
    """An address as it stands in a sentence, without the sentence's own marks."""
    host = _HOST.match(address)
    if host and address[host.end() : host.end() + 1] not in ("/", "?", "#"):
        address = _without_words(host[0])  # no name of a server has such a sign
    return str(_POSSESSIVE.sub("", _until_closed(address).rstrip(_MARKS)))


def normalize_url(url: str) -> str:
    """A URL with what servers change in its spelling taken out."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        return url
    place = f"{host}:{parts.port}" if parts.port else host
    rest = quote(unquote(parts._replace(scheme="", netloc="").geturl()), safe="/?&=#")
    return f"{parts.scheme.lower()}://{place}{rest if parts.path else '/' + rest}"


def _without_words(server: str) -> str:
    """A server's name, without the words of a script that writes no spaces."""
    run_on = _RUN_ON.match(server)
    return run_on[1] if run_on and is_domain(run_on[1]) else server


def _with_scheme(text: str) -> Iterator[Link]:
    at = 0
    while match := _SCHEME.search(text, at):
        address = trim_address(_unquoted(text, match))
        at = match.start() + max(len(address), 1)
        if not address.endswith("://"):
            yield Link(match.start(), match.start() + len(address), address)


def _without_scheme(text: str) -> Iterator[Link]:
    for match in _BARE.finditer(text):
        address = trim_address(_unquoted(text, match))
        if is_domain(match[1]):
            end = match.start() + len(address)
            yield Link(match.start(), end, f"https://{address}")


def _unquoted(text: str, match: regex.Match[str]) -> str:
    """What was found, up to the quotation mark that was opened just before it."""
    before = text[match.start() - 1 : match.start()]
    found = str(match[0])
    return found.partition("'")[0] if before == "'" else found


def _until_closed(address: str) -> str:
    """Up to a bracket that closes one which was opened before the link."""
    opened: list[str] = []
    for place, letter in enumerate(address):
        if letter in _OPENED.values():
            opened.append(letter)
        elif letter in _OPENED:
            if _OPENED[letter] not in opened:
                return address[:place]
            opened.remove(_OPENED[letter])
    return address
