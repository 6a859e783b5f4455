"""Gates: what every candidate passes, always. Each says in a sentence what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import regex

from desk.writing.boilerplate import boilerplate
from desk.writing.candidate import Angle, Length
from desk.writing.dangling_starts import leaning
from desk.writing.languages import UNCASED
from desk.writing.marks import paired
from desk.writing.pool import Pool
from desk.writing.quotes import (
    Quote,
    begins_aloud,
    introduced,
    mostly_said,
    only_quoted,
    speaker_of,
    speeches,
)
from desk.writing.sentences import ENDS, split
from desk.writing.words import alike, count, fold_for_comparing, numbers, telling

AS_THE_HEADLINE = 0.6  # share of telling words, from which it is the headline again
ONLY_THE_HEADLINE = 0.8  # share of its own telling words that the headline has
CAPTION_WORDS = 4
STUMP = 3  # words; fewer after a whole sentence are the rest of one
GLUED = regex.compile(r"\p{Ll}{2}[.!?]\p{Lu}(?:\p{L}{2}|\s)")
OWN_TEXT = (Angle.HEADLINE, Angle.DEK)  # the newsroom's own whole texts


@dataclass(frozen=True)
class Text:
    """A text that wants to be a candidate, and what it is held against."""

    text: str
    kind: Angle
    pool: Pool
    length: Length
    limit: int


Gate = Callable[[Text], str | None]


def fits(it: Text) -> str | None:
    over = it.length(it.text) - it.limit
    return f"It is {over} too long for the channel." if over > 0 else None


def whole_sentences(it: Text) -> str | None:
    """Whole sentences; a headline and a dek may do without the point."""
    if it.text.rstrip("”\"'»“ ").endswith(("…", "...", "..")):
        return "It breaks off."
    if it.kind in OWN_TEXT and it.text == _own(it):
        if it.kind is Angle.DEK and it.text[0].islower():
            return "It starts inside a sentence."
        return "It breaks off." if _cut(it) else None
    sentences = split(it.text, it.pool.language)
    if not sentences or not all(s.whole for s in sentences):
        return "It is not made of whole sentences."
    if GLUED.search(it.text):
        return "Two of its sentences have no space between them."
    if sentences[0].text[0].islower() or not _starts_whole(it):
        return "It starts inside a sentence."
    return None


def balanced(it: Text) -> str | None:
    return "A quote mark has no partner." if paired(it.text).strays else None


def story(it: Text) -> str | None:
    """No caption, credit or boilerplate."""
    if found := boilerplate(it.text):
        return f"“{found}” is not part of the story."
    caption, text = (
        fold_for_comparing(it.pool.reading.caption),
        fold_for_comparing(it.text),
    )
    if count(caption) >= CAPTION_WORDS and (caption in text or text in caption):
        return "It is the image's caption."
    credit = fold_for_comparing(it.pool.reading.credit)
    if credit and (text == credit or text.endswith((f" {credit}", f"({credit})"))):
        return "It ends in the image's credit."
    return None


def stands_alone(it: Text) -> str | None:
    """A reader of the post alone knows who and what is meant."""
    if it.kind is Angle.HEADLINE:
        return None
    if found := leaning(it.text, it.pool.language):
        return f"It starts with “{found}”, which leans on what came before."
    return None


def not_the_headline(it: Text) -> str | None:
    """The headline candidate aside, nothing says only what the headline says."""
    if it.kind is Angle.HEADLINE:
        return None
    headline, own = it.pool.reading.headline, telling(it.text)
    shared = len(own & it.pool.about) / len(own) if own else 0.0
    again = (
        fold_for_comparing(it.text) == fold_for_comparing(headline)
        or shared >= ONLY_THE_HEADLINE
    )
    if again or alike(it.text, headline) >= AS_THE_HEADLINE:
        return "It is the headline again."
    return None


def numbers_are_the_articles(it: Text) -> str | None:
    strange = sorted(numbers(it.text) - it.pool.numbers)
    return f"The article has no number {strange[0]}." if strange else None


def names_are_the_articles(it: Text) -> str | None:
    for name in it.pool.names(it.text):
        if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", it.pool.named):
            return f"The article has no “{name}”."
    return None


def quotes_are_the_articles(it: Text) -> str | None:
    """To the letter, whatever shape the quote marks have."""
    for span in paired(it.text).outer:
        if fold_for_comparing(it.text[span.start : span.end]) not in it.pool.plain:
            return f"The article doesn't say {it.text[span.start : span.end]}."
    return None


def quotes_have_their_speaker(it: Text) -> str | None:
    """Whoever is quoted is named in the same text, and is the one who said it."""
    known, before, language = "", "", it.pool.language
    for sentence in split(it.text, language):
        previous, before = before, sentence.text
        if not speeches(sentence.text):
            continue
        if not only_quoted(sentence.text):
            speaker = speaker_of(sentence.text, language)
            speaker = introduced(previous, speaker, language) or speaker
            if speaker and not it.pool.is_name(speaker, sentence.text):
                speaker = ""
            aloud = mostly_said(sentence.text) or begins_aloud(sentence.text)
            unnamed = speaker == "" or (speaker is None and aloud)
            if unnamed and it.kind is not Angle.HEADLINE:
                return "It quotes somebody without a name."
            known = speaker or known
        elif not known and it.kind is not Angle.HEADLINE:
            return "It quotes somebody without saying whom."
    return _wrong_speaker(it)


GATES: tuple[Gate, ...] = (
    fits,
    whole_sentences,
    balanced,
    story,
    stands_alone,
    not_the_headline,
    numbers_are_the_articles,
    names_are_the_articles,
    quotes_are_the_articles,
    quotes_have_their_speaker,
)


def problems(it: Text) -> list[str]:
    """What each gate has against a text; nothing where it passes them all."""
    return [said for gate in GATES if (said := gate(it))]


def _own(it: Text) -> str:
    reading = it.pool.reading
    return reading.headline if it.kind is Angle.HEADLINE else reading.standfirst


def _cut(it: Text) -> bool:
    """A dek that a machine cut: the body goes on where it stops, or a stump is left."""
    if it.kind is Angle.HEADLINE:
        return False
    *before, last = split(it.text, it.pool.language)
    if before and not last.whole and count(last.text) < STUMP:
        return True
    stop = re.sub(rf"{ENDS.pattern}$", "", fold_for_comparing(last.text))
    return any(
        fold_for_comparing(sentence.text).startswith(f"{stop} ")
        for paragraph in it.pool.paragraphs
        for sentence in paragraph.sentences
    )


def _starts_whole(it: Text) -> bool:
    """Where the article has this text, it starts at one of its sentences there."""
    for paragraph in it.pool.paragraphs:
        at = paragraph.text.find(it.text)
        if at >= 0 and not any(s.start == at for s in paragraph.sentences):
            return it.text in it.pool.reading.standfirst
    return True


def _wrong_speaker(it: Text) -> str | None:
    """A quote that the article gives to somebody whom this text doesn't name."""
    text = fold_for_comparing(it.text)
    for quote, words in it.pool.said:
        if words in text:
            surname = quote.speaker if it.pool.language in UNCASED else _surname(quote)
            if fold_for_comparing(surname) not in text:
                return f"It doesn't say that these are {quote.speaker}'s words."
    return None


def _surname(quote: Quote) -> str:
    return quote.speaker.split()[-1] if quote.speaker else ""
