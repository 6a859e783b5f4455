"""Cards: what the page behind a link shows, where the link is no article's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from connectors.base import Connector
from desk import db, pictures
from desk.desk import Desk
from desk.history import note
from desk.links import same
from desk.models import LinkCard, Post
from desk.picturing import Accepted, BadPicture, accept
from desk.reading.article import Unreached, Unreadable
from desk.reading.cards import PageCard, card_of
from desk.reading.fetching import Fetcher

FRESH = timedelta(hours=1)  # a look serves every post with this link
HURRY_S = 3.0  # at the due time, for each of page and picture
NO_TITLE = "The page gives no title."

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Look:
    card: PageCard
    picture: Accepted | None = None
    why: str = ""  # there is no card


def article_of_link(post: Post) -> bool:
    """Whether its link is its article's. One without a link has what it is given."""
    article = post.article
    return article is not None and (not article.link or same(post.link, article.link))


def kept_card(post: Post) -> LinkCard | None:
    """What was seen behind the link that the post has now."""
    card = post.card if post.card_id is not None else None
    return card if card is not None and same(card.link, post.link) else None


def wants_card(connector: Connector, post: Post) -> bool:
    """Whether the card of its link is ours to say, and not the article's."""
    shown = post.picture_id is None or len(post.parts) > 1  # a picture takes its place
    told = connector.tells_cards and post.link is not None
    return told and shown and not article_of_link(post)


def remarks(connector: Connector, post: Post) -> list[str]:
    """What an editor should know of the card that the link will have."""
    if not wants_card(connector, post):
        return []
    card = kept_card(post)
    if card is None:
        return [
            f"{connector.title} shows the link's card as the desk says it: the desk "
            "reads its page minutes before the post goes out."
        ]
    return [] if card.title else [f"The link has no card: {card.why}"]


def look_up(
    desk: Desk, connector: Connector, post: Post, *, hurry: bool = False
) -> None:
    """See to it that the post has the card of its link, before anything is made of it.

    `hurry`: it is due now. A page that gives no card is no reason to keep the post.
    """
    if not wants_card(connector, post) or kept_card(post):
        return
    link = post.link or ""
    with desk.db.reading() as session:
        known = _seen_lately(session, link, db.now(session))
    seen = None if known else _look(desk, link, hurry)
    if known is None and seen is None:
        return  # nobody there yet: the last word is at the due time
    with desk.db.writing() as session:
        card = known or _keep(desk, session, link, seen or _Look(PageCard()))
        row = session.get_one(Post, post.id)
        if row.link == link:
            row.card_id = card.id
            if not card.title:
                note(session, row, f"The link has no card: {card.why}", card.looked_at)
        post.card_id, post.card = card.id, card


def _look(desk: Desk, link: str, hurry: bool) -> _Look | None:
    """What the page shows; None: it did not answer, and there is time to ask again."""
    fetcher = desk.fetcher.within(HURRY_S) if hurry else desk.fetcher
    try:
        card = card_of(fetcher.page(link))
    except Unreadable as error:
        if isinstance(error, Unreached) and not hurry:
            return None
        return _Look(PageCard(), why=str(error))
    if not card.title:
        return _Look(PageCard(), why=NO_TITLE)
    return _Look(card, _picture(desk, fetcher, card.image_url))


def _picture(desk: Desk, fetcher: Fetcher, url: str) -> Accepted | None:
    """A card does without one that can't be had."""
    if not url:
        return None
    try:
        accepted = accept(fetcher.picture(url))
        pictures.make_ready(desk.pictures, accepted)
        return accepted
    except (Unreadable, BadPicture) as error:
        log.info("a link's picture was not taken", url=url, reason=str(error))
        return None


def _seen_lately(session: Session, link: str, now: datetime) -> LinkCard | None:
    query = select(LinkCard).where(LinkCard.link == link, LinkCard.title != "")
    query = query.where(LinkCard.looked_at > now - FRESH).options(
        joinedload(LinkCard.picture)
    )
    return session.scalars(query.order_by(LinkCard.id.desc()).limit(1)).first()


def _keep(desk: Desk, session: Session, link: str, seen: _Look) -> LinkCard:
    now = db.now(session)
    picture = seen.picture and pictures.keep(session, desk.pictures, seen.picture, now)
    card = LinkCard(
        link=link,
        title=seen.card.title,
        description=seen.card.description,
        why=seen.why,
        alt=seen.card.image_alt,
        picture=picture,
        looked_at=now,
    )
    session.add(card)
    session.flush()
    return card
