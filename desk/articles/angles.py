"""Angles: the same story once more, sold with words that were not shared yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from desk import articles, channels, db, shares
from desk.articles import drafting
from desk.articles.drafting import ChannelDraft
from desk.desk import Desk
from desk.models import Article, Channel, Share
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import Permission
from desk.picturing import CENTRE
from desk.refusal import Refusal, RefusalKind


class NoAngle(Refusal):
    """Everything that the article offers was shared before."""

    kind = RefusalKind.UNFIT


def take_angle(desk: Desk, article_id: int, *, by: Actor) -> Share:
    """Another share of the article, with the next candidate on each channel.

    Raises `NoAngle`, `NotYours`, `Unreadable`.
    """
    with desk.db.reading() as session:
        rights.refuse(session, by, Permission.WRITE)
        article = articles.find_article(session, article_id)
        used = frozenset(one.text for one in shares.of_article(session, article_id))
        in_use, now = channels.list_channels(session), db.now(session)
    drafts = _drafts(desk, article, used, in_use, now)
    with desk.db.writing() as session:
        rights.refuse(session, by, Permission.WRITE)
        now, maker = db.now(session), by.person_id
        article = articles.find_article(session, article_id)
        share = drafting.new_share(session, article, drafts, now, maker)
        drafting.store_in(session, desk, article, share, drafts, now, maker)
        return share


def _drafts(
    desk: Desk,
    article: Article,
    used: frozenset[str],
    in_use: Sequence[Channel],
    now: datetime,
) -> list[ChannelDraft]:
    """Those with other words than were used. No session is open: it takes long."""
    lead, reading = article.picture, articles.reading_of(article)
    data = desk.pictures.get(lead.sha256) if lead else None
    focus = (lead.focus_x, lead.focus_y) if lead else CENTRE
    made = drafting.prepare(desk, reading, in_use, data, now, focus, used)
    new = [one for one in made if one.draft.teaser and one.draft.teaser not in used]
    if not new:
        raise NoAngle(
            "Everything that this article offers was shared before: share it again, "
            "and write what is new."
        )
    return new
