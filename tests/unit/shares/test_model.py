"""Whatever is done to a share and its posts, in any order: they say what they should.

Three channels, each with a style of its own, and two people who may be behind.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings as how
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from desk import db, scheduling, shares
from desk.channels import channel_settings
from desk.config import Settings
from desk.desk import Desk
from desk.lifecycle import State
from desk.models import Post
from desk.posts import editing as posts
from desk.posts import undo
from desk.posts.editing import Change as PostChange
from desk.refusal import Refusal
from desk.scheduling import At
from desk.shares import making
from desk.shares.editing import Change, Conflict
from desk.shares.making import New
from desk.shares.rendering import Field
from desk.writing.style import Style
from tests import databases
from tests.factories import make_channel, now_of, run_due
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps
from tests.unit.shares.sharing import INES, follow, save, share_of

SAID = {"Aldon": "{}", "Bay": "Bay: {}", "Coast": "{}\n{link}"}  # as styles have it
LONG = "long " * 60 + "end"
WORDS = some.sampled_from(["Rain", "Snow", "Fog at noon", "Thaw", LONG])
LINKS = some.sampled_from(["", "https://p.example/1", "https://p.example/2"])
PEOPLE = some.sampled_from(["Anna", "Ben"])
CHANNELS = some.integers(0, 2)
HOUR = timedelta(hours=1)


@cache
def ready() -> Path:
    """A home with the three channels and a share on them, to copy."""
    home = Path(tempfile.mkdtemp(prefix="sfshared-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    shutil.copy(databases.migrated(), home)
    desk = opened(home)
    ids = [make_channel(desk, name) for name in SAID]
    with desk.db.writing() as session:
        for id_, said in zip(ids, SAID.values(), strict=True):
            template = said.replace("{}", "{teaser}")
            channel_settings.set_style(session, id_, Style(template=template))
        now, new = db.now(session), New("First", "https://p.example/1")
        making.make_share(desk, session, new, ids, now=now, by=INES)
    desk.db.engine.dispose()
    return home


def opened(home: Path) -> Desk:
    told = Settings(home=home, database_url="", redis_url="")
    return Desk.open(told, {"scripted": Scripted})


class Sharing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="sfshare-"))
        shutil.copytree(ready(), self.home, dirs_exist_ok=True)
        self.desk = opened(self.home)
        Scripted.reset()
        self.share_id = share_of(self.desk, 1).id
        with self.desk.db.reading() as session:
            self.ids = [one.id for one in shares.posts_of(session, self.share_id)]
        self.seen = {"Anna": 1, "Ben": 1}
        self.changes: list[tuple[int, str]] = []  # of the share: revision, field
        self.written: dict[int, str] = {}  # overrides, by post
        self.frozen: dict[int, tuple[object, ...]] = {}

    def teardown(self) -> None:
        self.desk.db.engine.dispose()
        shutil.rmtree(self.home)

    def post(self, which: int) -> Post:
        return self.posts()[which]

    def posts(self) -> list[Post]:
        with self.desk.db.reading() as session:
            return shares.posts_of(session, self.share_id)

    @rule(who=PEOPLE, text=some.none() | WORDS, link=some.none() | LINKS)
    def edit_share(self, who: str, text: str | None, link: str | None) -> None:
        before = share_of(self.desk, self.ids[0])
        differing = {
            name
            for name, new, old in (
                ("text", text, before.text),
                ("link", link, before.link or ""),
            )
            if new is not None and new != old
        }
        late = {name for at, name in self.changes if at > self.seen[who]} & differing
        change = Change(text=text, link=link)
        if late:
            with pytest.raises(Conflict) as raised:
                save(self.desk, self.share_id, change, self.seen[who])
            assert raised.value.fields == late
            assert share_of(self.desk, self.ids[0]).revision == before.revision
            return
        save(self.desk, self.share_id, change, self.seen[who])
        after = share_of(self.desk, self.ids[0])
        self.changes += [(after.revision, name) for name in differing]

    @rule(who=PEOPLE)
    def look_at_share(self, who: str) -> None:
        self.seen[who] = share_of(self.desk, self.ids[0]).revision

    @rule(which=CHANNELS, text=WORDS, behind=some.booleans())
    def write_for_one(self, which: int, text: str, behind: bool) -> None:
        post = self.post(which)
        with_revision = post.revision - behind
        try:
            with self.desk.db.writing() as session:
                now, change = db.now(session), PostChange(text=text)
                typed = posts.Typed(change, with_revision)
                posts.edit(self.desk, session, post.id, typed, now=now, by=INES)
        except Refusal:
            return
        if text == post.text:
            return
        assert not behind
        self.written[post.id] = text
        if not self.post(which).own_text:  # the share's own words
            del self.written[post.id]

    @rule(which=CHANNELS)
    def press_and_undo(self, which: int) -> None:
        post = self.post(which)
        try:
            with self.desk.db.writing() as session:
                now, change = db.now(session), PostChange(text="For a moment")
                undo.change_with_undo(
                    self.desk, session, post.id, change, now=now, by=INES
                )
                undo.bring_back(self.desk, session, post.id, now=now, by=INES)
        except Refusal:
            return
        assert self.post(which).text == post.text

    @rule(which=CHANNELS)
    def take_back(self, which: int) -> None:
        try:
            follow(self.desk, self.ids[which], Field.TEXT, Field.LINK)
        except Refusal:
            return
        self.written.pop(self.ids[which], None)
        assert not self.post(which).own_text

    @rule(which=CHANNELS)
    def schedule(self, which: int) -> None:
        try:
            with self.desk.db.writing() as session:
                now = db.now(session)
                scheduling.schedule(
                    self.desk,
                    session,
                    self.ids[which],
                    At(now + HOUR),
                    now=now,
                    by=INES,
                )
        except Refusal:
            return

    @precondition(lambda self: self.due())
    @rule(which=CHANNELS)
    def send(self, which: int) -> None:
        post = self.post(which)
        if post.state != State.SCHEDULED:
            return
        now = now_of(self.desk)
        steps.alter(self.desk, post.id, due_at=now, next_at=now)
        run_due(self.desk)
        assert self.post(which).state == State.PUBLISHED
        assert any(post.text in sent for sent in Scripted.live())
        self.freeze(which)

    @precondition(lambda self: self.due())
    @rule(which=CHANNELS, state=some.sampled_from([State.SENDING, State.UNCONFIRMED]))
    def begin_to_send(self, which: int, state: State) -> None:
        if self.post(which).state == State.SCHEDULED:
            steps.alter(self.desk, self.ids[which], state=state)
            self.freeze(which)

    @rule(which=CHANNELS)
    def give_up(self, which: int) -> None:
        if self.post(which).state == State.UNCONFIRMED:
            steps.alter(self.desk, self.ids[which], state=State.FAILED)
            self.frozen.pop(self.ids[which])

    def due(self) -> bool:
        return any(post.state == State.SCHEDULED for post in self.posts())

    def freeze(self, which: int) -> None:
        self.frozen[self.ids[which]] = sent(self.post(which))

    @invariant()
    def who_follows_says_what_the_share_says(self) -> None:
        share = share_of(self.desk, self.ids[0])
        for post, said in zip(self.posts(), SAID.values(), strict=True):
            assert post.own_link or post.link == share.link
            if not post.own_text:
                whole = said.format(share.text, link=post.link or "").strip()
                assert post.text == whole

    @invariant()
    def an_override_is_as_its_editor_wrote_it(self) -> None:
        for post in self.posts():
            assert post.text == self.written.get(post.id, post.text)

    @invariant()
    def nothing_that_went_out_changes(self) -> None:
        for post in self.posts():
            assert sent(post) == self.frozen.get(post.id, sent(post))

    @invariant()
    def what_has_its_time_fits(self) -> None:
        on_time = [post for post in self.posts() if post.state == State.SCHEDULED]
        assert all(len(post.text) <= Scripted.default_limits.text for post in on_time)


def sent(post: Post) -> tuple[object, ...]:
    return post.text, post.link, post.picture_id, post.revision, post.fence


TestSharing = Sharing.TestCase
TestSharing.settings = how(max_examples=10, stateful_step_count=20, deadline=None)
