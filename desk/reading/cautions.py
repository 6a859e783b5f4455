"""What an editor must know before a story is shared, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from desk.reading.folding import ends_sentence
from desk.reading.labels import OPINIONS, is_label, starts_with_label
from desk.reading.labels import PAID as PAID_LABELS

LABEL = 80  # letters
BY_WHOM = (" by", " with", " for", " von", " par", " por", " da", " door", " av")

PAID = (
    "This is paid content: label the post as an advertisement, as the law and the "
    "platforms ask."
)
OPINION = (
    "This is opinion: candidates speak in the author’s voice. Name the author in the "
    "post."
)


BROKEN = (
    "Some of its letters are broken (�): the text was saved in an encoding that can't "
    "be told. Mend them before it goes out."
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


def broken_letters(texts: Iterable[str]) -> Iterator[str]:
    """A sentence where a letter is lost."""
    if any("\ufffd" in text for text in texts):
        yield BROKEN


def says_paid(label: str) -> bool:
    """Whether what stands above a story says that somebody paid for it, or who."""
    if len(label) > LABEL or ends_sentence(label):
        return False
    return is_label(label, PAID_LABELS) or starts_with_label(
        label, PAID_LABELS
    ).endswith(BY_WHOM)


def says_opinion(label: str) -> bool:
    return is_label(label, OPINIONS)
