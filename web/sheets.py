"""Sheets: a share as it is being written, with a tab for each of its channels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from connectors.base import About, Problem
from desk import report, shares
from desk.articles import adopting
from desk.lifecycle import UNDECIDED, Priority, State
from desk.models import Post, Share
from desk.posts import repeats
from desk.posts.validation import Piece
from desk.scheduling import NOW_IN, NextSlot, going, outlook
from desk.scheduling.outlook import Outlook
from desk.shares import offering
from desk.shares.offering import Candidate
from web import cards, choices, current, offered_sets
from web.cards import Card
from web.choices import Chosen
from web.offered_sets import OfferedSet

LATE = timedelta(hours=12)  # after the first of them: is said aloud
SOON = timedelta(minutes=30)  # breaking news waits no longer unasked
OF_PICTURE = frozenset({About.IMAGE, About.ALT})


@dataclass(frozen=True)
class Tab:
    """One channel of a share: what it says there, and when."""

    card: Card
    outlook: Outlook
    taken: bool  # it goes out there
    at: datetime | None  # as was chosen; None: no free slot, or its time is unread
    own_time: bool  # another than that of all
    unread: str = ""  # why what was written as its time is none
    repeated: str = ""  # why its platform takes these words at another time only

    @property
    def post(self) -> Post:
        return self.card.post

    @property
    def name(self) -> str:
        return self.post.channel.name

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.card.problems

    @cached_property
    def goes(self) -> bool:
        """Can it go out as it is, then?"""
        fit = not self.problems and not self.repeated
        return self.taken and fit and self.at is not None

    @property
    def can_go_now(self) -> bool:
        return self.taken and not self.problems

    def field_of(self, problem: Problem, share: Share) -> str:
        """Where this problem is mended: where what is wrong was written."""
        post = self.post
        if problem.about in OF_PICTURE and share.pictures and not post.own_pictures:
            return f"share-alt-{share.pictures[0].picture_id}"
        if problem.about is About.LINK and not post.own_link:
            return "share-link"
        return self.card.field_of(problem)


@dataclass(frozen=True)
class Fix:
    """Something to be mended before a post goes out, and where."""

    field: str
    tab: int  # the post whose tab has it; 0: it is for all
    sentence: str


@dataclass(frozen=True)
class Sheet:
    """A share with all that its page shows of it."""

    share: Share
    tabs: list[Tab]
    others: list[Post]  # those that have their time, or had it
    open: int  # the post whose tab is open; 0: that of all
    by_slots: bool  # each channel at its next free one
    picked: datetime | None  # the time of day that was picked last, when it comes
    unread: str  # why the time that was written for all is none
    number: int  # which share of its story this is
    of: int
    candidates: list[Candidate]
    sets: list[OfferedSet]
    now: datetime

    @cached_property
    def taken(self) -> list[Tab]:
        return [tab for tab in self.tabs if tab.taken]

    @cached_property
    def set_taken(self) -> OfferedSet | None:
        """What people call the channels that are taken, where they do."""
        on = {tab.post.id for tab in self.taken}
        return next((one for one in reversed(self.sets) if one.posts == on), None)

    @cached_property
    def going(self) -> list[Tab]:
        return [tab for tab in self.tabs if tab.goes]

    @property
    def going_now(self) -> list[Tab]:
        return [tab for tab in self.tabs if tab.can_go_now]

    @property
    def to_fix(self) -> int:
        return len(self.taken) - len(self.going)

    @property
    def has_slots(self) -> bool:
        return any(tab.outlook.at for tab in self.tabs)

    @property
    def hashtags(self) -> tuple[str, ...]:
        """Of the story's topics, as the first of its channels has them."""
        return self.tabs[0].card.hashtags if self.tabs else ()

    @property
    def not_offered(self) -> list[str]:
        """Why the story's words don't do, where they don't; each once."""
        said = (tab.post.not_offered for tab in self.tabs)
        return list(dict.fromkeys(filter(None, said)))

    @cached_property
    def to_read(self) -> str:
        """The link that may lead to its story; empty: there is none, or it has one."""
        return "" if self.others else adopting.link_to_read(self.share)

    @property
    def with_own_text(self) -> list[Tab]:
        return [tab for tab in self.tabs if tab.post.own_text]

    @property
    def following(self) -> list[Tab]:
        return [tab for tab in self.tabs if not tab.post.own_text]

    @cached_property
    def tightest(self) -> tuple[Tab, Piece] | None:
        """Of the channels that say the share's text: where there is least room."""
        pieces = [(tab, tab.card.longest) for tab in self.following if tab.taken]
        return max(pieces, key=lambda one: one[1].length - one[1].limit, default=None)

    @cached_property
    def open_tab(self) -> Tab | None:
        return next((tab for tab in self.tabs if tab.post.id == self.open), None)

    @cached_property
    def shown_tab(self) -> Tab | None:
        """Whose preview is seen."""
        return self.open_tab or next(iter(self.taken or self.tabs), None)

    @cached_property
    def times(self) -> list[tuple[datetime, list[Tab]]]:
        """When it goes out, the first time first."""
        by_time = defaultdict[datetime, list[Tab]](list)
        for tab in self.going:
            if tab.at is not None:
                by_time[tab.at].append(tab)
        return sorted(by_time.items())

    @cached_property
    def late(self) -> list[datetime]:
        """Times that are far from the first."""
        times = [at for at, _ in self.times]
        return [at for at in times if at - times[0] > LATE]

    @property
    def presses(self) -> bool:
        """Is it breaking, and waits for long by this plan?"""
        breaking = self.share.priority == Priority.BREAKING
        return breaking and any(at > self.now + SOON for at, _ in self.times[:1])

    @cached_property
    def is_unwritten(self) -> bool:
        """Is it a new post on which nobody has written? That is no fault of it."""
        share = self.share
        said = share.article_id or share.text.strip() or share.link or share.pictures
        return not (said or self.others or self.with_own_text)

    @cached_property
    def fixes(self) -> list[Fix]:
        """What is to be mended; the same thing of several channels once."""
        found: dict[tuple[str, str], Fix] = {}
        if self.is_unwritten:
            return []
        for tab in self.taken:
            for fix in self._fixes(tab):
                found.setdefault((fix.field, fix.sentence), fix)
        return list(found.values())

    @property
    def is_out(self) -> bool:
        """Is nothing of it to be made, or to be stopped any more?"""
        return bool(self.others) and not self.tabs and not self.leaving

    @cached_property
    def leaving(self) -> list[Post]:
        """Posts that go out in a moment, and can still be stopped."""
        soon = self.now + NOW_IN
        return [
            post
            for post in self.others
            if post.state in (State.SCHEDULED, State.CLAIMED)
            and post.due_at is not None
            and self.now < post.due_at <= soon
        ]

    def _fixes(self, tab: Tab) -> Iterator[Fix]:
        yield from (self._fix(tab, problem) for problem in tab.problems)
        id_ = tab.post.id
        if tab.unread and not tab.own_time:
            yield Fix("at", 0, tab.unread)
        elif tab.unread:
            yield Fix(f"at-{id_}", id_, f"{tab.name}: {tab.unread}")
        elif tab.at is None:
            yield Fix(f"at-{id_}", id_, f"{tab.name} has no free slot: pick a time.")
        elif tab.repeated:
            yield Fix(f"text-{id_}", id_, f"{tab.name}: {tab.repeated}")

    def _fix(self, tab: Tab, problem: Problem) -> Fix:
        where = tab.field_of(problem, self.share)
        if where.startswith("share-"):
            return Fix(where, 0, str(problem))
        return Fix(where, tab.post.id, f"{tab.name}: {problem}")


def sheet(share_id: int, at: current.Moment, chosen: Chosen | None = None) -> Sheet:
    """A share as whoever is signed in writes it. `chosen`: in the form on the page."""
    share = shares.find_share(at.session, share_id)
    its = cards.in_order(report.list_posts(at.session, share_id=share_id))
    written = [post for post in its if post.state in UNDECIDED]
    on = {post.channel_id for post in written}
    seen = outlook.outlooks(current.desk_opened(), at.session, on, at.now)
    chosen = chosen or choices.usual_choice(written, seen.values(), at)
    free = {channel_id: one.at for channel_id, one in seen.items()}
    of_story = shares.of_article(at.session, share.article_id or 0)
    return Sheet(
        share=share,
        tabs=[
            _tab(card, seen[card.post.channel_id], chosen, at)
            for card in cards.cards_of(written, at, free)
        ],
        others=[post for post in its if post.state not in UNDECIDED],
        open=chosen.tab,
        by_slots=isinstance(chosen.when, NextSlot),
        picked=chosen.picked,
        unread=chosen.unread.get(0, ""),
        number=sum(one.id <= share.id for one in of_story),
        of=len(of_story),
        candidates=offering.candidates(current.desk_opened(), written),
        sets=offered_sets.sets_on(written, at),
        now=at.now,
    )


def _tab(card: Card, seen: Outlook, chosen: Chosen, at: current.Moment) -> Tab:
    post = card.post
    taken, own_time = post.id not in chosen.left_out, post.id in chosen.times
    when = chosen.times[post.id] if own_time else chosen.when
    due_at = None if when is None else going.time_of(when, seen.at, at.now)
    return Tab(
        card=card,
        outlook=seen,
        taken=taken,
        at=due_at,
        own_time=own_time,
        unread=chosen.unread.get(post.id if own_time else 0, ""),
        repeated=_repeated(post, due_at, at) if taken and due_at else "",
    )


def _repeated(post: Post, due_at: datetime, at: current.Moment) -> str:
    desk = current.desk_opened()
    return repeats.stands_against(desk, at.session, post, post.text, due_at)
