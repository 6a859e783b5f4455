"""Refusal: what the desk does not do for a person, and the sentence that says why."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class RefusalKind(StrEnum):
    """What is the matter with what was asked."""

    INVALID = "invalid"  # it can't be read: write it another way
    FORBIDDEN = "forbidden"  # another person may
    MISSING = "missing"  # there is no such thing
    CONFLICT = "conflict"  # not as things stand now
    UNFIT = "unfit"  # it can be read, and can't be used

    @property
    def status(self) -> int:
        """The same in HTTP's numbers."""
        return STATUSES[self]


STATUSES = {
    RefusalKind.INVALID: 400,
    RefusalKind.FORBIDDEN: 403,
    RefusalKind.MISSING: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.UNFIT: 422,
}


class Refusal(Exception):
    """The base of every error that a person may cause; each face shows it in its way.

    Its sentence is for that person: what is so, and what to do. `field`: of the form,
    where it is about one. Whatever else the desk raises is a bug, or its own affair.
    """

    kind: ClassVar[RefusalKind] = RefusalKind.CONFLICT

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field

    @property
    def sentence(self) -> str:
        return str(self)

    @property
    def status(self) -> int:
        return self.kind.status

    def as_json(self) -> dict[str, str]:
        """As an API says it. A field is named where it is about one."""
        about = {"field": self.field} if self.field else {}
        return {"kind": self.kind.value, "sentence": self.sentence, **about}
