"""How right a reading is: each field against the truth, between 0 and 1.

Titles are right when they are the same words; names and paragraphs by F1; a date by its
day; a picture by the last part of its address without its size.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Score = Callable[[Any, Any], float]
QUOTES = str.maketrans("‘’‚„“”«»‐‑‒–—−", "'''" + '"""""' + "------")


def folded(text: object) -> str:
    plain = unicodedata.normalize("NFKC", str(text or "")).translate(QUOTES)
    return " ".join(plain.split()).casefold()


def same(truth: object, said: object) -> float:
    return float(folded(truth) == folded(said))


def f1(truth: Iterable[object], said: Iterable[object]) -> float:
    right, found = Counter(truth), Counter(said)
    shared = sum((right & found).values())
    return 2 * shared / (sum(right.values()) + sum(found.values())) if shared else 0.0


def words(text: object) -> list[tuple[str, ...]]:
    """Runs of four words, or of four letters where a script has no spaces."""
    found = re.findall(
        r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u9fff]+", folded(text)
    )
    return list(zip(*(found[n:] for n in range(4)), strict=False))


def body(truth: object, said: object) -> float:
    return f1(words(truth), words(said))


def names(truth: object, said: object) -> float:
    return f1(_names(truth), _names(said))


def _names(told: object) -> set[str]:
    texts = told if isinstance(told, list | tuple) else [told]
    parts = [re.split(r"[;,/|•&]| and | und | et ", folded(text)) for text in texts]
    return {name.strip(" .-()") for one in parts for name in one} - {""}


def day(truth: object, said: object) -> float:
    return float(bool(said) and str(truth)[:10] == str(said)[:10])


def picture(truth: object, said: object) -> float:
    urls = truth if isinstance(truth, list) else [truth]
    return float(bool(said) and _asset(said) in {_asset(url) for url in urls})


def _asset(url: object) -> str:
    name = re.sub(r"[?#].*", "", str(url)).rstrip("/").rpartition("/")[2].casefold()
    name = re.sub(r"(\.(jpe?g|png|webp|avif))+$", "", name)
    return re.sub(r"[-_.@](\d{2,4}x\d{2,4}|\d{3,4}w?)$", "", name)


SCORES: Mapping[str, Score] = {
    "title": same,
    "body": body,
    "authors": names,
    "date": day,
    "image": picture,
    "credit": names,
}
