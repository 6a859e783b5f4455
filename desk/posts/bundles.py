"""Bundles: posts of a list that belong to one share, told together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desk.models import Post


@dataclass(frozen=True)
class Bundle:
    """Posts of one share, in the order of the list that they stand in."""

    posts: list[Post]

    @property
    def first(self) -> Post:
        return self.posts[0]

    @property
    def told(self) -> Post:
        """Whose words stand for all: of one that says what its share says, if any."""
        return next((post for post in self.posts if not post.own_text), self.first)

    @property
    def otherwise(self) -> list[Post]:
        """Those that say words of their own, other than what stands for all."""
        told = self.told
        return [post for post in self.posts if post.own_text and post is not told]

    @property
    def is_alone(self) -> bool:
        return len(self.posts) == 1


def bundle_all(its: Iterable[Post]) -> list[Bundle]:
    """Each share stands where its first post does."""
    found: dict[int, Bundle] = {}
    for post in its:
        found.setdefault(post.share_id, Bundle([])).posts.append(post)
    return list(found.values())


def bundle_neighbours(its: Iterable[Post]) -> list[Bundle]:
    """Only what stands together anyway: the order of the list stays as it is."""
    found: list[Bundle] = []
    for post in its:
        if found and found[-1].first.share_id == post.share_id:
            found[-1].posts.append(post)
        else:
            found.append(Bundle([post]))
    return found
