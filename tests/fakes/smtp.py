"""A strict little mail server on loopback: real SMTP, with what each test wants."""

from __future__ import annotations

import base64
import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class _Line(socketserver.StreamRequestHandler):
    timeout = 10
    server: _Server

    def handle(self) -> None:
        house, self._from = self.server.house, False
        self._say("220 loopback ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "QUIT":
                return self._say("221 bye")
            if verb == "DATA" and self._from:
                self._take()
            elif verb == "AUTH":
                self._sign_in(line)
            elif verb in ("EHLO", "HELO"):
                self._say("250-loopback\r\n250 AUTH PLAIN")
            elif verb in ("MAIL", "RCPT", "RSET"):
                self._from = self._from or verb == "MAIL"
                self._say("550 no such box" if house.refuses else "250 well")
            else:
                self._say("503 out of order")
        return None

    def _sign_in(self, line: str) -> None:
        house = self.server.house
        told = base64.b64decode(line.split()[2]).decode().split("\0")[1:]
        if house.refuses_sign_in:
            self._say(f"535 no: {line.split()[2]} {told[1]}")
        else:
            house.signed_in.append((told[0], told[1]))
            self._say("235 welcome")

    def _take(self) -> None:
        self._say("354 go on")
        data = bytearray()
        while not data.endswith(b"\r\n.\r\n"):
            data += self.rfile.readline()
        self.server.house.mails.append(
            message_from_bytes(bytes(data[:-3]), policy=policy.default)
        )
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    house: MailHouse


class MailHouse:
    """Keeps each mail that it took; may refuse senders or passwords."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.signed_in: list[tuple[str, str]] = []
        self.refuses = self.refuses_sign_in = False
        self._server = _Server(("127.0.0.1", 0), _Line)
        self._server.house = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"smtp://desk:p%40ss@127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
