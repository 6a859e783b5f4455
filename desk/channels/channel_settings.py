"""Channel settings: its name, what it asks of posts, and whether it is in use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connectors.base import Class
from desk import channels
from desk.channels import accounts
from desk.channels.fields import BadChannel
from desk.conflicts import refuse_changed
from desk.lifecycle import DEADLINES, Priority, State
from desk.models import Channel, Post
from desk.writing.style import Style

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(days=7)
PLANNED = (State.SCHEDULED, State.IN_REVIEW)
FORMER = "former"  # in a channel's style: the one before it
OFF = "none-of-ours"  # no class of our own: what the check says holds


def settings_of(channel: Channel) -> list[object]:
    """What its page shows of its settings, for a form to say back."""
    asked = channel.require_alt, channel.in_order
    return [channel.name, *asked, channel.deadlines_s]


def refuse_overtaken(session: Session, channel_id: int, over: str) -> None:
    """Lock a channel whose settings are about to be written.

    `over`: the mark of its settings, as they were seen. Raises `Overtaken`.
    """
    channels.naming(session)
    channel = channels.find_channel(session, channel_id, lock=True)
    refuse_changed(over, settings_of(channel))


def rename(session: Session, channel_id: int, name: str) -> None:
    name = " ".join(name.split())
    channels.naming(session)
    channel = channels.find_channel(session, channel_id)
    if name != channel.name:  # one from before may keep a name that none may take
        channels.refuse_taken_name(session, name, but=channel_id)
        channel.name = name


def require_alt(session: Session, channel_id: int, required: bool) -> None:
    """Whether a post without alt text can be scheduled on it."""
    channels.find_channel(session, channel_id).require_alt = required


def keep_order(session: Session, channel_id: int, kept: bool) -> None:
    """One post at a time: the next waits until the one before has its answer."""
    channels.find_channel(session, channel_id).in_order = kept


def set_deadlines(
    session: Session, channel_id: int, minutes: Mapping[Priority, int | None]
) -> None:
    """How late a post of each class may go out; None: as everywhere on the desk.

    It holds for posts that get their time from now on.
    """
    own = {}
    for priority, wanted in minutes.items():
        if wanted is None or timedelta(minutes=wanted) == DEADLINES[priority]:
            continue
        if not SHORTEST <= timedelta(minutes=wanted) <= LONGEST:
            raise BadChannel(
                f"A {priority} post may be late by 1 minute to 7 days "
                f"({LONGEST // SHORTEST:,} minutes).",
                priority,
            )
        own[priority.value] = wanted * 60
    channels.find_channel(session, channel_id).deadlines_s = own


def override_class(
    session: Session, channel_id: int, choice: str, over: str | None = None
) -> str:
    """An admin knows better than the check; gives what was chosen before.

    It stays through every check, until `OFF` is chosen. `over`: what was seen chosen.
    Raises `Overtaken`.
    """
    if choice != OFF and choice not in set(Class):
        raise BadChannel(f"There is no class “{choice}”. Choose {', '.join(Class)}.")
    channel = channels.find_channel(session, channel_id, lock=True)
    before = channel.exactly_once_override or OFF
    refuse_changed(over, before)
    if choice == Class.WINDOW and not channel.window_s:
        raise BadChannel(
            "The check told of no time for which this platform remembers a post, so "
            "it can't be promised here. Choose another."
        )
    channel.exactly_once_override = None if choice == OFF else choice
    return before


def set_style(
    session: Session, channel_id: int, style: Style, over: str | None = None
) -> Channel:
    """How its posts are written from now on; keeps what held before for Undo.

    `over`: the mark of the style that was seen. Raises `BadStyle`, `Overtaken`.
    """
    style.check()
    channel = channels.find_channel(session, channel_id, lock=True)
    refuse_changed(over, channel.style)
    channel.style = style.kept() | {FORMER: Style.of(channel.style).kept()}
    return channel


def former_style(session: Session, channel_id: int, over: str | None = None) -> bool:
    """Undo the last `set_style`; False where there is nothing to undo.

    `over`: the mark of the style that it made. Raises `Overtaken`.
    """
    channel = channels.find_channel(session, channel_id, lock=True)
    refuse_changed(over, channel.style)
    if FORMER not in channel.style:
        return False
    channel.style = channel.style[FORMER]
    return True


def retire(
    session: Session, channel_id: int, now: datetime, over: str | None = None
) -> Channel:
    """It is not offered any more and nothing goes out on it. Its posts are kept.

    Refused while posts are planned on it: a person decides on each. `over`: the mark
    of since when it was seen to be retired. Raises `Overtaken`.
    """
    channel = channels.find_channel(session, channel_id, lock=True)
    refuse_changed(over, channel.retired_at)
    planned = _count(session, channel_id, PLANNED)
    going = _count(session, channel_id, accounts.ON_ITS_WAY)
    if planned or going:
        raise BadChannel(_still(channel, planned, going))
    channel.retired_at = channel.retired_at or now
    return channel


def bring_back(session: Session, channel_id: int, over: str | None = None) -> Channel:
    """In use again. `over`: the mark of since when it was not. Raises `Overtaken`."""
    channels.naming(session)
    channel = channels.find_channel(session, channel_id, lock=True)
    refuse_changed(over, channel.retired_at)
    accounts.refuse_same(
        session,
        channel.platform,
        channel.remote_account_id,
        channel.settings,
        but=channel.id,
    )
    channel.retired_at = None
    return channel


def list_retired(session: Session) -> list[Channel]:
    """The channels out of use, by name."""
    query = select(Channel).where(Channel.retired_at.is_not(None))
    return list(session.scalars(query.order_by(func.lower(Channel.name))))


def find_retired(session: Session, name: str) -> Channel:
    found = list_retired(session)
    for channel in found:
        if channel.name.lower() == name.strip().lower():
            return channel
    known = ", ".join(channel.name for channel in found) or "none"
    raise channels.UnknownChannel(
        f"No retired channel is called “{name}”. There are: {known}."
    )


def _count(session: Session, channel_id: int, states: tuple[State, ...]) -> int:
    query = select(func.count()).select_from(Post)
    query = query.where(Post.channel_id == channel_id, Post.state.in_(states))
    return session.scalar(query) or 0


def _still(channel: Channel, planned: int, going: int) -> str:
    found = []
    if planned:
        found.append(f"{planned} planned post{'' if planned == 1 else 's'}")
    if going:
        found.append(f"{going} that may be going out")
    return (
        f"{channel.name} still has {' and '.join(found)}. Move or cancel them in its "
        "queue, then retire it."
    )
