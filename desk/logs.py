"""Logs: how every process writes its lines. No bodies and no secrets stand in them."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from desk import heartbeats
from desk.config import Settings

# What no line may hold, whoever writes it; `posts`, `why` and the like are welcome.
SECRET = frozenset(
    {"alt", "authorization", "body", "cookie", "password", "secret", "text", "token"}
)
KEPT_OUT = "[kept out]"
# Whoever reads it could sign in: it stands in addresses, and where libraries tell them.
ONE_TIME = re.compile(r"""(?i)(sign-in(?:/|%2f)+)[^\s/?#&"'<>\\]+""")


class Lines(logging.Handler):
    """What libraries log, in the same form."""

    def __init__(self, stream: Callable[[], TextIO]) -> None:
        super().__init__()
        self._stream = stream

    def emit(self, record: logging.LogRecord) -> None:
        print(self.format(record), file=self._stream(), flush=True)


def output() -> TextIO:
    """Standard output, as it is now: tests and daemons put another in its place."""
    return sys.stdout


def errors() -> TextIO:
    return sys.stderr


def configure(
    form: str, level: int = logging.INFO, stream: Callable[[], TextIO] = output
) -> None:
    """For this process. `form`: json, for a collector; or console, for reading.

    `stream`: where to; asked at each line.
    """
    shared = _shared()
    structlog.configure(
        processors=[*shared, _rendering(form)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(stream()),
    )
    handler = Lines(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _rendering(form),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, Lines)]
    root.addHandler(handler)
    root.setLevel(logging.WARNING)


def of_settings(settings: Settings) -> None:
    """As the operator set it."""
    configure(settings.log)


def _shared() -> Sequence[Processor]:
    return (
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_worker,
        _keep_out,
        structlog.processors.format_exc_info,  # without the values of variables
    )


def _add_worker(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """The process that says it, as attempts name it."""
    line.setdefault("worker", heartbeats.name())
    return line


def _keep_out(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    for name in SECRET & line.keys():
        line[name] = KEPT_OUT
    return line


def _rendering(form: str) -> Processor:
    """A line as it is written: what libraries and errors say of addresses, too."""
    written = _renderer(form)

    def render(logger: WrappedLogger, method: str, line: EventDict) -> str:
        return ONE_TIME.sub(rf"\1{KEPT_OUT}", str(written(logger, method, line)))

    return render


def _renderer(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(default=_plain)
    return structlog.dev.ConsoleRenderer(colors=False)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
