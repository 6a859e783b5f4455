"""Settings: the newsroom's zone is what every screen shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import preferences
from tests import factories
from tests.web.visiting import Visitor, sentence


def zone(visitor: Visitor) -> str:
    return preferences.zone_of(visitor.desk).key


def test_another_zone_shows_on_every_screen_and_posts_keep_their_instant(
    admin: Visitor,
) -> None:
    channel = factories.make_channel(admin.desk)
    noon = factories.now_of(admin.desk).replace(hour=12, minute=0, second=0)
    post_id = factories.make_scheduled(
        admin.desk, channel, due_at=noon + timedelta(days=1)
    )

    answer = admin.send("/settings/zone", {"zone": "Asia/Tokyo"})
    said = admin.look(answer.location).text

    assert "Planned posts keep their instant" in said
    assert "21:00" in admin.look("/queue").text
    assert "21:00" in admin.look(f"/posts/{post_id}").text
    assert "Asia/Tokyo" in admin.look("/status").text
    assert factories.look_up(admin.desk, post_id).due_at == (noon + timedelta(days=1))


def test_a_time_that_is_written_is_in_the_chosen_zone(admin: Visitor) -> None:
    channel = factories.make_channel(admin.desk)
    post_id = factories.make_post(admin.desk, channel)
    admin.send("/settings/zone", {"zone": "Asia/Tokyo"})
    day = (factories.now_of(admin.desk) + timedelta(days=2)).date()

    admin.send(
        f"/posts/{post_id}/schedule", {"when": "at", "at": f"{day}T09:00", "once": "k"}
    )

    due_at = factories.look_up(admin.desk, post_id).due_at
    assert due_at is not None
    assert f"{due_at:%Y-%m-%d %H:%M}" == f"{day} 00:00"


def test_the_zone_is_given_back_by_undo(admin: Visitor) -> None:
    admin.send("/settings/zone", {"zone": "Asia/Tokyo"})
    admin.press("/settings", "/settings/zone/undo")

    assert zone(admin) == admin.desk.settings.zone_name


@pytest.mark.parametrize("name", ["Mars/Base", "x" * 81])
def test_no_zone_is_refused(admin: Visitor, name: str) -> None:
    answer = admin.send("/settings/zone", {"zone": name})

    assert answer.status_code == 400
    assert zone(admin) == "UTC"


def test_zones_are_grouped_and_told_with_their_time(admin: Visitor) -> None:
    page = admin.look("/settings").text

    assert '<optgroup label="Europe">' in page
    assert '<option value="Europe/Rome">Rome · ' in page
    assert "As STANDFIRST_ZONE says: UTC" in page


def test_the_desk_has_a_name(admin: Visitor, passer_by: Visitor) -> None:
    admin.send("/settings/name", {"name": "The Gazette"})

    assert "The Gazette" in admin.look("/queue").text
    assert "at most" in sentence(admin.send("/settings/name", {"name": "x" * 61}))
