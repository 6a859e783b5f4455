"""Two people at one post: nothing is overwritten in silence; each sees the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.test import TestResponse

from desk.desk import Desk
from desk.lifecycle import State
from desk.models.people import Role
from tests.factories import (
    look_up,
    make_channel,
    make_post,
    make_scheduled,
    now_of,
    run_due,
)
from tests.unit.publishing import steps
from tests.web.articles import compose_form, paste, posts_of, share_path, untouched
from tests.web.filling import form_in
from tests.web.test_unsaid import Sent, presses
from tests.web.visiting import Visitor, field, hidden, plain
from web.filters import changes_to

Visit = Callable[[Role | None], Visitor]


@pytest.fixture
def anna(visit: Visit) -> Visitor:
    return visit(Role.EDITOR)


@pytest.fixture
def ben(visit: Visit) -> Visitor:
    return visit(Role.ADMIN)


def planned(desk: Desk) -> int:
    due = now_of(desk) + timedelta(hours=3)
    return make_scheduled(desk, make_channel(desk), due_at=due)


def form(visitor: Visitor, post_id: int, text: str, **more: str) -> dict[str, object]:
    """The form of the post's page, as this person loaded it, with other words in it."""
    revision = f"revision-{post_id}"
    page = visitor.look(f"/posts/{post_id}").text
    return {f"text-{post_id}": text, revision: field(page, revision), **more}


def type_in(visitor: Visitor, post_id: int, values: dict[str, object]) -> TestResponse:
    """What autosave does; its answer names the revision for what comes next."""
    answer = visitor.send_in_place(f"/posts/{post_id}/write", values)
    kept = re.search(rf"post-{post_id}=(\d+)", answer.headers.get("Desk-Kept", ""))
    assert kept
    values[f"revision-{post_id}"] = kept[1]
    return answer


def texts(answer: TestResponse) -> list[str]:
    """The texts that a conflict shows, without what went out of them."""
    found = re.findall(r'<p class="text">(.*?)</p>', answer.text, re.DOTALL)
    return [unescape(re.sub(r"<del>.*?</del>|<[^>]+>", "", one)) for one in found]


def chosen(answer: TestResponse, label: str) -> dict[str, str]:
    """What this button of a conflict sends."""
    forms = re.findall(r"<form.*?</form>", answer.text, re.DOTALL)
    (one,) = [found for found in forms if f">{label}<" in found]
    pairs = re.findall(r'name="([^"]+)" value="([^"]*)"', one)
    return {name: unescape(value) for name, value in pairs if name != "csrf_token"}


@pytest.mark.parametrize("autosaved", [False, True])
@pytest.mark.parametrize("action", ["save", "thread", "link-place", "spread"])
def test_saving_over_a_newer_post_shows_both(
    anna: Visitor, ben: Visitor, action: str, autosaved: bool
) -> None:
    post_id = planned(anna.desk)
    hers = form(anna, post_id, "Anna's correction")
    his = form(ben, post_id, "Ben's words", thread="on", **{"link-place": "reply"})
    anna.send(f"/posts/{post_id}/save", hers)
    if autosaved:
        type_in(ben, post_id, his)

    answer = ben.send(f"/posts/{post_id}/{action}", his)

    assert answer.status_code == 409
    assert texts(answer) == ["Anna's correction", "Ben's words"]
    post = look_up(anna.desk, post_id)
    assert (post.text, post.thread) == ("Anna's correction", False)


@pytest.mark.parametrize("autosaved", [False, True])
def test_a_draft_on_compose_is_never_overwritten(
    anna: Visitor, ben: Visitor, autosaved: bool
) -> None:
    article = paste(anna)
    first, _ = posts_of(anna.desk, article)
    name = f"text-{first.id}"
    hers = compose_form(anna, article, **{name: "Anna's correction"})
    his = compose_form(ben, article, **{name: "Ben's words"})
    anna.send(f"{share_path(anna, article)}/save", hers)
    if autosaved:
        type_in(ben, first.id, his)

    answer = ben.send(f"{share_path(ben, article)}/schedule", his)

    assert answer.status_code == 409
    assert texts(answer) == ["Anna's correction", "Ben's words"]
    assert look_up(anna.desk, first.id).text == "Anna's correction"


def test_a_conflict_at_one_post_stops_no_press_at_another(
    anna: Visitor, ben: Visitor
) -> None:
    article = paste(anna)
    first, second = posts_of(anna.desk, article)
    his = compose_form(ben, article, **{f"text-{first.id}": "Ben's words"})
    hers = compose_form(anna, article, **{f"text-{first.id}": "Anna's correction"})
    anna.send(f"{share_path(anna, article)}/save", hers)

    answer = ben.send_in_place(f"/posts/{second.id}/thread", {**his, "thread": "on"})

    assert answer.status_code == 200
    assert look_up(anna.desk, second.id).thread
    first = look_up(anna.desk, first.id)
    assert (first.text, first.copies) == ("Anna's correction", [])


@pytest.mark.parametrize("in_place", [False, True])
def test_one_text_for_all_goes_over_no_correction_of_a_colleague(
    anna: Visitor, ben: Visitor, in_place: bool
) -> None:
    article = paste(anna)
    first, second = posts_of(anna.desk, article)
    both = {f"text-{first.id}": "Ben's words", f"text-{second.id}": "Ben's, too"}
    his = compose_form(ben, article, **both)
    hers = compose_form(anna, article, **{f"text-{second.id}": "Anna's correction"})
    anna.send(f"{share_path(anna, article)}/save", hers)

    send = ben.send_in_place if in_place else ben.send
    answer = send(f"/posts/{first.id}/spread", his)

    assert answer.status_code == 409
    assert look_up(anna.desk, second.id).text == "Anna's correction"


def test_words_that_began_on_an_older_post_are_there_on_the_next_visit(
    anna: Visitor, ben: Visitor
) -> None:
    post_id = planned(anna.desk)
    type_in(ben, post_id, form(ben, post_id, "Ben's words"))
    anna.send(f"/posts/{post_id}/save", form(anna, post_id, "Anna's correction"))

    page = ben.look(f"/posts/{post_id}").text
    answer = ben.send(f"/posts/{post_id}/save", form(ben, post_id, "Ben's words"))

    assert ">Ben&#39;s words</textarea>" in page
    assert answer.status_code == 409
    assert look_up(anna.desk, post_id).text == "Anna's correction"


def test_autosave_of_a_draft_keeps_both_when_someone_was_faster(
    anna: Visitor, ben: Visitor
) -> None:
    post_id = make_post(anna.desk, make_channel(anna.desk))
    his = form(ben, post_id, "Ben's words")
    type_in(anna, post_id, form(anna, post_id, "Anna's correction"))

    answer = type_in(ben, post_id, his)

    assert answer.status_code == 409
    assert look_up(anna.desk, post_id).text == "Anna's correction"
    assert ">Ben&#39;s words</textarea>" in ben.look(f"/posts/{post_id}").text


@pytest.mark.parametrize(
    ("name", "hers", "his"),
    [
        ("alt", "A ferry at the quay", "A ship"),
        ("credit", "Noor Halvard", "Agency"),
        ("link", "https://saltmere.example/new", "https://saltmere.example/old"),
    ],
)
def test_a_conflict_shows_every_field_that_differs(
    anna: Visitor, ben: Visitor, name: str, hers: str, his: str
) -> None:
    post_id = planned(anna.desk)
    mine = form(ben, post_id, "Dodge returns", **{f"{name}-{post_id}": his})
    correction = form(anna, post_id, "Dodge returns", **{f"{name}-{post_id}": hers})
    anna.send(f"/posts/{post_id}/save", correction)

    answer = ben.send(f"/posts/{post_id}/save", mine)

    assert answer.status_code == 409
    assert texts(answer) == ["Dodge returns", hers, "Dodge returns", his]
    ben.send(f"/posts/{post_id}/save", chosen(answer, "Keep theirs"))
    assert getattr(look_up(anna.desk, post_id), name) == hers


@pytest.mark.parametrize(
    ("label", "text"),
    [("Keep mine", "Ben's words"), ("Keep theirs", "Anna's correction")],
)
def test_either_text_is_chosen_and_no_copy_is_left(
    anna: Visitor, ben: Visitor, label: str, text: str
) -> None:
    post_id = planned(anna.desk)
    his = form(ben, post_id, "Ben's words")
    anna.send(f"/posts/{post_id}/save", form(anna, post_id, "Anna's correction"))
    type_in(ben, post_id, his)
    answer = ben.send(f"/posts/{post_id}/save", his)

    again = ben.send(f"/posts/{post_id}/save", chosen(answer, label))

    assert again.status_code == 303
    post = look_up(anna.desk, post_id)
    assert (post.text, post.copies) == (text, [])


def test_a_third_field_has_the_words_of_both(anna: Visitor, ben: Visitor) -> None:
    post_id = planned(anna.desk)
    was = {f"was-text-{post_id}": "Dodge returns"}
    his = form(ben, post_id, "Dodge returns, and wins", **was)
    hers = form(anna, post_id, "Clara Dodge returns", **was)
    anna.send(f"/posts/{post_id}/save", hers)
    page = ben.send(f"/posts/{post_id}/save", his).text

    both = form_in(page.partition("Both, in one")[2], f"/posts/{post_id}/save")
    ben.send(f"/posts/{post_id}/save", both)

    assert look_up(anna.desk, post_id).text == "Clara Dodge returns, and wins"


def test_a_conflict_names_whoever_saved_meanwhile(anna: Visitor, ben: Visitor) -> None:
    post_id = planned(anna.desk)
    older = form(ben, post_id, "Ben's words, from his telephone")
    ben.send(f"/posts/{post_id}/save", form(ben, post_id, "Ben's words"))

    answer = ben.send(f"/posts/{post_id}/save", older)

    assert answer.status_code == 409
    assert "First admin changed the post on Desk at" in answer.text


def test_who_is_writing_is_named_wherever_the_post_is_listed(
    anna: Visitor, ben: Visitor
) -> None:
    post_id = planned(anna.desk)
    type_in(anna, post_id, form(anna, post_id, "Half a sent"))
    (copy,) = look_up(anna.desk, post_id).copies

    clock = f"{copy.saved_at:%H:%M}"
    share = f"/shares/{look_up(anna.desk, post_id).share_id}/posts"
    for path in ("/queue", share):
        assert f"The editor is writing, {clock}" in ben.look(path).text, path
    assert "is changing it, not saved" in ben.look("/calendar").text
    assert f"You are writing, {clock}" in anna.look(f"/posts/{post_id}").text
    assert "Half a sent" not in ben.look(f"/posts/{post_id}").text


def test_a_colleague_is_told_of_a_change_and_sees_it_on_asking(
    anna: Visitor, ben: Visitor, visit: Visit
) -> None:
    post_id = planned(anna.desk)
    type_in(anna, post_id, form(anna, post_id, "Dodge leaves"))
    post = look_up(anna.desk, post_id)
    (copy,) = post.copies
    assert copy.began_at
    assert post.due_at
    said = (
        rf"The editor has been changing this since {copy.began_at:%H:%M}\. Not saved: "
        rf"the text below still goes out at (\w+ )?{post.due_at:%H:%M} \."
    )
    link = f"/posts/{post_id}/changes/{copy.person_id}"

    for path in (f"/posts/{post_id}", f"/shares/{post.share_id}/posts"):
        page = ben.look(path).text
        assert re.search(said, plain(page)), path
        assert link in page, path
        assert "leaves" not in page, path
        assert "has been changing" not in anna.look(path).text, path
    change = ben.look(link).text
    assert "<del>returns </del>" in change
    assert "<ins>leaves</ins>" in change
    assert visit(Role.ANALYST).look(link).status_code == 403


def test_a_change_that_was_saved_meanwhile_is_said_to_be(
    anna: Visitor, ben: Visitor
) -> None:
    post_id = planned(anna.desk)

    page = ben.look(f"/posts/{post_id}/changes/{anna.user.id if anna.user else 0}")

    assert "saved or discarded meanwhile" in page.text


def test_it_is_known_since_when_somebody_writes(anna: Visitor) -> None:
    post_id = planned(anna.desk)
    sent = form(anna, post_id, "Half")
    type_in(anna, post_id, sent)
    (first,) = look_up(anna.desk, post_id).copies

    type_in(anna, post_id, sent | {f"text-{post_id}": "Half a sent"})

    (later,) = look_up(anna.desk, post_id).copies
    assert later.began_at == first.began_at
    assert later.saved_at > first.saved_at


def test_ones_own_words_stand_beside_what_goes_out(anna: Visitor) -> None:
    post_id = planned(anna.desk)
    form_ = form(anna, post_id, "Half a sent", **{f"alt-{post_id}": "A ferry"})

    answer = type_in(anna, post_id, form_)

    for page in (answer.text, anna.look(f"/posts/{post_id}").text):
        assert "What goes out" in page
        assert re.search(r"Text:</span> Dodge returns", page)
        assert "Discard" in page


def test_a_copy_is_discarded_and_brought_back(anna: Visitor, ben: Visitor) -> None:
    post_id = planned(anna.desk)
    type_in(anna, post_id, form(anna, post_id, "Half a sent"))
    theirs = ben.send(f"/posts/{post_id}/copy/discard")

    anna.send(f"/posts/{post_id}/copy/discard")
    discarded = anna.look(f"/posts/{post_id}").text
    anna.send("/posts/copy/back", hidden(discarded, "/posts/copy/back"))

    assert theirs.status_code == 404
    assert "Half a sent" not in discarded
    assert ">Half a sent</textarea>" in anna.look(f"/posts/{post_id}").text


def test_what_was_typed_and_not_saved_is_no_part_of_what_was_sent(
    anna: Visitor,
) -> None:
    post_id = make_scheduled(anna.desk, make_channel(anna.desk))
    type_in(anna, post_id, form(anna, post_id, "Half a sent"))
    run_due(anna.desk)

    page = anna.look(f"/posts/{post_id}").text

    before, sent = page.split("What was sent")
    assert "It is not in the post" in before
    assert "Half a sent" in before
    assert "Half a sent" not in sent


# what was typed, and the hidden fields that say what it was typed over
PUT_BACK = (
    r'^(?!.*type="(?:file|checkbox|radio)")(?!.*name="csrf_token")'
    r'.*name="(?:[a-z]+-)+(?:\d+|[a-z]+)"'
)


def test_what_a_browser_puts_back_is_never_asked_for(anna: Visitor) -> None:
    article = paste(anna)
    first, _ = posts_of(anna.desk, article)

    for path in (share_path(anna, article), f"/posts/{first.id}"):
        page = anna.look(path).text
        fields = re.findall(r"<(?:textarea|input)[^>]*>", page)
        typed = [one for one in fields if re.search(PUT_BACK, one)]
        assert any('name="share-text"' in one for one in typed) == ("/shares/" in path)
        assert any(f'name="text-{first.id}"' in one for one in typed)
        for one in typed:
            assert 'autocomplete="off"' in one, one


@pytest.mark.parametrize(
    ("theirs", "mine", "shown"),
    [
        ("A lamp", "The corrected lamp", "[-A ][+The corrected] lamp"),
        ("A lamp", "A lamp", "A lamp"),
        ("One two", "One three", "One [-two ][+three]"),
        ("One", "One two", "One [+two]"),
        ("One two three", "One three", "One [-two ]three"),
        ("One\n\nTwo", "One\n\nThree", "One\n\n[-Two ][+Three]"),
        ("", "New", "[+New]"),
        ("Gone", "", "[-Gone ]"),
    ],
)
def test_differences_are_shown_word_by_word(theirs: str, mine: str, shown: str) -> None:
    html = str(changes_to(theirs, mine))

    drawn = re.sub(r"<del>(.*?)</del>", r"[-\1]", html, flags=re.DOTALL)
    drawn = re.sub(r"<ins>(.*?)</ins>", r"[+\1]", drawn, flags=re.DOTALL)
    assert drawn == shown


def tab(visitor: Visitor, post_id: int, **said: str) -> dict[str, object]:
    """The form of the post's page in one more tab, with other words in it."""
    page = visitor.look(f"/posts/{post_id}").text
    typed = {f"{name}-{post_id}": text for name, text in said.items()}
    return untouched(page, post_id) | typed


def copy_of(visitor: Visitor, post_id: int) -> tuple[str | None, str | None]:
    (copy,) = look_up(visitor.desk, post_id).copies
    return copy.text, copy.alt


@pytest.mark.parametrize("action", ["write", "copy/discard", "thread"])
def test_another_tab_never_goes_over_the_words_of_the_first(
    anna: Visitor, action: str
) -> None:
    post_id = planned(anna.desk)
    first, second = (tab(anna, post_id, text=said) for said in ("First", "Second"))
    type_in(anna, post_id, first)

    answer = anna.send_in_place(f"/posts/{post_id}/{action}", second)

    assert answer.status_code == 409
    assert "You wrote something else here in another tab" in answer.text
    assert texts(answer) == ["Second", "First"]
    assert "Desk-Kept" not in answer.headers
    assert copy_of(anna, post_id) == ("First", None)


@pytest.mark.parametrize(
    ("label", "text"), [("Keep this one", "Second"), ("Keep the other", "First")]
)
def test_of_two_tabs_words_one_is_chosen_and_nothing_goes_out(
    anna: Visitor, label: str, text: str
) -> None:
    post_id = planned(anna.desk)
    first, second = (tab(anna, post_id, text=said) for said in ("First", "Second"))
    type_in(anna, post_id, first)
    answer = anna.send_in_place(f"/posts/{post_id}/write", second)

    anna.send(f"/posts/{post_id}/copy/choose", chosen(answer, label))

    assert copy_of(anna, post_id) == (text, None)
    assert look_up(anna.desk, post_id).text == "Dodge returns"


def test_a_field_that_the_other_tab_wrote_in_stays_as_it_was_kept(
    anna: Visitor,
) -> None:
    post_id = planned(anna.desk)
    first, second = tab(anna, post_id, text="First"), tab(anna, post_id, alt="A ferry")
    type_in(anna, post_id, first)

    type_in(anna, post_id, second)
    typed = copy_of(anna, post_id)
    anna.send(f"/posts/{post_id}/save", second)

    assert typed == ("First", "A ferry")
    assert copy_of(anna, post_id) == ("First", None)


def test_what_one_tab_saves_puts_no_words_of_another_away(anna: Visitor) -> None:
    post_id = make_post(anna.desk, make_channel(anna.desk))
    first, second = (tab(anna, post_id, text=said) for said in ("First", "Second"))
    type_in(anna, post_id, first)
    type_in(anna, post_id, second)

    answer = type_in(anna, post_id, first | {f"text-{post_id}": "First, longer"})

    assert answer.status_code == 200
    assert "Saved" in answer.text
    assert look_up(anna.desk, post_id).text == "First, longer"
    assert copy_of(anna, post_id) == ("Second", None)


def test_words_whose_answer_was_lost_are_no_other_tabs(anna: Visitor) -> None:
    post_id = planned(anna.desk)
    only = tab(anna, post_id, text="Half a")
    anna.send_in_place(f"/posts/{post_id}/write", only)

    type_in(anna, post_id, only | {f"text-{post_id}": "Half a sent"})

    assert copy_of(anna, post_id) == ("Half a sent", None)


def discarding(who: Visitor, post_id: int) -> Sent:
    """What Discard sends from the page of the post, as it was drawn."""
    return presses(who.look(f"/posts/{post_id}").text)[f"/posts/{post_id}/copy/discard"]


def test_no_words_are_discarded_that_their_page_did_not_show(anna: Visitor) -> None:
    post_id = planned(anna.desk)
    type_in(anna, post_id, tab(anna, post_id, text="Half a"))
    older = discarding(anna, post_id)
    type_in(anna, post_id, tab(anna, post_id, text="Half a sentence"))

    answer = anna.send_bare(f"/posts/{post_id}/copy/discard", older)

    assert answer.status_code == 409
    assert copy_of(anna, post_id) == ("Half a sentence", None)


def test_nor_any_typed_since_it_was_on_its_way(anna: Visitor) -> None:
    post_id = planned(anna.desk)
    type_in(anna, post_id, tab(anna, post_id, text="Half a"))
    steps.alter(anna.desk, post_id, state=State.SENDING)
    older = discarding(anna, post_id)
    steps.alter(anna.desk, post_id, state=State.FAILED)
    type_in(anna, post_id, tab(anna, post_id, text="Half a sentence"))

    answer = anna.send_bare(f"/posts/{post_id}/copy/discard", older)

    assert answer.status_code == 409
    assert copy_of(anna, post_id) == ("Half a sentence", None)


def test_words_beside_a_post_that_has_gone_out_are_discarded(anna: Visitor) -> None:
    post_id = make_scheduled(anna.desk, make_channel(anna.desk))
    type_in(anna, post_id, tab(anna, post_id, text="Half a"))
    run_due(anna.desk)

    address = f"/posts/{post_id}/copy/discard"
    answer = anna.send_bare(address, discarding(anna, post_id))

    assert answer.status_code == 303
    assert look_up(anna.desk, post_id).copies == []


def test_undoing_a_discarding_shows_what_was_typed_since_beside_it(
    anna: Visitor,
) -> None:
    post_id = planned(anna.desk)
    type_in(anna, post_id, tab(anna, post_id, text="Discarded"))
    anna.send(f"/posts/{post_id}/copy/discard")
    toast = hidden(anna.look(f"/posts/{post_id}").text, "/posts/copy/back")
    type_in(anna, post_id, tab(anna, post_id, text="Typed since"))

    answer = anna.send_in_place("/posts/copy/back", toast)

    assert answer.status_code == 409
    assert "is back" not in answer.text
    assert texts(answer) == ["Discarded", "Typed since"]
    assert copy_of(anna, post_id) == ("Typed since", None)
    anna.send(f"/posts/{post_id}/copy/choose", chosen(answer, "Keep this one"))
    assert copy_of(anna, post_id) == ("Discarded", None)


def test_a_discarding_is_undone_after_the_post_was_saved(anna: Visitor) -> None:
    post_id = planned(anna.desk)
    type_in(anna, post_id, tab(anna, post_id, text="Discarded"))
    anna.send(f"/posts/{post_id}/copy/discard")
    toast = hidden(anna.look(f"/posts/{post_id}").text, "/posts/copy/back")
    anna.send(f"/posts/{post_id}/save", tab(anna, post_id, text="Saved since"))

    anna.send("/posts/copy/back", toast)

    assert look_up(anna.desk, post_id).text == "Saved since"
    assert copy_of(anna, post_id) == ("Discarded", None)
