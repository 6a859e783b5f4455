"""Names, deadlines, classes by hand, retiring; and whose a channel is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.base import Class, OutcomeUnknown, Unauthorized
from desk import channels, db, holds, scheduling
from desk.attention.health import Health, checkup, checkups, ends
from desk.channels import channel_settings, guarantees
from desk.channels.accounts import OtherAccount
from desk.channels.fields import BadChannel
from desk.desk import Desk
from desk.lifecycle import IllegalMove, Priority
from desk.models import Channel
from desk.vault import Vault, new_key
from tests import factories
from tests.conftest import NOON
from tests.fakes.scripted import Scripted
from tests.unit.publishing import steps


@pytest.fixture
def gazette(desk: Desk) -> int:
    return factories.make_channel(desk, "Gazette", account="gazette")


def channel(desk: Desk, channel_id: int) -> Channel:
    return steps.channel_of(desk, channel_id)


def override(desk: Desk, channel_id: int, choice: str) -> str:
    with desk.db.writing() as session:
        return channel_settings.override_class(session, channel_id, choice)


def retire(desk: Desk, channel_id: int) -> None:
    with desk.db.writing() as session:
        channel_settings.retire(session, channel_id, NOON)


def health(desk: Desk, channel_id: int) -> Health:
    with desk.db.reading() as session:
        return checkup(session, desk, channel_id, db.now(session)).health


def test_a_class_set_by_hand_survives_every_check(desk: Desk, gazette: int) -> None:
    Scripted.once = Class.NATURAL

    before = override(desk, gazette, "exact")
    channels.check(desk, gazette, NOON)

    kept = channel(desk, gazette)
    assert (before, kept.exactly_once) == ("none-of-ours", "natural")
    assert channels.exactly_once(kept) is Class.EXACT
    assert override(desk, gazette, "none-of-ours") == "exact"
    assert channels.exactly_once(channel(desk, gazette)) is Class.NATURAL


@pytest.mark.parametrize(
    ("choice", "said"), [("sure", "no class “sure”"), ("window", "no time for which")]
)
def test_a_class_that_can_not_hold_is_refused(
    desk: Desk, gazette: int, choice: str, said: str
) -> None:
    with pytest.raises(BadChannel, match=said):
        override(desk, gazette, choice)


def test_what_a_window_promises_is_told_with_its_length(desk: Desk) -> None:
    Scripted.once = Class.WINDOW
    kept = channel(desk, factories.make_channel(desk))

    assert guarantees.guarantee_words(kept) == "Never twice within 1 hour"


def test_a_channel_is_renamed_but_not_to_anothers_name(
    desk: Desk, gazette: int
) -> None:
    factories.make_channel(desk, "Herald")

    with desk.db.writing() as session:
        channel_settings.rename(session, gazette, "  GAZETTE  daily ")
        with pytest.raises(BadChannel, match="channel “herald” already") as refused:
            channel_settings.rename(session, gazette, "herald")

    assert refused.value.field == "name"
    assert channel(desk, gazette).name == "GAZETTE daily"


def test_deadlines_of_a_channel_hold_for_posts_that_get_their_time_then(
    desk: Desk, gazette: int
) -> None:
    ahead = factories.now_of(desk) + timedelta(hours=1)
    with desk.db.writing() as session:
        minutes: dict[Priority, int | None] = {
            Priority.NORMAL: 5,
            Priority.BREAKING: None,
            Priority.EVERGREEN: 24 * 60,
        }
        channel_settings.set_deadlines(session, gazette, minutes)

    post = factories.look_up(
        desk, factories.make_scheduled(desk, gazette, due_at=ahead)
    )

    assert post.expires_at == ahead + timedelta(minutes=5)
    assert channel(desk, gazette).deadlines_s == {"normal": 300}


@pytest.mark.parametrize("minutes", [0, 7 * 24 * 60 + 1])
def test_a_deadline_beyond_reason_is_refused(
    desk: Desk, gazette: int, minutes: int
) -> None:
    with (
        desk.db.writing() as session,
        pytest.raises(BadChannel, match="1 minute to 7 days"),
    ):
        channel_settings.set_deadlines(session, gazette, {Priority.NORMAL: minutes})


def test_a_channel_with_planned_posts_is_not_retired(any_desk: Desk) -> None:
    gazette = factories.make_channel(any_desk, "Gazette")
    post_id = factories.make_scheduled(any_desk, gazette)

    with pytest.raises(BadChannel, match="Gazette still has 1 planned post"):
        retire(any_desk, gazette)
    steps.sending_now(any_desk)
    with pytest.raises(BadChannel, match="1 that may be going out"):
        retire(any_desk, gazette)

    assert channel(any_desk, gazette).retired_at is None
    assert factories.look_up(any_desk, post_id).state == "sending"


def test_a_retired_channel_takes_no_post_until_it_is_back(
    desk: Desk, gazette: int
) -> None:
    draft = factories.make_post(desk, gazette)
    retire(desk, gazette)

    with desk.db.writing() as session, pytest.raises(IllegalMove, match="is retired"):
        scheduling.schedule(desk, session, draft, scheduling.Now(), now=NOON)
    with desk.db.writing() as session:
        named = channel_settings.find_retired(session, "gazette")
        channel_settings.bring_back(session, named.id)
    with desk.db.writing() as session:
        now = db.now(session)
        scheduling.schedule(desk, session, draft, scheduling.At(now), now=now)
    factories.run_due(desk)

    assert Scripted.live() == ["Dodge returns"]


def test_a_retired_channel_keeps_its_name_and_gives_up_its_account(
    desk: Desk, gazette: int
) -> None:
    retire(desk, gazette)

    with pytest.raises(BadChannel, match="retired channel is called “Gazette”"):
        factories.make_channel(desk, "gazette", account="other")
    factories.make_channel(desk, "Gazette two", account="gazette")
    with (
        desk.db.writing() as session,
        pytest.raises(BadChannel, match="is the channel “Gazette two” already"),
    ):
        channel_settings.bring_back(session, gazette)


def test_reconnecting_keeps_the_fields_that_are_not_named(
    desk: Desk, gazette: int
) -> None:
    channels.reconnect(desk, gazette, {"token": "second"}, NOON)
    channels.reconnect(desk, gazette, {"account": "gazette"}, NOON)

    kept = channels.connect(desk, channel(desk, gazette)).credentials
    assert dict(kept) == {"account": "gazette", "token": "second"}
    assert channels.kept_secrets(desk, channel(desk, gazette)) == {"token"}


def test_reconnecting_with_nothing_new_is_a_check(desk: Desk, gazette: int) -> None:
    Scripted.checking.append(Unauthorized("revoked"))

    with pytest.raises(BadChannel, match="revoked"):
        channels.reconnect(desk, gazette, {}, NOON)

    kept = channel(desk, gazette)
    assert (kept.stopped_why, kept.credential_version) == ("revoked", 1)


def test_reconnecting_works_where_no_key_opens_the_old_secret(
    desk: Desk, gazette: int
) -> None:
    lost = type(desk)(**{**vars(desk), "vault": Vault([new_key()])})

    channels.reconnect(lost, gazette, {"token": "new"}, NOON)

    kept = channel(lost, gazette)
    assert channels.connect(lost, kept).credentials["token"] == "new"


def test_another_account_needs_its_name_typed(desk: Desk, gazette: int) -> None:
    rival = {"account": "Rival", "token": "theirs"}

    with pytest.raises(OtherAccount) as refused:
        channels.reconnect(desk, gazette, rival, NOON, typed="Gazette")
    before = channel(desk, gazette).remote_account_id
    channels.reconnect(desk, gazette, rival, NOON, typed=" rival ")

    assert (refused.value.account_name, before) == ("Rival", "gazette")
    assert channel(desk, gazette).remote_account_id == "Rival"


def test_a_channel_with_posts_in_doubt_stays_whose_it_is(
    desk: Desk, gazette: int
) -> None:
    factories.make_scheduled(desk, gazette)
    Scripted.script.append(OutcomeUnknown("cut"))
    factories.run_due(desk)

    with pytest.raises(BadChannel, match="1 of its posts may be live as gazette"):
        channels.reconnect(desk, gazette, {"account": "rival"}, NOON, typed="rival")

    assert channel(desk, gazette).remote_account_id == "gazette"


def test_one_account_does_not_become_two_channels(desk: Desk, gazette: int) -> None:
    factories.make_channel(desk, "Rival", account="rival")

    with pytest.raises(BadChannel, match="is the channel “Rival” already"):
        channels.reconnect(desk, gazette, {"account": "rival"}, NOON, typed="rival")


def test_health_is_the_most_pressing_of_what_is_wrong(desk: Desk, gazette: int) -> None:
    now = factories.now_of(desk)
    seen = [health(desk, gazette)]
    steps.alter_channel(desk, gazette, not_before=now + timedelta(minutes=9))
    seen.append(health(desk, gazette))
    with desk.db.writing() as session:
        holds.hold(session, scope="channel", target=str(gazette), now=now)
    seen.append(health(desk, gazette))
    steps.alter_channel(desk, gazette, stopped_at=now)
    seen.append(health(desk, gazette))
    steps.alter_channel(desk, gazette, retired_at=now)
    seen.append(health(desk, gazette))

    assert seen == ["well", "waiting", "held", "stopped", "retired"]


def test_a_checkup_counts_what_waits_and_when_the_credential_ends(
    desk: Desk, gazette: int
) -> None:
    now = factories.now_of(desk)
    factories.make_scheduled(desk, gazette)
    soon, later = now + timedelta(days=6), now + timedelta(days=12, hours=3)
    other = factories.make_channel(desk, "Herald")
    steps.alter_channel(desk, gazette, credential_expires_at=soon)
    steps.alter_channel(desk, other, credential_expires_at=later)

    with desk.db.reading() as session:
        found = checkups(session, desk, now)

    assert [(one.waiting, one.ends_soon) for one in found] == [(1, True), (0, False)]
    assert ends(later, now) == "ends in 12 days"
    assert ends(now - timedelta(hours=1), now) == "ended 1 hour ago"


def test_holds_are_named_as_people_know_them(desk: Desk, gazette: int) -> None:
    post_id = factories.make_scheduled(desk, gazette)
    with desk.db.writing() as session:
        for scope, target in (
            ("channel", str(gazette)),
            ("section", "Sport"),
            ("keyword", "ferry"),
            ("post", str(post_id)),
            ("desk", ""),
        ):
            holds.hold(session, scope=scope, target=target, now=NOON)
        named = holds.hold_coverage(session, holds.list_holds(session))

    assert sorted(named.values()) == [
        "Gazette",
        "everything",
        "everything about “ferry”",
        "everything in Sport",
        f"post {post_id}",
    ]
