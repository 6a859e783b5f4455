"""What a listing proves: which posts are ours, and which are surely not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import (
    CantTell,
    Finding,
    Found,
    NotThere,
    OnRecord,
    Prepared,
    Receipt,
    Sought,
)
from connectors.content_match import comparable
from connectors.platform_clock import PlatformClock, platform_clock
from connectors.reconciliation import (
    CACHED,
    NO_TIME,
    SEVERAL,
    STALE,
    UNEXPLAINED,
    Judge,
    Listing,
    Shown,
)

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
BEHIND = CantTell(STALE)
AGREE = [(71, NotThere()), (72, BEHIND)]  # the account's count, and what it proves
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
EXACT = PlatformClock(timedelta(0), timedelta(0))


def shown(number: int, text: str, at: datetime, *, own: bool = True) -> Shown:
    receipt = Receipt(str(number), f"https://a.example/{number}", at)
    return Shown(receipt, at, (comparable(text),), own=own)


def recorded(
    number: int,
    at: datetime,
    total: int | None = None,
    sent_at: datetime | None = None,
) -> OnRecord:
    url = f"https://a.example/{number}"
    return OnRecord(str(number), url, at, sent_at or at, total)


def look(
    texts: Sequence[str],
    posts: Sequence[Shown],
    known: Sequence[OnRecord] = (),
    *,
    total: int | None = None,
    whole: bool = False,
    by: PlatformClock = EXACT,
    after: timedelta = CACHED,
) -> list[Finding]:
    """Attempts at noon, whose calls ended twenty seconds later, and this listing.

    It was read so long after these had ended.
    """
    ends = NOON + 20 * SECOND
    asked = [
        by.asked(Sought(Prepared(f"k{n}", text), NOON, ends), comparable(text), ())
        for n, text in enumerate(texts)
    ]
    listing = Listing(tuple(posts), whole, total, read_at=ends + after)
    return Judge(asked, listing, known).findings()


OLD = shown(1, "Old", NOON - MINUTE)
LATER = shown(9, "Later", NOON + MINUTE)
OF_LATER = recorded(9, NOON + MINUTE)


def test_a_later_post_proves_that_the_list_is_fresh() -> None:
    assert look(["Ours"], [LATER, OLD], [OF_LATER]) == [NotThere()]


def test_a_list_without_a_later_post_proves_nothing() -> None:
    assert look(["Ours"], [OLD]) == [CantTell(STALE)]


def test_a_list_that_proves_nothing_says_when_another_could() -> None:
    [finding] = look(["Ours"], [OLD])

    assert isinstance(finding, CantTell)
    assert finding.again_at == NOON + 20 * SECOND + CACHED


def test_a_post_from_while_the_call_was_open_is_no_later_one() -> None:
    during = shown(8, "During", NOON + 5 * SECOND)

    findings = look(["Ours"], [during, OLD], [recorded(8, NOON + 5 * SECOND)])

    assert findings == [CantTell(STALE)]


@pytest.mark.parametrize(
    ("total", "finding"),
    [
        (1, NotThere()),
        (2, CantTell(STALE)),
        (0, CantTell(STALE)),
        (None, CantTell(STALE)),
    ],
)
def test_the_count_of_an_account_read_in_whole_is_proof(
    total: int | None, finding: Finding
) -> None:
    assert look(["Ours"], [OLD], total=total, whole=True) == [finding]


@pytest.mark.parametrize(("total", "finding"), AGREE)
def test_so_is_the_count_since_a_post_whose_answer_told_it(
    total: int, finding: Finding
) -> None:
    by_hand = shown(2, "By hand", NOON - SECOND)
    known = [recorded(1, NOON - MINUTE, total=70)]

    assert look(["Ours"], [by_hand, OLD], known, total=total) == [finding]


@pytest.mark.parametrize(("total", "finding"), AGREE)
def test_what_is_on_record_and_not_listed_yet_is_counted_as_there(
    total: int, finding: Finding
) -> None:
    known = [recorded(2, NOON + SECOND), recorded(1, NOON - MINUTE, total=70)]

    assert look(["Ours"], [OLD], known, total=total) == [finding]


def test_a_post_that_was_found_late_stands_where_it_was_sent() -> None:
    """It is older than all that was read, and its record younger."""
    found = recorded(2, NOON + SECOND, sent_at=NOON - 5 * MINUTE)
    known = [found, recorded(1, NOON - MINUTE, total=70)]

    assert look(["Ours"], [OLD], known, total=70) == [NotThere()]


def test_a_count_is_no_proof_while_it_may_be_as_old_as_the_list() -> None:
    soon = CACHED - SECOND

    assert look(["Ours"], [OLD], total=1, whole=True, after=soon) == [BEHIND]


def test_a_later_post_is_proof_however_soon_it_is_seen() -> None:
    assert look(["Ours"], [LATER, OLD], [OF_LATER], after=MINUTE) == [NotThere()]
    assert look(["Ours"], [LATER, OLD], [OF_LATER], after=SECOND) == [NotThere()]


def test_a_count_told_after_the_call_began_proves_nothing() -> None:
    known = [recorded(8, NOON + SECOND, total=71)]
    posts = [shown(8, "Other", NOON + SECOND), OLD]

    assert look(["Ours"], posts, known, total=71) == [CantTell(STALE)]


def test_a_new_post_that_nobody_explains_is_never_called_absent() -> None:
    strange = shown(8, "Something else", NOON + SECOND)

    (finding,) = look(["Ours"], [LATER, strange, OLD], [OF_LATER])

    assert finding == CantTell(UNEXPLAINED, seen=(strange.receipt,))


def test_what_two_pages_of_a_list_show_is_pointed_to_once() -> None:
    by_hand = shown(5, "By hand", NOON + SECOND)

    [finding] = look(["Ours"], [by_hand, by_hand, OLD])

    assert finding == CantTell(UNEXPLAINED, seen=(by_hand.receipt,))


def test_what_two_pages_of_a_list_show_is_counted_once() -> None:
    assert look(["Ours"], [OLD, OLD], total=2, whole=True) == [BEHIND]


def test_a_new_post_that_another_attempt_explains_is_no_obstacle() -> None:
    theirs = shown(8, "Theirs", NOON + SECOND)

    findings = look(["Ours", "Theirs"], [LATER, theirs, OLD], [OF_LATER])

    assert findings == [NotThere(), Found((theirs.receipt,))]


def test_what_others_wrote_is_not_ours() -> None:
    boost = shown(8, "Ours", NOON + SECOND, own=False)

    assert look(["Ours"], [LATER, boost, OLD], [OF_LATER]) == [NotThere()]


def test_the_letter_goes_before_the_ear() -> None:
    posts = [LATER, shown(8, "Up 1-0", NOON + SECOND), shown(7, "Up 10", NOON)]

    findings = look(["Up 10", "Up 1-0"], posts, [OF_LATER])

    assert [
        one.receipts[0].remote_id for one in findings if isinstance(one, Found)
    ] == [
        "7",
        "8",
    ]


def test_what_may_be_either_of_two_is_for_a_person() -> None:
    drawn = shown(8, "UP 1 0", NOON + SECOND)

    findings = look(["Up 1-0", "Up 10"], [LATER, drawn], [OF_LATER])

    assert findings == [CantTell(SEVERAL, seen=(drawn.receipt,))] * 2


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ("Thanks @mayor@north.example", "Thanks @mayor@south.example"),
        ("See https://a.example/a%2Fb", "See https://a.example/a/b"),
    ],
)
def test_two_posts_that_look_the_same_there_are_for_a_person(
    mine: str, other: str
) -> None:
    drawn = shown(8, mine, NOON + SECOND)

    findings = look([mine, other], [LATER, drawn], [OF_LATER])

    assert findings == [CantTell(SEVERAL, seen=(drawn.receipt,))] * 2


def test_a_text_that_may_have_been_cut_is_for_a_person() -> None:
    said = "Dodge returns to Pro Stock after twenty years, and it wins at once"
    cut = shown(8, "Dodge returns to Pro Stock after…", NOON + SECOND)

    assert look([said], [cut]) == [CantTell(UNEXPLAINED, seen=(cut.receipt,))]


def test_a_post_that_may_be_one_attempt_is_none_of_the_others() -> None:
    cut = shown(8, "Dodge returns to Pro Stock after…", NOON + SECOND)
    said = "Dodge returns to Pro Stock after twenty years, and it wins at once"

    findings = look([said, "Other"], [LATER, cut], [OF_LATER])

    assert findings == [CantTell(UNEXPLAINED, seen=(cut.receipt,)), NotThere()]


def test_the_same_figures_apart_are_another_text() -> None:
    texts = ["Lotto: 1 23 45 6", "Lotto: 12 3 4 56"]
    drawn = shown(8, texts[1], NOON + SECOND)

    findings = look(texts, [LATER, drawn], [OF_LATER])

    assert findings == [NotThere(), Found((drawn.receipt,))]


def test_a_short_beginning_without_an_ellipsis_is_another_text() -> None:
    said = "Dodge returns to Pro Stock after twenty years, and it wins at once"
    other = shown(8, "Dodge returns to Pro Stock", NOON + SECOND)

    assert look([said], [other]) == [CantTell(UNEXPLAINED, seen=(other.receipt,))]


def test_two_posts_of_one_attempt_are_both_told() -> None:
    posts = [shown(8, "Ours", NOON + SECOND), shown(7, "Ours", NOON)]

    (finding,) = look(["Ours"], posts)

    assert finding == Found((posts[1].receipt, posts[0].receipt))


def test_without_a_clock_a_post_just_before_it_is_told_apart_by_a_person() -> None:
    by = platform_clock(None, [], [])
    before = shown(8, "Perhaps", NOON - 10 * MINUTE)

    (finding,) = look(["Ours"], [LATER, before], [OF_LATER], by=by)

    assert finding == CantTell(NO_TIME, seen=(before.receipt,))


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(hours=-3)])
def test_a_post_that_both_know_tells_the_platforms_clock(ahead: timedelta) -> None:
    both = shown(5, "Both", NOON - MINUTE + ahead)
    known = [recorded(5, NOON - MINUTE + SECOND)]
    ours = shown(8, "Ours", NOON + SECOND + ahead)
    older = shown(4, "Ours", NOON - 5 * MINUTE + ahead)

    findings = look(
        ["Ours"],
        [ours, both, older],
        known,
        by=platform_clock(None, [ours, both], known),
    )

    assert findings == [Found((ours.receipt,))]


def test_a_link_that_several_posts_share_names_none_of_them() -> None:
    profile = "https://a.example/@desk"
    ours = Shown(
        Receipt("8", profile, NOON + SECOND), NOON + SECOND, (comparable("Ours"),)
    )
    other = OnRecord("9", profile, NOON + 2 * SECOND, NOON + 2 * SECOND)

    assert look(["Ours"], [LATER, ours], [OF_LATER, other]) == [Found((ours.receipt,))]


def test_a_link_that_a_person_gave_names_its_post() -> None:
    link = "https://a.example/8"
    by_hand = OnRecord(link, link, NOON, NOON)
    there = shown(8, "Ours", NOON + SECOND)

    assert look(["Ours"], [LATER, there], [OF_LATER, by_hand]) == [NotThere()]


def test_times_without_seconds_are_taken_for_no_more() -> None:
    cut = shown(8, "Ours", NOON - 30 * SECOND)
    cut = replace(cut, at=NOON.replace(second=0) - MINUTE)

    findings = look(["Ours"], [cut], by=platform_clock(timedelta(0), [cut], []))

    assert findings == [Found((cut.receipt,))]


def test_where_posts_are_told_by_another_clock_than_the_header_the_earlier_counts() -> (
    None
):
    behind = timedelta(hours=5)
    both = shown(5, "Both", NOON - MINUTE + SECOND - behind)
    ours = shown(8, "Ours", NOON + SECOND - behind)
    known = [recorded(5, NOON - MINUTE + 2 * SECOND)]

    findings = look(
        ["Ours"],
        [ours, both],
        known,
        by=platform_clock(timedelta(0), [ours, both], known),
    )

    assert findings == [Found((ours.receipt,))]


def test_our_words_at_an_odd_hour_are_for_a_person_where_no_post_tells_the_clock() -> (
    None
):
    """Its header does; but a wrong zone may stand beside the times of its posts."""
    earlier = shown(8, "Ours", NOON - timedelta(hours=5) + SECOND)
    by = platform_clock(timedelta(0), [earlier], [])

    (finding,) = look(["Ours"], [LATER, earlier], [OF_LATER], by=by)
    others = look(["Theirs"], [LATER, earlier], [OF_LATER], by=by)

    assert finding == CantTell(NO_TIME, seen=(earlier.receipt,))
    assert others == [NotThere()]


@pytest.mark.parametrize("ahead", [10, 60, 3600])
def test_a_header_that_is_ahead_of_the_posts_makes_no_new_post_an_older_one(
    ahead: int,
) -> None:
    """It is shown in words that nobody knows, and its time is by another clock."""
    ours = shown(8, "Redrawn past all knowing", NOON + SECOND)
    by = platform_clock(timedelta(seconds=ahead), [ours], [])

    (finding,) = look(["Ours"], [ours], by=by, total=1, whole=True)

    assert finding == CantTell(NO_TIME, seen=(ours.receipt,))


def test_what_is_no_post_of_ours_proves_no_freshness_without_a_clock() -> None:
    shared = shown(8, "Theirs", NOON + timedelta(hours=2), own=False)

    assert look(["Ours"], [shared], by=platform_clock(None, [shared], [])) == [BEHIND]


def test_a_record_that_came_late_makes_no_earlier_post_a_later_one() -> None:
    """It was found minutes after it was sent, so its clock seems to be far behind."""
    found = shown(5, "Found", NOON - 5 * MINUTE)
    known = [recorded(5, NOON - MINUTE, sent_at=NOON - 5 * MINUTE - SECOND)]
    shared = shown(8, "Theirs", NOON - MINUTE, own=False)
    by = platform_clock(None, [shared, found], known)

    assert look(["Ours"], [shared, found], known, by=by) == [BEHIND]
