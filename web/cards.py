"""Cards: one post as an editor writes it, with its count and what stands against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from connectors.base import About, Problem
from desk import links, posts
from desk.lifecycle import EDITABLE
from desk.models import Post, WorkingCopy
from desk.posts import validation, working_copies
from desk.posts.validation import Piece
from desk.posts.working_copies import Words
from desk.scheduling import foreseen, queueing
from desk.writing.hashtags import hashtags
from desk.writing.style import Style
from web import current

Free = Mapping[int, datetime | None]  # the next free slot of each channel
OFFERED = 3  # hashtags to choose from
FIELDS = {  # in the form
    About.TEXT: "text",
    About.LINK: "link",
    About.IMAGE: "picture",
    About.ALT: "alt",
}


@dataclass(frozen=True)
class Card:
    """One post as someone writes it: its own words, or those of their working copy."""

    post: Post
    words: Words
    copy: WorkingCopy | None
    seen: validation.Rendered
    next_slot: datetime | None
    foreseen: tuple[str, ...] = ()  # what would keep it beyond its time, or now

    @property
    def text(self) -> str:
        return self.words.text

    @property
    def alt(self) -> str:
        return self.words.alt

    @property
    def revision(self) -> int:
        """From which these words began: what a form that saves them must name."""
        return self.words.revision if self.unsaved else self.post.revision

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return self.seen.pieces

    @property
    def replies(self) -> bool:
        """Does its link go in a reply of its own?"""
        return self.seen.replies

    @property
    def written(self) -> int:
        """How many parts its words fill, the reply with the link not counted."""
        return len(self.pieces) - self.replies

    @property
    def longest(self) -> Piece:
        return self.seen.longest

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        if unfinished := links.problem(self.words.link):
            return (Problem(unfinished, About.LINK), *self.seen.problems)
        return self.seen.problems

    @property
    def over(self) -> int:
        return self.longest.over

    @cached_property
    def unsaved(self) -> bool:
        """Is something written that would not be sent?"""
        return self.words.differs(self.post)

    @property
    def overtaken(self) -> bool:
        """Did someone change the post since these words began?"""
        return self.unsaved and self.words.revision != self.post.revision

    @cached_property
    def hashtags(self) -> tuple[str, ...]:
        """What the topics of its article make, to press into the text."""
        article, style = self.post.article, Style.of(self.post.channel.style)
        return hashtags(article.topics, OFFERED, style.never) if article else ()

    @property
    def warnings(self) -> list[str]:
        """What to mind of the post and, where that stands nowhere else, its article."""
        article = self.post.article
        return [*(article.warnings if article else ()), *self.post.warnings]

    @property
    def undoable(self) -> bool:
        return self.post.former is not None

    def field_of(self, problem: Problem) -> str:
        """Where this problem is mended."""
        return f"{FIELDS[problem.about]}-{self.post.id}"


def card_of(post: Post, at: current.Moment) -> Card:
    """The card of a post as whoever is signed in writes it."""
    return cards_of([post], at)[0]


def cards_of(
    its: Sequence[Post], at: current.Moment, free: Free | None = None
) -> list[Card]:
    """The same of several. `free`: the next slot of each channel, where it is known."""
    me = current.me().id
    mine = {post.id: working_copies.copy_of(post, me) for post in its}
    return _drawn(its, at, mine, free)


def saved_card_of(post: Post, at: current.Moment) -> Card:
    """The card of a post as it goes out, whatever is being typed over it."""
    return saved_cards_of([post], at)[0]


def saved_cards_of(its: Sequence[Post], at: current.Moment) -> list[Card]:
    """The same of several."""
    return _drawn(its, at, {})


def _drawn(
    its: Sequence[Post],
    at: current.Moment,
    mine: Mapping[int, WorkingCopy | None],
    free: Free | None = None,
) -> list[Card]:
    """Counted and drawn by their channels' own connectors."""
    if free is None:
        desk = current.desk_opened()
        on = {post.channel_id for post in its if post.state in EDITABLE}
        free = queueing.next_slots(at.session, desk, on, at.now) if on else {}
    return [
        _card(post, at, mine.get(post.id), free.get(post.channel_id)) for post in its
    ]


def _card(
    post: Post, at: current.Moment, copy: WorkingCopy | None, free: datetime | None
) -> Card:
    words = working_copies.typed_words(post, copy)
    return Card(
        post=post,
        words=words,
        copy=copy,
        seen=validation.rendered(current.desk_opened(), post, words.text, words.alt),
        next_slot=free,
        foreseen=foreseen_of(post, at, words.text),
    )


def foreseen_of(
    post: Post, at: current.Moment, text: str | None = None
) -> tuple[str, ...]:
    """What the desk knows of its time, and of what it says then."""
    desk, zone = current.desk_opened(), current.zone()
    return tuple(foreseen.remarks(desk, at.session, post, at.now, zone, text))


def find_anew(its: Iterable[Post], at: current.Moment) -> list[Post]:
    """The same posts as they stand in this moment, to be drawn or told of."""
    return [posts.find_post(at.session, post.id) for post in its]


def in_order(its: Iterable[Post]) -> list[Post]:
    return sorted(its, key=lambda post: (post.channel.name.lower(), post.id))
