"""Templates: what stands around the teaser in every post of a channel."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from desk.reading.article import Reading
from desk.refusal import Refusal, RefusalKind

USUAL = "{teaser}\n\n{hashtags}"
TEASER = "teaser"
LONGEST = 1000  # letters of a template
GAP = regex.compile(r"\n{3,}")


class BadTemplate(Refusal):
    """A template that can't be filled; says in a sentence what to change."""

    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class Facts:
    """What a template may name, beside the teaser and the hashtags."""

    headline: str = ""
    standfirst: str = ""
    credit: str = ""
    authors: str = ""
    section: str = ""
    link: str = ""

    @classmethod
    def of(cls, reading: Reading, link: str | None) -> Facts:
        """A credit is the picture's: without one there is nothing to credit."""
        return cls(
            reading.headline,
            reading.standfirst,
            reading.credit if reading.image_url else "",
            ", ".join(reading.authors),
            reading.section,
            link or "",
        )


NAMES = (TEASER, *Facts.__dataclass_fields__, "hashtags")


def names_in(template: str) -> frozenset[str]:
    """What it names. Raises `BadTemplate` where that can't be filled."""
    if len(template) > LONGEST:
        raise BadTemplate(f"A template has {LONGEST:,} characters at most.")
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError:
        raise BadTemplate(
            "A bracket of the template stands alone. Write {teaser}, with both; for a "
            "bracket in the text itself, write {{ or }}."
        ) from None
    names = [name for _, name, _, _ in fields if name is not None]
    if any(spec or conversion for _, _, spec, conversion in fields):
        raise BadTemplate(
            "A name in a template stands alone: write {teaser}, without “:” or “!”."
        )
    strange = next((name for name in names if name not in NAMES), None)
    if strange is not None:
        known = ", ".join(f"{{{name}}}" for name in NAMES)
        raise BadTemplate(f"A template can't name {{{strange}}}. It knows {known}.")
    if TEASER not in names:
        raise BadTemplate("A template needs {teaser}: there the chosen text stands.")
    return frozenset(names)


def filled(template: str, teaser: str, facts: Facts, hashtags: Sequence[str]) -> str:
    """The text of a post. A line whose names have nothing to say is left out."""
    said = {**vars(facts), TEASER: teaser, "hashtags": " ".join(hashtags)}
    lines = (_line(line, said) for line in template.replace("\r\n", "\n").split("\n"))
    text: str = GAP.sub("\n\n", "\n".join(line for line in lines if line is not None))
    return text.strip()


def _line(line: str, said: Mapping[str, str]) -> str | None:
    names = [name for _, name, _, _ in string.Formatter().parse(line) if name]
    if names and not any(said[name] for name in names):
        return None
    return str(line.format_map(said)).rstrip()
