"""News: which sentences tell it, and which only set the scene."""

from __future__ import annotations

import re
from collections.abc import Sequence

import regex

from desk.writing.languages import names_show
from desk.writing.pool import Pool
from desk.writing.timeliness import MONTH
from desk.writing.words import telling

AMOUNT = re.compile(
    r"""[$€£¥₹₽]\s?\d | \d\s?[€£¥₽%٪]
    | \d[.,\s]{0,3}\s(?:per\ ?cent|percent|prozent|pour\ cent|por\ ciento|процент
      |million|millones|milliard|milione|miljon|milhões|billion|trillion|mio|mrd
      |thousand|tausend|euro|dollar|pound|franken|kronor|kroner|rubl|млн|млрд|руб
      |مليون|مليار|دولار|מיליון|מיליארד|करोड़|लाख|प्रतिशत)
    | \d[,.]{0,3}\s?[万億亿%％人円件]
    | (?<!\d)\d{1,3}(?:[.,'’\u00a0\u202f]\d{3})+(?!\d)""",
    re.IGNORECASE | re.VERBOSE,
)
UNSPACED = "\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3"
PLAIN_NUMBER = re.compile(
    rf"(?<![.,:/–-])(?<![^\W{UNSPACED}])\d{{1,3}}"
    rf"(?![^\W{UNSPACED}]|[年月日時时]|[:/]|[.,–-]\d|\.\s)"
)
LONGEST_WORD = 80  # letters; the longest German compound in print has 79
NAMED_BEFORE = regex.compile(rf"(?<=\p{{Lu}}[\w'’-]{{0,{LONGEST_WORD}}}\s)")
DAY = re.compile(rf"\s?(?:st|nd|rd|th|\.|er)?\s?(?:de |of )?(?:{MONTH})", re.IGNORECASE)
EARLY = 12  # sentences among which the news is looked for


def amount(text: str) -> int:
    """2 where it gives a sum, a share or a large number; 1 a small one; else 0."""
    if AMOUNT.search(text):
        return 2
    return int(any(_counts(text, found) for found in PLAIN_NUMBER.finditer(text)))


def shares(text: str, pool: Pool) -> int:
    """How many of the headline's telling words a text has."""
    return len(telling(text) & pool.about)


def early(pool: Pool) -> list[str]:
    """The first sentences of the body."""
    every = (s.text for p in pool.paragraphs for s in p.sentences if s.whole)
    return [text for text, _ in zip(every, range(EARLY), strict=False)]


def generic(text: str, pool: Pool, body: Sequence[str]) -> bool:
    """Scene-setting: another sentence tells far more of what the headline promises.

    Not where it has an amount, or two names of its own.
    """
    most = max((shares(each, pool) for each in body), default=0)
    if most <= 1:
        if not names_show(pool.language):
            return False
        return not concrete(text, pool) and any(concrete(each, pool) for each in body)
    if amount(text) or len(set(pool.names(text))) > 1:
        return False
    return shares(text, pool) * 2 < most


def concrete(text: str, pool: Pool) -> bool:
    """It has a name, a number, or a word of the headline."""
    return bool(amount(text) or pool.names(text) or shares(text, pool))


def _counts(text: str, found: re.Match[str]) -> bool:
    """Not the number of a model, a page or a day."""
    if NAMED_BEFORE.match(text, found.start()):
        return False
    return not DAY.match(text, found.end())
