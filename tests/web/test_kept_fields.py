"""A rule: the browser keeps what is written into any form, or its field is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import web

TEMPLATES = Path(web.__file__).parent / "templates"
INCLUDED = re.compile(r'{% include "([^"]+)" %}')
JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
WITHOUT_END = {"area", "br", "hr", "img", "input", "link", "meta", "path", "source"}
NOT_KEPT = {
    "set-name": "what a set of channels is called: a word or two, typed once",
    "label": "for the stories that are ticked, and no tick outlives its page",
    "name": "of a new channel, or on the page of a one-time link: typed once",
    "email": "of who signs in: their browser knows it",
    "typed": "typed to confirm",
    "-": "what is made of two texts at a conflict, and each of the two is kept",
    "": "a credential: never kept",
}


class Fields(HTMLParser):
    """Those of a template that hold words: each with what keeps them."""

    def __init__(self) -> None:
        super().__init__()
        self.around: list[tuple[str, bool]] = []
        self.found: list[tuple[str, bool]] = []

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        has = dict(attributes)
        typed = tag == "input" and has.get("type", "text") in (
            "text",
            "url",
            "email",
            "",
        )
        if (tag == "textarea" or typed) and "readonly" not in has:
            name = has.get("name") or ""
            self.found.append((name, any(keeps for _, keeps in self.around)))
        if tag not in WITHOUT_END:
            self.around.append((tag, "data-keeps" in has))

    def handle_endtag(self, tag: str) -> None:
        tags = [open_tag for open_tag, _ in self.around]
        if tag in tags:
            last = len(tags) - 1 - tags[::-1].index(tag)
            del self.around[last:]


def source(path: str) -> str:
    """A template with what it includes."""
    text = (TEMPLATES / path).read_text()
    return INCLUDED.sub(lambda found: source(found[1]), text)


def roots() -> Iterator[str]:
    """The templates that no other includes."""
    every = {str(one.relative_to(TEMPLATES)) for one in TEMPLATES.rglob("*.html")}
    sources = [(TEMPLATES / one).read_text() for one in every]
    return iter(
        sorted(every - {name for one in sources for name in INCLUDED.findall(one)})
    )


def fields_of(path: str) -> list[tuple[str, bool]]:
    parser = Fields()
    parser.feed(JINJA.sub("", source(path)))
    return parser.found


@pytest.mark.parametrize("path", list(roots()))
def test_a_browser_keeps_every_field_that_holds_words(path: str) -> None:
    lost = {name for name, kept in fields_of(path) if not kept}

    assert lost <= NOT_KEPT.keys(), f"{path}: put data-keeps around {lost}"


def test_no_exception_outlives_its_field() -> None:
    names = {name for path in roots() for name, kept in fields_of(path) if not kept}

    assert names == NOT_KEPT.keys()


def test_the_rule_sees_fields_where_they_stand() -> None:
    fields = dict(fields_of("share/page.html"))

    assert fields["share-text"]
    assert fields["text-"]
    assert fields["alt-"]
