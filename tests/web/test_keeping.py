"""What a browser is told, so that it keeps words exactly until the desk has them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from desk import db, people, posts
from desk.models.people import Role
from tests import factories
from tests.factories import look_up, make_channel, make_post, make_scheduled
from tests.web.articles import (
    FERRY,
    compose_form,
    paste,
    posts_of,
    share_path,
    untouched,
)
from tests.web.visiting import TOKEN, Visitor, sentence

PASSWORD = "eleven quiet ferries"
OURS = {"Origin": "http://localhost"}


@pytest.fixture
def anna(visit: Callable[[Role | None], Visitor]) -> Visitor:
    return with_password(visit(Role.EDITOR))


@pytest.fixture
def ben(visit: Callable[[Role | None], Visitor]) -> Visitor:
    return with_password(visit(Role.ADMIN))


def with_password(visitor: Visitor) -> Visitor:
    assert visitor.user
    with visitor.desk.db.writing() as session:
        factories.set_password(session, visitor.user.id, PASSWORD)
    return visitor


def token_of(visitor: Visitor, path: str = "/inbox") -> str:
    found = TOKEN.search(visitor.look(path).text)
    assert found
    return found[1]


def sign_in(visitor: Visitor, who: Visitor, after: str = "/") -> None:
    assert who.user
    token = token_of(visitor, "/sign-in")
    form = {"email": who.user.email, "password": PASSWORD, "csrf_token": token}
    visitor.client.post("/sign-in", data={**form, "next": after})


def end_sessions(visitor: Visitor) -> None:
    assert visitor.user
    with visitor.desk.db.writing() as session:
        people.end_sessions(session, visitor.user.id, db.now(session))


def draft(visitor: Visitor) -> tuple[int, dict[str, object]]:
    post_id = make_post(visitor.desk, make_channel(visitor.desk))
    page = untouched(visitor.look(f"/posts/{post_id}").text, post_id)
    return post_id, page | {f"text-{post_id}": "Typed"}


def test_an_answer_names_what_the_desk_has(anna: Visitor, ben: Visitor) -> None:
    post_id, form = draft(anna)

    kept = anna.send_in_place(f"/posts/{post_id}/write", form)
    overtaken = ben.send_in_place(
        f"/posts/{post_id}/write", {**form, f"text-{post_id}": "Ben's"}
    )
    refused = ben.send(f"/posts/{post_id}/save", {**form, f"text-{post_id}": "Ben's"})
    taken = anna.send_in_place("/articles", {"source": FERRY})
    unread = anna.send_in_place("/articles", {"source": "no story"})

    assert kept.headers["Desk-Kept"] == f"post-{post_id}=2"
    assert overtaken.headers["Desk-Kept"] == f"post-{post_id}=1"
    assert "Desk-Kept" not in refused.headers
    assert taken.headers["Desk-Kept"] == "inbox"
    assert "Desk-Kept" not in unread.headers


def test_words_are_on_record_though_their_time_is_refused(anna: Visitor) -> None:
    article = paste(anna)
    first, second = posts_of(anna.desk, article)
    form = compose_form(
        anna, article, when="at", at="soon", **{f"text-{first.id}": "Typed"}
    )

    answer = anna.send_in_place(f"{share_path(anna, article)}/schedule", form)

    assert answer.status_code == 400
    said = f"post-{first.id}=2 post-{second.id}=1"
    assert answer.headers["Desk-Kept"] == said
    assert look_up(anna.desk, first.id).text == "Typed"


def test_a_field_that_was_not_sent_stays_as_it_is(anna: Visitor) -> None:
    post_id, _ = draft(anna)
    form = {f"credit-{post_id}": "Noor Halvard", f"revision-{post_id}": 1}

    anna.send_in_place(f"/posts/{post_id}/write", form)

    post = look_up(anna.desk, post_id)
    assert (post.text, post.credit) == ("Dodge returns", "Noor Halvard")


def test_other_words_with_the_same_key_are_not_taken_for_a_double_click(
    anna: Visitor,
) -> None:
    post_id = make_scheduled(anna.desk, make_channel(anna.desk))
    with anna.desk.db.writing() as session:
        posts.find_post(session, post_id).idempotency_key = f"key:{post_id}"
    form = {f"text-{post_id}": "Typed since", f"revision-{post_id}": 1, "once": "key"}

    anna.send(f"/posts/{post_id}/save", form)

    assert look_up(anna.desk, post_id).text == "Typed since"


def test_a_page_can_be_sent_after_its_person_signed_out_and_in(
    anna: Visitor, ben: Visitor
) -> None:
    anna.send("/sign-out")
    sign_in(anna, anna)
    post_id, form = draft(anna)
    form["csrf_token"] = token_of(anna)

    anna.send("/sign-out")
    sign_in(anna, ben)
    by_other = anna.client.post(f"/posts/{post_id}/save", data=form)
    anna.send("/sign-out")
    sign_in(anna, anna)
    form["csrf_token"] = token_of(anna)
    end_sessions(anna)
    out = anna.client.post(f"/posts/{post_id}/save", data=form)
    sign_in(anna, anna)
    again = anna.client.post(f"/posts/{post_id}/save", data=form)

    assert (by_other.status_code, out.status_code, again.status_code) == (403, 401, 303)
    assert look_up(anna.desk, post_id).text == "Typed"


def test_a_page_learns_who_is_signed_in_and_gets_a_token_of_theirs(
    anna: Visitor, ben: Visitor, passer_by: Visitor
) -> None:
    page = anna.look("/inbox").text
    here = anna.look("/you/signed-in").json
    there = ben.look("/you/signed-in").json
    out = passer_by.look("/you/signed-in", headers={"HX-Request": "true"})

    assert here
    assert there
    assert f'data-person="{here["person"]}"' in page
    assert here["person"] != there["person"]
    assert out.status_code == 401
    sent = anna.client.post("/hold", data={"csrf_token": here["token"]})
    assert sent.status_code == 303


def test_an_open_page_is_led_nowhere_when_its_person_is_out(
    passer_by: Visitor,
) -> None:
    answer = passer_by.look("/counters", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert "HX-Redirect" not in answer.headers


@pytest.mark.parametrize("signed_out", [True, False])
def test_without_script_the_words_stand_on_the_page_that_says_no(
    anna: Visitor, signed_out: bool
) -> None:
    post_id, form = draft(anna)
    if signed_out:
        end_sessions(anna)
    answer = anna.client.post(
        f"/posts/{post_id}/save",
        data={**form, "csrf_token": "old"},
        headers={**OURS, "Referer": f"http://localhost/posts/{post_id}"},
    )

    assert answer.status_code == (401 if signed_out else 403)
    assert "own page" not in sentence(answer)
    assert re.search(r"<textarea[^>]*>\s*Typed</textarea>", answer.text)
    again = TOKEN.search(answer.text)
    assert again
    if signed_out:
        assert f'href="/sign-in?next=/posts/{post_id}"' in answer.text
        return
    anna.client.post(f"/posts/{post_id}/save", data={**form, "csrf_token": again[1]})
    assert look_up(anna.desk, post_id).text == "Typed"


def test_a_password_is_never_shown_again(anna: Visitor) -> None:
    answer = anna.client.post(
        "/you/password", data={"password": PASSWORD}, headers=OURS
    )

    assert answer.status_code == 403
    assert PASSWORD not in answer.text
    assert "Send it again" not in answer.text


def test_what_another_sites_page_sent_is_not_offered_again(anna: Visitor) -> None:
    post_id, form = draft(anna)

    foreign = anna.client.post(
        f"/posts/{post_id}/save", data=form, headers={"Sec-Fetch-Site": "cross-site"}
    )
    unknown = anna.client.post(f"/posts/{post_id}/save", data=form)

    for answer in (foreign, unknown):
        assert answer.status_code == 403
        assert "Send it again" not in answer.text


def test_signing_in_by_a_link_leads_back_as_well(
    anna: Visitor, passer_by: Visitor
) -> None:
    assert anna.user
    passer_by.look("/queue", follow_redirects=True)
    with anna.desk.db.writing() as session:
        token = people.sign_in_link(session, anna.user.id, db.now(session))

    found = TOKEN.search(passer_by.look(f"/sign-in/{token}").text)
    assert found
    answer = passer_by.client.post(f"/sign-in/{token}", data={"csrf_token": found[1]})

    assert answer.location == "/queue"


def test_only_a_path_of_this_desk_is_led_back_to(
    anna: Visitor, passer_by: Visitor
) -> None:
    assert anna.user
    passer_by.look("/sign-in?next=https://elsewhere.example/")
    with anna.desk.db.writing() as session:
        token = people.sign_in_link(session, anna.user.id, db.now(session))

    found = TOKEN.search(passer_by.look(f"/sign-in/{token}").text)
    assert found
    answer = passer_by.client.post(f"/sign-in/{token}", data={"csrf_token": found[1]})

    assert answer.location == "/"
