"""What browsers are told with every answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, Response, g

from connectors.paper import Paper
from desk.config import Settings
from desk.migrating import upgrade
from desk.models import User
from tests.web.visiting import Visitor
from web import create_app


@pytest.mark.parametrize("path", ["/", "/sign-in", "/paper", "/nowhere", "/status"])
def test_every_page_carries_the_strict_policy(editor: Visitor, path: str) -> None:
    answer = editor.look(path)

    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'nonce-")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_the_nonce_is_new_on_every_page(editor: Visitor) -> None:
    pages = [editor.look("/sign-in") for _ in range(2)]
    nonces = {
        re.findall("nonce-([^']+)", p.headers["Content-Security-Policy"])[0]
        for p in pages
    }

    assert len(nonces) == 2


def test_pages_hold_no_inline_script_or_style(editor: Visitor) -> None:
    for path in ("/", "/status", "/queue", "/channels", "/you", "/paper"):
        page = editor.look(path).text
        assert not re.search(r"<style|style=|<script(?![^>]*src=)| on[a-z]+=", page), (
            path
        )


def test_the_live_process_is_allowed_on_its_own_port(editor: Visitor) -> None:
    policy = editor.look("/").headers["Content-Security-Policy"]

    assert "connect-src 'self' http://localhost:8421;" in policy


def test_a_strange_host_name_does_not_get_into_the_policy(editor: Visitor) -> None:
    answer = editor.look("/sign-in", headers={"Host": "evil; script-src *"})

    assert "script-src *" not in answer.headers.get("Content-Security-Policy", "")


@pytest.mark.parametrize("path", ["/sign-in", "/paper", "/nowhere"])
@pytest.mark.parametrize("host", ["evil.org", "evil.org:8421", "10.6.6.6", "[fd00::6]"])
def test_a_strangers_page_may_ask_nobody_but_the_desk(
    passer_by: Visitor, path: str, host: str
) -> None:
    answer = passer_by.look(path, headers={"Host": host})

    assert "connect-src 'self';" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("evil.org", "'self'"),
        ("6.6.6.6", "'self'"),
        ("[fe80::1%x]", "'self'"),
        ("192.168.1.5:8420", "'self' http://192.168.1.5:8421"),
        ("[::1]:8420", "'self' http://[::1]:8421"),
        ("desk:8420", "'self' http://desk:8421"),
        ("News-Desk2", "'self' http://news-desk2:8421"),
        ("desk.local", "'self' http://desk.local:8421"),
        ("desk.newsroom.internal:8420", "'self' http://desk.newsroom.internal:8421"),
        ("desk.home.arpa", "'self' http://desk.home.arpa:8421"),
        ("desk.lan.", "'self' http://desk.lan.:8421"),
        ("local.evil.org", "'self'"),
        ("desk.local.evil.org", "'self'"),
        ("desk-local.org", "'self'"),
        (".local", "'self'"),
        ("16843009", "'self'"),
        ("0x1010101", "'self'"),
        ("1.1.0x101", "'self'"),
        ("desk_web:8420", "'self'"),
        ("desk;.local", "'self'"),
    ],
)
def test_no_made_up_host_is_asked_for_what_is_new(
    app: Flask, host: str, allowed: str
) -> None:
    with app.test_request_context("/", headers={"Host": host}):
        g.user = User(name="Ann")
        policy = app.process_response(Response()).headers["Content-Security-Policy"]

    assert f"connect-src {allowed};" in policy


def test_behind_https_the_cookie_is_bound_to_its_host(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "home", public_url="https://desk.example", redis_url=""
    )
    upgrade(settings)
    client = create_app(settings, {"paper": Paper}).test_client()

    answer = client.get("/sign-in", base_url="https://desk.example")

    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert "__Host-form=" in answer.headers["Set-Cookie"]
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "connect-src 'self';" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/status", "/team", "/you", "/version"])
def test_no_browser_keeps_what_signed_in_people_see(admin: Visitor, path: str) -> None:
    assert admin.look(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in",
        "/sign-in/a-one-time-link",
        "/",
        "/posts/1?from=a-link",
        "/records.csv",
        "/nowhere",
        "/healthz",
    ],
)
def test_no_browser_keeps_a_way_in(passer_by: Visitor, path: str) -> None:
    assert passer_by.look(path).headers["Cache-Control"] == "no-store"


def test_a_stranger_may_keep_the_paper(passer_by: Visitor) -> None:
    assert "Cache-Control" not in passer_by.look("/paper").headers
