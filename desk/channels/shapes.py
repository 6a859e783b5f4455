"""The shapes of a channel, and of the account that its platform says it is."""

from __future__ import annotations

from connectors.base import Account
from desk import channels
from desk.models import Channel
from desk.shapes import Json, moment


def channel_json(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "platform": channel.platform,
        "state": working_state(channel),
        "account": channel.account_name,
        "account_id": channel.remote_account_id,
        "software": channel.software,
        "version": channel.version,
        "exactly_once": channels.exactly_once(channel).value,
        "exactly_once_by_check": channel.exactly_once,
        "exactly_once_by_hand": channel.exactly_once_override,
        "checked_at": moment(channel.checked_at),
        "credential_expires_at": moment(channel.credential_expires_at),
        "stopped_why": channel.stopped_why,
        "waits": channel.wait if channel.not_before else None,
        "waits_until": moment(channel.not_before),
        "waits_why": channel.wait_why,
    }


def account_json(account: Account) -> Json:
    return {
        "account": account.name,
        "account_id": account.remote_id,
        "software": account.software,
        "version": account.version,
        "exactly_once": account.exactly_once.value,
        "credential_expires_at": moment(account.expires_at),
        "warnings": list(account.warnings),
    }


def working_state(channel: Channel) -> str:
    if channel.retired_at:
        return "retired"
    if channel.stopped_at:
        return "stopped"
    return "waiting" if channel.not_before else "working"
