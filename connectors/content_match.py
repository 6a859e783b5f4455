"""Content match: whether what a platform shows is what was sent, as it draws it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from connectors import typography
from connectors.html_text import html_to_text
from connectors.links import links, normalize_url

_NAME = r"\w+(?:[.-]+\w+)*"
# an account of this server, or of another one, with its port
MENTION = re.compile(rf"(?<![\w/=.])@({_NAME})(?:@[\w.-]+\w(?::\d+)?)?")
_VARIATIONS = "\ufe0e\ufe0f"  # of an emoji; servers add and drop them
_SHORTCODE = re.compile(r":[a-z0-9_+-]+:")
_NUMBERED = re.compile(r"(?<!\S)\d{1,9}[.)](?=\s)")  # a list's, which may be drawn
_BBCODE = re.compile(
    r"\[/?(?:b|i|u|s|url|quote|code|list|li|\*|color|size)(?:=[^\]]*)?\]"
)
_MARKUP = (_SHORTCODE, _NUMBERED, _BBCODE)
_READ = frozenset("LNM")  # letters, numbers, the marks on them: what is read aloud
_NEAR = 0.5  # share of words in common from which a post may be ours, reworded
_BEGINNING = 24  # letters from which a cut text is known by how it begins
_LONG_BEGINNING = 48  # the same, where no ellipsis says that it was cut
_ELLIPSIS = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")


@dataclass(frozen=True)
class ComparableText:
    """A text as it can be compared: by its letters, its signs, and as it is read."""

    letters: str  # white space only where it parts words; accounts without server
    links: tuple[str, ...]  # in one way of writing, sorted
    said: str = field(compare=False)

    @cached_property
    def signs(self) -> tuple[str, str]:
        """Every sign of it as a typographer may set it; and without its markup."""
        return typography.normalize_signs(self.said), typography.normalize_signs(
            typography.strip_markup(self.said)
        )

    @cached_property
    def read(self) -> str:
        """Letters and numbers alone, in lower case: no mark, no quote, no bullet."""
        return _read_aloud(self.said)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Where its links lead, sorted."""
        return tuple(sorted(map(_place, self.links)))

    @property
    def cut(self) -> bool:
        """It ends as a text does that goes on elsewhere."""
        return bool(_ELLIPSIS.search(self.said))

    def is_same(self, other: ComparableText) -> bool:
        """To the letter, and with the same links."""
        return (self.letters, self.links) == (other.letters, other.links)

    def is_same_redrawn(self, other: ComparableText) -> bool:
        """Surely the same, as servers draw a text: no sign of it is another one.

        Quote marks and dashes of another kind, markup gone, lines elsewhere.
        """
        as_typed, unmarked = zip(self.signs, other.signs, strict=True)
        alike = len(set(as_typed)) == 1 or len(set(unmarked)) == 1
        return alike and self.places == other.places and bool(as_typed[0] or self.links)

    def may_be_same(self, shown: ComparableText) -> bool:
        """Whether a server may have made that of it, or a person by hand as well.

        It sounds the same, whatever the signs say; or it was cut.
        """
        heard = (self.read, self.places) == (shown.read, shown.places)
        return (heard and bool(self.read or self.places)) or self.begins_with(shown)

    def begins_with(self, shown: ComparableText) -> bool:
        """Whether what is shown is how this begins: it was cut."""
        enough = _BEGINNING if shown.cut else _LONG_BEGINNING
        short = len(shown.read) < len(self.read) and len(shown.read) >= enough
        return short and self.read.startswith(shown.read)


def comparable(text: str) -> ComparableText:
    """A text that was sent, or the source of one that is shown."""
    return comparable_parts(*_taken_apart(text))


def comparable_parts(said: str, links_: Iterable[str]) -> ComparableText:
    """The same, of words whose links are taken out already."""
    return ComparableText(
        typography.normalize_letters(said),
        tuple(sorted(map(normalize_url, links_))),
        said,
    )


def comparables_of_html(
    shown: str, wanted: Collection[str]
) -> tuple[ComparableText, ...]:
    """The same of HTML: with what the anchors of wanted links say, and without it.

    Markdown gives a link words of its own; some servers give it the page's title.
    """
    without = html_to_text(shown, wanted)
    with_ = html_to_text(shown, wanted, anchors=True) if wanted else without
    return (
        (comparable(without),)
        if with_ == without
        else (comparable(without), comparable(with_))
    )


def normalized_links(text: str) -> list[str]:
    """Every link in a text, in one way of writing."""
    return sorted(map(normalize_url, _taken_apart(text)[1]))


def is_same_text(sent: str, told: str) -> bool:
    """The same words and the same links, however the white space falls."""
    return comparable(sent).is_same(comparable(told))


def html_shows(shown: str, sent: str) -> bool:
    """Whether this HTML shows that text: servers wrap, shorten and add markup."""
    if shown == f"<p>{html.escape(sent, quote=False)}</p>":
        return True  # as most do: nothing needs reading
    ours = comparable(sent)
    return any(
        ours.is_same(one) or ours.is_same_redrawn(one)
        for one in comparables_of_html(shown, normalized_links(sent))
    )


def similarity(ours: str, theirs: str) -> float:
    """How much two texts have in common: a link is all, words are their share."""
    if set(normalized_links(ours)) & set(normalized_links(theirs)):
        return 1.0
    one, other = set(ours.casefold().split()), set(theirs.casefold().split())
    return len(one & other) / (len(one | other) or 1)


def is_similar(shown: str, sent: str) -> bool:
    """Whether this may be that text after all, in a server's own rewording."""
    return similarity(sent, html_to_text(shown, normalized_links(sent))) > _NEAR


def _place(url: str) -> str:
    """Where a link leads, however the way there is written."""
    return normalize_url(url).partition("://")[2].removeprefix("www.").rstrip("/")


def _taken_apart(text: str) -> tuple[str, list[str]]:
    """The words, accounts without their server, and the links."""
    said, found, at = [], [], 0
    for link in links(text):
        start, end = _in_angles(text, link.start, link.end)
        said.append(text[at:start])
        found.append(link.address)
        at = end
    return normalize_mentions("".join([*said, text[at:]])), found


def _in_angles(text: str, start: int, end: int) -> tuple[int, int]:
    """A link's place, with the angles around it that Markdown takes away."""
    angles = text[max(start - 1, 0) : start] == "<" and text[end : end + 1] == ">"
    return (start - 1, end + 1) if angles else (start, end)


def normalize_mentions(text: str) -> str:
    """Accounts as every server may write them: no server, no capitals."""
    return MENTION.sub(lambda match: f"@{match[1].casefold()}", text)


def _read_aloud(text: str) -> str:
    """What a reader would say: no marks, bullets, quotes, Markdown, emoji."""
    told = unicodedata.normalize("NFKC", html.unescape(text)).casefold()
    told = "".join(one for one in told if unicodedata.category(one) != "Cf")
    for markup in _MARKUP:
        told = markup.sub(" ", told)
    return "".join(_kept(told))


def _kept(text: str) -> Iterable[str]:
    for letter in text:
        if unicodedata.category(letter)[0] in _READ and letter not in _VARIATIONS:
            yield letter
