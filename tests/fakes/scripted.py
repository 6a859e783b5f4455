"""The desk's test connector: answers as it was told to, and remembers what it has."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from connectors.base import (
    Account,
    Class,
    Connector,
    ConnectorError,
    Field,
    Finding,
    Found,
    Limits,
    Message,
    NotThere,
    Prepared,
    Preview,
    Receipt,
    Staged,
)

DRAWN = "scripted.preview"  # what it tells whoever listens, of each post that it draws

Answer = ConnectorError | Exception | Callable[[Prepared], Receipt | ConnectorError]


class Scripted(Connector):
    """A platform in this process. `script` holds what the next publishes answer."""

    platform = "scripted"
    title = "Scripted"
    fields: ClassVar[tuple[Field, ...]] = (
        Field("account", "Account", default="desk"),
        Field("token", "Token", secret=True, default="s3cret"),
    )
    default_limits = Limits(text=280, images=1)
    settle = timedelta(seconds=10)

    once: ClassVar[Class] = Class.NONE
    script: ClassVar[list[Answer]] = []
    staging: ClassVar[list[BaseException]] = []
    has: ClassVar[dict[str, tuple[str, str]]] = {}  # remote id -> key, text
    looks: ClassVar[list[Finding]] = []
    checking: ClassVar[list[ConnectorError]] = []

    @classmethod
    def reset(cls) -> None:
        cls.once = Class.NONE
        for kept in (cls.script, cls.staging, cls.looks, cls.checking):
            kept.clear()
        cls.has.clear()

    @classmethod
    def live(cls) -> list[str]:
        """The texts that its readers see."""
        return [text for _, text in cls.has.values()]

    def length(self, message: Message) -> int:
        return len(message.text) + (len(message.link) + 2 if message.link else 0)

    def preview(self, message: Message) -> Preview:
        sys.audit(DRAWN)
        return super().preview(message)

    def stage(self, message: Message) -> Staged:
        self.refuse(message)
        if self.staging:
            raise self.staging.pop(0)
        return Staged({"images": len([image.data for image in message.images])})

    def compose(
        self,
        message: Message,
        staged: Staged,
        key: str,
        at: datetime,
        after: Receipt | None = None,
    ) -> Prepared:
        self.refuse(message)
        body = {"text": message.text, "link": message.link, "at": at.isoformat()}
        return Prepared(key, json.dumps(body))

    def publish(self, prepared: Prepared) -> Receipt:
        if not self.script:
            return self.take(prepared)
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        said = answer(prepared)
        if isinstance(said, ConnectorError):
            raise said
        return said

    @classmethod
    def take(cls, prepared: Prepared) -> Receipt:
        """Publish it as the class promises: the same key may be the same post."""
        for remote_id, (key, _) in cls.has.items():
            if key == prepared.key and cls.once in (Class.EXACT, Class.WINDOW):
                return _receipt(remote_id)
        remote_id = str(len(cls.has) + 1)
        cls.has[remote_id] = (prepared.key, json.loads(prepared.body)["text"])
        return _receipt(remote_id)

    def find(self, prepared: Prepared, since: datetime) -> Finding:
        if self.looks:
            return self.looks.pop(0)
        same = [_receipt(i) for i, (key, _) in self.has.items() if key == prepared.key]
        return Found(tuple(same)) if same else NotThere()

    def check(self) -> Account:
        if self.checking:
            raise self.checking.pop(0)
        return Account(
            remote_id=self.credentials["account"],
            name=self.credentials["account"],
            software="scripted",
            version="1",
            exactly_once=self.once,
            limits=self.default_limits,
            window=timedelta(hours=1) if self.once is Class.WINDOW else None,
        )


def _receipt(remote_id: str) -> Receipt:
    return Receipt(remote_id, f"https://scripted.example/{remote_id}")
