"""From a pasted article to posts that have their time, or that were called back."""

from __future__ import annotations

from pathlib import Path

from desk.lifecycle import State
from tests.browsers.conftest import House
from tests.browsers.page import Page
from tests.e2e.composing import BRIDGE, its_posts
from tests.e2e.newsroom import STORIES, drawn
from tests.e2e.planning import ROME
from tests.factories import look_up, make_scheduled, run_due
from tests.unit.shares.sharing import share_of


def opened(page: Page, house: House, tab: int = 0) -> list[int]:
    """Compose, with the text for all or that of one tab; gives the posts by tab."""
    its = its_posts(house.screens)
    page.open(f"/shares/{its[0].share_id}")
    if tab:
        page.press("Alt", str(tab))
    return [post.id for post in its]


def states(house: House, posts: list[int]) -> set[str]:
    return {look_up(house.desk, one).state for one in posts}


def test_a_pasted_article_is_scheduled_and_the_next_story_opens(
    page: Page, house: House
) -> None:
    page.focuses("#source")
    page.write("#source", BRIDGE)
    page.press("Enter")
    page.sees("h2", "Bridge toll falls")
    page.click("label", "Pick a time")
    page.sees("#go-main", "Schedule on 3")
    page.press("Control", "Enter")

    page.sees("#toasts", "Scheduled on 3 channels")
    page.sees("h2", STORIES[0][0])


def test_one_channel_says_its_own_words_and_follows_again(
    page: Page, house: House
) -> None:
    first, second, _ = opened(page, house)
    page.write("#share-text", "For all of them.")
    page.sees("#saved-share", "Saved")
    page.click(f"#tab-{first}")
    page.says(f"#text-{first}", "For all of them.")
    page.focus(f"#text-{first}")
    page.type("And here. ")
    page.sees(f"#tab-{first}", "own text")
    page.click("button", "Follow the share again")

    page.says(f"#text-{first}", "For all of them.")
    page.sees_no(f"#tab-{first}", "own text")
    page.sees("#toasts", "Undo")
    assert look_up(house.desk, second).text == "For all of them."


def test_a_picture_goes_in_with_what_it_shows(
    page: Page, house: House, tmp_path: Path
) -> None:
    first, *_ = opened(page, house)
    before = share_of(house.desk, first).pictures[0].picture_id
    file = tmp_path / "bridge.jpg"
    file.write_bytes(drawn(("#223344", "#445566", "#667788", "#8899aa")))
    page.attach("#share-picture", file)
    page.sees("#toasts", "The picture is in")
    page.write(".pics textarea", "The bridge at night")
    page.sees("#saved-share", "Saved")

    picture = share_of(house.desk, first).pictures[0]
    assert (picture.alt, picture.picture_id == before) == ("The bridge at night", False)


def test_a_channel_gets_a_time_of_its_own(page: Page, house: House) -> None:
    first, *_ = posts = opened(page, house)
    page.click("label", "Pick a time")
    page.click(f"#time-{first}")
    page.click(f"#at-{first}")
    page.type("tomorrow 23:45")
    page.press("Enter")
    page.sees(f"#time-{first}", "its own")
    page.click("#go-main", "Schedule on 3")

    page.sees("#toasts", "Scheduled on 3 channels")
    assert states(house, posts) == {State.SCHEDULED}
    due_at = look_up(house.desk, first).due_at
    assert due_at
    assert f"{due_at.astimezone(ROME):%H:%M}" == "23:45"


def test_publish_now_is_undone_while_it_counts(page: Page, house: House) -> None:
    posts = opened(page, house)
    page.click("#go-now", "Publish now on 3")
    page.sees(".counting", "Going out on 3 in")
    page.press("u")

    page.sees("#toasts", "Undone: nothing goes out")
    assert states(house, posts) == {State.DRAFT}


def test_what_went_out_is_seen_by_who_watches(page: Page, house: House) -> None:
    page.open("/status")
    page.sees("[data-live-mark]", "Live")
    make_scheduled(house.desk, house.screens.room.channel, "Came while watching")
    run_due(house.desk)

    page.sees("[aria-labelledby=c-done]", "Came while watching")


def test_the_page_of_a_share_is_walked_by_keys(page: Page, house: House) -> None:
    room = house.screens.room
    page.open(f"/shares/{room.share_failed}/posts")
    page.press("j")
    page.focuses(".post-row h3 a")
    page.click(f"#row-{room.failed} h3 a")
    page.at(f"post={room.failed}")
    page.sees("#post-title", "Gazette")
    page.press("e")
    page.focuses(f"#text-{room.failed}")
    page.click(".share-acts button", "Share again")

    page.sees("#toasts", "A new share")
