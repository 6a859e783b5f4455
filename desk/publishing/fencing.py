"""The fence, a fencing token: whoever holds an older one may not act on the post.

It is a number of the post that every move, edit and hold raises (`desk/transition.py`).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import CTE, ColumnElement, Select, and_, select, tuple_

from desk.models import Post


def fence_stands(claims: Collection[tuple[int, int]]) -> ColumnElement[bool]:
    """The fence: these posts, as long as nobody claimed, edited or held them since."""
    pairs = list(claims)
    # without the numbers by themselves SQLite reads the whole table
    by_number = Post.id.in_([post_id for post_id, _ in pairs])
    return and_(by_number, tuple_(Post.id, Post.fence).in_(pairs))


def lock_in_order(query: Select[int]) -> Select[int]:
    """The posts of this query, locked in one order: no two groups wait for each other.

    A CTE, since a planner may run a subquery twice.
    """
    return select(read_once(query.order_by(Post.id).with_for_update(of=Post)).c.id)


def read_once(query: Select[int]) -> CTE:
    """Read once, however often a statement names it."""
    return query.cte("chosen")
