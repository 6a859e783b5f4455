"""Two spellings of one name in one text: flagged, never mended."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import regex

NUMERALS = {
    "1": "one I eins un une uno una um een ett en",
    "2": "two II zwei deux dos due dois twee två to",
    "3": "three III drei trois tres tre três drie",
    "4": "four IV vier quatre cuatro quattro quatro fyra fire",
    "5": "five V fünf cinq cinco cinque vijf fem",
    "6": "six VI sechs seis sei zes sex seks",
    "7": "seven VII sieben sept siete sette sete zeven sju syv",
    "8": "eight VIII acht huit ocho otto oito åtta otte",
    "9": "nine IX neun neuf nueve nove negen nio ni",
    "10": "ten X zehn dix diez dieci dez tien tio ti",
}
VALUE = {
    word.casefold(): number
    for number, words in NUMERALS.items()
    for word in words.split()
}
NUMBERED = regex.compile(r"\b(\p{Lu}\p{L}{2,}) (\d{1,2}|\p{Lu}\p{L}*)\b(?!\s\p{Lu})")
LONGEST_WORD = 80  # letters; the longest German compound in print has 79
WORD = rf"\p{{Lu}}[\p{{L}}\p{{M}}'’\-]{{1,{LONGEST_WORD}}}"
RUN = regex.compile(rf"{WORD}(?: {WORD})+")
ALONE = regex.compile(r"(?<=\p{Ll},? )\p{Lu}\p{Ll}{4,}(?! \p{Lu})")
MOST = 100  # names that share a word, beyond which they are no names
CAPITALISED_NOUNS = frozenset({"de", "lb"})


def spelling_warnings(texts: tuple[str, ...], language: str) -> tuple[str, ...]:
    """A sentence for each pair of spellings that are probably one name."""
    text = "\n".join(texts)
    pairs = [*_numbered(text), *_full_names(text)]
    if language not in CAPITALISED_NOUNS:
        pairs += _surnames(text)
    return tuple(
        f"The text spells one name in two ways: “{one}” and “{other}”. The desk "
        "keeps both as they are: check which is right."
        for one, other in dict.fromkeys(pairs)
    )


def _numbered(text: str) -> list[tuple[str, str]]:
    """Part 1 and Part One."""
    written: dict[tuple[str, str], dict[str, None]] = {}
    for match in NUMBERED.finditer(text, overlapped=True):
        value = VALUE.get(match[2].casefold(), match[2])
        if value.isdigit():
            written.setdefault((match[1], value), {})[match[0]] = None
    return [
        (one, other)
        for forms in written.values()
        for one, other in combinations(forms, 2)
    ]


def _full_names(text: str) -> list[tuple[str, str]]:
    """Haley Atwell and Haley Attwell: one word differs by one letter, inside it."""
    names = dict.fromkeys(
        pair
        for run in RUN.findall(text)
        for pair in zip(_bare(run).split(), _bare(run).split()[1:], strict=False)
    )
    return [
        (" ".join(one), " ".join(other))
        for place in (0, 1)
        for group in _grouped(names, place)
        for one, other in combinations(group[:MOST], 2)
        if one_letter_apart(one[1 - place], other[1 - place])
    ]


def _grouped(
    names: Iterable[tuple[str, str]], place: int
) -> Iterable[list[tuple[str, str]]]:
    """Names that share one of their two words."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        groups.setdefault(name[place], []).append(name)
    return groups.values()


def _surnames(text: str) -> list[tuple[str, str]]:
    """Haley Atwell, and later Attwell alone: only a letter that is doubled or lost."""
    last = dict.fromkeys(_bare(run).split()[-1] for run in RUN.findall(text))
    full = {_undoubled(name): name for name in last}
    alone = dict.fromkeys(_bare(word) for word in ALONE.findall(text))
    return [
        (full[_undoubled(word)], word)
        for word in alone
        if word not in last
        and _undoubled(word) in full
        and one_letter_apart(full[_undoubled(word)], word)
    ]


def one_letter_apart(one: str, other: str) -> bool:
    """Whether two words differ by one letter that is neither first nor an ending."""
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    if start == 0 or start >= min(len(one), len(other)) - 1:
        return False
    tails = {
        (one[start + 1 :], other[start + 1 :]),
        (one[start + 1 :], other[start:]),
        (one[start:], other[start + 1 :]),
    }
    return any(a == b for a, b in tails)


def _undoubled(word: str) -> str:
    return str(regex.sub(r"(.)\1", r"\1", word.casefold()))


def _bare(run: str) -> str:
    return str(regex.sub(r"['’]s?\b", "", run))
