"""Articles on record: taking one in, finding it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from desk import channels, links, pictures
from desk.articles import drafting
from desk.desk import Desk
from desk.models import Article, Picture
from desk.outbound_limit import outbound
from desk.picturing import Accepted, BadPicture, accept
from desk.reading import Block, File, Kind, Reading, Unreadable, is_link, read
from desk.reading.article import Shown
from desk.refusal import Refusal, RefusalKind
from desk.writing.slugs import slug


class NoSuchArticle(Refusal):
    """No article has this number."""

    kind = RefusalKind.MISSING


@dataclass(frozen=True)
class Taken:
    article_id: int
    known: bool  # the desk had it already


@dataclass(frozen=True)
class Read:
    """An article that was read, with all that it takes to keep it."""

    reading: Reading
    picture: Accepted | None
    drafts: Sequence[drafting.ChannelDraft]


def take(desk: Desk, source: str | File, now: datetime, by: int | None) -> Taken:
    """Read a link, a pasted text or a file, keep it, and draft a post for each channel.

    Raises `Unreadable`, `Crowded`.
    """
    return keep_read(desk, read_in(desk, source, now), now, by)


def read_in(desk: Desk, source: str | File, now: datetime) -> Read:
    """The network and the scaling of pictures, with no session held; keeps nothing."""
    reading, accepted = read_story(desk, source, now)
    with desk.db.reading() as session:
        in_use = channels.list_channels(session)
    data = accepted.data if accepted else None
    drafts = drafting.prepare(desk, reading, in_use, data, now)
    return Read(reading, accepted, drafts)


def read_story(
    desk: Desk, source: str | File, now: datetime
) -> tuple[Reading, Accepted | None]:
    """The same without a draft of it."""
    with outbound.place() if is_link(source) else nullcontext():  # with its picture
        reading = read(source, desk.fetcher, now)
        return _with_picture(desk, reading)


def keep_read(desk: Desk, read: Read, now: datetime, by: int | None) -> Taken:
    """All of it in one transaction, or nothing."""
    with desk.db.writing() as session:
        article, known = keep_story(desk, session, read.reading, read.picture, now, by)
        drafting.store(session, desk, article, read.drafts, now, by)
        return Taken(article.id, known)


def keep_story(
    desk: Desk,
    session: Session,
    reading: Reading,
    accepted: Accepted | None,
    now: datetime,
    by: int | None,
) -> tuple[Article, bool]:
    """On record with its picture; and whether the desk had it already."""
    picture = None
    if accepted:
        picture = pictures.keep(session, desk.pictures, accepted, now)
    return keep(session, reading, picture, now, by)


def keep(
    session: Session,
    reading: Reading,
    picture: Picture | None,
    now: datetime,
    by: int | None,
) -> tuple[Article, bool]:
    """The row of this reading, and whether the desk had it already.

    One link is one row, in whatever spelling it comes, and however many take it in at
    the same moment.
    """
    if known := session.scalars(_same(reading)).first():
        return known, True
    insert = (
        sqlite.insert
        if session.get_bind().dialect.name == "sqlite"
        else postgresql.insert
    )
    statement = (
        insert(Article)
        .values(_columns(reading, picture, now, by))
        .on_conflict_do_nothing(index_elements=["identity"])
        .returning(Article.id)
    )
    made = session.scalars(statement).one_or_none()
    row = select(Article).where(Article.identity == _identity(reading))
    return session.scalars(row).one(), made is None


def find_by_links(session: Session, wanted: Iterable[str]) -> dict[str, int]:
    """Stories of these links, in whatever spelling they were taken in, by identity."""
    kept = set[str]()
    for link in wanted:
        kept |= {links.identity(link)} | links.spellings(link)
    query = select(Article.identity, Article.id).where(Article.identity.in_(kept))
    rows = session.execute(query.order_by(Article.id.desc()))
    return {links.identity(one.identity): one.id for one in rows}


def _same(reading: Reading) -> Select[Article]:
    """Rows of this story; older ones have its link as it was spelled then."""
    kept = {reading.identity, _identity(reading)}
    if reading.link:
        kept |= links.spellings(reading.link)
    return select(Article).where(Article.identity.in_(kept)).order_by(Article.id)


def _identity(reading: Reading) -> str:
    pasted = reading.identity != reading.link
    return reading.identity if pasted else links.identity(reading.identity)


def reading_of(article: Article) -> Reading:
    """The row as the value that writing and picturing work on."""
    return Reading(
        identity=article.identity,
        headline=article.headline,
        standfirst=article.standfirst,
        authors=tuple(article.authors),
        section=article.section,
        topics=tuple(article.topics),
        language=article.language,
        published_at=article.published_at,
        only_day=article.only_day,
        link=article.link,
        image_url=article.image_url,
        caption=article.caption,
        credit=article.credit,
        alt=article.alt,
        others=tuple(Shown(**one) for one in article.others),
        blocks=tuple(Block(Kind(b["kind"]), b["text"]) for b in article.blocks),
        warnings=tuple(article.warnings),
        said=article.said,
    )


def list_articles(
    session: Session, limit: int, before: int | None = None
) -> list[Article]:
    """The newest articles first; `before`: the id where the last page ended."""
    query = select(Article).options(selectinload(Article.picture))
    if before is not None:
        query = query.where(Article.id < before)
    return list(session.scalars(query.order_by(Article.id.desc()).limit(limit)))


def find_article(session: Session, article_id: int) -> Article:
    article = session.get(Article, article_id, options=[selectinload(Article.picture)])
    if article is None:
        raise NoSuchArticle(
            f"There is no article number {article_id}: it may be on another desk. "
            "Choose one from the inbox."
        )
    return article


def _with_picture(desk: Desk, reading: Reading) -> tuple[Reading, Accepted | None]:
    """The lead image, or a warning why the article goes on without one."""
    if reading.image_url is None:
        return reading, None
    try:
        desk.pictures.refuse_full()
        accepted = accept(desk.fetcher.picture(reading.image_url))
        pictures.make_ready(desk.pictures, accepted)
        return reading, accepted
    except (Unreadable, BadPicture) as error:
        warning = f"The article's image was not taken. {error}"
        return replace(reading, warnings=(*reading.warnings, warning)), None


def _columns(
    reading: Reading, picture: Picture | None, now: datetime, by: int | None
) -> dict[str, Any]:
    return {
        "slug": slug(reading.headline),
        "identity": _identity(reading),
        "revision": 1,
        "headline": reading.headline,
        "standfirst": reading.standfirst,
        "authors": list(reading.authors),
        "section": reading.section,
        "topics": list(reading.topics),
        "language": reading.language,
        "published_at": reading.published_at,
        "only_day": reading.only_day,
        "link": reading.link,
        "blocks": [asdict(block) for block in reading.blocks],
        "caption": reading.caption,
        "credit": reading.credit,
        "alt": reading.alt,
        "image_url": reading.image_url,
        "others": [asdict(one) for one in reading.others],
        "picture_id": picture.id if picture else None,
        "warnings": list(reading.warnings),
        "said": {name: dict(sources) for name, sources in reading.said.items()},
        "created_by": by,
        "created_at": now,
    }
