"""Alt text, drafted from what came with the picture; a person checks it."""

from __future__ import annotations


def draft_alt(alt: str, caption: str) -> str:
    """The figure's own alt text, else the caption without its credit, else nothing."""
    alt = alt.strip()
    if alt and not _is_file_name(alt):
        return alt
    return caption.strip()


def _is_file_name(alt: str) -> bool:
    return " " not in alt and alt.lower().endswith((".jpg", ".jpeg", ".png", ".webp"))
