"""Limits: how often someone may try to sign in."""

from __future__ import annotations

import redis
import structlog
from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from desk import wakeup
from desk.config import Settings

log = structlog.get_logger(__name__)

SIGN_INS = "10 per minute; 60 per hour"  # from one address
SIGN_INS_AS = "10 per 15 minutes"  # for one person, from anywhere

limiter = Limiter(get_remote_address, default_limits=[])


def add(app: Flask, settings: Settings) -> None:
    """Count in Redis, for all web processes together; else in this one's memory."""
    app.config["RATELIMIT_STORAGE_URI"] = _storage(settings)
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    limiter.init_app(app)


def named_person() -> str:
    """Counts by the email that was written, known here or not."""
    return "as:" + request.form.get("email", "").strip().lower()[:200]


def _storage(settings: Settings) -> str:
    try:
        with wakeup.client(settings) as connection:
            connection.ping()
    except redis.RedisError:
        log.info("sign-ins are counted in memory: Redis does not answer")
        return "memory://"
    return settings.redis.replace("unix://", "redis+unix://", 1)
