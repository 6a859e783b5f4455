"""Angles: the same story once more, sold with words that were not shared yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk import articles, channels, db, shares
from desk.articles import drafting
from desk.articles.drafting import ChannelDraft
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Article, Channel, Post, Share
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.picturing import CENTRE
from desk.posts import following
from desk.refusal import Refusal, RefusalKind
from desk.shares import fitting
from desk.shares.fitting import Scaled
from desk.writing.candidate import Angle as Kind


class NoAngle(Refusal):
    """Everything that the article offers was shared before."""

    kind = RefusalKind.UNFIT


@dataclass(frozen=True)
class Story:
    """What angles are found in: an article, and the words of it that were shared."""

    article: Article
    used: frozenset[str]
    channels: Sequence[Channel]
    now: datetime


@dataclass(frozen=True)
class Angle:
    """What one more share would say on each channel that it has words for."""

    drafts: Sequence[ChannelDraft]

    @property
    def said(self) -> str:
        """What most of its posts say."""
        return Counter(one.draft.teaser for one in self.drafts).most_common(1)[0][0]

    @property
    def kind(self) -> Kind:
        """Of those words."""
        its = (one.draft for one in self.drafts if one.draft.teaser == self.said)
        return next(its).candidates[0].kind


def take_angle(desk: Desk, article_id: int, *, by: Actor) -> Share:
    """Another share of the article, with the next candidate on each channel.

    Raises `NoAngle`, `NotYours`, `Unreadable`.
    """
    with desk.db.reading() as session:
        rights.refuse(session, by, Permission.WRITE)
        story = story_of(desk, session, article_id)
    found = find_angles(desk, story, 1, fit_pictures(desk, story))
    if not found:
        raise NoAngle(
            "Everything that this article offers was shared before: share it again, "
            "and write what is new."
        )
    with desk.db.writing() as session:
        rights.refuse(session, by, Permission.WRITE)
        article = articles.find_article(session, article_id)
        return store_angle(desk, session, article, found[0], db.now(session), by)


def story_of(desk: Desk, session: Session, article_id: int) -> Story:
    article = articles.find_article(session, article_id)
    used = frozenset(_words_shared(desk, session, article_id))
    return Story(article, used, channels.list_channels(session), db.now(session))


def fit_pictures(desk: Desk, story: Story) -> Mapping[int, Scaled]:
    """The article's picture for each channel. Slow: open no session meanwhile."""
    lead = story.article.picture
    data = desk.pictures.get(lead.sha256) if lead else None
    focus = (lead.focus_x, lead.focus_y) if lead else CENTRE
    return fitting.fitted(desk, data, story.channels, focus)


def find_angles(
    desk: Desk, story: Story, most: int, scaled: Mapping[int, Scaled]
) -> list[Angle]:
    """So many, or all there are; no words stand in two of them. Slow, as above."""
    reading, used = articles.reading_of(story.article), story.used
    found = list[Angle]()
    while len(found) < most:
        made = drafting.draft_each(
            desk, reading, story.channels, scaled, story.now, used
        )
        said = [one.draft.teaser for one in made]
        new = [one for one in made if one.draft.teaser and one.draft.teaser not in used]
        if not new:
            break
        found.append(Angle(new))
        used |= frozenset(said)
    return found


def store_angle(
    desk: Desk,
    session: Session,
    article: Article,
    angle: Angle,
    now: datetime,
    by: Actor,
) -> Share:
    """Its share, with a draft on each channel."""
    drafts, maker = angle.drafts, by.person_id
    share = drafting.new_share(session, article, drafts, now, maker)
    drafting.store_in(session, desk, article, share, drafts, now, maker)
    return share


def _words_shared(desk: Desk, session: Session, article_id: int) -> set[str]:
    """What its shares say, and each post that says its own; not what was taken out."""
    said = {one.text for one in shares.standing_of(session, article_id)}
    own = select(Post).where(Post.article_id == article_id, Post.own_text)
    for post in session.scalars(own.where(Post.state != State.CANCELLED)):
        frame = following.frame_of(desk, post, post.link)
        said.add(following.words_in(frame, post, post.text))
    return said
