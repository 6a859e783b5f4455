"""Loading: posts together with all that a screen shows of them, and no more."""

from __future__ import annotations

from sqlalchemy import Select
from sqlalchemy.orm import defer, joinedload, load_only, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from desk.models import Article, Attempt, Channel, LinkCard, Part, Post, WorkingCopy

OF_POST = (  # what a ticket shows: its state, when, and what to know beside it
    Post.article_id,
    Post.share_id,
    Post.channel_id,
    Post.state,
    Post.due_at,
    Post.published_at,
    Post.reason,
    Post.reason_kind,
    Post.triage,
    Post.look_at,
    Post.needs_person,
    Post.twice_url,
    Post.text,
    Post.own_text,
    Post.not_before,
    Post.lookalikes,
    Post.recheck_at,
)
OF_CHANNEL = (
    Channel.name,
    Channel.platform,
    Channel.limits,
    Channel.exactly_once,
    Channel.exactly_once_override,
    Channel.not_before,
    Channel.wait,
    Channel.stopped_at,
)


def load_for_page(query: Select[Post]) -> Select[Post]:
    """For a page where they are written."""
    return query.options(
        *_around(),
        joinedload(Post.card).joinedload(LinkCard.picture),
        selectinload(Post.parts),
    )


def load_for_list(query: Select[Post]) -> Select[Post]:
    """For a list of them: without the texts that they might have had instead."""
    return query.options(
        *_around(),
        defer(Post.candidates),
        defer(Post.former),
        defer(Post.warnings),
        selectinload(Post.parts),
    )


def load_for_board(query: Select[Post]) -> Select[Post]:
    """For a ticket of each on the board: with what became of its parts and tries."""
    return query.options(
        load_only(*OF_POST),
        joinedload(Post.channel).load_only(*OF_CHANNEL),
        joinedload(Post.article).load_only(Article.headline),
        with_copies(),
        with_tries(),
    )


def _around() -> tuple[ORMOption, ...]:
    article = joinedload(Post.article)
    return (
        joinedload(Post.channel),
        article.joinedload(Article.picture),
        article.defer(Article.blocks),  # its whole text
        article.defer(Article.said),
        article.defer(Article.others),
        joinedload(Post.picture),
        with_copies(),
    )


def with_copies() -> ORMOption:
    """With what people have typed over each and not saved."""
    return selectinload(Post.copies).joinedload(WorkingCopy.person)


def with_tries() -> ORMOption:
    """With every try, but not the bytes: where it is told what became of the post."""
    tries = selectinload(Post.parts).selectinload(Part.attempts)
    return tries.defer(Attempt.body)
