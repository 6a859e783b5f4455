"""Quotes: what was said to the letter, and who said it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.writing.languages import UNCASED
from desk.writing.marks import MARKS, Span, paired
from desk.writing.sentences import Sentence
from desk.writing.speech import verbs
from desk.writing.words import CAPITALISED, POSSESSIVE, count, plain

SPEECH_WORDS = 3  # fewer in quote marks are a title or a way of speaking
SMALL_WORDS = """
    monday tuesday wednesday thursday friday saturday sunday january february
    march april may june july august september october november december i we
    the a an in on at but and when while as after before during according for by
    from with if it he she they you who this that not there since montag
    dienstag mittwoch donnerstag freitag samstag sonntag der die das ein eine im
    am in wir ich und wenn als nach bei auf für mit von dem den le la les un une
    nous je on et mais dans pour à el los las una en yo nosotros y pero он она
    они мы я в на и но
"""
NO_NAME = frozenset(SMALL_WORDS.split())
PRONOUN = re.compile(
    r"(?<!\w)(?:s?he|they|we|it|you|who|er|sie|es|wir|ich|ils?|elles?|on|je|nous|él|"
    r"ella|ellos|ellas|yo|lui|lei|ele|ela|hij|zij|ze|hun|han|hon|dia|ia|o|"
    r"он|она|они|він|вона|вони|هو|هي|הוא|היא|הם|वह|वे|उन्होंने|उसने|他|她|他们|彼|彼女)"
    r"(?!\w)",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r"[,;:()–—]| who | der | die | qui | que ")


@dataclass(frozen=True)
class Quote:
    """Sentences that quote one speaker: the first says who, the others go on."""

    sentences: tuple[Sentence, ...]
    speaker: str  # as the sentence has it; empty where it names nobody


def spoken(sentences: Sequence[Sentence], language: str) -> Iterator[Quote]:
    """The quotes of one paragraph that say whose they are."""
    for at, sentence in enumerate(sentences):
        if speeches(sentence.text) and not only_quoted(sentence.text):
            speaker = speaker_of(sentence.text, language)
            if speaker is not None:
                yield Quote((sentence, *_going_on(sentences[at + 1 :])), speaker)


def speeches(text: str) -> list[Span]:
    """The quotes in a text that are long enough to be somebody's words."""
    return [
        span
        for span in paired(text).outer
        if count(text[span.start : span.end]) >= SPEECH_WORDS
    ]


def only_quoted(text: str) -> bool:
    """Nothing but quotes: it doesn't say who speaks."""
    return not count("".join(unquoted(text)))


def unquoted(text: str) -> list[str]:
    """What stands between the quotes."""
    parts, at = [], 0
    for span in paired(text).outer:
        parts.append(text[at : span.start])
        at = span.end
    return [*parts, text[at:]]


def speaker_of(sentence: str, language: str) -> str | None:
    """Who says it, by the sentence itself; empty where it is a pronoun or no name.

    None where no verb says that the quote is somebody's words.
    """
    for part in unquoted(sentence):
        if (said := _colon_speaker(part, language)) is not None:
            return said
        if verb := verbs(language).search(part):
            return _beside(part, verb, language)
    return None


def full_name(speaker: str, article: str) -> bool:
    """The speaker's name is as full as the article ever gives it."""
    if " " in speaker:
        return True
    fuller = rf"(?<!\w)[^\W\d_a-z][\w'’-]+ {re.escape(speaker)}(?!\w)"
    return not any(
        plain(found.group().split()[0]) not in NO_NAME
        for found in re.finditer(fuller, article)
    )


def _going_on(following: Sequence[Sentence]) -> Iterator[Sentence]:
    for sentence in following:
        if not only_quoted(sentence.text) or not sentence.whole:
            return
        yield sentence


def _colon_speaker(part: str, language: str) -> str | None:
    """Merz: „…“"""
    found = re.fullmatch(r"\s*([^:]{3,60})[:：]\s*", part)
    if found is None:
        return None
    if language in UNCASED:
        return found.group(1).strip()
    return next(iter(_names(found.group(1))), None)


def _beside(part: str, verb: re.Match[str], language: str) -> str:
    before, after = part[: verb.start()], part[verb.end() :]
    if language in UNCASED:
        return _uncased(part, verb)
    nearest = CLAUSE_END.split(before)[-1]
    if PRONOUN.search(nearest) or re.match(r"-?(?:t-)?\s*" + PRONOUN.pattern, after):
        return ""
    return _last(nearest) or _first(before) or _first(CLAUSE_END.split(after)[0])


def _uncased(part: str, verb: re.Match[str]) -> str:
    """Without capitals: the words before the verb, else those after it."""
    for beside in (part[: verb.start()], part[verb.end() :]):
        words = beside.strip(" ,،、，。.「」と:：" + "".join(MARKS))
        if words and not PRONOUN.match(words):
            return re.split(r"[,،、，。.]", words)[-1].strip()[:60]
    return ""


def _names(text: str) -> list[str]:
    """Runs of capitalised words, without the small words that may lead them."""
    found = []
    for run in CAPITALISED.finditer(text):
        words = POSSESSIVE.sub("", run.group()).split()
        while words and plain(words[0]) in NO_NAME:
            words = words[1:]
        if words and plain(words[-1]) not in NO_NAME:
            found.append(" ".join(words))
    return found


def _first(text: str) -> str:
    return next(iter(_names(text)), "")


def _last(text: str) -> str:
    return next(iter(reversed(_names(text))), "")
