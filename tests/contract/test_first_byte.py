"""Before the first byte: what fails there has surely published nothing."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.base import Unavailable
from connectors.http import Client
from tests.contract.cases import outcome
from tests.fakes.line import Caller, Line, reply

CALL = """
import sys
from connectors.base import ConnectorError
from connectors.http import Client
print("calling", flush=True)
try:
    answer = Client(sys.argv[1]).post("/x", "{}", seconds=1, irreversible=True)
    print(answer.status)
except ConnectorError as error:
    print(type(error).__name__)
"""

# It stops itself as the kernel is asked to connect, and has half a second for that.
FROZEN = """
import os, signal, sys
from connectors.http import client
client.FIRST_BYTE_WITHIN = 0.5
def freeze(event, arguments):
    if event == "socket.connect":
        os.kill(os.getpid(), signal.SIGSTOP)
sys.addaudithook(freeze)
""" + CALL.replace("seconds=1", "seconds=20")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost that nobody has signed but itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "localhost.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def secured(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []
    yield running
    for child in running:
        with child:
            child.kill()


def start(
    address: str, trusting: Path | None = None, program: str = CALL
) -> subprocess.Popen[str]:
    """A call from a process of its own, which trusts that certificate."""
    return subprocess.Popen(
        [sys.executable, "-c", program, address],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "SSL_CERT_FILE": str(trusting or "")},
    )


def test_a_certificate_that_nobody_vouches_for_is_refused(
    secured: ssl.SSLContext,
) -> None:
    with Line(reply(200), tls=secured) as line:
        client = Client(f"https://localhost:{line.port}")
        error = outcome(lambda: client.post("/x", "{}", irreversible=True))

        assert line.heard() == b""
    assert type(error) is Unavailable
    assert "certificate" in error.reason


def test_a_certificate_for_another_name_is_refused(
    secured: ssl.SSLContext,
    certificate: Path,
    started: list[subprocess.Popen[str]],
) -> None:
    with Line(reply(200), tls=secured) as line:
        started.append(start(f"https://127.0.0.1:{line.port}", certificate))

        assert started[0].communicate()[0].split() == ["calling", "Unavailable"]
        assert line.heard() == b""


def test_a_trusted_certificate_lets_the_call_through(
    secured: ssl.SSLContext,
    certificate: Path,
    started: list[subprocess.Popen[str]],
) -> None:
    with Line(reply(200), tls=secured) as line:
        started.append(start(f"https://localhost:{line.port}", certificate))

        assert started[0].communicate()[0].split() == ["calling", "200"]


def test_a_server_without_tls_is_surely_nothing() -> None:
    with Line(lambda caller: caller.say(b"HTTP/1.1 400 No\r\n\r\n")) as line:
        client = Client(line.address.replace("http", "https"))

        error = outcome(lambda: client.post("/x", "{}", irreversible=True))

    assert type(error) is Unavailable


def test_a_handshake_that_never_ends_is_cut_and_is_surely_nothing() -> None:
    began = time.monotonic()
    with Line(lambda caller: caller.wait()) as line:
        client = Client(line.address.replace("http", "https"))

        error = outcome(lambda: client.post("/x", "{}", seconds=0.3, irreversible=True))

    assert type(error) is Unavailable
    assert time.monotonic() - began < 8


def test_a_process_that_was_frozen_while_connecting_sends_nothing(
    secured: ssl.SSLContext,
    certificate: Path,
    started: list[subprocess.Popen[str]],
) -> None:
    called, go_on = threading.Event(), threading.Event()
    heard: list[bytes] = []

    def script(caller: Caller) -> None:
        called.set()
        go_on.wait(20)
        caller.sock = secured.wrap_socket(caller.sock, server_side=True)
        heard.append(caller.sock.recv(4096))

    with Line(script) as line:
        child = start(f"https://localhost:{line.port}", certificate)
        started.append(child)
        assert called.wait(20)
        child.send_signal(signal.SIGSTOP)
        go_on.wait(1.5)  # the second it had runs out while it is frozen
        go_on.set()
        child.send_signal(signal.SIGCONT)

        assert child.communicate()[0].split() == ["calling", "Unavailable"]
    assert b"".join(heard) == b""


def test_a_process_that_was_frozen_before_the_first_byte_sends_nothing(
    started: list[subprocess.Popen[str]],
) -> None:
    with Line(reply(200)) as line:
        child = start(line.address, program=FROZEN)
        started.append(child)
        os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)
        threading.Event().wait(0.7)  # the half second runs out while it is frozen
        child.send_signal(signal.SIGCONT)

        assert child.communicate()[0].split() == ["calling", "Unavailable"]
        assert line.heard() == b""
