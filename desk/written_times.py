"""Written times: a day and a time of day as editors type them, in newsroom time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from desk.refusal import Refusal, RefusalKind

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
SHORTEST = 3  # letters that such a name is known by
NEAR = {"today": 0, "tomorrow": 1}  # days away
A_WEEK = timedelta(days=7)
LATELY = timedelta(days=60)  # a day that was so long ago is not meant for next year
EXAMPLES = "Write it like 18:30, tomorrow 9:00, Sun 29 Nov 18:00 or 2026-11-29 18:30."
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]\S+")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2}))?(?::([0-9]{2}))?(h|am|pm)?")
BARE = re.compile(r"([0-9]{1,2})")  # an hour, where a day stands beside it
FOUR = re.compile(r"([0-9]{2})([0-9]{2})")  # 1830
NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?")
YEAR = re.compile(r"[0-9]{4}")
DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})?")
APART = re.compile(r"([0-9]) (am|pm)\b")


class BadMoment(Refusal):
    """What was written is no time to publish at; says why, and what to write."""

    kind = RefusalKind.INVALID


def read_written_time(text: str, here: datetime) -> datetime:
    """The day and time that is meant, as a clock on the wall; with an offset if it has.

    `here`: what the newsroom's clock shows. Raises `BadMoment`.
    """
    try:
        if ISO.fullmatch(text):
            return datetime.fromisoformat(text)
        found = _in_words(_words_of(text), here.replace(tzinfo=None))
    except ValueError:  # 25:00, the 31st of November
        found = None
    if found is None:
        raise BadMoment(f"“{text}” is not a time. {EXAMPLES}")
    return found


def _words_of(text: str) -> list[str]:
    spaced = " ".join(text.lower().replace(",", " ").split())
    return [word for word in APART.sub(r"\1\2", spaced).split() if word != "at"]


def _in_words(words: Sequence[str], here: datetime) -> datetime | None:
    clocks = [n for n, word in enumerate(words) if _clock(word)]
    if len(clocks) > 1:
        return None
    at = clocks[0] if clocks else len(words) - 1
    before = [word for n, word in enumerate(words) if n != at]
    clock = _clock(words[at]) if clocks else _bare_clock(before, words[at:])
    if clock is None:
        _refuse_bare_day(words, here.date())
    day = _day(before, here.date())
    if clock is None or day is None:
        return None
    found = datetime.combine(day, clock)
    again = len(before) == 1 and _named(before[0], DAYS) is not None and found < here
    return found + A_WEEK if again else found


def _refuse_bare_day(words: Sequence[str], today: date) -> None:
    """Say what is missing, where these name a day."""
    if words and _day(words, today):
        said = " ".join(words)
        raise BadMoment(f"“{said}” names no time of day. Write it like {said} 18:30.")


def _clock(word: str) -> time | None:
    """Of a word that can be nothing else than a time of day."""
    if (found := CLOCK.fullmatch(word)) is None:
        return None
    hour, minute, second, half = found.groups()
    if minute is None and half is None:
        return None
    if half in ("am", "pm"):
        if not 1 <= int(hour) <= 12:
            raise ValueError(word)
        hour = int(hour) % 12 + (12 if half == "pm" else 0)
    return _time(hour, minute or 0, second or 0)


def _bare_clock(before: Sequence[str], last: Sequence[str]) -> time | None:
    """Of a plain number behind a day: “tomorrow 9”; or of four digits: “mon 1830”."""
    word = "".join(last)
    found = FOUR.fullmatch(word) if len(before) <= 1 else None
    if found is None and before:
        found = BARE.fullmatch(word)
    return _time(*found.groups()) if found else None


def _time(hour: int | str, minute: int | str = 0, second: int | str = 0) -> time:
    """Raises `ValueError` where no clock shows it."""
    return time(int(hour), int(minute), int(second))


def _day(words: Sequence[str], today: date) -> date | None:
    """Raises `ValueError` for one that no calendar has."""
    match words:
        case []:
            return today
        case [word] if word in NEAR:
            return today + timedelta(days=NEAR[word])
        case [word] if (weekday := _named(word, DAYS)) is not None:
            return today + timedelta(days=(weekday - today.weekday()) % 7)
        case [word, *others] if (weekday := _named(word, DAYS)) is not None:
            return _of_weekday(_date(others, today), weekday)
        case _:
            return _date(words, today)


def _of_weekday(day: date | None, weekday: int) -> date | None:
    if day is not None and day.weekday() != weekday:
        raise BadMoment(
            f"{day:%-d %b %Y} is a {day:%A}, not a {DAYS[weekday].capitalize()}: "
            "check the day."
        )
    return day


def _date(words: Sequence[str], today: date) -> date | None:
    match words:
        case [word] if ISO_DAY.fullmatch(word):
            return date.fromisoformat(word)
        case [word] if found := DOTTED.fullmatch(word):
            day, month, year = found.groups()
            return _dated(day, int(month), year, today)
        case [one, other] | [one, other, _]:
            year = words[2] if len(words) == 3 else None
            for number, name in ((one, other), (other, one)):
                day, month = NUMBER.fullmatch(number), _named(name, MONTHS)
                if day and month is not None and (not year or YEAR.fullmatch(year)):
                    return _dated(day[1], month + 1, year, today)
    return None


def _dated(day: str, month: int, year: str | None, today: date) -> date:
    """Without a year: the next one, or the one that was lately."""
    since = today - LATELY
    later = (month, int(day)) < (since.month, since.day)
    return date(int(year) if year else since.year + later, month, int(day))


def _named(word: str, names: Sequence[str]) -> int | None:
    """Which of these a word begins, from so many letters on."""
    word = word.removesuffix(".")
    if len(word) < SHORTEST:
        return None
    return next((n for n, name in enumerate(names) if name.startswith(word)), None)
