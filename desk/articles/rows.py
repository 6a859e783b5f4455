"""Rows of the inbox: an article, what became of it, and what comes next for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from desk.articles.filters import NOT_SHARED
from desk.lifecycle import GOING_OUT, Priority, State
from desk.models import Article
from desk.posts import reasons
from desk.posts.marks import Mark

AHEAD = frozenset({State.SCHEDULED, *GOING_OUT})
TROUBLE = frozenset({State.FAILED, State.MISSED})


class Step(StrEnum):
    """What comes next for a story: the one button of its row."""

    SEE_WHY = "see why"
    REVIEW = "review"
    GO_ON = "go on"
    SHARE = "share"
    SHARE_AGAIN = "share again"
    OPEN = "open"


@dataclass(frozen=True)
class Row:
    article: Article
    posts: list[Mark]

    @cached_property
    def shared(self) -> list[Mark]:
        """Posts that have their time, or had it."""
        return [post for post in self.posts if post.state not in NOT_SHARED]

    @cached_property
    def returned(self) -> list[Mark]:
        """Drafts that are to be changed first."""
        return [post for post in self.posts if reasons.was_sent_back(post)]

    @cached_property
    def drafts(self) -> list[Mark]:
        """What one press shares."""
        drafts = [post for post in self.posts if post.state == State.DRAFT]
        return [post for post in drafts if not reasons.was_sent_back(post)]

    @cached_property
    def begun(self) -> list[Mark]:
        """Drafts that somebody has written on."""
        return [post for post in self.drafts if post.begun or post.copies]

    @cached_property
    def untouched(self) -> list[Mark]:
        """Drafts as the desk wrote them."""
        return [post for post in self.drafts if not (post.begun or post.copies)]

    @cached_property
    def told(self) -> list[Mark]:
        """What became of it: all but drafts that wait for nobody."""
        drafts = {post.id for post in self.drafts}
        return [post for post in self.posts if post.id not in drafts]

    @property
    def writer(self) -> str:
        """Who wrote on a draft of it last; empty where nobody knows."""
        return next((post.writer for post in self.begun if post.writer), "")

    @property
    def is_breaking(self) -> bool:
        return any(post.priority == Priority.BREAKING for post in self.posts)

    @cached_property
    def in_trouble(self) -> list[Mark]:
        """Posts that wait for a person who knows why."""
        return [post for post in self.posts if _in_trouble(post)]

    @property
    def waiting(self) -> list[Mark]:
        return [post for post in self.posts if post.state == State.IN_REVIEW]

    @property
    def shares(self) -> int:
        """How many shares of the story there are."""
        return len({post.share_id for post in self.standing})

    @cached_property
    def newest_share(self) -> int | None:
        """The newest that stands; where every post was taken out, the newest."""
        its = self.standing or self.posts
        return max((post.share_id for post in its), default=None)

    @property
    def standing(self) -> list[Mark]:
        """Posts that were not taken out."""
        return [post for post in self.posts if post.state != State.CANCELLED]

    @cached_property
    def is_out(self) -> bool:
        """Is nothing of its newest share to be made any more?"""
        its = [post for post in self.posts if post.share_id == self.newest_share]
        return bool(its) and all(post.state != State.DRAFT for post in its)

    @cached_property
    def step(self) -> Step:
        """What is wrong comes before what waits, and that before what is new."""
        if self.in_trouble:
            return Step.SEE_WHY
        if self.waiting:
            return Step.REVIEW
        if self.returned or self.begun:
            return Step.GO_ON
        if self.drafts:
            return Step.SHARE
        planned = any(post.state in AHEAD for post in self.posts)
        return Step.OPEN if planned or not self.shared else Step.SHARE_AGAIN


def _in_trouble(post: Mark) -> bool:
    waits = post.state == State.UNCONFIRMED and post.needs_person
    aside = post.state == State.SCHEDULED and post.triage and not post.look_at
    return bool(post.state in TROUBLE or waits or aside or post.twice_url)
