"""Who wrote it, where and when: the lines between the headline and the story."""

from __future__ import annotations

from datetime import UTC, date, datetime

import regex

from desk.reading.article import LOOKED_INTO
from desk.reading.days import MONTH, SHAPES, days_in
from desk.reading.labels import (
    BYLINE_LABELS,
    BYLINE_WORDS,
    is_label,
    starts_with_label,
)

NAME = (
    r"(?:\p{Lu}[\p{L}\p{M}'’.\-]*)"
    r"(?:\s+(?:(?:de|del|della|di|da|do|dos|du|van|von|der|den|la|le|al|el|bin|ibn|zu|"
    r"ter|ten|y)\s+){0,2}(?:\p{Lu}|[dDl]['’]\p{Lu})[\p{L}\p{M}'’.\-]*){0,4}"
)
AND = (
    r"(?:\s*,\s*(?:(?:and|und|et|e|y|og|och)\s+)?|"
    r"\s+(?:and|und|et|e|y|en|og|och|i|и|&)\s+|\s*/\s*)"
)
BY = (
    r"(?:(?:written |words |story |text |reported |reporting )?by|von|par|por|di|de|da|"
    r"door|af|av|przez|(?:autor(?:in|es|e)?|text|texte|testo|texto|author|автор|tekst|"
    r"words)\s*:|testo di|texto de)"
)
BYLINE = regex.compile(
    rf"(?i:{BY})\s+(?P<names>{NAME}(?:{AND}{NAME}){{0,4}})"
    r"(?P<rest>\s*[,|;•·–—(-].{0,90}|\s+(?:in|for|für|pour|per|para|aus|à|en|a|at|from)"
    r"\s+\p{Lu}.{0,60})?"
)
SIGNATURE = regex.compile(NAME)
UNCASED = regex.compile(
    r"(?:بقلم|كتبت|كتب|מאת|取材・文|文・写真|文|(?:本报)?记者|記者|作者|撰文|글)\s*+(?:[:：=＝]\s*+)?"
    r"(?P<names>[^\s:：=＝][^.。!?]{1,40})"
)
ROLE = regex.compile(
    r"\b(writers?|reporters?|correspondents?|editors?|staff|redaktion|redakteur(in)?|"
    r"korrespondent(in)?|redacción|redazione|rédaction|news ?room|desk)\b",
    regex.IGNORECASE,
)
NO_NAME = regex.compile(
    r"\b(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|"
    r"March|April|June|July|August|September|October|November|December|The|This|"
    r"Morning|Night|Noon|Design|Contrast|Comparison)\b"
)
LEADS = regex.compile(
    r"(?:by|di|de|da|par|por|von|av|af|door|przez) |\p{Lu}\p{Ll}|\p{Lu}{2}|"
    r"بقلم|كتب|מאת|文|取材|記者|记者|本报|作者|撰文|글"
)
AGENCIES = (
    "AP|Reuters|REUTERS|AFP|dpa|DPA|ANSA|Ansa|EFE|APA|sda|SDA|KNA|epd|TASS|Xinhua|"
    "Lusa|PAP|ČTK|Kyodo|PTI|IANS|ANI|UPI|Bloomberg|CNN|Interfax|Europa Press|Ritzau|"
    "NTB|TT|SID|ots|Belga|ANP|Keystone-SDA|MTI|Anadolu|AA|PA|AAP|CP"
)
DATELINE = regex.compile(
    r"(?P<dateline>"
    # ROME (AP) —   Berlin (dpa) -   PARIS, Nov 20 (Reuters) -
    r"\p{Lu}[\p{L}\p{M} .,'’/\-]{1,48}(?:,?\s\d{1,2}\.?(?:\s\p{L}+\.?)?)?\s?"
    rf"\((?:{AGENCIES})(?:[/,] ?(?:{AGENCIES}|\p{{Lu}}\p{{L}}+))*\)\s?[—–:.-]+"
    # LONDON —   NEW YORK, Nov. 20 —
    r"|\p{Lu}{2}[\p{Lu} .'’/\-]{1,38}(?:,\s\p{L}+\.?)?(?:,?\s\p{L}{3,9}\.?\s\d{1,2})?"
    r"(?:\s\(\p{Lu}[\p{L} ]+\))?\s?[—–](?=\s?[\p{Lu}“\"«„])"
    # 【東京=共同】   [해림=뉴스하나] 김가람 기자 =   (서울=연합뉴스)
    r"|【[^】]{1,30}】|[\[(（][^\])）=]{1,20}=[^\])）]{1,20}[\])）]"
    r"(?:\s?(?P<reporter>\p{Hangul}{2,4})\s?(?:기자|특파원)\s?=)?"
    r")\s*(?=\S)"
)
PLACE = (
    r"(?:\p{Lu}|\p{Lo})[\p{L}\p{M}.'’/\-]{1,30}"
    r"(?:[ ,]{1,2}[\p{L}\p{M}.'’/\-]{2,30}){0,3}?"
)
DATED = regex.compile(  # Rotterdam, 27. November 2026 –   PUERTO SALADO, 24 nov (EFE).-
    rf"(?P<dateline>{PLACE},?\s(?:(?:le|den|el|il|dnia)\s)?"
    rf"(?:[0-3]?\d(?:\.|er|st|nd|rd|th|º)?\s(?:de\s)?{MONTH}|{MONTH}\s[0-3]?\d(?:st|nd|rd|th)?)"
    r"(?:,?\s(?:de\s)?(?:19|20)\d\d)?"
    r"(?:\s?[(/][^()/]{2,40}[)/]\s?[.:]?[—–:-]{0,2}|\s?[.:]?[—–-]{1,2}|\s?:))\s+(?=\S)",
    regex.IGNORECASE,
)
AGENCY_LINE = regex.compile(  # EFE | Madrid    ANSA - ROMA
    rf"(?:{AGENCIES})\s*[|/–—-]\s*\p{{Lu}}[\p{{L}}\p{{M}} .'’-]{{1,40}}"
)
DATE_WORDS = (
    r"published|posted|updated|last updated|first published|on|at|date|"
    r"veröffentlicht|aktualisiert|stand|am|um|uhr|publié|mis à jour|le|à|publicado|"
    r"actualizado|el|a las|atualizado|em|às|pubblicato|aggiornato|il|alle|"
    r"gepubliceerd|bijgewerkt|op|om|publicerad|uppdaterad|publisert|oppdatert|"
    r"опубликовано|обновлено|в|г|公開|更新|"
    r"mon|tue|wed|thu|fri|sat|sun|mittwoch|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|"
    r"jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|"
    r"domenica|segunda|terça|quarta|quinta|sexta|feira|"
    r"am|pm|a\.m|p\.m|h|utc|gmt|cet|cest|est|edt|pst|pdt|bst|ist|jst|et|pt|z|t"
)
ONLY_DATE = regex.compile(  # each word is taken whole, so the longest come first
    r"(?>\p{L}{1,12}(?:day|tag|dag)|"
    + "|".join(sorted(DATE_WORDS.split("|"), key=len, reverse=True))
    + r"|[+\-]?\d{1,2}[:.h]\d{2}(?::\d{2})?|[\s,.:;|•·–—()/-]++)*+",
    regex.IGNORECASE,
)


LABELLED = regex.compile(
    r"[*_(\[【]{0,3}(?P<label>[^:：=＝/／|]{1,30}?)\s{0,3}[:：=＝/／]\s{0,3}(?P<names>[^:：]{2,110})"
)
CASED = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{Armenian}]")
CALLED = regex.compile(r"[\p{L}\p{M}][\p{L}\p{M}'’.·・\- ]{1,40}")  # no capitals there
NAMED = 5  # words of a name
REPORTER = regex.compile(  # 김가람 기자   王小明 記者
    r"(?P<names>\p{Hangul}{2,4}|\p{Han}{2,4})\s?(?:기자|특파원|논설위원|記者|记者)(?:\s*=)?"
)


def authors_of(line: str) -> tuple[str, ...]:
    """The names in a byline, or nothing when the line is none."""
    text = line.strip()
    if len(text) > 140:
        return ()
    return _labelled(text) or _worded(text) or _by(text)


def _labelled(text: str) -> tuple[str, ...]:
    """The names behind a label: "Texte : Inès Caron", "文：山本花子"."""
    found = LABELLED.fullmatch(text.rstrip("*_)]】"))
    if found is None or not is_label(found["label"], BYLINE_LABELS):
        return ()
    return _names(found["names"])


def _worded(text: str) -> tuple[str, ...]:
    """The names behind a word: "Oleh Siti Rahma", "Της Ελένης Παππά"."""
    if found := REPORTER.fullmatch(text):
        return (found["names"],)
    word = starts_with_label(text, BYLINE_WORDS)
    rest = text[len(word) :]
    return _names(rest.strip()) if word and rest[:1].isspace() else ()


def _names(told: str) -> tuple[str, ...]:
    """Every part is a name, or nothing is; what stands behind a comma may be a role."""
    parts = [part.strip(" *_") for part in regex.split(AND, told) if part.strip(" *_")]
    names = [part for part in parts if _is_called(part)]
    others = [part for part in parts if part not in names]
    roles = all(ROLE.search(part) or part[0].islower() for part in others)
    return tuple(names) if parts and roles and parts[0] in names else ()


def asks_for_a_name(line: str) -> bool:
    """A byline's word alone, whose name is on the next line."""
    return is_label(line, BYLINE_WORDS) or is_label(line, BYLINE_LABELS)


def is_role(line: str) -> bool:
    """What somebody is: a line under a name."""
    return len(line.split()) <= NAMED and ROLE.search(line) is not None


def _is_called(words: str) -> bool:
    if not 1 <= len(words.split()) <= NAMED:
        return False
    if CASED.search(words):
        return SIGNATURE.fullmatch(words) is not None and _is_name(words)
    return CALLED.fullmatch(words) is not None


def _by(text: str) -> tuple[str, ...]:
    if not LEADS.match(text):
        return ()
    if found := UNCASED.fullmatch(text):
        return (found["names"].strip(),)
    found = BYLINE.fullmatch(text.rstrip("."))
    if not found:
        return ()
    names = [name.strip() for name in regex.split(AND, found["names"]) if name]
    return tuple(name for name in names if _is_name(name))


def _is_name(words: str) -> bool:
    """Two words or more that are no title; one word only where it is an agency."""
    if ROLE.search(words) or NO_NAME.search(words):
        return False
    return len(words.split()) > 1 or words.isupper()


def signs(line: str) -> bool:
    """A line that is nothing but a name: how many papers sign a story."""
    words = line.split()
    return 2 <= len(words) <= 4 and bool(SIGNATURE.fullmatch(line)) and _is_name(line)


def without_dateline(paragraph: str) -> tuple[str, str]:
    """The dateline ("ROME (AP) —") and the paragraph after it."""
    start = paragraph[:LOOKED_INTO]
    found = DATELINE.match(start) or DATED.match(start)
    if not found:
        return "", paragraph
    return found["dateline"].strip(" —–:.-"), paragraph[found.end() :]


def reporter_of(paragraph: str) -> tuple[str, ...]:
    """Who a dateline names: "[해림=뉴스하나] 김가람 기자 ="."""
    found = DATELINE.match(paragraph[:LOOKED_INTO])
    return (found["reporter"],) if found and found["reporter"] else ()


def is_agency_line(line: str) -> bool:
    """An agency and a place on a line of their own: a dateline."""
    return AGENCY_LINE.fullmatch(line) is not None


def day_of(line: str) -> date | None:
    """The day that a line gives, when it says nothing but a date."""
    if len(line) > 120:
        return None
    for shape in SHAPES:
        found = shape.search(line)
        if found and ONLY_DATE.fullmatch(line[: found.start()] + " "):
            rest = line[found.end() :]
            days = list(days_in(found[0]))
            if days and (ONLY_DATE.fullmatch(rest) or list(days_in(rest))):
                return days[0][1]
    return None


def at_midnight(day: date) -> datetime:
    """A day as a moment; the paste names no zone, so it is UTC's."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
