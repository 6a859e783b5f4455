"""Servers that show fewer words than they took, other ones, or in other places."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape

from tests.fakes.drawing import Draw, Drawn, letters
from tests.fakes.drawing.hand import Hand, draw
from tests.fakes.people import Town

CUT = 60
OTHER = "<p>Die Zeitung hat diesen Text übersetzt.</p>"


def filtered(action: str) -> Draw:
    """Matched by a filter of the account's own, which hides or warns."""
    named = {"id": "7", "title": "Spoilers", "context": ["home", "account"]}
    filter_of = {**named, "expires_at": None, "filter_action": action}
    matched = [{"filter": filter_of, "keyword_matches": ["a"], "status_matches": None}]

    def drawn(text: str, town: Town) -> Drawn:
        whole = draw(text, town)
        content = whole.content if action == "warn" else ""
        return Drawn(content, whole.source, {"filtered": matched})

    return drawn


def showing(content: object) -> Draw:
    """This in place of the words."""

    def drawn(text: str, town: Town) -> Drawn:
        return Drawn("", draw(text, town).source, {"content": content})

    return drawn


def without_source(content: object) -> Draw:
    """This in place of the words, and none for an editor either."""
    return lambda text, town: Drawn("", "", {"content": content})


def written(change: Callable[[str], str]) -> Draw:
    """Words changed before they are drawn; the source is as it was sent."""

    def drawn(text: str, town: Town) -> Drawn:
        return Drawn(draw(change(text), town).content, draw(text, town).source)

    return drawn


def shouted(text: str) -> str:
    """In capitals, and an address, too: whoever did this forgot them."""
    return " ".join(word if "://" in word else word.upper() for word in text.split(" "))


def whispered(text: str) -> str:
    return " ".join(word if "://" in word else word.lower() for word in text.split(" "))


def cut(text: str) -> str:
    """The first sixty letters, and a sign that there was more."""
    return text if len(text) <= CUT else f"{text[: CUT - 1]}…"


def starred(text: str) -> str:
    """Every third word hidden behind stars."""
    words = text.split(" ")
    return " ".join("****" if n % 3 == 2 else word for n, word in enumerate(words))


def signed(text: str) -> str:
    """With a line of the server's own behind it."""
    return f"{text}\n\nposted with our app"


def reversed_lines(text: str) -> str:
    return "\n".join(reversed(text.split("\n")))


def twice_escaped(text: str, town: Town) -> Drawn:
    return Hand(escaped=letters.escaped_twice)(text, town)


def unescaped(text: str, town: Town) -> Drawn:
    """Words, where HTML belongs."""
    return Drawn(text, draw(text, town).source)


def first_line_as_warning(text: str, town: Town) -> Drawn:
    """The first line is moved to where a warning stands."""
    first, _, rest = text.partition("\n")
    drawn = draw(rest.strip(), town)
    return Drawn(drawn.content, draw(text, town).source, {"spoiler_text": first})


def all_as_warning(text: str, town: Town) -> Drawn:
    more = {"spoiler_text": text, "sensitive": True}
    return Drawn("", draw(text, town).source, more)


def first_line_as_title(text: str, town: Town) -> Drawn:
    """Friendica: a heading of the post's own before it."""
    first, _, rest = text.partition("\n")
    content = f"<h4>{escape(first)}</h4>{draw(rest.strip(), town).content}"
    return Drawn(content, draw(text, town).source)


def beside(name: str) -> Draw:
    """The words in a field of this name, and none in `content`."""

    def drawn(text: str, town: Town) -> Drawn:
        return Drawn("", draw(text, town).source, {name: text})

    return drawn


def in_pleromas_field(text: str, town: Town) -> Drawn:
    told = {"content": {"text/plain": text}, "local": True}
    return Drawn("", draw(text, town).source, {"pleroma": told})


def as_json(text: str, town: Town) -> Drawn:
    """The words packed up once more."""
    return Drawn(json.dumps({"text": text}), draw(text, town).source)
