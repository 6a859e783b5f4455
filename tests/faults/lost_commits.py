"""A proxy before PostgreSQL that lets a commit through and keeps its answer."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from enum import Enum

INTENT = b"INSERT INTO attempts"
OUTCOME = b"UPDATE parts SET"


class Lose(Enum):
    """What is lost, and with it the connection."""

    ANSWER = "the commit is made"
    COMMIT = "the commit never arrives"


class LostCommits:
    """Loses some of the commits in which such a statement was made."""

    def __init__(
        self, port: int, lose: Lose, where: bytes, choose: Callable[[int], bool]
    ) -> None:
        """`choose`: whether to lose the first, second, ... such commit."""
        self._behind, self._lose, self._where = port, lose, where
        self._choose = choose
        self._lock = threading.Lock()
        self.seen = self.lost = 0
        self._sock = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._sock.getsockname()[1]

    def __enter__(self) -> LostCommits:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()

    def address(self, of: str) -> str:
        """The same database, by way of this proxy, in the clear."""
        user, _, place = of.rpartition("@")
        name = place.rpartition("/")[2]
        return f"{user}@127.0.0.1:{self.port}/{name}?sslmode=disable"

    def chosen(self) -> bool:
        with self._lock:
            self.seen += 1
            lose = self._choose(self.seen)
            self.lost += lose
        return lose

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._sock.accept()
                threading.Thread(
                    target=self._serve, args=(client,), daemon=True
                ).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._behind))
        answers = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
        with client, server, contextlib.suppress(OSError):
            self._speak(client, server, answers)
            client.shutdown(socket.SHUT_RDWR)
            server.shutdown(socket.SHUT_RDWR)

    def _speak(
        self, client: socket.socket, server: socket.socket, answers: threading.Thread
    ) -> None:
        """Pass messages on until one is a commit that is to be lost."""
        server.sendall(_startup(client))
        answers.start()
        prepared: set[bytes] = set()  # statements by name that make what we look for
        inside = False
        for kind, body in _messages(client):
            inside |= self._makes(kind, body, prepared)
            commit = kind == b"Q" and body.upper().startswith(b"COMMIT")
            if commit and inside and self.chosen():
                if self._lose is Lose.ANSWER:
                    client.shutdown(socket.SHUT_WR)  # it hears no more
                    server.sendall(_message(kind, body))
                    threading.Event().wait(0.3)  # the server commits
                return
            inside &= not commit
            server.sendall(_message(kind, body))

    def _makes(self, kind: bytes, body: bytes, prepared: set[bytes]) -> bool:
        name, _, rest = body.partition(b"\0")
        if kind == b"P":
            prepared.discard(name)
            if self._where in rest:
                prepared.add(name)
        if kind == b"B":
            return rest.partition(b"\0")[0] in prepared
        return kind == b"Q" and self._where in body


def _startup(client: socket.socket) -> bytes:
    head = _exactly(client, 4)
    return head + _exactly(client, struct.unpack("!I", head)[0] - 4)


def _messages(client: socket.socket) -> Iterator[tuple[bytes, bytes]]:
    while True:
        kind = _exactly(client, 1)
        (length,) = struct.unpack("!I", _exactly(client, 4))
        yield kind, _exactly(client, length - 4)


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


def _exactly(sock: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            raise ConnectionError("it hung up")
        data += more
    return data


def _pass_on(server: socket.socket, client: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := server.recv(65536):
            client.sendall(data)
