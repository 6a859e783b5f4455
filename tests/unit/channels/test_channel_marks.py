"""Channel marks: two accounts of one platform are told apart at a glance."""

from __future__ import annotations

import pytest

from desk.channels import channel_marks
from desk.desk import Desk
from desk.models import Channel
from tests import factories


def letters(desk: Desk, *names: str) -> list[str]:
    """Of channels of one platform, connected in this order."""
    made = [factories.make_channel(desk, name) for name in names]
    with desk.db.reading() as session:
        found = channel_marks.letters(session)
    return [found[one] for one in made]


def test_the_first_account_of_a_platform_needs_no_letter(desk: Desk) -> None:
    assert letters(desk, "Bluesky") == [""]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["X", "X Sport", "X Culture"], ["", "S", "C"]),
        (["Harbour", "Harbour Sport", "Harbour Science"], ["", "S", "H"]),
        (["News", "Ünder"], ["", "Ü"]),
        (["Saltmere", "Saltmere (Sport)", "Sport"], ["", "S", "P"]),
        (["Ferry", "F", "FF"], ["", "F", "2"]),
    ],
)
def test_each_further_account_has_a_letter_of_its_own(
    desk: Desk, names: list[str], expected: list[str]
) -> None:
    assert letters(desk, *names) == expected


def test_accounts_of_other_platforms_take_no_letter(desk: Desk) -> None:
    elsewhere = factories.make_channel(desk, "Elsewhere")
    with desk.db.writing() as session:
        session.get_one(Channel, elsewhere).platform = "another"

    assert letters(desk, "Gazette", "Gazette Sport") == ["", "S"]


def test_no_number_of_accounts_runs_out_of_letters(desk: Desk) -> None:
    found = letters(desk, *(f"Desk {'o' * number}" for number in range(1, 13)))

    assert len(set(found)) == 12
