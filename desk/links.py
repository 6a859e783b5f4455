"""Links: one rule for what is one, and one for when two are the same."""

from __future__ import annotations

import unicodedata
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urlsplit

import regex

from connectors.links import links
from desk.refusal import Refusal, RefusalKind

LONGEST = 2000
WRITE_IT = "Write it whole, such as https://paper.org/2026/ferry."
DEFAULT_PORTS = {"http": 80, "https": 443}
# Parameters that count clicks, or say where a reader came from; none names a story.
TRACKING = regex.compile(
    r"(?:utm_|at_|mtm_|matomo_|pk_|piwik_|hsa_|_hs|guce_|gaa_|fb_|wt_|oly_|ns_|ref_|"
    r"vero_|trk|mc_[ce]id$|sc_(?:channel|campaign|src|cid)$|"
    r"(?:ref|referr?er|source|src|via|share|shared|share_id|campaign|campaign_id|cmp|"
    r"cmpid|xtor|ito|itid|smid|smtyp|ocid|feature|traffic_source|fbclid|gclid|gclsrc|"
    r"dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid?|mibextid|spm|"
    r"mkt_tok|s_kwcid|ef_id|_ga|_gl|guccounter|soc_src|soc_trk|emci|emdi|ceid|wpisrc|"
    r"wpmm|dicbo|tblci|rb_clickid|wickedid)$)",
    regex.IGNORECASE,
)
_AMP_QUERY = {("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp")}
_AMP_PATH = regex.compile(
    r"/amp/?$(?<=/[^/]+/amp/?)|\.amp(?=\.html?$|$)", regex.IGNORECASE
)
_AMP_CACHE = regex.compile(
    r"(?:https?://)?(?:[\w-]+\.cdn\.ampproject\.org/(?:[acvw]/)?|"
    r"www\.google\.[a-z.]+/amp/)(s/)?(.+)",
    regex.IGNORECASE,
)
_SESSION = regex.compile(r";jsessionid=[^/;]*", regex.IGNORECASE)
_SAFE = "!$&'()*+,;=:@~-._"  # of a path's step, that is the same however it is written
_SCHEME = regex.compile(r"[a-z][a-z0-9+.\-]*:(?!\d+(?:[/?#]|$))", regex.IGNORECASE)
_LABEL = r"[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}])?"
_MOST_LABELS = 126  # before the last: a name has 255 bytes (RFC 1035)
_HOST = regex.compile(
    rf"localhost|\d{{1,3}}(?:\.\d{{1,3}}){{3}}|[0-9a-f.]*+:[0-9a-f:.]*"
    rf"|(?:{_LABEL}\.){{1,{_MOST_LABELS}}}\p{{L}}[\p{{L}}\p{{M}}\p{{N}}-]+\.?",
    regex.IGNORECASE,
)
_IN_HOUSE = regex.compile(_LABEL, regex.IGNORECASE)
_PRIVATE = regex.compile(
    r"(?:.+\.)?(?:localhost|local|internal|intranet|lan|home\.arpa|localdomain)\.?",
    regex.IGNORECASE,
)  # endings that no public name has
_BROKEN = regex.compile(r"%(?![0-9a-f]{2})[^/?#&=]{0,2}", regex.IGNORECASE)


class NoLink(Refusal):
    """What was given is no web address; says what to write instead."""

    kind = RefusalKind.INVALID


def typed(written: str) -> str:
    """A link as a person gave it, whole: with https:// where it has no scheme.

    Nothing is none. Raises `NoLink`.
    """
    link = written.strip().strip("<>\ufeff\u200b").strip()
    if not link:
        return ""
    if link.startswith("//"):
        link = f"https:{link}"
    bare = not _SCHEME.match(link)
    link = f"https://{link}" if bare else link
    if wrong := _wrong(link, bare):
        raise NoLink(f"“{_short(written)}” is no link: {wrong}")
    return link


def problem(written: str) -> str:
    """Why this is no link, in a sentence; nothing: it is one, or there is none."""
    try:
        typed(written)
    except NoLink as error:
        return str(error)
    return ""


def remark(link: str) -> str:
    """What is to be known of a link that is one, in a sentence; mostly nothing."""
    host = _parts(link).hostname or ""
    if not _is_private(host):
        return ""
    return f"Readers can't open {_short(link)}: {host} is inside your own network."


def same(one: str | None, other: str | None) -> bool:
    """Whether two links lead to the same page, however they are written."""
    return bool(one and other) and identity(one or "") == identity(other or "")


def same_site(one: str, other: str) -> bool:
    """Whether two links are on one server, `www.` or not."""
    return _server(_parts(one)) == _server(_parts(other))


def identity(link: str) -> str:
    """What all spellings of a link have in common, as an https address.

    Left out: scheme, `www.`, a usual port, what counts clicks, the place on the page,
    a last slash, the lighter copy of a page (AMP), how letters are encoded.
    """
    if cached := _AMP_CACHE.fullmatch(link.strip()):
        link = f"http{'s' if cached[1] else ''}://{cached[2]}"
    parts = _parts(link)
    path = _AMP_PATH.sub("", _SESSION.sub("", parts.path))
    steps = "/".join(map(_step, path.split("/"))).rstrip("/")
    return f"https://{_server(parts)}{steps}{_query(parts)}{_place(parts)}"


def spellings(link: str) -> set[str]:
    """How an address without parameters may have been kept before there was a rule."""
    whole = identity(link)
    rest = whole.removeprefix("https://")
    starts = (f"{scheme}://{www}" for scheme in DEFAULT_PORTS for www in ("", "www."))
    return {link, *(f"{start}{rest}{end}" for start in starts for end in ("", "/"))}


def holds(text: str, link: str | None) -> bool:
    """Whether the text says this link already."""
    return any(same(one.address, link) for one in links(text, bare=True))


def said_as(text: str, link: str, sent: str) -> tuple[str, str]:
    """The text with this link in the spelling that is sent, wherever it says it.

    With it the spelling itself: a place on the page that the text names is kept.
    """
    found = [one for one in links(text, bare=True) if same(one.address, link)]
    if not found:
        return text, sent
    for one in reversed(found):
        text = text[: one.start] + _at(sent, one.address) + text[one.end :]
    return text, _at(sent, found[0].address)


def _at(sent: str, written: str) -> str:
    place = written.partition("#")[2]
    return sent if "#" in sent or not place else f"{sent}#{place}"


def _wrong(link: str, bare: bool) -> str:
    """Why this is no link, in a sentence; nothing: it is one."""
    if len(link) > LONGEST:
        return f"it has over {LONGEST:,} characters."
    if (scheme := link.partition(":")[0].lower()) not in DEFAULT_PORTS:
        return f"readers can't open “{scheme}:” as a web page. {WRITE_IT}"
    if any(letter.isspace() or not letter.isprintable() for letter in link):
        return f"it has a space in it. {WRITE_IT}"
    if odd := next((sign for sign in '<>"' if sign in link), None):
        return f"it has {odd} in it. {WRITE_IT}"
    try:
        parts = urlsplit(link)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"its address can't be read. {WRITE_IT}"
    if not host:
        return f"it names no site. {WRITE_IT}"
    if not bare and _IN_HOUSE.fullmatch(host) and host != "localhost":
        return f"only your own network knows “{_short(host)}”. {WRITE_IT}"
    if not _HOST.fullmatch(host) or port == 0:
        return f"“{_short(host)}” is no name of a site. {WRITE_IT}"
    if "@" in parts.netloc:
        return "it holds a user name or a password: write it without them."
    if broken := _BROKEN.search(link):
        return f"“{broken[0]}” stands for no letter: write a % as %25."
    return ""


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return bool(_PRIVATE.fullmatch(host))


def _short(written: str) -> str:
    shown = " ".join(written.split())
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def _parts(link: str) -> SplitResult:
    whole = link.strip() if "://" in link else f"https://{link.strip()}"
    try:
        parts = urlsplit(whole)
        _ = parts.port  # reading it raises where it is none
    except ValueError:
        return SplitResult("https", "", whole, "", "")
    return parts


def _server(parts: SplitResult) -> str:
    labels = (parts.hostname or "").rstrip(".").split(".")
    host = unicodedata.normalize("NFKC", ".".join(map(_label, labels))).lower()
    for other in ("www.", "amp."):
        host = host.removeprefix(other) if host.count(".") > 1 else host
    usual = parts.port in (None, DEFAULT_PORTS.get(parts.scheme.lower()))
    return host if usual else f"{host}:{parts.port}"


def _label(label: str) -> str:
    """A part of a name in its own letters: DNS writes them as xn--."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except UnicodeError:
        return label


def _step(step: str) -> str:
    return quote(_letters(unquote_to_bytes(step)), safe=_SAFE)


def _letters(data: bytes) -> str | bytes:
    """In one Unicode form; what is no text stays as it is."""
    try:
        return unicodedata.normalize("NFC", data.decode())
    except UnicodeDecodeError:
        return data


def _query(parts: SplitResult) -> str:
    told = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    kept = sorted(
        f"{_value(name)}={_value(value)}".removesuffix("=")
        for name, value in told
        if not TRACKING.match(name) and (name.lower(), value.lower()) not in _AMP_QUERY
    )
    return f"?{'&'.join(kept)}" if kept else ""


def _value(value: str) -> str:
    data = value.encode(errors="surrogateescape")
    return quote(_letters(data), safe="")


def _place(parts: SplitResult) -> str:
    """Where a fragment names the page itself, not a place on it."""
    return f"#{parts.fragment}" if parts.fragment[:1] in ("!", "/") else ""
