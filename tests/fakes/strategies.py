"""Texts that a newsroom may write, and ways to redraw them, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.fakes.catalogue import LIST
from tests.fakes.redrawings import MANNERS, PARTS, PIECES, joined, server
from tests.fakes.ways import Kind, Way


def texts(most: int = 6) -> st.SearchStrategy[str]:
    """Some pieces: words, names, links, Markdown, lists, quotes, emoji, any script."""
    pieces = st.lists(st.sampled_from(PIECES), min_size=1, max_size=most)
    parts = st.lists(st.sampled_from(PARTS), min_size=most, max_size=most)
    return st.builds(joined, pieces, parts)


def redrawings() -> st.SearchStrategy[Way]:
    """Servers by lot: every manner of theirs is drawn, and shrinks, by itself."""
    manners = {name: st.sampled_from(MANNERS[name]) for name in MANNERS}
    return st.fixed_dictionaries(manners).map(lambda made: server("by lot", made))


def ways(*kinds: Kind) -> st.SearchStrategy[Way]:
    """Of the catalogue, and by lot where words are drawn; without kinds: all."""
    listed = st.sampled_from([way for way in LIST if not kinds or way.kind in kinds])
    return listed | redrawings() if not kinds or Kind.DRAWN in kinds else listed
