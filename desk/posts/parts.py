"""Parts: what each piece of a post says. A thread has several, any other post one."""

from __future__ import annotations

from dataclasses import replace

from connectors.base import Connector, Message
from desk import channels, posts
from desk.desk import Desk
from desk.links import holds
from desk.models import Part, Post
from desk.posts.messages import bearer, whole_message
from desk.writing.style import Style
from desk.writing.threads import thread


def messages(
    connector: Connector,
    whole: Message,
    *,
    threaded: bool = False,
    numbered: bool = False,
    in_reply: bool = False,
) -> list[Message]:
    """A post's message in parts: the first has the image, and the link, or the last.

    A link that the words say is where they say it, and in no reply. A part that fits
    nowhere stays too long: the connector says so.
    """
    said = holds(whole.text, whole.link)
    apart = in_reply and whole.link is not None and not said
    first = replace(whole, link=None, card=None) if apart else whole
    later = Message("", language=whole.language)

    def saying(at: int, text: str) -> Message:
        return replace(later if at else first, text=text)

    def fits(at: int, text: str) -> bool:
        return connector.over(saying(at, text)) == 0

    texts: tuple[str, ...] = (whole.text,)
    if threaded:
        texts = thread(whole.text, fits, whole.language or "", numbered) or texts
    found = [saying(at, text) for at, text in enumerate(texts)]
    if apart:
        return [*found, replace(later, link=whole.link, card=whole.card)]
    at = bearer(texts, whole.link, in_reply=False)
    found[0] = replace(found[0], link=None, card=None)
    found[at] = replace(found[at], link=whole.link, card=whole.card)
    return found


def has_reply(post: Post) -> bool:
    """Whether its link goes in a first reply of its own."""
    return bool(post.link_in_reply and post.link and not holds(post.text, post.link))


def parts_of(connector: Connector, post: Post, whole: Message) -> list[Message]:
    """The parts of this post, were it to say this."""
    return messages(
        connector,
        whole,
        threaded=post.thread,
        numbered=Style.of(post.channel.style).numbered,
        in_reply=post.link_in_reply,
    )


def lay_out(desk: Desk, post: Post) -> None:
    """Give each part its words. A new revision has new keys, and nothing is staged.

    Its tries said what it said before; those of a part that is no more may be live, and
    so are the last one's.
    """
    for part in post.parts:
        for one in part.attempts:
            one.outdated = True
    texts: list[str | None] = [None]
    if post.thread or post.link_in_reply:
        connector = channels.connect(desk, post.channel)
        said = parts_of(connector, post, whole_message(desk, post))
        texts = [one.text for one in said] if len(said) > 1 else texts
    for at, text in enumerate(texts, 1):
        if at > len(post.parts):
            post.parts.append(
                Part(channel_id=post.channel_id, position=at, key=posts.new_key())
            )
        part = post.parts[at - 1]
        part.text, part.key = text, posts.new_key()
        part.staged = part.staged_for = part.staged_until = None
    for gone in post.parts[len(texts) :]:
        _hand_over(gone, post.parts[len(texts) - 1])
    del post.parts[len(texts) :]


def _hand_over(gone: Part, last: Part) -> None:
    """What was tried stays on record."""
    for one in list(gone.attempts):
        one.number = len(last.attempts) + 1
        last.attempts.append(one)
