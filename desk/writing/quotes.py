"""Quotes: what was said to the letter, and who said it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from desk.writing.languages import CAPITAL_NOUNS, UNCASED
from desk.writing.marks import MARKS, Span, paired
from desk.writing.sentences import Sentence
from desk.writing.speech import verbs
from desk.writing.words import CAPITALISED, POSSESSIVE, count, fold_for_comparing

SPEECH_WORDS = 3  # fewer in quote marks are a title or a way of speaking
SMALL_WORDS = """
    monday tuesday wednesday thursday friday saturday sunday january february
    march april may june july august september october november december i we
    the a an in on at but and when while as after before during according for by
    from with if it he she they you who this that not there since montag
    dienstag mittwoch donnerstag freitag samstag sonntag der die das ein eine im
    am in wir ich und wenn als nach bei auf für mit von dem den le la les un une
    nous je on et mais dans pour à el los las una en yo nosotros y pero он она
    они мы я в на и но ong ngo nro npo
"""
NO_NAME = frozenset(SMALL_WORDS.split())
PRONOUN = re.compile(
    r"(?<!\w)(?:s?he|they|we|it|you|who|er|sie|es|wir|ich|ils?|elles?|on|je|nous|él|"
    r"ella|ellos|ellas|yo|lui|lei|ele|ela|hij|zij|ze|hun|han|hon|dia|ia|o|"
    r"он|она|они|він|вона|вони|هو|هي|הוא|היא|הם|वह|वे|उन्होंने|उसने|他|她|他们|彼|彼女)"
    r"(?!\w)",
    re.IGNORECASE,
)
SUBJECT_WITHIN = 24  # letters, from which on a name is hardly the subject
CLAUSE_END = re.compile(r"[,;:()–—]| who | der | die | qui | que ")


SOMEBODY = re.compile(
    r"(?<!\w)(?:an? |another |ein |eine |einer |une? |una |en |ett )", re.IGNORECASE
)
OF_SOMETHING = regex.compile(  # a name behind these is not the speaker’s
    r"(?:\b(?:of|for|from|by|in|on|at|to|del?|du|des|da|do|von|vom|der|bei|im|am|"
    r"à|au|para|por|di|van|av|af)\b(?: the| la| el| dem| den| l['’])?|\bl['’]|\bd['’])"
    r"[ \u00a0]?\p{Lu}[\w'’-]*(?: \p{Lu}[\w'’-]*)*"
)
DESCRIBES = re.compile(  # an article or an adjective before a noun
    r"(?:d(?:er|ie|as|en|em|es)|(?:k|s)?ein|ihr|\d+|[\w-]+e[rsnm]?)$", re.IGNORECASE
)
INSTITUTION = re.compile(
    "gericht|polizei|ministerium|anwaltschaft|kommission|behörde|regierung|verwaltung|"
    "feuerwehr|amt|verband|partei|gewerkschaft|konzern|unternehmen|sender|zeitung",
    re.IGNORECASE,
)
SUBJECT = re.compile(r"([^、。「」『』\s]{2,60})[はが]")
COMMAS = tuple(",،、，")
SEPARATED = re.compile(r"[,،、，。.]")
OUTSIDE = " ,،、，。.:：" + "".join(MARKS)
VERB_FIRST = frozenset({"ar", "he"})


@dataclass(frozen=True)
class Quote:
    """Sentences that quote one speaker: one says who, the following go on."""

    sentences: tuple[Sentence, ...]
    speaker: str  # as the sentences have it; empty where they name nobody
    introduced: bool = False  # the first sentence only says who “she” is

    @property
    def saying(self) -> Sentence:
        """The sentence with the verb of speech."""
        return self.sentences[int(self.introduced)]


def spoken(sentences: Sequence[Sentence], language: str) -> Iterator[Quote]:
    """The quotes of one paragraph that say whose they are."""
    for at, sentence in enumerate(sentences):
        if speeches(sentence.text) and not only_quoted(sentence.text):
            speaker = speaker_of(sentence.text, language)
            said = (sentence, *_going_on(sentences[at + 1 :]))
            before = sentences[at - 1] if at else None
            if before and (name := introduced(before.text, speaker, language)):
                yield Quote((before, *said), name, introduced=True)
            if speaker is not None:
                yield Quote(said, speaker)


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


def mostly_said(text: str) -> bool:
    """At least half of it is somebody's words."""
    said = sum(count(text[span.start : span.end]) for span in speeches(text))
    return said * 2 >= count(text)


def begins_aloud(text: str) -> bool:
    """It begins with somebody's words and a comma, so the rest should say whose."""
    start = text.lstrip("–—- ")
    first = next(iter(paired(start).outer), None)
    if first is None or first.start or count(start[: first.end]) < SPEECH_WORDS:
        return False
    closing, behind = start[: first.end - 1], start[first.end :].lstrip()
    return behind[:1] in COMMAS or closing.rstrip()[-1:] in COMMAS


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
    if language in UNCASED:
        return _uncased(unquoted(sentence), language)
    for part in unquoted(sentence):
        if (said := _colon_speaker(part, language)) is not None:
            return said
        if verb := verbs(language).search(part):
            return _beside(part, verb, language in CAPITAL_NOUNS)
    return None


def introduced(sentence: str, speaker: str | None, language: str) -> str:
    """The person whom a sentence is about, where the next says “she” or a surname."""
    if language in UNCASED or speaker is None or " " in speaker:
        return ""
    if speeches(sentence):
        return ""
    people = [name for name in _names(sentence) if " " in name]
    if speaker:
        return next((name for name in people if name.endswith(f" {speaker}")), "")
    only = people[0] if len(people) == 1 else ""
    return only if only and sentence.find(only) <= SUBJECT_WITHIN else ""


def full_name(speaker: str, article: str) -> bool:
    """The speaker's name is as full as the article ever gives it."""
    if " " in speaker:
        return True
    name = regex.escape(speaker)
    fuller = rf"(?<!\w)(\p{{Lu}}[\w'’-]+) {name}(?!\w)|(?<!\w){name} \p{{Lu}}"
    return not any(
        fold_for_comparing(found.group(1) or "") not in NO_NAME
        for found in regex.finditer(fuller, article)
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
        named = verbs(language).split(found.group(1))
        return next((name for part in named if (name := part.strip(OUTSIDE))), None)
    return next(iter(_names(found.group(1), language in CAPITAL_NOUNS)), None)


def _beside(part: str, verb: re.Match[str], nouns: bool) -> str:
    before, after = part[: verb.start()], part[verb.end() :]
    nearest = CLAUSE_END.split(before)[-1]
    if PRONOUN.search(nearest) or re.match(r"-?(?:t-)?\s*" + PRONOUN.pattern, after):
        return ""
    if SOMEBODY.search(nearest) or SOMEBODY.match(after.lstrip()):
        return ""
    behind = _names(OF_SOMETHING.sub("", after), nouns)
    named = [*reversed(_names(nearest, nouns)), *_names(before, nouns), *behind]
    return next(iter(named), "")


def _uncased(parts: Sequence[str], language: str) -> str | None:
    """Without capitals: the Japanese subject, or the words beside the verb."""
    for part in parts:
        if said := _colon_speaker(part, language):
            return said
    if not any(verbs(language).search(part) for part in parts):
        return None
    if language == "ja":
        subjects = (SUBJECT.search(part) for part in parts)
        return next((found.group(1) for found in subjects if found), "")
    part = next(part for part in parts if verbs(language).search(part))
    verb = verbs(language).search(part)
    assert verb  # noqa: S101  # found just now
    before = SEPARATED.split(part[: verb.start()].strip(OUTSIDE))[-1].strip()
    after = SEPARATED.split(part[verb.end() :].strip(OUTSIDE))[0].strip()
    beside = (after, before) if language in VERB_FIRST else (before, after)
    return next((w for w in beside if len(w) > 1 and not PRONOUN.match(w)), "")


def _names(text: str, nouns: bool = False) -> list[str]:
    """Runs of capitalised words, without the small words that may lead them.

    `nouns`: they have capitals too, so a lone one is a name where nothing describes
    it (Merz, not der Minister), or where it is an institution (das Gericht).
    """
    found = []
    for run in CAPITALISED.finditer(text):
        words = POSSESSIVE.sub("", run.group()).split()
        before = text[: run.start()].split()[-1:]
        while words and fold_for_comparing(words[0]) in NO_NAME:
            before, words = words[:1], words[1:]
        described = nouns and len(words) == 1 and before and DESCRIBES.match(before[0])
        if described and not INSTITUTION.search(words[0]):
            continue
        if words and fold_for_comparing(words[-1]) not in NO_NAME:
            found.append(" ".join(words))
    return found
