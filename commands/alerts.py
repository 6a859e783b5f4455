"""`desk tell`: whether those who must know something can be told."""

from __future__ import annotations

import sys

import click

from commands.bootstrap import now, opened_desk
from desk.alerts import dispatch
from desk.alerts.rules import Alert
from desk.alerts.transports import NotDelivered, Transport
from desk.desk import Desk

NO_WAY = (
    "Nobody is told: set STANDFIRST_SMTP_URL, STANDFIRST_MAIL_FROM and "
    "STANDFIRST_MAIL_TO, or STANDFIRST_WEBHOOK_URL and STANDFIRST_WEBHOOK_SECRET."
)


@click.group()
def tell() -> None:
    """Tell people what they must know, by mail and webhook."""


@tell.command()
def test() -> None:
    """Send a test by each way, and say what happened."""
    with opened_desk() as desk:
        transports = dispatch.transports(desk)
        if not transports:
            click.echo(NO_WAY)
        went = [_tried(desk, transport) for transport in transports]
    if not transports or not all(went):
        sys.exit(1)


@tell.command("now")
def now_() -> None:
    """One round by hand, as the clock does every 5 s. For cron: it needs no clock."""
    with opened_desk() as desk:
        dispatch.send_alerts(desk)


def _tried(desk: Desk, transport: Transport) -> bool:
    words = "This is a test from your desk: nothing is wrong."
    at = now(desk)
    try:
        transport.send([Alert("test", words, "/status", at)], at)
    except NotDelivered as error:
        click.echo(str(error))
        return False
    click.echo(f"The {transport.name} test was taken.")
    return True
