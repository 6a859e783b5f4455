"""Mail: alerts to the newsroom's inbox, by SMTP, with TLS unless on loopback."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from desk.alerts import message
from desk.alerts.rules import Alert
from desk.alerts.transports import NotDelivered
from desk.config import Settings
from desk.loopback import is_loopback

SECONDS = 10.0  # for each answer of the server


@dataclass(frozen=True)
class Server:
    """Where mail is handed in, as the setting's address says it."""

    host: str
    port: int
    wrapped: bool  # TLS from the first byte
    starttls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, url: str) -> Server:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            host, port = "", None
        if not host or parts.scheme not in ("smtp", "smtps"):
            raise NotDelivered("STANDFIRST_SMTP_URL is no smtp:// or smtps:// address.")
        wrapped = parts.scheme == "smtps"
        return cls(
            host,
            port or (465 if wrapped else 587),
            wrapped,
            not wrapped and ("starttls" in parts.query or not is_loopback(host)),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )

    def without_secrets(self, said: str) -> str:
        """What a server says may hold what it was told."""
        pair = f"\0{self.user}\0{self.password}"
        for secret in (_encoded(pair), _encoded(self.password), self.password):
            said = said.replace(secret, "***") if self.password else said
        return " ".join(said.split())[:300]


@dataclass(frozen=True)
class Mail:
    settings: Settings
    name: str = "mail"

    def send(self, alerts: Sequence[Alert], now: datetime) -> None:
        server = Server.of(self.settings.smtp_url)
        try:
            with _connected(server) as line:
                line.send_message(self._written(alerts, now))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            why = server.without_secrets(_words(error))
            raise NotDelivered(
                f"Mail could not be sent: {server.host}: {why}"
            ) from None

    def _written(self, alerts: Sequence[Alert], now: datetime) -> EmailMessage:
        written, settings = EmailMessage(), self.settings
        written["Subject"] = f"[Standfirst] {message.subject(alerts)}"
        written["From"], written["To"] = settings.mail_from, settings.mail_to
        written["Date"] = format_datetime(now)
        domain = settings.mail_from.rpartition("@")[2].strip("<> ") or "localhost"
        written["Message-ID"] = make_msgid(domain=domain)
        written["Auto-Submitted"] = "auto-generated"  # no out-of-office answers
        written.set_content(message.body(alerts, settings.address))
        return written


def _connected(server: Server) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    line: smtplib.SMTP
    if server.wrapped:
        line = smtplib.SMTP_SSL(
            server.host, server.port, timeout=SECONDS, context=trust
        )
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.starttls:
            line.starttls(context=trust)
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"it takes nothing for {', '.join(error.recipients)}"
    return str(error) or type(error).__name__


def _encoded(secret: str) -> str:
    return base64.b64encode(secret.encode()).decode()
