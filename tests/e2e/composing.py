"""Composing: the page of the newsroom's story that is still to be shared."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from desk import report
from desk.models import Post
from tests.e2e.conftest import Screens

BRIDGE = (
    "Bridge toll falls to two crowns\n\nBy Ines Marlow\n\nThe toll on the Aldon bridge "
    "falls to two crowns on the first of the month, the town council decided on "
    "Tuesday.\n\nIt had stood at three for nine years."
)


def its_posts(screens: Screens) -> list[Post]:
    """The drafts of the newsroom's story, in the order of their tabs."""
    with screens.desk.db.reading() as session:
        its = report.list_posts(session, article_id=screens.room.to_compose)
        return sorted(its, key=lambda post: (post.channel.name.lower(), post.id))


def opened(page: Page, screens: Screens) -> list[Post]:
    """Its page, with the text for all channels open."""
    its = its_posts(screens)
    page.goto(f"{screens.address}/shares/{its[0].share_id}")
    return its


def panel_opened(page: Page, screens: Screens, at: int = 0) -> Locator:
    """Its page, with the tab of one channel open; gives what that channel says."""
    post = its_posts(screens)[at]
    page.goto(f"{screens.address}/shares/{post.share_id}?tab={post.id}")
    return panel(page, post)


def panel(page: Page, post: Post) -> Locator:
    return page.locator(f"#panel-{post.id}")


def preview(page: Page, post: Post) -> Locator:
    return page.locator(f"#preview-{post.id}")


def tab(page: Page, post: Post) -> Locator:
    return page.locator(f"#tab-{post.id}")


def for_all(page: Page) -> Locator:
    return page.get_by_label("Text for all channels")


def left_out(page: Page, post: Post) -> None:
    """Leave its channel out, in the menu of its time."""
    page.locator(f"#time-{post.id}").click()
    page.get_by_label(f"Goes out on {post.channel.name}", exact=True).uncheck()
    page.locator(f"#time-{post.id}").click()
