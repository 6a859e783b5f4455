"""What a process that publishes wants of its machine."""

from __future__ import annotations

import resource

import structlog

SPARE_FILES = 200  # open at once besides the calls: database, broker, pictures, logs

log = structlog.get_logger(__name__)


def allowed(slots: int) -> int:
    """As many slots as it may have connections open; it raises its own limit first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = slots + SPARE_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    may = max(1, wanted - SPARE_FILES)
    if may < slots:
        log.warning("fewer slots than asked for: open files", slots=may, files=hard)
    return may
