"""Correcting what was read: what another source said, or another of its pictures."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from desk import articles, db, pictures, posts
from desk.articles import illustrating
from desk.conflicts import Overtaken
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Article
from desk.people import rights
from desk.people.actors import Actor
from desk.people.rights import NotYours, Permission
from desk.picturing import Accepted, accept, draft_alt
from desk.posts import Seen, editing
from desk.posts.editing import Change, Typed
from desk.reading.article import Shown
from desk.refusal import Refusal, RefusalKind
from desk.shares import editing as shares
from desk.shares import illustrating as sharing

READ = "as the desk read it"  # a source like the others, once something was taken
PASTED = "text"  # the paste as it stood, before it was put in its place
CHANGED = (
    "Someone changed this article since you opened the page: nothing was done. Load it "
    "again, then press again."
)
FIELDS = ("headline", "standfirst", "authors", "caption", "credit", "alt")


class NotSaid(Refusal):
    """No source of the article said that; a sentence."""

    kind = RefusalKind.MISSING


@dataclass(frozen=True)
class Disagreement:
    """What the sources say of one field, and which of it the article has now."""

    field: str
    told: Mapping[str, str]
    now: str

    @property
    def others(self) -> list[tuple[str, str]]:
        """Each thing that is said and was not taken, with the first who says it."""
        first: dict[str, str] = {}
        for source, said in self.told.items():
            if said != self.now and source != PASTED:
                first.setdefault(said, source)
        return [(source, said) for said, source in first.items()]


def disagreements(article: Article) -> list[Disagreement]:
    """The fields of which a source says something else than the article has."""
    found = [
        Disagreement(field, article.said.get(field, {}), value_of(article, field))
        for field in FIELDS
    ]
    return [one for one in found if one.others]


def value_of(article: Article, field: str) -> str:
    value = getattr(article, field)
    return ", ".join(value) if isinstance(value, list) else str(value)


def take(
    desk: Desk,
    session: Session,
    article_id: int,
    field: str,
    source: str,
    *,
    by: Actor,
    seen: int | None = None,
) -> str:
    """Use what this source says; gives the source that says what stood there.

    A credit goes into the drafts that had the old one. `seen`: the article's revision
    that the person saw. Raises `NotSaid`, `Overtaken`.
    """
    article = articles.find_article(session, article_id)
    session.refresh(article, with_for_update=True)
    if seen not in (None, article.revision):
        raise Overtaken(CHANGED)
    told = dict(article.said.get(field, {}))
    if field not in FIELDS or source not in told:
        raise NotSaid("No source of this article says that. Load the page again.")
    before = value_of(article, field)
    old = next((name for name, said in told.items() if said == before), READ)
    article.said = {**article.said, field: {**told, old: before}}
    said = told[source]
    setattr(article, field, said.split(", ") if field == "authors" else said)
    article.revision += 1
    if field == "credit":
        _credit(desk, session, article, before, by)
    return old


def _credit(
    desk: Desk, session: Session, article: Article, before: str, by: Actor
) -> None:
    now = db.now(session)
    sharing.credit_picture(
        session, article.id, article.picture_id, article.credit, now=now, by=by
    )
    for draft in posts.drafts(session, article.id):
        post = posts.find_post(session, draft.id, lock=True)
        if post.state != State.DRAFT or post.credit != before:
            continue  # changed, or decided on, meanwhile
        if post.picture_id is not None:
            typed = Typed(Change(credit=article.credit), post.revision)
            editing.edit(desk, session, post.id, typed, now=now, by=by)
    sharing.settle_credit(desk, session, article.id)


@dataclass(frozen=True)
class Fetched:
    """Another picture of the page, here by now."""

    shown: Shown
    accepted: Accepted


@dataclass(frozen=True)
class Chosen:
    """What led before, by its key, and the drafts that show it."""

    former: str | None
    showing: Mapping[int, Seen]


def choose_picture(
    desk: Desk, article_id: int, key: str, *, over: str | None = None, by: Actor
) -> str | None:
    """Another picture of the page as the article's, and in the drafts that show it.

    What led before takes its place among the others: gives its key, to choose it again
    `over` this one. Raises `NotSaid`, `NotYours`, `Unreadable`, `BadPicture`.
    """
    fetched = fetch(desk, article_id, key, over)
    chosen = lead(desk, article_id, key, fetched, over=over, by=by)
    follow(desk, chosen, by=by)
    return chosen.former


def fetch(desk: Desk, article_id: int, key: str, over: str | None = None) -> Fetched:
    """The first third: asks the site for the picture, and writes nothing."""
    with desk.db.reading() as session:
        article = articles.find_article(session, article_id)
        other = Shown(**article.others[_place(article, key, over)])
    accepted = accept(desk.fetcher.picture(other.url))
    pictures.make_ready(desk.pictures, accepted)
    return Fetched(other, accepted)


def lead(
    desk: Desk,
    article_id: int,
    key: str,
    fetched: Fetched,
    *,
    over: str | None = None,
    by: Actor,
) -> Chosen:
    """The second third: it is the article's from now on."""
    other = fetched.shown
    with desk.db.writing() as session:
        rights.refuse(session, by, Permission.WRITE)
        article = articles.find_article(session, article_id)
        session.refresh(article, with_for_update=True)
        place = _place(article, key, over)
        now = db.now(session)
        kept = pictures.keep(session, desk.pictures, fetched.accepted, now)
        led, former = _lead(article), article.picture_id
        others = list(article.others)
        others[place : place + 1] = [asdict(led)] if led.url else []
        article.others, article.image_url = others, other.url
        article.caption, article.credit = other.caption, other.credit
        article.alt, article.picture_id = other.alt, kept.id
        article.revision += 1
        alt = draft_alt(article.alt, article.caption)
        shown = shares.Shown(kept.id, alt, article.credit, bool(alt))
        sharing.take_over(session, article.id, former, shown, now=now, by=by)
        showing = {
            post.id: Seen.of(post)
            for post in posts.drafts(session, article.id)
            if post.picture_id is not None and post.alt_is_draft
        }
        return Chosen(led.key if led.url else None, showing)


def follow(desk: Desk, chosen: Chosen, *, by: Actor) -> None:
    """The last third: its drafts show it.

    One that someone changes or decides on meanwhile is left to them.
    """
    for post_id, seen in chosen.showing.items():
        with suppress(NotYours, Overtaken):
            illustrating.take_articles(desk, post_id, by=by, seen=seen)


def _place(article: Article, key: str, over: str | None) -> int:
    """Where this picture stands among the others by now."""
    keys = [Shown(**one).key for one in article.others]
    if key not in keys or over not in (None, _lead(article).key):
        raise NotSaid("The pictures have changed since. Load the page again.")
    return keys.index(key)


def _lead(article: Article) -> Shown:
    url = article.image_url or ""
    return Shown(url, article.caption, article.credit, article.alt)
