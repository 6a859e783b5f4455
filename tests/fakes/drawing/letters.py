"""How servers write the letters of plain words, and escape them."""

from __future__ import annotations

import unicodedata
from html import escape
from html.entities import codepoint2name

import regex

OPENING = " \t\n([{«„-–—"
SELECTORS = "\ufe0e\ufe0f"
UNSEEN = "\u200b\u2060\ufeff\u00ad"
STRAIGHT = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'} | {
    "‘": "'",
    "’": "'",
    "‚": "'",
    "–": "-",
    "—": "-",
    "…": "...",
    "\u00a0": " ",
}
REPLACED = {"+-": "±", "<->": "↔", "->": "→", "<-": "←", "!=": "≠"}


def as_they_are(text: str) -> str:
    return text


def curly(text: str) -> str:
    """Quote marks, dashes and dots as goldmark's typographer sets them."""
    told = text.replace("---", "—").replace("--", "–").replace("...", "…")
    return "".join(_curled(told, at) for at in range(len(told)))


def replaced(text: str) -> str:
    """What typographers make of arrows, and of signs beside each other."""
    for sign, told in REPLACED.items():
        text = text.replace(sign, told)
    return text


def straight(text: str) -> str:
    """Typewriter's marks in place of a printer's."""
    return "".join(STRAIGHT.get(letter, letter) for letter in text)


def guillemets(text: str) -> str:
    """Quote marks as the French set them, with their spaces."""
    told, opens = [], True
    for letter in text:
        if letter in '"“”':
            told.append("«\u00a0" if opens else "\u00a0»")
            opens = not opens
        else:
            told.append(letter)
    return "".join(told)


def spaced(text: str) -> str:
    """A narrow space that does not break before double signs."""
    for sign in ";:!?":
        text = text.replace(f" {sign}", f"\u202f{sign}")
    return text


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def without_selectors(text: str) -> str:
    """Less the signs that choose how an emoji looks."""
    return "".join(letter for letter in text if letter not in SELECTORS)


def with_selectors(text: str) -> str:
    """With one behind each sign that may be an emoji."""
    told = without_selectors(text)
    return "".join(f"{one}\ufe0f" if "☀" <= one <= "➿" else one for one in told)


def without_unseen(text: str) -> str:
    """Less the letters that have no width."""
    return "".join(letter for letter in text if letter not in UNSEEN)


def with_unseen(text: str) -> str:
    """A place to break behind each slash and dash."""
    return text.replace("-", "-\u200b").replace("/", "/\u200b")


def hyphenated(text: str) -> str:
    """A soft hyphen in every long word."""
    return " ".join(
        f"{word[:6]}\u00ad{word[6:]}" if word.isalpha() and len(word) > 10 else word
        for word in text.split(" ")
    )


def collapsed(text: str) -> str:
    """One space for many."""
    while "  " in text:
        text = text.replace("  ", " ")
    return text.replace("\u00a0", " ")


def unbroken(text: str) -> str:
    """Spaces that do not break where several stand."""
    return text.replace("  ", "\u00a0 ")


def isolated(text: str) -> str:
    """Words that run from right to left, between marks that say so."""
    return " ".join(
        f"\u2067{word}\u2069" if _runs_left(word) else word for word in text.split(" ")
    )


def escaped_least(text: str) -> str:
    """GoToSocial's minifier: no more than a browser needs."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def escaped_by_name(text: str) -> str:
    """Every sign that has a name by its name."""
    return "".join(
        f"&{codepoint2name[ord(letter)]};" if ord(letter) in codepoint2name else letter
        for letter in text
    )


def escaped_by_number(text: str) -> str:
    """Every letter that is not of the oldest set by its number."""
    return "".join(
        letter if letter.isalnum() and letter.isascii() else f"&#x{ord(letter):x};"
        for letter in text
    )


def escaped_with_pictures(text: str) -> str:
    """Every emoji as a picture that says which one it is."""
    return "".join(
        f'<img class="emoji" draggable="false" alt="{sign}" src="/emoji.svg">'
        if any(letter > "\U0001f000" for letter in sign)
        else escape(sign)
        for sign in regex.findall(r"\X", text)
    )


def escaped_twice(text: str) -> str:
    """A bug that some servers had: readers see the names of signs."""
    return escape(escape(text))


def _curled(text: str, at: int) -> str:
    letter = text[at]
    opens = at == 0 or text[at - 1] in OPENING
    if letter == '"':
        return "“" if opens else "”"
    if letter == "'":
        return "‘" if opens else "’"
    return letter


def _runs_left(word: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in word)
