"""Hundreds of texts in a real browser: its counter shows what the connector counts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from connectors import installed
from desk import articles, channels, report
from desk.desk import Desk
from desk.migrating import upgrade
from desk.models import Post
from desk.posts.messages import whole_message
from tests.e2e.conftest import Screens, opened, settings_in, signed_in
from tests.e2e.newsroom import Newsroom
from tests.factories import now_of
from tests.fakes.bluesky import BlueskyFake
from tests.fakes.mastodon import MastodonFake
from tests.fakes.x import XFake

TEXTS = 400
STORY = """Harbour ferry returns after eleven months in dry dock

By Ines Marlow

The Saltmere ferry will sail again on Monday, eleven months after a shaft cracked.
"""
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
PIECES = (
    *("the", "ferry", "is", "back", "at", "Saltmere"),
    *("été", "e\u0301te\u0301", "Straße", "ﬁ", "Ǆ", "ﷺ", "zalgo̷̖͝"),
    *("今日は東京です。", "한국어", "हिन्दी", "क्षत्रिय", "தமிழ்", "ไทยนี้"),
    *("שָׁלוֹם", "السَّلام", "\u2067x\u2069", "\U0001d518", "\U00020bb7"),
    *(FAMILY, ENGLAND, "\U0001f600", "\U0001f44d\U0001f3fd", "\U0001f1e9\U0001f1ea"),
    *("1\ufe0f\u20e3", "☺", "☺\ufe0f", "☺\ufe0e", "©\ufe0f", "™", "\u200b", "\u200d"),
    *("https://paper.example/a", "http://a.co", "paper.org/ä?b=1&c=2"),
    *(
        "https://例え.jp/あ",
        "www.saltmere.co.uk.",
        "not.atld1",
        "(https://x.com/a_(b))",
    ),
    *("mail@paper.org", "@ana", "@ana@social.example", "#Ferry", "#été2026", "$ABC"),
    *("&amp;", "<b>", '"', "’", "…", "—", "\u00a0", "\n", "\n\n", "\r\n", "\t", "  "),
)
WRITE_AND_SAVE = """async (written) => {
  const panel = (id) => document.getElementById("panel-" + id);
  const cards = Object.keys(written).map(panel);
  for (const card of cards) {
    const field = card.querySelector("textarea");
    field.value = written[card.dataset.card];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const save = { key: "s", code: "KeyS", ctrlKey: true, bubbles: true };
  document.dispatchEvent(new KeyboardEvent("keydown", save));
  const said = (card, part) => card.querySelector(part).textContent.trim();
  const until = performance.now() + 20000;
  while (!cards.every((card) => said(card, ".saved").startsWith("Saved"))) {
    if (performance.now() > until) throw new Error("not saved");
    await new Promise((go) => setTimeout(go, 5));
  }
  const count = (card) => [card.dataset.card, said(card, ".counter-line")];
  return Object.fromEntries(cards.map(count));
}"""


@dataclass(frozen=True)
class World:
    screens: Screens
    posts: list[Post]

    @property
    def desk(self) -> Desk:
        return self.screens.desk


@pytest.fixture
def world(built: None, tmp_path: Path) -> Iterator[World]:
    settings = settings_in(tmp_path / "home", "Europe/Rome")
    upgrade(settings)
    desk = Desk.open(settings, installed())
    with MastodonFake() as mastodon, XFake() as x, BlueskyFake() as bluesky:
        now = now_of(desk)
        channels.add(desk, "paper", "Paper", {}, now)
        channels.add(desk, "mastodon", "Mastodon", mastodon.credentials(), now)
        channels.add(desk, "x", "X", x.credentials(), now)
        channels.add(desk, "bluesky", "Bluesky", bluesky.credentials(), now)
        taken = articles.take(desk, STORY, now, None).article_id
        with desk.db.writing() as session:
            posts = report.list_posts(session, article_id=taken)
            for post in posts:
                post.link = "https://saltmere.example/ferry"
        room = Newsroom(taken, 0, 0, 0, 0, 0)
        with opened(settings, desk, room) as screens, desk.db.reading() as session:
            yield World(screens, report.list_posts(session, article_id=taken))


def texts(seed: int) -> Iterator[str]:
    """Generated the same each time; of every script, and of what is counted oddly."""
    dice = random.Random(seed)  # texts, not secrets
    while True:
        pieces = dice.choices(PIECES, k=dice.randint(1, 40))
        yield "".join(piece + dice.choice(("", " ", " ")) for piece in pieces)


def shown(page: Page, written: dict[str, str]) -> dict[str, str]:
    """Write all of these at once, as if typed, and read every counter when saved."""
    counts: dict[str, str] = page.evaluate(WRITE_AND_SAVE, written)
    return counts


def counted(world: World, post: Post, text: str) -> str:
    """What the counter should show, by the connector alone."""
    connector = channels.connect(world.desk, post.channel)
    as_typed = text.replace("\r\n", "\n").replace("\r", "\n")
    message = replace(whole_message(world.desk, post), text=as_typed)
    length, limit = connector.length(message), connector.limits.text
    over = length - limit
    return f"{over} over the {limit} limit" if over > 0 else f"{length} of {limit}"


@pytest.mark.timeout(300)
def test_the_counter_shows_what_the_connector_counts(
    chromium: Browser, world: World
) -> None:
    source = texts(seed=6)
    article = f"{world.screens.address}/articles/{world.screens.room.to_compose}"
    differing: list[tuple[str, ...]] = []
    compared = 0
    with signed_in(chromium, world.screens) as page:
        page.goto(article)
        while compared < TEXTS:
            written = {str(post.id): next(source) for post in world.posts}
            counts = shown(page, written)
            for post in world.posts:
                text, told = written[str(post.id)], counts[str(post.id)]
                if told != (right := counted(world, post, text)):
                    differing.append((post.channel.name, text, told, right))
            compared += len(counts)

    assert differing == []
