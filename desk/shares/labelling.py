"""Labelling: a word put on several shares at once, and taken off again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from desk import shares
from desk.conflicts import refuse_changed
from desk.models import Label, Share
from desk.people.actors import Actor
from desk.shares.editing import put_in, share_fields
from desk.shares.rendering import Field


def label_all(
    session: Session, share_ids: Collection[int], name: str, *, now: datetime, by: Actor
) -> tuple[Label, list[Share]]:
    """The label, and those of these that did not have it before.

    Raises `BadLabel`, `NotYours`.
    """
    found = shares.labels(session, [name])
    if not found:
        raise shares.BadLabel("Write a label first.", "label")
    label = found[0]
    changed = []
    for share in _locked(session, share_ids, by):
        if label not in share.labels:
            _put(session, share, [*_names(share), label.name], now, by)
            changed.append(share)
    return label, changed


def unlabel_all(
    session: Session,
    share_ids: Collection[int],
    label_id: int,
    *,
    now: datetime,
    by: Actor,
    over: str | None = None,
) -> None:
    """The other way. `over`: the mark of how they were labelled; raises `Overtaken`."""
    its = _locked(session, share_ids, by)
    refuse_changed(over, as_labelled(its))
    for share in its:
        kept = [label.name for label in share.labels if label.id != label_id]
        if len(kept) < len(share.labels):
            _put(session, share, kept, now, by)


def as_labelled(its: Iterable[Share]) -> list[tuple[int, list[str]]]:
    """How these are labelled, for one mark."""
    return sorted((one.id, list(_names(one))) for one in its)


def _locked(session: Session, share_ids: Collection[int], by: Actor) -> list[Share]:
    """Always in one order, so that no two people wait for each other."""
    return [shares.locked(session, one, by) for one in sorted(share_ids)]


def _put(
    session: Session, share: Share, names: list[str], now: datetime, by: Actor
) -> None:
    put_in(session, share, {Field.LABELS: tuple(sorted(names))}, now, by)


def _names(share: Share) -> tuple[str, ...]:
    names: tuple[str, ...] = share_fields(share)[Field.LABELS]
    return names
