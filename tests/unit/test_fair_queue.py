"""Turns: who is served next, and who is told to come again."""

from __future__ import annotations

import pytest

from desk.fair_queue import (
    FIRST_SLICE,
    HALF_LIFE_S,
    KEPT_S,
    NOBODY,
    Ask,
    Standing,
    Turns,
)

WHOLE = 5  # seconds that a task may compute
SMALL, LARGE = 3_000, 900_000  # bytes


@pytest.fixture
def turns() -> Turns:
    return Turns(places=4)


def states(*asks: Ask) -> str:
    """A letter each: waiting, served, away."""
    return "".join(one.standing.value[0] for one in asks)


def burn(turns: Turns, person: str, seconds: float, now: float) -> None:
    turns.end(turns.ask(person, "articles", now), seconds, True, now)


def waste(turns: Turns, person: str, now: float) -> None:
    turns.end(turns.ask(person, "articles", now), WHOLE, False, now)


def test_who_finds_the_child_free_is_served_at_once(turns: Turns) -> None:
    assert states(turns.ask("Ann", "articles", 0)) == "s"


def test_who_burnt_least_is_next_however_late_they_came(turns: Turns) -> None:
    burn(turns, "Bob", 3, 0)
    burn(turns, "Cleo", 7, 10)
    at_work = turns.ask("Dan", "articles", 20)
    most, little, nothing = (turns.ask(p, "articles", 20) for p in ("Cleo", "Bob", "A"))

    turns.end(at_work, 5, False, 25)
    assert states(most, little, nothing) == "wws"

    turns.end(nothing, 5, False, 30)
    assert states(most, little) == "ws"


def test_one_person_has_one_reading_under_way_whatever_they_ask_for(
    turns: Turns,
) -> None:
    article = turns.ask("Bob", "articles", 0)
    picture = turns.ask("Bob", "pictures", 0)
    others = turns.ask("Ann", "pictures", 0)

    assert states(article, picture, others) == "sws"

    turns.end(others, 1, False, 1)
    assert states(picture) == "w"
    turns.end(article, 1, True, 2)
    assert states(picture) == "s"


def test_a_persons_further_asks_make_room_for_another(turns: Turns) -> None:
    many = [turns.ask("Bob", "articles", 0) for _ in range(6)]
    one = turns.ask("Ann", "articles", 1)

    assert states(*many, one) == "swwaaaw"

    turns.end(many[0], 5, False, 5)
    assert states(*many, one) == "swwaaas"


def test_who_burnt_more_is_told_to_come_again_where_there_is_no_place(
    turns: Turns,
) -> None:
    burn(turns, "Bob", 5, 0)
    first = [turns.ask(name, "articles", 1) for name in ("Ann", "Bob", "Cleo", "Dan")]

    late = turns.ask("Eve", "articles", 2)

    assert states(*first, late) == "sawww"


def test_a_free_child_makes_no_place_where_all_are_taken() -> None:
    turns = Turns(places=1)

    first, second = turns.ask("Ann", "articles", 0), turns.ask("Bob", "pictures", 0)

    assert states(first, second) == "sa"


def test_the_smallest_is_next_of_those_who_burnt_as_little(turns: Turns) -> None:
    at_work = turns.ask("Ann", "articles", 0)
    large, small, late = (
        turns.ask(name, "articles", now, size)
        for now, (name, size) in enumerate([("B", LARGE), ("C", SMALL), ("D", LARGE)])
    )
    crowded = turns.ask("Eve", "articles", 3, SMALL)

    assert states(large, small, late, crowded) == "wwaw"

    turns.end(at_work, 1, False, 4)
    assert states(large, small, crowded) == "wsw"


def test_who_asked_in_vain_again_and_again_makes_room_for_who_asks_once(
    turns: Turns,
) -> None:
    many = [turns.ask(f"No. {n % 16}", "articles", 0, LARGE) for n in range(64)]
    once = turns.ask("Ann", "articles", 1, 2 * LARGE)
    again = [turns.ask(f"No. {n % 16}", "articles", 2, LARGE) for n in range(64)]

    turns.end(many[0], 5, False, 5)

    assert states(many[0], once) == "ss"
    assert "s" not in states(*many[1:], *again)


def test_the_child_is_kept_for_the_next_task_of_a_paste(turns: Turns) -> None:
    at_work = turns.ask("Ann", "articles", 0)
    waits = turns.ask("Bob", "articles", 0)

    turns.end(at_work, 0.1, True, 1)
    assert states(waits) == "w"
    assert states(turns.ask("Ann", "articles", 1.1)) == "s"


def test_a_child_is_kept_for_a_moment_only(turns: Turns) -> None:
    at_work = turns.ask("Ann", "articles", 0)
    waits = turns.ask("Bob", "articles", 0)
    turns.end(at_work, 0.1, True, 1)

    turns.go_on(1 + KEPT_S)

    assert states(waits) == "s"


def test_a_child_is_not_kept_from_who_burnt_less(turns: Turns) -> None:
    at_work = turns.ask("Bob", "articles", 0)
    waits = turns.ask("Ann", "articles", 0)

    turns.end(at_work, 4, True, 4)

    assert states(waits) == "s"


def test_who_wasted_is_given_a_slice_and_all_others_the_whole(turns: Turns) -> None:
    burn(turns, "Ann", 20, 0)
    waste(turns, "Bob", 0)

    assert given(turns, "Ann", 1) == WHOLE
    assert given(turns, "Bob", 2) == WHOLE // FIRST_SLICE
    assert given(turns, NOBODY, 3) == WHOLE


def test_what_is_refused_at_once_is_no_waste(turns: Turns) -> None:
    turns.end(turns.ask("Ann", "articles", 0), 0.2, False, 0)

    assert given(turns, "Ann", 1) == WHOLE


@pytest.mark.parametrize(
    ("who", "waits", "seconds"),
    [
        ("Ann", "Bob", WHOLE // FIRST_SLICE),
        ("Cleo", "Bob", WHOLE // FIRST_SLICE),
        ("Ann", "Cleo", WHOLE),
        ("Ann", "Ann", WHOLE),
        ("Ann", NOBODY, WHOLE),
        (NOBODY, "Ann", WHOLE),
    ],
)
def test_a_slice_is_given_where_somebody_waits_who_burnt_no_more(
    turns: Turns, who: str, waits: str, seconds: int
) -> None:
    burn(turns, "Cleo", 3, 0)
    at_work = turns.ask(who, "articles", 1)
    turns.ask(waits, "articles", 1)

    assert turns.seconds(at_work, WHOLE, 1) == seconds


def test_what_someone_did_is_forgotten_in_minutes(turns: Turns) -> None:
    waste(turns, "Bob", 0)

    assert given(turns, "Bob", HALF_LIFE_S + 1) == WHOLE

    burn(turns, "Cleo", 1, HALF_LIFE_S + 1)
    at_work = turns.ask("Dan", "articles", 20 * HALF_LIFE_S)
    bob, cleo = (turns.ask(p, "articles", 20 * HALF_LIFE_S) for p in ("Bob", "Cleo"))
    turns.end(at_work, 1, False, 20 * HALF_LIFE_S)

    assert states(bob, cleo) == "sw"


def given(turns: Turns, person: str, now: float) -> int:
    """The seconds of a task, with nobody else about."""
    ask = turns.ask(person, "articles", now)
    seconds = turns.seconds(ask, WHOLE, now)
    turns.end(ask, 0, True, now - KEPT_S)
    return seconds


def test_what_the_desk_does_by_itself_is_served_as_it_comes() -> None:
    turns = Turns()
    asks = [turns.ask(NOBODY, "pictures", 0) for _ in range(9)]
    beside = turns.ask(NOBODY, "articles", 0)

    assert states(*asks, beside) == "swwwwwwwws"

    turns.end(asks[0], 5, False, 1)
    assert states(*asks[1:]) == "swwwwwww"


def test_who_leaves_is_not_served(turns: Turns) -> None:
    at_work = turns.ask("Ann", "articles", 0)
    gone = turns.ask("Bob", "articles", 0)

    turns.leave(gone, 1)
    turns.end(at_work, 1, False, 2)

    assert states(gone) == "a"


def test_sixteen_with_many_waiting_never_keep_one_from_the_next_turn() -> None:
    """Turn after turn, each time with somebody new who asks once."""
    turns, now = Turns(places=4), 0.0
    mob: list[Ask] = []
    for number in range(100):
        mob += [turns.ask(f"No. {n % 16}", "articles", now, LARGE) for n in range(48)]
        once = turns.ask(f"once {number}", "articles", now, SMALL)
        mob += [turns.ask(f"No. {n % 16}", "articles", now, LARGE) for n in range(48)]
        at_work = next(one for one in mob if one.standing is Standing.SERVED)

        turns.end(at_work, WHOLE, False, now := now + WHOLE)
        assert states(once) == "s"

        turns.end(once, 0.1, True, now)
        turns.go_on(now := now + KEPT_S)
        mob = [
            one for one in mob if one.standing is not Standing.AWAY and one != at_work
        ]
