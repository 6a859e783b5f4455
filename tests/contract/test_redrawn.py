"""Mastodon: servers that draw a text, or tell of a post, each in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings

from connectors.base import (
    CantTell,
    ConnectorError,
    Found,
    Message,
    NotThere,
    OutcomeUnknown,
    Prepared,
    Receipt,
    Sought,
    Staged,
)
from connectors.content_match import (
    ComparableText,
    comparable,
    comparables_of_html,
    normalized_links,
)
from connectors.mastodon import Mastodon
from tests.contract.conftest import AT
from tests.fakes.catalogue import LIST
from tests.fakes.habits import Habits
from tests.fakes.mastodon import MastodonFake
from tests.fakes.people import Town
from tests.fakes.platform import Kind as TroubleKind
from tests.fakes.platform import Trouble
from tests.fakes.redrawings import text as by_lot
from tests.fakes.strategies import redrawings, texts
from tests.fakes.ways import Kind, Way

SAID = (
    "Thanks @the.paper@paper.example and @ThePaper: an *exclusive* “report”\n\n"
    "- one & two\n- three :news:\n\nhttps://paper.example/a?utm_source=desk&id=7 #F1"
)
LOST = Trouble(TroubleKind.CLOSED, accepted=True)
USUAL = Habits()
TOWN = Town.of("http://127.0.0.1:3000", USUAL.domains, USUAL.people)
BATCHES, BATCH = 25, 80
BLIND = {  # nobody can say whose it is: it is shown to a person, with its link
    "links without tracking",
    "no time",
    "a time as a number",
}


@pytest.fixture
def keys() -> str:
    return "ignores"


def composed(mastodon: Mastodon, said: str, key: str = "k") -> Prepared:
    return mastodon.compose(Message(said), Staged(), key, AT)


def sent(mastodon: Mastodon, ready: Prepared) -> Receipt | ConnectorError:
    try:
        return mastodon.publish(ready)
    except ConnectorError as error:
        return error


def drawn(way: Way, said: str) -> list[str]:
    """What readers of such a server see of it, in each way that it can be read."""
    return [one.said for one in seen(way, said, said)]


def known_again(way: Way, sent: str, shown: str) -> bool:
    """Whether one text, sent, is taken for this one, as such a server draws it."""
    ours = comparable(sent)
    return any(
        ours.is_same(one) or ours.is_same_redrawn(one) for one in seen(way, sent, shown)
    )


def may_be(way: Way, sent: str, shown: str) -> bool:
    """The same, or a person sees its link: the server took out what says something."""
    ours = comparable(sent)
    perhaps = any(ours.may_be_same(one) for one in seen(way, sent, shown))
    return perhaps or known_again(way, sent, shown)


def seen(way: Way, sent: str, shown: str) -> Sequence[ComparableText]:
    return comparables_of_html(
        way.draw(shown, TOWN).content or "", normalized_links(sent)
    )


@pytest.mark.parametrize("way", LIST, ids=lambda way: way.name)
def test_an_answer_that_names_an_id_is_evidence_in_every_way(
    mastodon: Mastodon, server: MastodonFake, way: Way
) -> None:
    server.become(way=way.name)

    said = sent(mastodon, composed(mastodon, SAID))

    [seen] = server.published()
    if way.status in (200, 201):
        assert isinstance(said, Receipt)
        assert said.remote_id == seen.remote_id
        assert said.url.startswith("http")
    else:
        assert isinstance(said, OutcomeUnknown)
        assert said.named == seen.remote_id


@pytest.mark.parametrize("way", LIST, ids=lambda way: way.name)
def test_what_is_there_is_never_called_absent_in_any_way(
    mastodon: Mastodon, server: MastodonFake, way: Way
) -> None:
    before = datetime.now(UTC)
    server.become(way=way.name)
    ready = composed(mastodon, SAID)
    server.expect(LOST)
    sent(mastodon, ready)

    finding = mastodon.find(ready, before)

    [seen] = server.published()
    assert not isinstance(finding, NotThere)
    if isinstance(finding, Found):
        assert [one.remote_id for one in finding.receipts] == [seen.remote_id]
    elif way.name not in {"no time", "a time as a number"}:  # it lists no time at all
        assert [one.remote_id for one in finding.seen] == [seen.remote_id]
    if way.kind is Kind.DRAWN and way.name not in BLIND:
        assert isinstance(finding, Found)


@pytest.mark.parametrize("source", [True, False], ids=["source", "no source"])
@pytest.mark.parametrize("way", ["filtered", "blank", "translated", "censored"])
def test_what_no_reader_would_know_again_is_known_by_its_source(
    mastodon: Mastodon, server: MastodonFake, way: str, source: bool
) -> None:
    before = datetime.now(UTC)
    server.become(way=way, source=source)
    ready = composed(mastodon, SAID)
    server.expect(LOST)
    sent(mastodon, ready)

    finding = mastodon.find(ready, before)

    assert isinstance(finding, Found if source else CantTell)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_thousands_of_redrawn_posts_are_found_or_shown(
    mastodon: Mastodon, server: MastodonFake, batch: int
) -> None:
    before = datetime.now(UTC)
    server.become(way=f"lot {batch}")
    server.timeline.limit = mastodon_limit = 5000
    mastodon.limits = replace(mastodon.limits, text=mastodon_limit)
    said = {by_lot(batch * BATCH + number) for number in range(BATCH)}
    ready = [composed(mastodon, one, f"k{n}") for n, one in enumerate(sorted(said))]
    for one in ready:
        server.expect(LOST)
        sent(mastodon, one)

    sought = [Sought(one, before, before + timedelta(seconds=20)) for one in ready]
    findings = mastodon.find_all(sought)

    by_key = {one.key: one.remote_id for one in server.published()}
    assert not any(isinstance(one, NotThere) for one in findings)
    for one, finding in zip(ready, findings, strict=True):
        if isinstance(finding, Found):
            assert by_key[one.key] in [each.remote_id for each in finding.receipts]
    found = sum(isinstance(one, Found) for one in findings)
    assert found >= len(ready) * 0.9


@settings(max_examples=400)
@given(texts(), redrawings())
def test_any_text_is_known_again_however_it_is_drawn(said: str, way: Way) -> None:
    assume(any(letter.isalnum() for letter in said))

    assert may_be(way, said, said)


@settings(max_examples=400)
@given(texts(), redrawings())
def test_any_text_without_a_list_is_surely_known_again(said: str, way: Way) -> None:
    assume(any(letter.isalnum() for letter in said))
    assume(not any(line[:1] in "#->1*" for line in said.split("\n") if line))
    assume(not any(line.startswith("3. ") for line in said.split("\n")))
    assume("~~" not in said)  # which some servers take out, and what is left says else
    # nor stars between figures: what is left of a product is another number
    assume("2*3*4" not in said or "234" not in "".join(drawn(way, said)))

    assert known_again(way, said, said)


@settings(max_examples=300)
@given(texts(), texts(), redrawings())
def test_no_text_is_taken_for_another_however_it_is_drawn(
    said: str, other: str, way: Way
) -> None:
    one, two = comparable(said), comparable(other)
    assume((one.read, one.places) != (two.read, two.places))

    assert not known_again(way, said, other)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        *pairwise(["Up 10 % today", "Down 10 % today", "Up 11 % today"]),
        ("Dodge wins", "Dodge wins again"),
        ("Read https://paper.example/a", "Read https://paper.example/b"),
        ("Read https://paper.example/?id=7", "Read https://paper.example/?id=8"),
        ("Thanks @anna", "Thanks @ben"),
        ("1. first\n2. second", "1. first\n2. third"),
    ],
)
def test_other_words_are_another_post(sent: str, shown: str) -> None:
    assert not known_again(LIST[0], sent, shown)
