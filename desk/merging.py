"""Merging: one text of two that were written from the same, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

WORD = re.compile(r"\S+")
COMPARED = 1_000  # words of a text; of longer ones both are kept, one under the other
LINKED = ", "  # between labels


@dataclass(frozen=True)
class _Edit:
    """Words from here to there gave way to others, on one of the two sides."""

    start: int
    end: int
    side: int
    words: Sequence[str]


def merge_words(before: str, theirs: str, mine: str) -> str:
    """Both changes of what stood before; of the same words both, theirs first."""
    if before in (theirs, mine) or theirs == mine:
        return mine if theirs == before else theirs
    was = _words(before)
    if max(len(was), len(_words(theirs)), len(_words(mine))) > COMPARED:
        return f"{theirs}\n\n{mine}"
    edits = [*_edits(was, theirs, 0), *_edits(was, mine, 1)]
    said: list[str] = []
    done = 0
    for group in _overlapping(sorted(edits, key=lambda one: (one.start, one.end))):
        start, end = group[0].start, max(one.end for one in group)
        said += was[done:start]
        versions = [_applied(was, start, end, group, side) for side in (0, 1)]
        for version in dict.fromkeys(filter(None, versions)):
            said += version
        done = end
    return _joined([*said, *was[done:]])


def _words(text: str) -> list[str]:
    """Each with the space or the lines before it."""
    ends = [0, *(found.end() for found in WORD.finditer(text))]
    return [text[start:end] for start, end in pairwise(ends)]


def merge_lists(theirs: str, mine: str) -> str:
    """What either names, such as labels, each once."""
    both = f"{theirs},{mine}".split(",")
    return LINKED.join(dict.fromkeys(filter(None, (one.strip() for one in both))))


def _edits(was: Sequence[str], said: str, side: int) -> Iterable[_Edit]:
    now = _words(said)
    bare, other = ([word.lstrip(" ") for word in words] for words in (was, now))
    compared = SequenceMatcher(None, bare, other, autojunk=False)
    for kind, a, b, c, d in compared.get_opcodes():
        if kind != "equal":
            yield _Edit(a, b, side, now[c:d])


def _overlapping(edits: Iterable[_Edit]) -> list[list[_Edit]]:
    """Those of the same words together."""
    groups: list[list[_Edit]] = []
    for one in edits:
        last = groups[-1] if groups else []
        same = last and last[0].start == one.start
        if same or any(one.start < other.end for other in last):
            last.append(one)
        else:
            groups.append([one])
    return groups


def _applied(
    was: Sequence[str], start: int, end: int, edits: Iterable[_Edit], side: int
) -> tuple[str, ...]:
    """What this side says there; nothing where it left that as it was."""
    its = [one for one in edits if one.side == side]
    said: list[str] = []
    for one in its:
        said += [*was[start : one.start], *one.words]
        start = one.end
    return (*said, *was[start:end]) if its else ()


def _joined(words: Iterable[str]) -> str:
    """With a space before a word that came first in its text."""
    spaced = (word if word[0].isspace() else f" {word}" for word in words)
    return "".join(spaced).strip()
