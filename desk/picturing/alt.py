"""Alt text, drafted from what came with the picture; a person checks it."""

from __future__ import annotations

from desk.reading.article import Reading


def draft_alt(reading: Reading) -> str:
    """The figure's own alt text, else the caption without its credit, else nothing."""
    alt = reading.alt.strip()
    if alt and not _is_file_name(alt):
        return alt
    return reading.caption.strip()


def _is_file_name(alt: str) -> bool:
    return " " not in alt and alt.lower().endswith((".jpg", ".jpeg", ".png", ".webp"))
