"""The pool: an article taken apart, so that texts can be chosen and checked by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import regex

from desk.reading.article import LOOKED_INTO, Kind, Reading
from desk.writing.boilerplate import dateline
from desk.writing.interviews import before_interview
from desk.writing.languages import names_show, primary
from desk.writing.marks import MARKS, paired
from desk.writing.quotes import Quote, speeches, spoken
from desk.writing.sentences import Sentence, split
from desk.writing.words import (
    fold_for_comparing,
    names,
    numbers,
    possessives_dropped,
    telling,
)

OPENERS = "–—- " + "".join(MARKS)
SENTENCES = 1_000  # of a story that are looked into; the longest of 130 pages has 232
STEM = 4  # letters that every case of a name shares
DATELINED = 2  # first paragraphs that may start with a place and an agency


@dataclass(frozen=True)
class Paragraph:
    text: str
    sentences: tuple[Sentence, ...]

    def span(self, first: Sentence, last: Sentence) -> str:
        """The article's own letters from one sentence to another."""
        return self.text[first.start : last.end]


@dataclass(frozen=True)
class Pool:
    """What candidates are made from and checked against. Subheadings stay out."""

    article: Reading

    @cached_property
    def reading(self) -> Reading:
        """The article; what should be a line or two, and is longer, says nothing."""
        whole = self.article
        return replace(
            whole,
            headline=_line(whole.headline),
            standfirst=_line(whole.standfirst),
            caption=_line(whole.caption),
            credit=_line(whole.credit),
        )

    @cached_property
    def language(self) -> str:
        return primary(self.reading.language, self.everything)

    @cached_property
    def everything(self) -> str:
        """All that the article says: its headline, standfirst and body."""
        reading = self.reading
        return "\n".join(
            (reading.headline, reading.standfirst, *(b.text for b in reading.blocks))
        )

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """As many as have the sentences that are looked into."""
        told = (
            stretch
            for place, text in enumerate(self._own)
            for stretch in self._stretches(place, text)
        )
        return tuple(_first(told, SENTENCES))

    @cached_property
    def quotes(self) -> tuple[tuple[Paragraph, Quote], ...]:
        """Everything said in the article with its speaker."""
        return tuple(
            (paragraph, quote)
            for paragraph in self.paragraphs
            for quote in spoken(paragraph.sentences, self.language)
        )

    @cached_property
    def said(self) -> tuple[tuple[Quote, str], ...]:
        """Every stretch of somebody's words, folded, with its quote."""
        return tuple(
            (quote, fold_for_comparing(sentence.text[span.start + 1 : span.end - 1]))
            for _, quote in self.quotes
            for sentence in quote.sentences
            for span in speeches(sentence.text)
        )

    @cached_property
    def plain(self) -> str:
        return fold_for_comparing(self.everything)

    @cached_property
    def named(self) -> str:
        """Everything, folded, as names are looked for in it."""
        return possessives_dropped(self.plain)

    @cached_property
    def numbers(self) -> frozenset[str]:
        return numbers(self.everything)

    @cached_property
    def about(self) -> frozenset[str]:
        """The telling words of the headline."""
        return telling(self.reading.headline)

    @cached_property
    def told(self) -> date | None:
        """The day that the article was published."""
        at = self.reading.published_at
        return at.date() if at else None

    def names(self, text: str) -> tuple[str, ...]:
        """The names in a text; none where capital letters don't mark them."""
        return names(text) if names_show(self.language) else ()

    def is_name(self, word: str, sentence: str) -> bool:
        """Whether the lone word that a sentence begins with is a name.

        Every first word has a capital; a name has one within a sentence, too, in
        this or another case of it.
        """
        first = sentence.lstrip(OPENERS).startswith(word) and " " not in word
        if not first or not names_show(self.language):
            return True
        stem = regex.escape(word[: max(STEM, len(word) - 2)])
        within = rf"(?<=[\p{{Ll}}\d,;»”’] ){stem}\w{{0,4}}(?!\w)"
        return regex.search(within, self.everything) is not None

    @property
    def _own(self) -> Iterator[str]:
        """Paragraphs in the newsroom's own words: those of an interview are not."""
        for block in before_interview(self.reading.blocks):
            if block.kind is Kind.PARAGRAPH:
                yield block.text

    def _stretches(self, place: int, text: str) -> Iterator[Paragraph]:
        """A paragraph, or the sentences of a long one by as many as are looked into.

        A sentence longer than that ends it.
        """
        at = 0
        while seen := text[at : at + LOOKED_INTO]:
            found = split(seen, self.language)
            if at + len(seen) < len(text):
                found = _finished(seen, found)
                seen = seen[: found[-1].end if found else 0]
            if not found:
                return
            skipped = place < DATELINED and not at
            yield Paragraph(seen, _without_dateline(found) if skipped else found)
            at += len(seen)


def _first(told: Iterable[Paragraph], sentences: int) -> Iterator[Paragraph]:
    for paragraph in told:
        yield paragraph
        sentences -= len(paragraph.sentences)
        if sentences <= 0:
            return


def _finished(text: str, sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Those that end before the text breaks off, and before a quote that goes on."""
    strays = paired(text).strays
    end = strays[-1] if strays else len(text)
    return tuple(one for one in sentences[:-1] if one.end <= end)


def _without_dateline(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    first, *others = sentences
    start = first.start + dateline(first.text)
    text = first.text[start - first.start :]
    kept = Sentence(text, start, first.end, first.whole)
    return (kept, *others) if text else sentences


def _line(text: str) -> str:
    return text if len(text) <= LOOKED_INTO else ""
