"""The shape of a draft: a post that the desk would make of an article."""

from __future__ import annotations

from desk.models import Channel
from desk.reading import Reading
from desk.shapes import Json
from desk.writing.drafts import Draft


def draft_json(draft: Draft, channel: Channel, reading: Reading) -> Json:
    said = (*draft.warnings, draft.not_offered)
    return {
        "channel": channel.name,
        "platform": channel.platform,
        "text": draft.text,
        "link": draft.link,
        "image": reading.image_url,
        "alt": draft.alt,
        "length": draft.length,
        "limit": draft.limit,
        "candidates": [
            {"text": one.text, "kind": str(one.kind), "sources": list(one.sources)}
            for one in draft.candidates
        ],
        "warnings": [*reading.warnings, *filter(None, said)],
    }
