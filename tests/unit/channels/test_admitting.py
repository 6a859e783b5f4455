"""What a channel may be pointed at: no private network, no other folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.bluesky import Bluesky
from connectors.mastodon import Mastodon
from connectors.paper import Paper
from desk import channels, home_folder, installation, vault
from desk.channels import admitting, fields
from desk.channels.fields import BadChannel
from desk.desk import Desk
from desk.publishing import receipt_journal
from tests import factories

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def strict(desk: Desk) -> Desk:
    """A desk that allows no server of its own network."""
    return allowing(desk, "")


def allowing(desk: Desk, allow: str) -> Desk:
    settings = desk.settings.model_copy(update={"channel_allow": allow})
    kinds = {"mastodon": Mastodon, "bluesky": Bluesky, "paper": Paper}
    return replace(desk, settings=settings, connectors=kinds)


def fill(desk: Desk, server: str, platform: str = "mastodon") -> None:
    secret = {
        "mastodon": {"token": "t"},
        "bluesky": {"handle": "h", "app_password": "p"},
    }
    kind = fields.kind_of(desk, platform)
    fields.filled(desk, kind, {"server": server, **secret[platform]})


@pytest.mark.parametrize("platform", ["mastodon", "bluesky"])
@pytest.mark.parametrize(
    "server",
    [
        "https://127.0.0.1",
        "https://localhost:3000",
        "https://10.0.0.7",
        "https://192.168.1.1:8443/api",
        "https://169.254.169.254",
        "https://168.63.129.16",
        "https://[::1]",
        "https://[fd00::7]",
        "https://[::ffff:10.0.0.7]",
        "127.0.0.1:8420",
        "https://cms.internal",
        "https://2130706433",
        "https://0x7f.1",
        "https://user@127.0.0.1",
    ],
)
def test_a_server_inside_a_network_is_refused(
    strict: Desk, platform: str, server: str
) -> None:
    with pytest.raises(BadChannel, match="STANDFIRST_CHANNEL_ALLOW=") as refused:
        fill(strict, server, platform)

    assert refused.value.field == "server"


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
        "10.7",
        "127.0.0.1.",
        "localhost.",
        "LOCALHOST",
        "１２７.0.0.1",
        "127。0。0。1",
        "[::ffff:127.0.0.1]",
    ],
)
def test_every_spelling_of_an_address_inside_is_told_without_a_lookup(
    host: str,
) -> None:
    assert "inside a private network" in admitting.unsafe(f"https://{host}", "")


@pytest.mark.parametrize("host", ["social.example", "8.8.8.8", "1.social", "cafe.de"])
def test_what_is_outside_is_safe(host: str) -> None:
    assert admitting.unsafe(f"https://{host}", "") == ""


@pytest.mark.parametrize("server", ["http://social.example", "HTTP://social.example"])
def test_a_server_without_tls_is_refused(strict: Desk, server: str) -> None:
    with pytest.raises(BadChannel, match="without TLS"):
        fill(strict, server)


@pytest.mark.parametrize("server", ["ftp://social.example", "javascript:alert(1)"])
def test_what_is_no_server_is_refused(strict: Desk, server: str) -> None:
    with pytest.raises(BadChannel):
        fill(strict, server)


@pytest.mark.parametrize("allow", ["10.0.0.7", "10.0.0.7:8443", "other, 10.0.0.7:8443"])
def test_an_operator_may_allow_a_server_of_their_own(desk: Desk, allow: str) -> None:
    fill(allowing(desk, allow), "http://10.0.0.7:8443")


def test_another_port_of_it_is_not_allowed_with_it(desk: Desk) -> None:
    with pytest.raises(BadChannel):
        fill(allowing(desk, "10.0.0.7:8443"), "https://10.0.0.7:6379")


@pytest.mark.parametrize(
    "folder", ["/etc", "{home}", "{home}/../other", "{home}/paper/../.."]
)
def test_the_papers_folder_is_below_the_home(strict: Desk, folder: str) -> None:
    with pytest.raises(BadChannel, match="below the desk's own folder"):
        paper(strict, folder=folder.format(home=strict.settings.home))


def test_a_link_out_of_the_home_is_no_folder_in_it(
    strict: Desk, tmp_path: Path
) -> None:
    (strict.settings.home / "way-out").symlink_to(tmp_path)

    with pytest.raises(BadChannel, match="below the desk's own folder"):
        paper(strict, folder=str(strict.settings.home / "way-out" / "paper"))


@pytest.mark.parametrize(
    "folder", ["pictures", "valkey", "Pictures/x", "receipts", "keys", ".hidden"]
)
def test_the_papers_folder_is_none_that_the_desk_keeps_things_in(
    strict: Desk, folder: str
) -> None:
    with pytest.raises(BadChannel, match="the desk keeps its own things"):
        paper(strict, folder=str(strict.settings.home / folder))


@pytest.mark.parametrize("folder", ["paper", "paper2", "sports/paper"])
def test_the_paper_may_have_any_other_folder(strict: Desk, folder: str) -> None:
    assert paper(strict, folder=str(strict.settings.home / folder))


def test_whatever_the_desk_puts_into_its_home_is_known_to_be_its_own() -> None:
    code = "".join(path.read_text() for path in sources("desk", "commands", "workers"))
    named = set(re.findall(r'\bhome / "([^"]+)"', code))
    named |= {vault.FILE, receipt_journal.FOLDER, installation.FILE}

    assert named - home_folder.KEPT == {".writable"}
    assert {"pictures", "valkey", "up.lock"} <= named


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (ROOT / folder).rglob("*.py")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "alert(1)//javascript:",
        "data:text/html,x",
        "ftp://paper.org",
        "https://",
        "desk.paper.org",
        "https://alert(1)",
        "https://paper.org/?x=1",
        "https://paper.org/#x",
        "https://user@paper.org",
        "https://paper.org:99999",
        "https://paper .org",
        'https://paper.org/"><script>',
        "https://..",
    ],
)
def test_the_papers_address_is_one_that_readers_open(
    strict: Desk, address: str
) -> None:
    with pytest.raises(BadChannel, match="no address that readers can open"):
        paper(strict, address=address)


@pytest.mark.parametrize(
    "address",
    [
        "https://desk.paper.org",
        "http://127.0.0.1:8420",
        "http://desk:8420/",
        "HTTPS://Größe.de/desk",
        "http://[::1]:8420",
    ],
)
def test_the_paper_takes_addresses_as_people_have_them(
    strict: Desk, address: str
) -> None:
    assert paper(strict, address=address)


def test_the_paper_as_it_comes_is_fine(strict: Desk) -> None:
    assert paper(strict)


def paper(desk: Desk, **values: str) -> int:
    return channels.add(desk, "paper", "Paper", values, factories.now_of(desk))
