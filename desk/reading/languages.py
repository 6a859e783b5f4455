"""Which language a text is in, or nothing where that can't be told."""

from __future__ import annotations

from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SURE = 0.9
LETTERS = 60  # fewer say too little; a third of it where there are no spaces


def language_of(text: str) -> str:
    """The language's two-letter code, or "" when the identifier isn't sure."""
    letters = sum(char.isalpha() for char in text)
    if letters < (LETTERS if " " in text.strip() else LETTERS // 3):
        return ""
    code, share = _identifier().classify(text[:4000])
    return str(code) if share >= SURE and len(code) == 2 else ""


def load() -> None:
    """Read the model, which later may not be possible."""
    _identifier()


@cache
def _identifier() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
