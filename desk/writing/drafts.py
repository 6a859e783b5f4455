"""Drafts: what a post about an article would say on one channel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from connectors.base import Card, Connector, Limits, Message
from desk.picturing import draft_alt
from desk.reading.article import Reading
from desk.writing import following, tagging
from desk.writing.candidate import Candidate
from desk.writing.candidates import candidates_in
from desk.writing.following import Frame, framed
from desk.writing.pool import Pool
from desk.writing.slugs import slug
from desk.writing.style import Place, Style
from desk.writing.tagging import Named, tagged
from desk.writing.templates import Facts

STAND_IN = "900000009"  # for a post's number, as long as any will be


@dataclass(frozen=True)
class Draft:
    """What a post would say on one channel, and what the editor should check."""

    text: str  # empty where nothing fits: the warnings say why
    teaser: str  # the words of it that are the article's
    link: str | None
    tags: str  # sent behind the link, with a stand-in for the post's number
    alt: str  # always a draft: a person checks it
    length: int  # as the platform counts it, its link included
    limit: int
    candidates: tuple[Candidate, ...]
    warnings: tuple[str, ...]
    not_offered: str  # why there are no more candidates


@dataclass(frozen=True)
class Voice:
    """How a channel counts and writes. It holds no secret, and can make no call."""

    kind: type[Connector]
    settings: Mapping[str, str]
    limits: Limits
    style: Style
    channel: str  # its name

    @classmethod
    def of(cls, connector: Connector, style: Style, channel: str) -> Voice:
        secret = {field.name: "" for field in connector.fields if field.secret}
        plain = {
            field.name: connector.credentials[field.name]
            for field in connector.fields
            if not field.secret and field.name in connector.credentials
        }
        settings = plain | secret
        return cls(type(connector), settings, connector.limits, style, channel)

    @cached_property
    def connector(self) -> Connector:
        return self.kind(self.settings, self.limits)


def draft_each(
    reading: Reading,
    voices: Iterable[Voice],
    local_now: datetime,
    used: frozenset[str] = frozenset(),
) -> tuple[Draft, ...]:
    """Draft a post for each voice of an article that is taken apart once.

    `local_now`: in newsroom time. `used`: words that were shared before, which come
    behind all others.
    """
    pool = Pool(reading)
    return tuple(_draft(pool, voice, local_now, used) for voice in voices)


def _draft(
    pool: Pool, voice: Voice, local_now: datetime, used: frozenset[str]
) -> Draft:
    reading = pool.article
    tags = _tags(reading, voice, local_now)
    link = tagged(reading.link, tags) if reading.link else None
    wordless = _wordless(reading, link, voice.style)
    frame = _frame(reading, link, voice, wordless)
    written = candidates_in(pool, _over_in(frame), 0, local_now)
    chosen = _in_order(written.candidates, voice.style, used)
    made = tuple(replace(one, text=framed(one.text, frame)) for one in chosen)
    text = made[0].text if made else ""
    return Draft(
        text=text,
        teaser=chosen[0].text if chosen else "",
        link=reading.link,
        tags=tags,
        alt=alt_within(reading, voice.connector.limits),
        length=voice.connector.length(replace(wordless, text=text)),
        limit=voice.connector.limits.text,
        candidates=made,
        warnings=each_once(*_no_text(text), *written.notes),
        not_offered=written.not_offered,
    )


def alt_within(reading: Reading, limits: Limits) -> str:
    """The article's alt text, as this channel takes it."""
    alt = draft_alt(reading.alt, reading.caption)
    return following.alt_within(alt, reading.credit, limits.alt, reading.language)


def each_once(*sentences: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))


def _frame(
    reading: Reading, link: str | None, voice: Voice, wordless: Message
) -> Frame:
    """What the channel puts around words, and how it counts the message with them."""

    def over(text: str) -> int:
        return voice.connector.over(replace(wordless, text=text))

    return Frame(voice.style, Facts.of(reading, link), reading.topics, over)


def _over_in(frame: Frame) -> Callable[[str], int]:
    """By how much words are too long with all that stands around them."""
    return lambda words: frame.over(framed(words, frame))


def _in_order(
    written: Iterable[Candidate], style: Style, used: Collection[str]
) -> list[Candidate]:
    """Those that the channel says, its first kind first, and what was used last."""
    chosen = [one for one in written if style.says(one.kind)]
    return sorted(chosen, key=lambda one: (one.text in used, one.kind != style.first))


def _wordless(reading: Reading, link: str | None, style: Style) -> Message:
    """All of the message but its words."""
    language = reading.language or None
    if style.place is Place.REPLY:
        return Message("", language=language)
    return Message("", link, language=language, card=_card(reading, style))


def _card(reading: Reading, style: Style) -> Card | None:
    """What the link shows, where no picture of the post takes its place."""
    if reading.image_url is not None and style.place is not Place.CARD:
        return None
    return Card(reading.headline, reading.standfirst)


def _tags(reading: Reading, voice: Voice, local_now: datetime) -> str:
    """The query that the channel's rules put behind the link."""
    if not voice.style.tagged:
        return ""
    named = Named(reading.section, slug(reading.headline), STAND_IN, local_now)
    kind = voice.kind.platform
    return tagging.tags(voice.style.tags, named.on(kind, voice.channel))


def _no_text(text: str) -> tuple[str, ...]:
    if text:
        return ()
    return ("Nothing in the article fits this channel as it stands: write the text.",)
