"""The inbox: pasting, and what can't be read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import time

import pytest

from desk.lifecycle import State
from desk.models import Slot
from desk.models.people import Role
from tests.factories import look_up
from tests.web.articles import FERRY, compose_form, paste, posts_of, share_path
from tests.web.test_older_buttons import buttons
from tests.web.visiting import Visitor, hidden, plain, sentence


def test_an_empty_inbox_teaches(editor: Visitor) -> None:
    assert "One paste makes a post for each channel" in editor.look("/").text


def test_a_pasted_text_becomes_a_post_for_each_channel(editor: Visitor) -> None:
    article = paste(editor)

    posts = posts_of(editor.desk, article)
    assert [post.channel.name for post in posts] == ["Channel 1", "Channel 2"]
    assert {post.state for post in posts} == {State.DRAFT}
    assert all(post.text for post in posts)
    page = editor.look("/").text
    assert "Harbour ferry returns" in page
    assert "Not shared." in page


def test_the_same_text_again_is_the_same_article(editor: Visitor) -> None:
    article = paste(editor)

    answer = editor.send("/articles", {"source": FERRY})

    assert answer.location == f"/articles/{article}"
    assert "was here already" in editor.look(share_path(editor, article)).text
    assert len(posts_of(editor.desk, article)) == 2


def test_a_file_is_an_article_too_and_needs_no_script(editor: Visitor) -> None:
    article = paste(editor)

    file = (io.BytesIO(FERRY.encode()), "ferry.txt")
    answer = editor.send("/articles", {"source": "", "file": file})
    assert answer.location == f"/articles/{article}"  # the same words

    picture = (io.BytesIO(b"\x89PNG\r\n\x1a\n and so on"), "ferry.png")
    answer = editor.send("/articles", {"source": FERRY, "file": picture})
    assert answer.status_code == 422
    assert "ferry.png is a picture" in sentence(answer)


@pytest.mark.parametrize("source", ["", "   \n "])
def test_an_empty_paste_says_what_to_paste(editor: Visitor, source: str) -> None:
    answer = editor.send("/articles", {"source": source})

    assert answer.status_code == 422
    assert len(sentence(answer)) > 20
    assert "One paste makes" in editor.look("/").text


def test_five_megabytes_of_text_get_a_sentence(editor: Visitor) -> None:
    answer = editor.send("/articles", {"source": "Words and words. " * 300_000})

    assert answer.status_code == 422
    assert len(sentence(answer)) > 20


def test_twenty_megabytes_get_a_sentence_too(editor: Visitor) -> None:
    answer = editor.send("/articles", {"source": "x" * 20_000_000})

    assert answer.status_code == 413
    assert "more than the desk takes at once" in sentence(answer)


def test_a_link_into_the_private_network_is_refused(editor: Visitor) -> None:
    answer = editor.send("/articles", {"source": "http://127.0.0.1:1/article"})

    assert answer.status_code == 422
    assert len(sentence(answer)) > 20


def test_by_htmx_the_sentence_comes_in_place(editor: Visitor) -> None:
    answer = editor.send_in_place("/articles", {"source": " "})

    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#toasts"
    assert "<html" not in answer.text


def test_an_analyst_finds_no_paste_field(
    visit: Callable[[Role], Visitor],
) -> None:
    page = visit(Role.ANALYST).look("/").text

    assert "Paste an article" not in page


def test_an_analyst_lands_on_status_and_still_finds_the_inbox(
    visit: Callable[[Role], Visitor],
) -> None:
    analyst = visit(Role.ANALYST)

    assert analyst.look("/").location == "/status"
    assert analyst.look("/inbox").status_code == 200


def test_sharing_schedules_the_drafts_and_undo_takes_them_back(
    editor: Visitor,
) -> None:
    article = paste(editor)
    give_slots(editor, article)

    answer = editor.send(f"/articles/{article}/share")

    posts = posts_of(editor.desk, article)
    assert answer.location == "/inbox"
    assert {post.state for post in posts} == {State.SCHEDULED}
    assert "Scheduled on 2 channels" in editor.look("/inbox").text
    editor.send("/articles/unshare", {"of": [str(post.id) for post in posts]})
    assert {p.state for p in posts_of(editor.desk, article)} == {State.DRAFT}


def test_sharing_without_free_slots_says_where(editor: Visitor) -> None:
    article = paste(editor)

    editor.send(f"/articles/{article}/share")

    page = editor.look("/inbox").text
    assert "Nothing was scheduled. No free slot on Channel 1, Channel 2." in page


def test_an_author_shares_for_approval(author: Visitor) -> None:
    article = paste(author)
    give_slots(author, article)

    author.send(f"/articles/{article}/share")

    states = {post.state for post in posts_of(author.desk, article)}
    assert states == {State.IN_REVIEW}


def test_dismissing_keeps_the_filter_and_pasting_again_brings_it_back(
    editor: Visitor,
) -> None:
    article = paste(editor)
    page = "http://localhost/inbox?show=unshared"

    answer = editor.send(f"/articles/{article}/dismiss", headers={"Referer": page})

    assert answer.location == "/inbox?show=unshared"
    assert "Harbour ferry" not in editor.look("/inbox").text
    assert "Harbour ferry" in editor.look("/inbox?show=dismissed").text
    editor.send("/articles", {"source": FERRY})
    assert "Harbour ferry" in editor.look("/inbox").text


@pytest.mark.parametrize(
    "asked", ["show=pink", "before=soon", "section=Nothing", "show=breaking"]
)
def test_any_filter_gives_a_page(editor: Visitor, asked: str) -> None:
    assert editor.look(f"/inbox?{asked}").status_code == 200


def give_slots(visitor: Visitor, article: int) -> None:
    with visitor.desk.db.writing() as session:
        session.add_all(
            Slot(channel_id=post.channel_id, weekday=day, local_time=time(12, 30))
            for post in posts_of(visitor.desk, article)
            for day in range(7)
        )


def share_form(visitor: Visitor, article: int) -> dict[str, str]:
    """The hidden fields of the article's Share button, as the inbox shows it now."""
    return buttons(visitor.look("/inbox").text)["share"]


def send_back(editor: Visitor, post_id: int) -> None:
    """The post was sent for approval; the editor wants it otherwise."""
    form = buttons(editor.look(f"/posts/{post_id}").text)["changes"]
    editor.send(f"/posts/{post_id}/changes", form | {"what": "Shorter"})
    assert look_up(editor.desk, post_id).state == State.DRAFT


def takes_all(who: Visitor, article: int) -> None:
    """No channel is left out any more."""
    form = compose_form(who, article)
    assert who.send(f"{share_path(who, article)}/channels", form).status_code == 200


def test_sharing_leaves_a_draft_of_which_changes_were_asked(
    author: Visitor, editor: Visitor
) -> None:
    article = paste(author)
    give_slots(author, article)
    first, second = posts_of(author.desk, article)
    only_first = compose_form(author, article, posts=[str(first.id)])
    author.send(f"{share_path(author, article)}/schedule", only_first)
    takes_all(author, article)
    send_back(editor, first.id)

    editor.send(f"/articles/{article}/share", share_form(editor, article))

    assert look_up(editor.desk, first.id).state == State.DRAFT
    assert look_up(editor.desk, second.id).state == State.SCHEDULED
    page = editor.look("/inbox").text
    assert f"Changes were asked on {first.channel.name}: open it to make them." in page
    share = f"/articles/{article}/share"
    assert share not in page  # there is nothing left for one press
    assert "Changes asked" in page


def test_sharing_from_an_older_page_leaves_what_it_never_showed(
    author: Visitor, editor: Visitor
) -> None:
    article = paste(author)
    give_slots(author, article)
    first, second = posts_of(author.desk, article)
    form = share_form(editor, article)
    only_first = compose_form(author, article, posts=[str(first.id)])
    author.send(f"{share_path(author, article)}/schedule", only_first)
    back = buttons(author.look(share_path(author, article)).text)["undo"]
    author.send("/posts/undo", back)
    takes_all(author, article)
    assert look_up(author.desk, first.id).state == State.DRAFT

    editor.send(f"/articles/{article}/share", form)

    assert look_up(editor.desk, first.id).state == State.DRAFT
    assert look_up(editor.desk, second.id).state == State.SCHEDULED
    said = f"Changed on {first.channel.name} since you opened this page"
    assert said in editor.look("/inbox").text


def test_who_presses_too_late_reads_who_scheduled_it_and_when(
    editor: Visitor, visit: Callable[[Role | None], Visitor]
) -> None:
    article = paste(editor, channels=1)
    give_slots(editor, article)
    older = hidden(editor.look("/inbox").text, f"/articles/{article}/share")
    visit(Role.EDITOR).press("/inbox", f"/articles/{article}/share")

    editor.send_bare(f"/articles/{article}/share", older)

    said = plain(editor.look("/inbox").text)
    assert re.search(r"Nothing was scheduled\. The editor \d scheduled it", said)


def test_an_empty_filter_says_how_many_are_shared(editor: Visitor) -> None:
    article = paste(editor)
    give_slots(editor, article)
    editor.press("/inbox", f"/articles/{article}/share")

    said = plain(editor.look("/inbox?show=unshared").text)

    assert "No story waits 1 is shared." in said
