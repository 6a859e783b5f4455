"""Loading: a post together with all that a screen shows of it."""

from __future__ import annotations

from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from desk.models import Article, LinkCard, Post, WorkingCopy


def loaded(query: Select[Post]) -> Select[Post]:
    return query.options(
        joinedload(Post.channel),
        joinedload(Post.article).joinedload(Article.picture),
        joinedload(Post.picture),
        joinedload(Post.card).joinedload(LinkCard.picture),
        selectinload(Post.parts),
        selectinload(Post.copies).joinedload(WorkingCopy.person),
    )
