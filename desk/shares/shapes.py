"""The shape of a share, with its posts and what each says of its own."""

from __future__ import annotations

from collections.abc import Sequence

from desk.models import Comment, Post, Share
from desk.shapes import Json, moment
from desk.shares import rendering


def share_json(share: Share, its: Sequence[Post], said: Sequence[Comment] = ()) -> Json:
    return {
        "id": share.id,
        "article": share.article_id,
        "text": share.text,
        "link": share.link,
        "images": [
            {"image": seen.picture.sha256, "alt": seen.alt, "credit": seen.credit}
            for seen in share.pictures
        ],
        "class": share.priority,
        "labels": [label.name for label in share.labels],
        "note": share.note,
        "due_at": moment(share.due_at),
        "revision": share.revision,
        "posts": [_post_json(post) for post in its],
        "comments": [_comment_json(comment) for comment in said],
    }


def _comment_json(comment: Comment) -> Json:
    return {
        "id": comment.id,
        "by": comment.who,
        "text": comment.text,
        "written_at": moment(comment.written_at),
        "edited_at": moment(comment.edited_at),
    }


def _post_json(post: Post) -> Json:
    return {
        "id": post.id,
        "channel": post.channel.name,
        "state": post.state,
        "due_at": moment(post.due_at),
        "own": [
            mark.removeprefix("own_")
            for mark in (*rendering.OWN, "own_time")
            if getattr(post, mark)
        ],
    }
