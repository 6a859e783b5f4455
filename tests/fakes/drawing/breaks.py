"""How servers break lines: a text, and how its plain words are drawn, to HTML."""

from __future__ import annotations

from collections.abc import Callable

Inline = Callable[[str], str]
Body = Callable[[str, Inline], str]


def paragraphs(text: str, inline: Inline) -> str:
    """Mastodon: an empty line parts paragraphs, a single break is one."""
    drawn = ("<br />".join(map(inline, block)) for block in _blocks(text))
    return "".join(f"<p>{block}</p>" for block in drawn)


def one_paragraph(text: str, inline: Inline) -> str:
    """GoToSocial: every break is a break."""
    return f"<p>{'<br>'.join(map(inline, _lines(text)))}</p>"


def bare(text: str, inline: Inline) -> str:
    """Pleroma: no paragraph at all."""
    return "<br/>".join(map(inline, _lines(text)))


def kept(text: str, inline: Inline) -> str:
    """As they came: whoever shows it is to keep white space."""
    return "\n".join(map(inline, _lines(text)))


def both(text: str, inline: Inline) -> str:
    """Pixelfed: a break, and the letter that was one."""
    return "<br />\n".join(map(inline, _lines(text)))


def boxes(text: str, inline: Inline) -> str:
    """A box for every line, and an empty one for none."""
    return "".join(f"<div>{inline(line) or '<br>'}</div>" for line in _lines(text))


def spans(text: str, inline: Inline) -> str:
    """Misskey: spans in one paragraph."""
    lines = (f"<span>{inline(line)}</span>" for line in _lines(text))
    return f"<p>{'<br>'.join(lines)}</p>"


def spaces(text: str, inline: Inline) -> str:
    """None: all on one line."""
    return f"<p>{inline(' '.join(text.split()))}</p>"


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _blocks(text: str) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in _lines(text):
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]
