"""The way out: what comes back, and the sentence for what doesn't."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from desk.reading.article import Unreadable
from desk.reading.fetching import Fetcher
from tests.unit.reading.site import Site, Visit


def test_gives_the_page_and_where_it_was_found(site: Site, fetcher: Fetcher) -> None:
    site.gives("/story", b"<p>Hello", "text/html; charset=utf-8")
    link = site.sends_on("/short", "/story")

    page = fetcher.page(f"{link}#comments")

    assert page.html == b"<p>Hello"
    assert page.url == site.url("/story")
    assert page.content_type == "text/html; charset=utf-8"


def test_sends_no_cookies_and_reads_no_proxy_from_the_environment(
    site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    link = site.gives("/story", b"<p>Hello")

    fetcher.page(link)

    assert "Cookie" not in site.headers[0]
    assert "Authorization" not in site.headers[0]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://168.63.129.16/machine?comp=goalstate",
        "http://[::ffff:168.63.129.16]/",
        "http://161.26.0.10/",
        "http://100.100.100.200/latest/meta-data/",
        "http://10.0.0.8/",
        "http://192.168.1.1:8080/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://0.0.0.0/",
    ],
)
def test_refuses_a_private_address_and_says_how_to_allow_it(url: str) -> None:
    with pytest.raises(Unreadable, match=r"private network.*STANDFIRST_FETCH_ALLOW="):
        Fetcher().page(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "ftp://example.com/story",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://example.com/",
        "https://",
        "http://[bad/",
        "http://exa\tmple.com/",
    ],
)
def test_refuses_what_is_no_web_address(url: str) -> None:
    with pytest.raises(Unreadable, match="paste a link that starts with https"):
        Fetcher().page(url)


def test_refuses_other_ports_than_the_webs_own() -> None:
    with pytest.raises(Unreadable, match="ports 80 and 443 only"):
        Fetcher().page("http://example.com:6379/")


def test_refuses_a_password_in_the_link_without_repeating_it() -> None:
    with pytest.raises(Unreadable, match="user name or a password") as refused:
        Fetcher().page("https://ida:s3cret@example.com/story")

    assert "s3cret" not in str(refused.value)


def test_an_allowed_address_allows_no_other_port_of_that_host(site: Site) -> None:
    link = site.gives("/story", b"<p>Hello")

    with pytest.raises(Unreadable, match="private network"):
        Fetcher(allow="127.0.0.1:1").page(link)

    assert site.asked == []


def test_refuses_a_redirect_into_a_private_network(
    site: Site, fetcher: Fetcher
) -> None:
    with Site() as inside:
        inside.gives("/secret", b"<p>Salaries")
        link = site.sends_on("/story", inside.url("/secret"))

        with pytest.raises(Unreadable, match="private network"):
            fetcher.page(link)

        assert inside.asked == []


def test_follows_three_redirects_and_no_more(site: Site, fetcher: Fetcher) -> None:
    site.gives("/4", b"<p>There")
    for step in range(4):
        site.sends_on(f"/{step}", f"/{step + 1}")

    assert fetcher.page(site.url("/1")).html == b"<p>There"
    with pytest.raises(Unreadable, match="from page to page without end"):
        fetcher.page(site.url("/0"))


@pytest.mark.parametrize("content_type", ["application/pdf", "text/html"])
def test_says_that_a_pdf_is_not_read(
    site: Site, fetcher: Fetcher, content_type: str
) -> None:
    link = site.gives("/report", b"%PDF-1.7 ...", content_type)

    with pytest.raises(Unreadable, match=r"PDF.*paste the article's text"):
        fetcher.page(link)


def test_says_what_a_link_to_something_else_is(site: Site, fetcher: Fetcher) -> None:
    link = site.gives("/clip", b"....", "video/mp4")

    with pytest.raises(Unreadable, match="not a web page but video/mp4"):
        fetcher.page(link)


@pytest.mark.parametrize("status", [401, 402, 403])
def test_says_that_a_page_is_behind_a_login(
    site: Site, fetcher: Fetcher, status: int
) -> None:
    link = site.gives("/story", b"no", status=status)

    with pytest.raises(Unreadable, match=r"behind a login.*Paste the article's text"):
        fetcher.page(link)


def test_says_that_a_link_leads_to_a_login_page(site: Site, fetcher: Fetcher) -> None:
    site.gives("/account/login", b"<form><input type=password></form>")
    link = site.sends_on("/story", "/account/login?next=/story")

    with pytest.raises(Unreadable, match="leads to a login page"):
        fetcher.page(link)


def test_says_that_a_page_is_not_found(site: Site, fetcher: Fetcher) -> None:
    with pytest.raises(Unreadable, match=r"no page at this link.*404.*check the link"):
        fetcher.page(site.url("/nowhere"))


def test_says_that_a_site_has_an_error(site: Site, fetcher: Fetcher) -> None:
    link = site.gives("/story", b"oops", status=500)

    with pytest.raises(Unreadable, match=r"answered 500.*try again"):
        fetcher.page(link)


def test_says_that_no_site_has_this_name() -> None:
    with pytest.raises(Unreadable, match="spelling"):
        Fetcher(seconds=5).page("https://no-such-site.invalid/story")


def test_says_that_nobody_answers() -> None:
    with Site() as gone:
        link, origin = gone.gives("/story", b""), gone.origin

    with pytest.raises(Unreadable, match="does not answer"):
        Fetcher(allow=origin, seconds=5).page(link)


def test_stops_reading_a_page_that_is_too_big(site: Site, fetcher: Fetcher) -> None:
    def endless(visit: Visit) -> None:
        visit.send_response(200)
        visit.send_header("Content-Type", "text/html")
        visit.end_headers()
        for _ in range(200):
            visit.wfile.write(b"<p>more</p>" * 10_000)

    site.answers["/endless"] = endless

    with pytest.raises(Unreadable, match="over 5 MB"):
        fetcher.page(site.url("/endless"))


def test_counts_a_page_after_unpacking_it(site: Site, fetcher: Fetcher) -> None:
    bomb = gzip.compress(b"\0" * 60_000_000)

    def packed(visit: Visit) -> None:
        visit.send_response(200)
        visit.send_header("Content-Type", "text/html")
        visit.send_header("Content-Encoding", "gzip")
        visit.send_header("Content-Length", str(len(bomb)))
        visit.end_headers()
        visit.wfile.write(bomb)

    site.answers["/bomb"] = packed

    assert len(bomb) < 100_000
    with pytest.raises(Unreadable, match="over 5 MB"):
        fetcher.page(site.url("/bomb"))


@pytest.mark.parametrize("where", ["head", "body"])
def test_cuts_a_dripping_answer_at_the_deadline(site: Site, where: str) -> None:
    over = threading.Event()

    def drip(visit: Visit) -> None:
        visit.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
        visit.wfile.write(b"\r\n" if where == "body" else b"X-Slow: ")
        while not over.wait(0.05):
            visit.wfile.write(b"a")

    site.answers["/drip"] = drip
    began = time.monotonic()

    with pytest.raises(Unreadable, match="too slow"):
        Fetcher(allow=site.origin, seconds=0.5).page(site.url("/drip"))
    took = time.monotonic() - began
    over.set()

    assert 0.4 < took < 3


def test_does_not_believe_a_certificate_that_nobody_signed(tmp_path: Path) -> None:
    with Site(tls=_self_signed(tmp_path)) as site:
        link = site.gives("/story", b"<p>Hello")

        with pytest.raises(Unreadable, match="certificate is not valid"):
            Fetcher(allow=site.origin, seconds=5).page(link)

        assert site.asked == []


def test_gives_the_bytes_of_a_picture(site: Site, fetcher: Fetcher) -> None:
    link = site.gives("/a.jpg", b"\xff\xd8\xff", "image/jpeg")

    assert fetcher.picture(link) == b"\xff\xd8\xff"


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html"])
def test_says_that_an_images_address_gives_no_picture(
    site: Site, fetcher: Fetcher, content_type: str
) -> None:
    link = site.gives("/a", b"<svg/>", content_type)

    with pytest.raises(Unreadable, match="not a JPEG, PNG, WebP or GIF"):
        fetcher.picture(link)


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "site.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
