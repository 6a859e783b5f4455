"""Hashtags: an article's topics as tags that a screen reader can read aloud."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

import regex

MOST = 2  # more reads as noise
LONGEST = 30  # letters of a tag that anyone would follow
WORDS = 3  # a longer topic is a title
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
JOINED = regex.compile(r"(?<=\w)['’`.](?=\w)")  # King's, U.S.: one word
IN_TEXT = regex.compile(r"(?<![\w&/#])#[\w\p{M}]+")
SAYING_NOTHING = """
    news latest breaking home article articles story stories video videos photo
    photos picture pictures top topstories topnews topstory featured general other
    uncategorized uncategorised misc homepage frontpage headlines live update updates
    nachrichten aktuell startseite actualité actualités actu une accueil noticias
    portada actualidad ultimahora notizie ultimora nieuws wiadomości aktualności
    notícias новости главная أخبار חדשות समाचार 新闻 新聞 ニュース
"""
EMPTY = frozenset(SAYING_NOTHING.split())


def hashtags(
    topics: Sequence[str], most: int, never: Collection[str] = (), text: str = ""
) -> tuple[str, ...]:
    """Up to `most` tags in the topics' order, without those that `text` has already.

    `never`: topics or tags that this newsroom does not use, however capitalised.
    """
    shut = {_folded(word) for word in (*never, *IN_TEXT.findall(text))} | EMPTY
    found: list[str] = []
    said: list[frozenset[str]] = []
    for topic in topics:
        tag, words = tag_of(topic), frozenset(WORD.findall(topic.casefold()))
        if len(found) == most:
            break
        if not tag or {_folded(topic), _folded(tag)} & shut:
            continue
        if not any(words <= other or other <= words for other in said):
            found.append(tag)
            said.append(words)
    return tuple(found)


def tag_of(topic: str) -> str:
    """“Middle East” is #MiddleEast; nothing where a topic makes no tag.

    Scripts without capitals join words with “_”, so that they are read apart.
    """
    joined = JOINED.sub("", unicodedata.normalize("NFC", topic))
    words = WORD.findall(joined)
    if not 1 <= len(words) <= WORDS:
        return ""
    cased = any(word.upper() != word.lower() for word in words)
    tag = "".join(map(_capital, words)) if cased else "_".join(words)
    spoken = regex.search(r"\p{L}", tag)
    return f"#{tag}" if spoken and len(tag) <= LONGEST else ""


def _capital(word: str) -> str:
    """A first capital; NATO and iPhone stay as they are."""
    return word if word != word.lower() else word[0].upper() + word[1:]


def _folded(word: str) -> str:
    """Compared without case, spaces and marks."""
    return "".join(WORD.findall(unicodedata.normalize("NFKC", word))).casefold()
