"""Choosing candidates: different ones, each of which passes every gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from desk.reading.article import Reading
from desk.writing.candidate import Angle, Candidate, Length, Written
from desk.writing.fitting import fit
from desk.writing.gates import Text, problems
from desk.writing.news import amount, early, generic, shares
from desk.writing.pool import Paragraph, Pool
from desk.writing.quotes import Quote, full_name, only_quoted, speeches
from desk.writing.sentences import Sentence, split
from desk.writing.timeliness import past_date, time_word
from desk.writing.words import alike, count, fold_for_comparing

MOST = 6
TOO_ALIKE = 0.5  # share of telling words, from which two say the same
SHORT = 8  # words; a lead so short takes its next sentence along
LEADS = 6  # sentences among which a lead is looked for
QUOTED = 4  # words, from which a quote says something
TRIED = 300  # options of an angle; a long read has fewer sentences than twice that
WORDS = 5  # fewer say too little to stand alone
QUESTION_MARKS = ("?", "？", "؟")
Options = Callable[[Pool], Iterable[Candidate]]


def candidates(reading: Reading, length: Length, limit: int, now: datetime) -> Written:
    """Up to six different texts for a post, best first; fewer with the reason said.

    `now`: in the newsroom's zone; decides which dates have passed.
    """
    return candidates_in(Pool(reading), length, limit, now)


def candidates_in(pool: Pool, length: Length, limit: int, now: datetime) -> Written:
    """The same of an article that was taken apart before."""
    choice = Choice(pool, length, limit, now)
    for angle, options in ANGLES:
        choice.take(angle, options(choice.pool))
    if len(choice.taken) < MOST:
        choice.take(Angle.QUOTE, _other_quotes(choice), aloud=False)
    if not choice.taken:
        choice.take(Angle.LEAD, _statements(choice.pool), aloud=False)
    return Written(tuple(choice.taken), tuple(choice.timely()), choice.missing())


@dataclass
class Choice:
    """What was taken so far, and why something was not."""

    pool: Pool
    length: Length
    limit: int
    now: datetime
    taken: list[Candidate] = field(default_factory=list)
    reasons: dict[Angle, str] = field(default_factory=dict)

    def take(
        self, angle: Angle, options: Iterable[Candidate], aloud: bool = True
    ) -> None:
        """The first option that passes; one with a date that has passed comes last."""
        reasons: list[list[str]] = []
        ordered = sorted(options, key=lambda option: bool(self.passed(option)))
        for option in ordered[:TRIED]:
            against = self.against(option)
            if not against:
                self.taken.append(option)
                return
            reasons.append(against)
        if aloud:
            nearest = min(reasons, key=len, default=[f"There is no {WANTED[angle]}."])
            self.reasons[angle] = nearest[0]

    def against(self, option: Candidate) -> list[str]:
        """Why an option is not taken."""
        it = Text(option.text, option.kind, self.pool, self.length, self.limit)
        return problems(it) + [
            f"It says the same as the {other.kind.spoken}."
            for other in self.taken
            if _same(option, other)
        ]

    def passed(self, option: Candidate) -> str:
        day = past_date(option.text, self.now.date(), self.pool.told)
        return f"{day:%-d %B %Y}" if day else ""

    def timely(self) -> Iterator[str]:
        """What may not be true any more when the post goes live."""
        for each in self.taken:
            if word := time_word(each.text, self.pool.language):
                yield (
                    f"The {each.kind.spoken} says “{word}”: check that it is still "
                    "true when the post goes live."
                )
            if day := self.passed(each):
                yield f"The {each.kind.spoken} names {day}, which has passed."

    def missing(self) -> str:
        """Why there are fewer candidates than there might be."""
        said = [_aside(angle, why) for angle, why in self.reasons.items()]
        return f"Not offered: {', '.join(said)}." if said else ""


def _aside(angle: Angle, why: str) -> str:
    return f"{angle.spoken} ({why[0].lower()}{why[1:-1]})"


def _same(one: Candidate, other: Candidate) -> bool:
    if Angle.HEADLINE in (one.kind, other.kind):
        return fold_for_comparing(one.text) == fold_for_comparing(other.text)
    first, second = fold_for_comparing(one.text), fold_for_comparing(other.text)
    if first in second or second in first or set(one.sources) & set(other.sources):
        return True
    return alike(one.text, other.text) >= TOO_ALIKE


def _headline(pool: Pool) -> Iterator[Candidate]:
    headline = pool.reading.headline
    if headline:
        yield Candidate(headline, Angle.HEADLINE, (headline,))


def _dek(pool: Pool) -> Iterator[Candidate]:
    """The newsroom's own standfirst; not one that a machine took from the opening."""
    dek = pool.reading.standfirst.strip()
    opening = fold_for_comparing(pool.paragraphs[0].text) if pool.paragraphs else ""
    taken = opening.startswith(fold_for_comparing(dek)[:60])
    if not dek or (taken and generic(dek, pool, early(pool))):
        return
    yield Candidate(dek, Angle.DEK, (dek,))
    wholes = [s.text for s in split(dek, pool.language) if s.whole]
    for number in range(len(wholes) - 1, 0, -1):
        text = fit(dek, len, dek.find(wholes[number - 1]) + len(wholes[number - 1]))
        if text:
            yield Candidate(text, Angle.DEK, tuple(wholes[:number]))


def _leads(pool: Pool) -> Iterator[Candidate]:
    """Sentences that tell the news, in the article's order."""
    body = early(pool)
    telling = [each for each in body if not generic(each, pool, body)]
    near = {each for each in telling if each in body[:LEADS]} or set(telling)
    for option in _statements(pool):
        if option.sources[0] in near:
            yield option


def _statements(pool: Pool) -> Iterator[Candidate]:
    """Every sentence that tells something; a short one with its next."""
    for paragraph in pool.paragraphs:
        for at, sentence in enumerate(paragraph.sentences):
            if sentence.text.endswith(QUESTION_MARKS):
                continue
            following = paragraph.sentences[at + 1 : at + 2]
            if count(sentence.text) < SHORT and following:
                yield _of(paragraph, Angle.LEAD, (sentence, *following))
            if count(sentence.text) >= WORDS:
                yield _of(paragraph, Angle.LEAD, (sentence,))


def _quotes(pool: Pool) -> list[Candidate]:
    """What was said: by full name first, then nearest to the headline."""

    def rank(option: tuple[Paragraph, Quote]) -> tuple[bool, int]:
        _, quote = option
        named = full_name(quote.speaker, pool.everything)
        return not named, -shares(quote.saying.text, pool)

    named = [
        (paragraph, quote)
        for paragraph, quote in pool.quotes
        if quote.speaker and _says_something(quote)
    ]
    return [
        option
        for paragraph, quote in sorted(named, key=rank)
        for option in _shortening(paragraph, quote)
    ]


def _shortening(paragraph: Paragraph, quote: Quote) -> Iterator[Candidate]:
    """The whole quote, then without its last sentences."""
    for number in range(len(quote.sentences), int(quote.introduced), -1):
        yield _of(paragraph, Angle.QUOTE, quote.sentences[:number])


def _says_something(quote: Quote) -> bool:
    """At least two fifths of it is the quote itself."""
    texts = [sentence.text for sentence in quote.sentences[int(quote.introduced) :]]
    said = sum(
        count(text[span.start : span.end]) for text in texts for span in speeches(text)
    )
    return said >= QUOTED and said * 5 >= sum(map(count, texts)) * 2


def _other_quotes(choice: Choice) -> list[Candidate]:
    """By somebody who isn't quoted yet."""
    pool = choice.pool
    sources = {source for each in choice.taken for source in each.sources}
    heard = {_surname(q) for _, q in pool.quotes if q.saying.text in sources}
    others = {q.saying.text for _, q in pool.quotes if _surname(q) not in heard}
    return [each for each in _quotes(pool) if others & set(each.sources)]


def _surname(quote: Quote) -> str:
    return quote.speaker.split()[-1] if quote.speaker else ""


def _numbers(pool: Pool) -> list[Candidate]:
    """Sums and shares first, then nearest to the headline."""
    found = [
        option
        for option in _every(pool, Angle.NUMBER)
        if amount(option.text) and not option.text.endswith(QUESTION_MARKS)
    ]
    return sorted(found, key=lambda o: (-amount(o.text), -shares(o.text, pool)))


def _questions(pool: Pool) -> Iterator[Candidate]:
    """Questions that the article itself asks about its news."""
    for option in _every(pool, Angle.QUESTION):
        asks = option.text.endswith(QUESTION_MARKS)
        if asks and not speeches(option.text) and shares(option.text, pool):
            yield option


def _every(pool: Pool, angle: Angle) -> Iterator[Candidate]:
    for paragraph in pool.paragraphs:
        for sentence in paragraph.sentences:
            if count(sentence.text) >= WORDS and not only_quoted(sentence.text):
                yield _of(paragraph, angle, (sentence,))


def _of(
    paragraph: Paragraph, angle: Angle, sentences: tuple[Sentence, ...]
) -> Candidate:
    text = paragraph.span(sentences[0], sentences[-1])
    return Candidate(text, angle, tuple(s.text for s in sentences))


ANGLES: tuple[tuple[Angle, Options], ...] = (  # best first: the draft takes the first
    (Angle.DEK, _dek),
    (Angle.LEAD, _leads),
    (Angle.QUOTE, _quotes),
    (Angle.HEADLINE, _headline),
    (Angle.NUMBER, _numbers),
    (Angle.QUESTION, _questions),
)
WANTED = {
    Angle.HEADLINE: "headline",
    Angle.DEK: "standfirst of its own",
    Angle.LEAD: "whole sentence that tells its news",
    Angle.QUOTE: "quote with a named speaker",
    Angle.NUMBER: "sentence with a sum, a share or a count",
    Angle.QUESTION: "question about its news",
}
