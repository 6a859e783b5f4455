"""The inbox in a real browser: rows by key, undone in place, readings given up."""

from __future__ import annotations

from playwright.sync_api import APIResponse, Browser, FilePayload, Route, expect

from desk.articles import arrivals
from tests.e2e.conftest import Screens, signed_in
from tests.factories import make_post
from tests.unit.articles.taken import take

SETTLES = """() => { window.settled = new Promise((settle) =>
    document.addEventListener("htmx:finally:request", settle, {once: true})) }"""


def test_an_article_is_shared_and_dismissed_by_key_and_both_are_undone(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/inbox")
        ferry = page.locator(f"#article-{own_screens.room.to_compose}")
        ferry.get_by_role("link", name="Harbour ferry").first.focus()
        page.keyboard.press("s")
        expect(page.locator("#toasts")).to_contain_text("Scheduled on 1 channel")
        expect(ferry.locator(".cover", has_text="Gazette")).to_contain_text("scheduled")
        page.keyboard.press("u")
        expect(page.locator("#toasts")).to_contain_text("Undone")
        expect(ferry).to_contain_text("Not shared.")
        ferry.get_by_role("link", name="Harbour ferry").first.focus()
        page.keyboard.press("e")
        expect(ferry).to_have_count(0)
        expect(page.locator(".story-row a:focus")).to_have_count(1)
        page.locator("#toasts").get_by_role("button", name="Undo").click()

        expect(ferry).to_be_visible()


def test_a_list_from_before_a_press_is_not_drawn_over_what_that_changed(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/inbox")
        ferry = page.locator(f"#article-{own_screens.room.to_compose}")
        ferry.get_by_role("link", name="Harbour ferry").first.focus()
        page.keyboard.press("e")
        expect(ferry).to_have_count(0)
        late: list[tuple[Route, APIResponse]] = []
        page.route("**/inbox?*", lambda one: late.append((one, one.fetch())), times=1)
        page.evaluate("document.body.dispatchEvent(new CustomEvent('deskChanged'))")
        while not late:
            page.wait_for_timeout(50)
        page.locator("#toasts").get_by_role("button", name="Undo").click()
        expect(ferry).to_be_visible()

        page.evaluate(SETTLES)
        [(route, answer)] = late
        route.fulfill(response=answer)
        page.evaluate("settled")

        expect(ferry).to_be_visible()


def test_a_reading_is_given_up_and_the_paste_is_kept(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        held: list[Route] = []
        page.route("**/articles", lambda route: held.append(route))
        page.goto(f"{own_screens.address}/inbox")
        page.get_by_label("Paste an article").fill("https://slow.example/story")
        page.keyboard.press("Enter")
        expect(page.locator(".progress")).to_contain_text("Reading slow.example")
        page.get_by_role("button", name="Give up").click()

        expect(page.locator(".progress")).to_be_hidden()
        expect(page.get_by_label("Paste an article")).to_have_value(
            "https://slow.example/story"
        )
        expect(page.get_by_label("Paste an article")).to_be_focused()
        for route in held:
            route.abort()


def test_several_links_are_read_while_the_page_looks_on(
    chromium: Browser, own_screens: Screens
) -> None:
    inside = ["https://127.0.0.1/1", "https://127.0.0.1/2"]  # refused by the guard
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/inbox")
        field = page.get_by_label("Paste an article")
        field.fill("\n".join([*inside, "https//c"]))
        page.keyboard.press("Enter")
        told = page.locator("#arrivals-title")
        expect(told).to_have_text("Reading 3 links: 1 is no link, 2 to come")
        expect(field).to_have_value("https//c")
        arrivals.read_waiting(own_screens.desk)
        expect(told).to_have_text("3 links: 2 can’t be read, 1 is no link")
        page.get_by_role("link", name="Put these 3 back").click()
        expect(field).to_have_value("\n".join([*inside, "https//c"]))
        page.get_by_role("button", name="Put away").click()

        expect(page.locator("#arrivals")).to_be_hidden()


STORY = """Night Ferry Returns to Port Alder After Eleven Years

The night ferry between Port Alder and the island of Skerry sails again. On Friday \
evening the Meridian left the quay with 312 passengers on board.

The town paid 4.2 million for a new landing stage and leased the ship for five years.
"""
DROP = """(form, [name, words]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([words], name));
  const options = {dataTransfer, bubbles: true, cancelable: true};
  for (const kind of ["dragenter", "dragover", "drop"])
    form.dispatchEvent(new DragEvent(kind, options));
}"""


def test_a_file_is_read_when_it_is_chosen(
    chromium: Browser, own_screens: Screens
) -> None:
    story: FilePayload = {
        "name": "ferry.md",
        "mimeType": "text/markdown",
        "buffer": f"# {STORY}".encode(),
    }
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/inbox")
        page.get_by_label("choose a file").set_input_files(files=[story])

        expect(page.get_by_role("heading", name="Night Ferry Returns")).to_be_visible()


def test_a_file_is_read_when_it_is_dropped_and_a_pdf_is_refused_in_words(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/inbox")
        form = page.locator("[data-paste]")
        form.evaluate(DROP, ["ferry.pdf", "%PDF-1.7 and so on"])
        expect(page.locator("body")).to_contain_text("ferry.pdf is a PDF")
        expect(page.get_by_label("Paste an article")).to_be_enabled()
        form.evaluate(DROP, ["ferry.txt", STORY])

        expect(page.get_by_role("heading", name="Night Ferry Returns")).to_be_visible()


def test_a_toast_waits_while_it_is_pointed_at_and_goes_by_itself(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        page.clock.install()
        page.goto(f"{own_screens.address}/inbox")
        page.locator(".story-row h3 a").last.focus()
        page.keyboard.press("e")
        toast = page.locator("#toasts .notice")
        toast.hover()
        page.clock.run_for(30_000)
        expect(toast).to_be_visible()
        page.get_by_role("heading", name="Inbox").hover()
        page.clock.run_for(21_000)

        expect(toast).to_have_count(0)


def test_more_leads_everywhere_on_a_small_screen(
    chromium: Browser, screens: Screens
) -> None:
    with signed_in(chromium, screens, width=390, height=844) as page:
        page.goto(f"{screens.address}/inbox")
        more = page.locator("details.more")
        expect(more.get_by_role("link", name="Records")).to_be_hidden()
        more.locator("summary").click()
        expect(more.get_by_role("link", name="Records")).to_be_visible()
        page.keyboard.press("Escape")
        expect(more.get_by_role("link", name="Records")).to_be_hidden()
        more.locator("summary").click()
        more.get_by_role("link", name="You").click()

        expect(page).to_have_url(f"{screens.address}/you")


def test_rows_work_without_javascript(chromium: Browser, own_screens: Screens) -> None:
    with signed_in(chromium, own_screens, javascript=False) as page:
        page.goto(f"{own_screens.address}/inbox?show=unshared")
        ferry = page.locator(f"#article-{own_screens.room.to_compose}")
        ferry.locator("summary").click()
        ferry.get_by_role("button", name="Dismiss").click()
        expect(page).to_have_url(f"{own_screens.address}/inbox?show=unshared")
        expect(ferry).to_have_count(0)
        page.locator("#toasts").get_by_role("button", name="Undo").click()

        expect(ferry).to_be_visible()


def test_stories_are_ticked_by_key_scheduled_together_and_undone(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/inbox?show=unshared")
        rows = page.locator(".story-row")
        count = rows.count()
        rows.first.locator("h3 a").focus()
        page.keyboard.press("x")
        expect(page.locator(".bulk")).to_be_visible()
        page.locator(".story-row h3 a").last.focus()
        page.keyboard.press("Shift+X")
        expect(page.locator("[data-tick]:checked")).to_have_count(count)
        expect(page.locator("#ticked")).to_contain_text(f"{count} stor")
        page.keyboard.press("Escape")
        expect(page.locator(".bulk")).to_be_hidden()
        rows.first.locator("[data-tick]").check()
        expect(page.locator("#ticked")).to_contain_text("1 story at the next free")
        page.locator("#ticked-go").click()
        expect(page.locator("#toasts")).to_contain_text("Scheduled 1 story")
        expect(page.locator("#toasts")).to_contain_text("No free slot on")
        page.locator("#toasts").get_by_role("button", name="Undo").click()

        expect(page.locator("#toasts")).to_contain_text("Undone")


def test_ticks_outlive_a_change_of_the_desk_and_new_stories_wait_to_be_shown(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/inbox")
        first = page.locator(".story-row").first
        top = first.get_attribute("id") or ""
        first.locator("[data-tick]").check()
        take(own_screens.desk, section="Life", number=77)
        make_post(own_screens.desk, own_screens.room.channel, "Something changed")
        expect(page.locator("[data-fresh]")).to_have_text("1 new story: show")
        expect(first).to_have_id(top)
        expect(first.locator("[data-tick]")).to_be_checked()
        first.locator("h3 a").focus()
        page.keyboard.press(".")

        expect(page.locator("[data-fresh]")).to_have_count(0)
        expect(page.locator(".story-row").first).not_to_have_id(top)


def test_a_press_on_several_works_without_javascript(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens, javascript=False) as page:
        page.goto(f"{own_screens.address}/inbox")
        expect(page.locator(".bulk")).to_be_hidden()
        for box in (0, 1):
            page.locator("[data-tick]").nth(box).check()
        page.locator(".labels summary").click()
        page.get_by_label("Label for the ticked stories").fill("harbour")
        page.keyboard.press("Enter")
        expect(page.locator("#toasts")).to_contain_text("Labelled 2 stories “harbour”")
        expect(page.locator("[data-tick]:checked")).to_have_count(2)
        page.locator("#toasts").get_by_role("button", name="Undo").click()

        expect(page.locator("#toasts")).to_contain_text("the label is off again")


def test_slash_leads_to_the_find_field_and_escape_closes_a_menu(
    chromium: Browser, screens: Screens
) -> None:
    with signed_in(chromium, screens, width=390, height=844) as page:
        page.goto(f"{screens.address}/inbox")
        page.locator(".story-row h3 a").first.focus()
        page.keyboard.press("/")
        expect(page.locator("#find")).to_be_focused()
        more = page.locator(".row-more").first
        more.locator("summary").click()
        expect(more.get_by_role("button", name="Dismiss")).to_be_visible()
        page.keyboard.press("Escape")

        expect(more.get_by_role("button", name="Dismiss")).to_be_hidden()
        expect(more.locator("summary")).to_be_focused()


def test_an_open_menu_stays_open_while_the_desk_changes(
    chromium: Browser, own_screens: Screens
) -> None:
    with signed_in(chromium, own_screens) as page:
        page.goto(f"{own_screens.address}/inbox")
        more = page.locator(".row-more").first
        more.locator("summary").click()
        with page.expect_response("**/inbox?until=*"):
            take(own_screens.desk, section="Life", number=78)
            make_post(own_screens.desk, own_screens.room.channel, "Something changed")
        expect(page.locator("[data-fresh]")).to_have_count(0)
        expect(more.get_by_role("button", name="Dismiss")).to_be_visible()
        page.keyboard.press("Escape")

        expect(page.locator("[data-fresh]")).to_have_text("1 new story: show")
