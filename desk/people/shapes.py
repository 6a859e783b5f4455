"""The shape of a person on the desk."""

from __future__ import annotations

from desk.people.team import Member
from desk.shapes import Json, moment


def member_json(member: Member) -> Json:
    return {
        "email": member.user.email,
        "name": member.user.name,
        "role": member.user.role,
        "seen_at": moment(member.seen_at),
        "sessions": member.sessions,
        "disabled_at": moment(member.user.disabled_at),
    }
