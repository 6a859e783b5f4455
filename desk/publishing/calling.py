"""Calling: the one irreversible call, whose intent is committed."""

from __future__ import annotations

import structlog

from connectors.base import (
    OutcomeUnknown,
    RateLimited,
    Receipt,
    Rejected,
    Unauthorized,
    Unavailable,
)
from desk.channels import circuit_breakers
from desk.engine_settings import engine
from desk.publishing.outbox import Intent
from desk.publishing.recording import Answer
from desk.timekeeping import Pulse, boot_seconds

FROZEN_WORDS = "The desk was frozen just before sending: this try sent nothing."

REFUSALS = (Rejected, Unauthorized, RateLimited, Unavailable)  # surely not published

log = structlog.get_logger(__name__)


def call(intent: Intent, pulse: Pulse | None = None) -> Answer:
    """What the platform said; an escaped error is a bug and counts as unknown.

    `pulse`: of this process. What came while it was frozen says nothing of a server.
    """
    if intent.read.age() > engine.intents.acted_on_within:
        return circuit_breakers.NotCalled(FROZEN_WORDS)
    began = boot_seconds()
    outcome = _publish(intent)
    if pulse is not None and not pulse.awake_since(began):
        return circuit_breakers.overslept(outcome)
    return outcome


def _publish(intent: Intent) -> Answer:
    try:
        return _receipt(intent.connector.publish(intent.prepared))
    except (*REFUSALS, OutcomeUnknown) as error:
        return error
    except Exception:
        log.exception(
            "a connector let an error slip", post=intent.post_id, attempt=intent.number
        )
        return OutcomeUnknown("The desk failed while it was sending; see its log.")


def _receipt(said: object) -> Receipt:
    if isinstance(said, Receipt) and said.remote_id:
        return said
    raise OutcomeUnknown("The platform's answer names no post.")
