"""Partial indexes: which posts stand in one, as literals that the index knows.

With a bound value no partial index fits the query, and each post would be read.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, literal_column

from desk.models.posts import ASIDE, DRAFT, EVERGREEN, IN_TROUBLE, LIVE_SLOT

TROUBLE: ColumnElement[bool] = literal_column(f"({IN_TROUBLE})")
PUT_ASIDE: ColumnElement[bool] = literal_column(f"({ASIDE})")
IS_DRAFT: ColumnElement[bool] = literal_column(f"({DRAFT})")
IS_EVERGREEN: ColumnElement[bool] = literal_column(f"({EVERGREEN})")
HOLDS_SLOT: ColumnElement[bool] = literal_column(f"({LIVE_SLOT})")
