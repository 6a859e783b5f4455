"""Validation: whether a platform can carry a post as it stands, and how long it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session, object_session

from connectors.base import About, Connector, Message, Preview, Problem, Shape
from desk import channels, links
from desk.desk import Desk
from desk.models import Channel, Post
from desk.posts import cards, parts, repeats
from desk.posts.messages import whole_message
from desk.refusal import Refusal, RefusalKind
from desk.writing.handles import strangers
from desk.writing.style import Style
from desk.writing.threads import MOST


class TooLong(Refusal):
    """The platform can't carry the post as it stands; says why in sentences."""

    kind = RefusalKind.UNFIT


@dataclass(frozen=True)
class Piece:
    """One part of a post, as its platform counts and draws it."""

    length: int
    limit: int
    too_long: bool  # in letters, or in another way that the platform counts
    preview: Preview

    @property
    def over(self) -> int:
        return max(0, self.length - self.limit)


@dataclass(frozen=True)
class Rendered:
    """A post as its platform counts, takes and draws it."""

    pieces: tuple[Piece, ...]
    link: str | None  # as it is sent
    replies: bool  # the link goes in a first reply of its own
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]
    shape: Shape  # of the card that its link would show

    @property
    def longest(self) -> Piece:
        """The part that is nearest to its limit, or furthest over it."""
        return max(self.pieces, key=lambda piece: piece.length - piece.limit)

    @property
    def too_long(self) -> bool:
        return any(piece.too_long for piece in self.pieces)


def rendered(desk: Desk, post: Post, text: str, alt: str) -> Rendered:
    """The post with these words, which may still be on their way into it."""
    connector = channels.connect(desk, post.channel)
    whole = _showing(whole_message(desk, post, text), alt)
    said = parts.parts_of(connector, post, whole)
    return Rendered(
        pieces=tuple(_piece(connector, message) for message in said),
        link=whole.link,
        replies=post.link_in_reply and not (said[-1].text or whole.link is None),
        problems=(
            *_problems(connector, post.channel, said),
            *_repeated(desk, post, text),
        ),
        remarks=(
            *_remarks(connector, said),
            *filter(None, [links.remark(whole.link or "")]),
            *cards.remarks(connector, post),
            *_strangers(connector, post, text),
        ),
        shape=connector.shape if post.link else Shape.BARE,
    )


def problems(desk: Desk, post: Post, channel: Channel) -> list[Problem]:
    """What stands against scheduling this post, for its editor."""
    connector = channels.connect(desk, channel)
    said = parts.parts_of(connector, post, whole_message(desk, post))
    return _problems(connector, channel, said)


def _piece(connector: Connector, message: Message) -> Piece:
    return Piece(
        length=connector.length(message),
        limit=connector.limits.text,
        too_long=connector.over(message) > 0,
        preview=connector.preview(message),
    )


def _problems(
    connector: Connector, channel: Channel, said: Sequence[Message]
) -> list[Problem]:
    found: list[Problem] = []
    for number, message in enumerate(said, 1):
        where = f"Part {number}: " if len(said) > 1 else ""
        found += [
            replace(problem, sentence=f"{where}{problem}")
            for problem in connector.problems(message)
        ]
    if len(said) > MOST:
        long = f"The thread has {len(said)} parts, and {MOST} is the most: shorten it."
        found.append(Problem(long))
    if channel.require_alt and any(not i.alt.strip() for i in said[0].images):
        bare = "The image has no alt text, and this channel requires it."
        found.append(Problem(bare, About.ALT))
    return found


def _remarks(connector: Connector, said: Sequence[Message]) -> list[str]:
    """What is to be known of each part; the same of several is said once."""
    about: dict[str, list[str]] = {}
    for number, message in enumerate(said, 1):
        for remark in connector.remarks(message):
            about.setdefault(remark, []).append(str(number))
    if len(said) == 1:
        return list(about)
    return [
        f"Part{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}: {remark}"
        for remark, numbers in about.items()
    ]


def _repeated(desk: Desk, post: Post, text: str) -> list[Problem]:
    """The same words on the channel, where that stands against its time."""
    session = object_session(post)
    if session is None or post.due_at is None or post.state not in repeats.PLANNED:
        return []
    found = repeats.stands_against(desk, session, post, text, post.due_at)
    return [Problem(found)] if found else []


def _strangers(connector: Connector, post: Post, text: str) -> list[str]:
    """Handles that came with a text from another channel, and may be somebody else."""
    known = Style.of(post.channel.style).mentions
    found = strangers(text, post.carried, known)
    if not found:
        return []
    return [
        f"From another channel's text: {', '.join(found)}. On {connector.title} that "
        "may be somebody else, or nobody: check it."
    ]


def _showing(message: Message, alt: str) -> Message:
    images = tuple(replace(image, alt=alt) for image in message.images)
    return replace(message, images=images)


def refuse_repeated(desk: Desk, session: Session, post: Post) -> None:
    """Raises `TooLong` where the desk knows by now that it would be refused."""
    if post.due_at is None:
        return
    if found_ := repeats.stands_against(desk, session, post, post.text, post.due_at):
        raise TooLong(
            f"{channels.find_channel(session, post.channel_id).name}: {found_}"
        )


def refuse_unfit(desk: Desk, post: Post, channel: Channel) -> None:
    if found_ := problems(desk, post, channel):
        raise TooLong(f"{channel.name}: {' '.join(map(str, found_))}")
