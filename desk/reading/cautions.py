"""What an editor must know before a story is shared, as sentences."""

from __future__ import annotations

from collections.abc import Iterator

PAID = (
    "This is paid content: label the post as an advertisement, as the law and the "
    "platforms ask."
)
OPINION = (
    "This is opinion: candidates speak in the author’s voice. Name the author in the "
    "post."
)


def cautions(
    embargo: str = "", opinion: bool = False, paid: bool = False
) -> Iterator[str]:
    """One sentence for each; `embargo`: the line that says so."""
    if embargo:
        yield (
            f"The story is under an embargo. It says: “{embargo}” Give its posts a "
            "time after that."
        )
    if opinion:
        yield OPINION
    if paid:
        yield PAID
