"""Spreading: one post's text for the other channels of its share, where it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import channels, posts
from desk.conflicts import mark
from desk.desk import Desk
from desk.lifecycle import UNDECIDED
from desk.models import Post, Share
from desk.people.actors import Actor
from desk.posts import UNSEEN, Seen, following, undo, validation
from desk.posts.editing import Change
from desk.writing.handles import Place, carried, strangers
from desk.writing.style import Style


@dataclass(frozen=True)
class Spread:
    changed: list[Post]
    too_long: list[Post]  # left as they were

    @property
    def with_strangers(self) -> list[Post]:
        """Those that have a handle now which is somebody else's there, or nobody's."""
        return [post for post in self.changed if post.carried]


@dataclass(frozen=True)
class Planned:
    """What a sibling would say, found before the transaction that writes it."""

    of: str  # the mark of all that it was found from
    text: str
    foreign: list[str]  # handles of the other platform
    too_long: bool


Plans = Mapping[int, Planned]  # by sibling
UNPLANNED: Plans = MappingProxyType({})


def plan(desk: Desk, session: Session, post_id: int) -> Plans:
    """What every sibling would say, as all of them stand now."""
    post = posts.find_post(session, post_id)
    said = _for_all(desk, post)
    query = select(Post).where(Post.share_id == post.share_id)
    its = session.scalars(query.order_by(Post.id))
    return {
        other.id: _planned(desk, post, said, other)
        for other in its
        if _takes_part(post, other)
    }


def spread(
    desk: Desk,
    session: Session,
    post_id: int,
    *,
    now: datetime,
    by: Actor,
    seen: Mapping[int, Seen] = UNSEEN,
    plans: Plans = UNPLANNED,
) -> Spread:
    """The post's text is its share's from now on, and every post's that can say it.

    What was decided on, or is too long for its platform, keeps its words: they are its
    own then. `seen`: what was seen of the post and its siblings, by number. Raises
    `Overtaken`. `plans`: what was found before; of a sibling that changed since, it is
    found anew.
    """
    post = posts.find_post(session, post_id)
    share = following.locked_share(session, post.share_id)
    its = following.posts_of(session, share)
    post = posts.locked(session, post_id, by, seen=seen.get(post_id))
    said = _for_all(desk, post)
    following.write_share(share, {"text": said}, now, by)
    done = Spread([], [])
    for other in its:
        _mark_own(desk, post, other, share)
        if not _takes_part(post, other):
            continue
        planned = _planned_by_now(desk, post, said, other, plans)
        if other.text == planned.text:
            continue
        if planned.too_long:
            done.too_long.append(other)
        else:
            change, its_seen = Change(text=planned.text), seen.get(other.id)
            undo.change_with_undo(
                desk, session, other.id, change, now=now, by=by, seen=its_seen
            )
            other.carried = _strangers_on(other, planned, post)
            done.changed.append(other)
    return done


def _planned_by_now(
    desk: Desk, post: Post, said: str, other: Post, plans: Plans
) -> Planned:
    """As it was found before; anew where something changed since."""
    planned = plans.get(other.id)
    if planned is not None and planned.of == _basis(post, other):
        return planned
    return _planned(desk, post, said, other)


def _strangers_on(other: Post, planned: Planned, post: Post) -> list[str]:
    """The handles in its new words that name somebody else there, or nobody."""
    foreign = [*planned.foreign, *post.carried]
    return strangers(planned.text, foreign, _style(other).mentions)


def _mark_own(desk: Desk, post: Post, other: Post, share: Share) -> None:
    """Whose words are its own now; those that were, and take no part, stay so."""
    was_own = other.own_text
    following.mark_own(desk, other, share, {"text"})
    if other is not post and not _takes_part(post, other):
        other.own_text |= was_own


def _for_all(desk: Desk, post: Post) -> str:
    """Its words without what its channel puts around them, and its own link's tags."""
    frame = following.frame_of(desk, post, post.link)
    return following.words_in(frame, post, post.text)


def _takes_part(post: Post, other: Post) -> bool:
    """Is it another one, on which nobody has decided yet?"""
    return other.id != post.id and other.state in UNDECIDED


def _planned(desk: Desk, post: Post, said: str, other: Post) -> Planned:
    text = following.words_on(desk, other, said, other.link)
    text, foreign = carried(text, _place(desk, post), _place(desk, other))
    same_ = other.text == text
    found = None if same_ else validation.rendered(desk, other, text, other.alt)
    too_long = found is not None and found.too_long
    return Planned(_basis(post, other), text, list(foreign), too_long)


def _basis(post: Post, other: Post) -> str:
    """All that decides what the other one would say, as a mark."""
    its = [post.revision, other.revision]
    on = [[one.channel.style, one.channel.limits] for one in (post, other)]
    return mark([its, on])


def _place(desk: Desk, post: Post) -> Place:
    connector = channels.connect(desk, post.channel)
    return Place(connector.whose, _style(post).mentions)


def _style(post: Post) -> Style:
    return Style.of(post.channel.style)
