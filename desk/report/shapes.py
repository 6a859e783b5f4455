"""The shapes of a post, and of everything that is on record about it."""

from __future__ import annotations

from desk import report
from desk.models import Event, Post, WorkingCopy
from desk.posts import reasons
from desk.publishing import live_twice
from desk.report import AttemptLine, PostAccount
from desk.shapes import Json, moment


def post_json(post: Post) -> Json:
    return {
        "id": post.id,
        "share": post.share_id,
        "channel": post.channel.name,
        "platform": post.channel.platform,
        "state": post.state,
        "class": post.priority,
        "text": post.text,
        "link": post.link,
        "image": post.picture.sha256 if post.picture else None,
        "alt": post.alt,
        "due_at": moment(post.due_at),
        "published_at": moment(post.published_at),
        "lateness_s": report.lateness_s(post),
        "url": report.public_url(post),
        "other_url": post.twice_url,
        "live_twice": [
            {"part": double.part.position, "url": double.first, "other": double.second}
            for double in live_twice.double_parts(post)
        ],
        "may_be": post.lookalikes,
        "reason": reasons.reason_words(post),
        "revision": post.revision,
    }


def account_json(account: PostAccount) -> Json:
    return {
        **post_json(account.post),
        "writing": [_copy_json(copy) for copy in account.post.copies],
        "attempts": [_attempt_json(line) for line in account.attempts],
        "events": [_event_json(event) for event in account.events],
    }


def _copy_json(copy: WorkingCopy) -> Json:
    return {
        "by": copy.person.name,
        "saved_at": moment(copy.saved_at),
        "revision": copy.revision,
    }


def _attempt_json(line: AttemptLine) -> Json:
    return {
        "number": line.number,
        "part": line.part,
        "at": moment(line.at),
        "replied_at": moment(line.replied_at),
        "worker": line.worker,
        "outcome": line.outcome,
        "words": line.words,
        "url": line.url,
        "digest": line.digest,
    }


def _event_json(event: Event) -> Json:
    return {
        "at": moment(event.at),
        "state": event.state,
        "what": event.what,
        "by": event.who,
    }
